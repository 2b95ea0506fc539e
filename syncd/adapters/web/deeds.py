"""What an operator does from a page: an order for the worker, by a form of our own."""

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from syncd.adapters.web.door import BadForm, form_of
from syncd.adapters.web.filters import is_id
from syncd.adapters.web.sessions import is_own_form
from syncd.adapters.web.views import Deed, NotPossible
from syncd.adapters.web.visit import Desk, problem

_REFUSED = "Nothing was done"


async def do(desk: Desk, request: Request) -> Response:
    session = desk.sessions.of(request)
    if session is None:
        return problem(desk, None, 403, _REFUSED, "Sign in first.")
    if not session.visitor.role.may_act:
        return problem(desk, session, 403, _REFUSED, "Viewers may read; operators may act.")
    try:
        form = await form_of(request, desk.url)
        deed = Deed(form.get("deed", ""))
    except BadForm as error:
        return problem(desk, session, 400, _REFUSED, str(error))
    except ValueError:
        return problem(desk, session, 400, _REFUSED, "There is no such thing to do.")
    if not is_own_form(session, form.get("secret", "")):
        return problem(desk, session, 403, _REFUSED, "The page was too old: open it again.")
    target = form.get("target", "")
    if not is_id(target):
        return problem(desk, session, 400, _REFUSED, "There is nothing so named.")
    try:
        await run_in_threadpool(desk.views.do, deed, target, by=session.visitor.name)
    except NotPossible as error:
        return problem(desk, session, 409, _REFUSED, str(error))
    back = "/health" if deed is Deed.APPLY else f"/leads/{quote(target, safe='')}"
    return RedirectResponse(f"{back}?told=done", status_code=303)
