"""Asking HubSpot: one request, counted, governed and classified; reads are retried.

Answers leave as parsed JSON objects. Knows no object type and no property.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from syncd.adapters.hubspot import paths
from syncd.adapters.hubspot.allowances import TOO_MANY, Allowances
from syncd.adapters.hubspot.connection import HubSpotConnection
from syncd.adapters.hubspot.translate import error_for
from syncd.adapters.hubspot.wire import Wire
from syncd.adapters.transport.answer import Answer, parse_json, server_date
from syncd.adapters.transport.calls import Calls
from syncd.adapters.transport.network import network_errors
from syncd.adapters.transport.overlap import Lanes
from syncd.errors import TransientError
from syncd.ports import Clock, Usage

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A successful answer and its JSON object."""

    answer: Answer
    body: Body

    @property
    def at(self) -> datetime:
        """HubSpot's own clock when it answered."""
        return server_date(self.answer)

    def items(self, key: str = "results") -> list[Body]:
        """The list under `key`. TransientError without one: a 2xx is a claim, not proof."""
        found = self.body.get(key)
        if not isinstance(found, list):
            raise TransientError(f"HubSpot answered {self.answer.status} without {key!r}")
        return found

    @property
    def next_page(self) -> str | None:
        after = ((self.body.get("paging") or {}).get("next") or {}).get("after")
        return None if after is None else str(after)


class HubSpotClient:
    """Safe to share between threads, like the SDK's client below it; `lanes` are its own."""

    def __init__(self, connection: HubSpotConnection, clock: Clock) -> None:
        self.lanes = Lanes()
        self._clock = clock
        self._wire = Wire(connection)
        self._calls = Calls(clock)
        self._allowances = Allowances(connection, clock)

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Reply:
        return self._calls.read(
            partial(self._once, "GET", path, query, None), self._allowances.burst
        )

    def search(self, body: Body) -> Reply:
        """Search has an allowance of its own, and is exempt from the burst one."""
        call = partial(self._once, "POST", paths.CONTACTS_SEARCH, None, body)
        return self._calls.read(call, self._allowances.search)

    def ask(self, path: str, body: Body) -> Reply:
        """A read that HubSpot wants as POST."""
        return self._calls.read(
            partial(self._once, "POST", path, None, body), self._allowances.burst
        )

    def write(self, path: str, body: Body, *, method: str = "POST") -> Reply:
        """Never retried: after a TransientError the effect is not known."""
        return self._calls.write(
            partial(self._once, method, path, None, body), self._allowances.burst
        )

    def usage(self) -> Usage:
        used, allowed = self._allowances.day()
        return Usage(
            calls=self._calls.count, used=used, allowed=allowed, limited=self._allowances.limited
        )

    def _once(
        self, method: str, path: str, query: Mapping[str, str] | None, body: Body | None
    ) -> Reply:
        what = f"HubSpot {method} {path}"
        with network_errors(what):
            answer = self._wire.send(method, path, query=query, body=body)
        self._allowances.heed(answer)
        if answer.status >= 300 or answer.status < 200:
            error = error_for(answer, what=what, now=self._clock.now())
            if answer.status == TOO_MANY:
                searched = path == paths.CONTACTS_SEARCH
                paced_by = self._allowances.search if searched else self._allowances.burst
                self._allowances.refused(error, paced_by)
            raise error
        return _reply(answer, what=what)


def _reply(answer: Answer, *, what: str) -> Reply:
    body = parse_json(answer, what=what)
    if not isinstance(body, dict):
        raise TransientError(f"{what}: expected a JSON object")
    return Reply(answer=answer, body=body)
