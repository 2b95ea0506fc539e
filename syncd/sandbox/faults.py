"""Bad days on demand: faults armed by URL and struck around a front's app.

A fault decides what happens to a request that matches; it never changes the
world itself, except that a lost response carries the request out first. What a
vendor says on a bad day is its own `bad_days.py`; this file knows only names.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, assert_never

from syncd.sandbox.server import App, Cut, Dropped, Request, Response, Whole


class Kind(StrEnum):
    STATUS = "status"  # any status with a JSON or text body, instead of the app's answer
    HTML200 = "html200"  # an edge page that claims success
    TRUNCATE = "truncate"  # carried out, the body cut in the middle
    DELAY = "delay"  # carried out at once, answered after `seconds` of real time
    HANG = "hang"  # nothing for `seconds` of real time, then the connection drops
    RESET = "reset"  # closed without an answer, nothing carried out
    LOST_RESPONSE = "lost_response"  # carried out, closed without an answer
    EXPIRE_SESSION = "expire_session"  # the vendor's own "your token has expired"
    VENDOR = "vendor"  # another of the vendor's own answers, by `name`


BadDays = Mapping[str, Response]  # name → what the vendor answers then

EXPIRED = "expired"  # the name every vendor gives to its answer to a dead session

EDGE_PAGE = b"<!DOCTYPE html><html><body><h1>We are down for maintenance.</h1></body></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What to do to requests whose "METHOD path" the pattern finds.

    The first `skip` matches pass; then it strikes `times` times, or for ever if None.
    """

    match: re.Pattern[str]
    kind: Kind
    name: str = ""
    times: int | None = 1
    skip: int = 0
    status: int = 500
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 30.0

    @classmethod
    def from_json(cls, spec: Mapping[str, Any]) -> "Fault":
        """Read the JSON form; raises ValueError, TypeError or KeyError saying what is wrong."""
        given = dict(spec)
        try:
            pattern = re.compile(given.pop("match"))
        except re.error as error:
            raise ValueError(f"match is no regular expression: {error}") from error
        return cls(match=pattern, kind=Kind(given.pop("kind")), **given)


class Faults:
    """The faults armed on one front, in the order they were armed."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []

    def arm(self, fault: Fault) -> None:
        self._armed.append(fault)

    def disarm(self) -> None:
        self._armed.clear()

    def armed(self) -> list[dict[str, Any]]:
        return [
            {
                "match": f.match.pattern,
                "kind": f.kind,
                "name": f.name,
                "times": f.times,
                "skip": f.skip,
            }
            for f in self._armed
        ]

    def strike(self, request: Request) -> Fault | None:
        """The first fault that hits this request, its count already taken off."""
        line = f"{request.method} {request.path}"
        for place, fault in enumerate(self._armed):
            if not fault.match.search(line):
                continue
            if fault.skip:
                self._armed[place] = replace(fault, skip=fault.skip - 1)
                continue
            self._spend(place, fault)
            return fault
        return None

    def _spend(self, place: int, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times > 1:
            self._armed[place] = replace(fault, times=fault.times - 1)
        else:
            del self._armed[place]


def require_known(fault: Fault, bad_days: BadDays) -> None:
    """Raise ValueError for a vendor's answer that the vendor never gives."""
    if fault.kind is Kind.VENDOR and fault.name not in bad_days:
        raise ValueError(f"name is none of {', '.join(bad_days)}")


def under_faults(app: App, faults: Faults, bad_days: BadDays) -> App:
    """The app with armed faults around it."""

    def struck(request: Request) -> Response:
        fault = faults.strike(request)
        return app(request) if fault is None else _suffer(fault, app, request, bad_days)

    return struck


def _suffer(fault: Fault, app: App, request: Request, bad_days: BadDays) -> Response:
    match fault.kind:
        case Kind.STATUS:
            return Response(status=fault.status, body=_body(fault.body), headers=fault.headers)
        case Kind.HTML200:
            return page(200)
        case Kind.TRUNCATE:
            return replace(app(request), fate=Cut())
        case Kind.DELAY:
            return replace(app(request), fate=Whole(seconds=fault.seconds))
        case Kind.HANG:
            return Response(fate=Dropped(seconds=fault.seconds))
        case Kind.RESET:
            return Response(fate=Dropped())
        case Kind.LOST_RESPONSE:
            return replace(app(request), fate=Dropped())
        case Kind.EXPIRE_SESSION:
            return bad_days[EXPIRED]
        case Kind.VENDOR:
            answer = bad_days[fault.name]
            return replace(answer, headers={**answer.headers, **fault.headers})
        case _:
            assert_never(fault.kind)


def page(status: int, text: bytes = EDGE_PAGE) -> Response:
    """What an edge server answers in the vendor's place: HTML, whatever was asked for."""
    return Response(status=status, body=text, headers={"Content-Type": "text/html;charset=UTF-8"})


def _body(given: Any) -> Any:
    return given.encode() if isinstance(given, str) else given
