"""One request for a page: who asks, for what, and how it is answered.

Whatever is wrong with a request is answered in words here; a page is only ever made for a
visitor who may see it. Pages and the API stand on the same `Desk`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from syncd.adapters.web.access import Access, Passwords, ThisMachine, TrustedHeader
from syncd.adapters.web.filters import Asked, BadAddress, Frame, asked_of
from syncd.adapters.web.numbers import Moment, Numbers
from syncd.adapters.web.pages import Pages
from syncd.adapters.web.sessions import Session, Sessions
from syncd.adapters.web.throttle import Throttle
from syncd.adapters.web.views import Views

_LONGEST_QUERY = 8_000
_OLD = timedelta(minutes=5)
"""Numbers are renewed each minute: older ones mean that something keeps them from it."""


class Nothing(Exception):
    """There is no such page; its text says what is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every page works with. `url` is how browsers reach it, "" on this machine alone."""

    views: Views
    numbers: Numbers
    pages: Pages
    sessions: Sessions
    access: Access
    throttle: Throttle
    url: str

    def frame(self, moment: Moment) -> Frame:
        return Frame(now=moment.at, time_zone=self.views.time_zone, targets=self.views.targets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """`moment` is of which all its numbers are."""

    desk: Desk
    request: Request
    session: Session
    moment: Moment

    @property
    def views(self) -> Views:
        return self.desk.views

    def pairs(self) -> list[tuple[str, str]]:
        """BadAddress where the query is longer than any that a page makes, or no text."""
        raw = self.request.scope["query_string"]
        if len(raw) > _LONGEST_QUERY:
            raise BadAddress("the address is too long")
        try:
            return parse_qsl(
                raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=200
            )
        except ValueError as error:
            raise BadAddress("the address cannot be read") from error

    def asked(self, *also: str) -> Asked:
        """What the address asks for; `also` are parameters that the page reads itself."""
        return asked_of(self.pairs(), of=self.desk.frame(self.moment), also=also)

    def only(self, *names: str) -> dict[str, str]:
        """The parameters of a page without filters, each at most once."""
        found: dict[str, str] = {}
        for name, value in self.pairs():
            if name not in names or name in found or not value.isprintable():
                raise BadAddress(f"{name[:40]!r} is not known here, or given twice")
            found[name] = value
        return found

    def page(self, template: str, *, here: str, **content: Any) -> HTMLResponse:
        now = self.views.now()
        is_old = now - self.moment.at >= _OLD
        return self.desk.pages.page(
            template, session=self.session, here=here, now=now, is_old=is_old, **content
        )


def shown(desk: Desk, page: Callable[[Visit], Response]) -> Callable[[Request], Response]:
    """The page for whoever may see it; others are asked to sign in."""

    def answer(request: Request) -> Response:
        session = desk.sessions.of(request)
        if session is None:
            return _asked_in(desk, request)
        moment = desk.numbers.moment()
        try:
            return page(Visit(desk=desk, request=request, session=session, moment=moment))
        except BadAddress as error:
            return problem(desk, session, 400, "This address cannot be read", str(error))
        except Nothing as error:
            return problem(desk, session, 404, "There is no such page", str(error))

    return answer


def problem(
    desk: Desk, session: Session | None, status: int, title: str, words: str
) -> HTMLResponse:
    return desk.pages.page(
        "problem.html", session=session, status=status, here="", title=title, words=words
    )


_NO_DOOR = {
    ThisMachine: "A proxy stands between: `dashboard.url` in crm.yaml must name its address.",
    TrustedHeader: "Your sign-in at the proxy did not reach us: ask whoever runs it.",
}


def _asked_in(desk: Desk, request: Request) -> Response:
    if not isinstance(desk.access, Passwords):
        return problem(desk, None, 403, "You are not signed in", _NO_DOOR[type(desk.access)])
    query = request.url.query
    back = request.url.path + (f"?{query}" if query else "")
    return RedirectResponse(f"/sign-in?next={quote(back)}", status_code=303)
