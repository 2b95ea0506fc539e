"""Signing in and out. Both only by a form from our own pages."""

import asyncio
from functools import partial
from math import ceil
from urllib.parse import parse_qs, urlsplit

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from syncd.adapters.web.access import Passwords, Visitor, role_by_password
from syncd.adapters.web.peers import client_of
from syncd.adapters.web.sessions import is_own_form
from syncd.adapters.web.throttle import TooMany
from syncd.adapters.web.visit import Desk, problem

log = structlog.get_logger()

_LARGEST_FORM = 8_000
_PATIENCE = 10.0
"""Seconds in which a form must have come."""
_LONGEST_NAME = 100
_WRONG = "That password is not known here."


class BadForm(Exception):
    """Why a form is refused."""


async def form_of(request: Request, url: str, *, patience: float = _PATIENCE) -> dict[str, str]:
    """Its fields. BadForm where it is no form of ours: a browser says where a form came from,
    and what is no browser has no cookie to be misused."""
    if not _is_from_here(request, url):
        raise BadForm("This form was sent from another site.")
    try:
        async with asyncio.timeout(patience):
            body = await _body(request)
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=20)
    except (TimeoutError, ClientDisconnect):
        raise BadForm("This form did not come whole.") from None
    except ValueError as error:
        raise BadForm("This form cannot be read.") from error
    return {name: values[0] for name, values in fields.items()}


def _is_from_here(request: Request, url: str) -> bool:
    """A proxy may put its own name for us into `Host`; then ours is that of `url`."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return True
    return urlsplit(origin).netloc in {request.headers.get("host"), urlsplit(url).netloc} - {""}


async def _body(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST_FORM:
            raise BadForm("This form is larger than any of ours.")
    return body


def door(desk: Desk, request: Request) -> Response:
    """The page to sign in on."""
    if not isinstance(desk.access, Passwords):
        return RedirectResponse("/", status_code=303)
    back = request.query_params.get("next", "/")  # looked at when the form comes back
    return desk.pages.page("sign_in.html", session=None, here="", next=back, words="", name="")


async def sign_in(desk: Desk, request: Request) -> Response:
    if not isinstance(desk.access, Passwords):
        return RedirectResponse("/", status_code=303)
    try:
        form = await form_of(request, desk.url)
    except BadForm as error:
        return problem(desk, None, 400, "You are not signed in", str(error))
    return await run_in_threadpool(_let_in, desk, desk.access, request, form)


async def sign_out(desk: Desk, request: Request) -> Response:
    session = desk.sessions.of(request)
    try:
        form = await form_of(request, desk.url)
    except BadForm as error:
        return problem(desk, session, 400, "You are still signed in", str(error))
    if session is not None and not is_own_form(session, form.get("secret", "")):
        return problem(desk, session, 403, "You are still signed in", "Sign out from a page again.")
    answer = RedirectResponse("/sign-in", status_code=303)
    desk.sessions.end(answer)
    return answer


def _let_in(desk: Desk, access: Passwords, request: Request, form: dict[str, str]) -> Response:
    name = form.get("name", "").strip()[:_LONGEST_NAME]
    back = local_address(form.get("next", "/"))
    if not name or not name.isprintable():
        return _again(desk, back, "", "Say who you are: it is kept in the audit.", 400)
    opens = partial(role_by_password, access, form.get("password", ""))
    try:
        role = desk.throttle.attempt(client_of(request, access.proxies), opens)
    except TooMany as error:
        return _later(desk, back, name, ceil(error.wait.total_seconds()))
    if role is None:
        log.warning("dashboard_sign_in_refused", why="wrong password")
        return _again(desk, back, name, _WRONG, 403)
    answer = RedirectResponse(back, status_code=303)
    desk.sessions.begin(answer, Visitor(name=name, role=role))
    return answer


def _later(desk: Desk, back: str, name: str, seconds: int) -> Response:
    log.warning("dashboard_sign_in_refused", why="too many tries")
    words = f"Too many tries from here. Try again in {ceil(seconds / 60)} min."
    answer = _again(desk, back, name, words, 429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _again(desk: Desk, back: str, name: str, words: str, status: int) -> Response:
    return desk.pages.page(
        "sign_in.html", session=None, status=status, here="", next=back, words=words, name=name
    )


def local_address(text: str) -> str:
    """Where to go on: only within this dashboard."""
    is_local = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if is_local else "/"
