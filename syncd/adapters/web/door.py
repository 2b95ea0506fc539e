"""Signing in and out. Both only by a form from our own pages."""

from math import ceil
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from syncd.adapters.web.access import Passwords, TrustedHeader, Visitor, role_by_password
from syncd.adapters.web.sessions import is_own_form
from syncd.adapters.web.visit import Desk, problem

_LARGEST_FORM = 8_000
_LONGEST_NAME = 100
_WRONG = "That password is not known here."


class BadForm(Exception):
    """Why a form is refused."""


async def form_of(request: Request) -> dict[str, str]:
    """Its fields. BadForm where it is no form of ours: a browser says where a form came from,
    and what is no browser has no cookie to be misused."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise BadForm("This form was sent from another site.")
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise BadForm("This form was sent from another site.")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST_FORM:
            raise BadForm("This form is larger than any of ours.")
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=20)
    except ValueError as error:
        raise BadForm("This form cannot be read.") from error
    return {name: values[0] for name, values in fields.items()}


def door(desk: Desk, request: Request) -> Response:
    """The page to sign in on."""
    if not isinstance(desk.access, Passwords):
        return RedirectResponse("/", status_code=303)
    back = local_address(request.query_params.get("next", "/"))
    return desk.pages.page("sign_in.html", session=None, here="", next=back, words="", name="")


async def sign_in(desk: Desk, request: Request) -> Response:
    if not isinstance(desk.access, Passwords):
        return RedirectResponse("/", status_code=303)
    try:
        form = await form_of(request)
    except BadForm as error:
        return problem(desk, None, 400, "You are not signed in", str(error))
    return await run_in_threadpool(_let_in, desk, desk.access, request, form)


async def sign_out(desk: Desk, request: Request) -> Response:
    session = desk.sessions.of(request)
    try:
        form = await form_of(request)
    except BadForm as error:
        return problem(desk, session, 400, "You are still signed in", str(error))
    if session is not None and not is_own_form(session, form.get("secret", "")):
        return problem(desk, session, 403, "You are still signed in", "Sign out from a page again.")
    answer = RedirectResponse("/sign-in", status_code=303)
    desk.sessions.end(answer)
    return answer


def _let_in(desk: Desk, access: Passwords, request: Request, form: dict[str, str]) -> Response:
    address, name = client_of(request, access), form.get("name", "").strip()[:_LONGEST_NAME]
    back = local_address(form.get("next", "/"))
    if not name or not name.isprintable():
        return _again(desk, back, "", "Say who you are: it is kept in the audit.", 400)
    if wait := desk.throttle.wait(address):
        minutes = int(wait.total_seconds() // 60) + 1
        words = f"Too many tries from here. Try again in {minutes} min."
        answer = _again(desk, back, name, words, 429)
        answer.headers["Retry-After"] = str(ceil(wait.total_seconds()))
        return answer
    role = role_by_password(access, form.get("password", ""))
    if role is None:
        return _again(desk, back, name, _WRONG, 403)
    desk.throttle.forget(address)
    answer = RedirectResponse(back, status_code=303)
    desk.sessions.begin(answer, Visitor(name=name, role=role))
    return answer


def _again(desk: Desk, back: str, name: str, words: str, status: int) -> Response:
    return desk.pages.page(
        "sign_in.html", session=None, status=status, here="", next=back, words=words, name=name
    )


def client_of(request: Request, access: Passwords | TrustedHeader) -> str:
    """Whose try it is: a trusted proxy speaks for the address it names last."""
    peer = request.client.host if request.client else ""
    told = request.headers.get("x-forwarded-for", "")
    if peer in access.proxies and told:
        return told.rpartition(",")[2].strip()[:60]
    return peer


def local_address(text: str) -> str:
    """Where to go on: only within this dashboard."""
    is_local = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if is_local else "/"
