"""The dashboard as one application: pages, the API, and what holds for all of them."""

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from importlib.resources import files

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from syncd.adapters.web import (
    deeds,
    door,
    funnel_pages,
    gap_pages,
    overview,
    people_pages,
    state_pages,
)
from syncd.adapters.web.access import Access
from syncd.adapters.web.api import BROKEN, api_of, problems
from syncd.adapters.web.numbers import Numbers
from syncd.adapters.web.pages import Pages
from syncd.adapters.web.sessions import Sessions
from syncd.adapters.web.shield import Shield
from syncd.adapters.web.throttle import Throttle
from syncd.adapters.web.views import Views
from syncd.adapters.web.visit import Desk, Visit, problem, shown
from syncd.errors import SyncdError

_KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_PAGES: tuple[tuple[str, Callable[[Visit], Response]], ...] = (
    ("/", overview.overview),
    ("/funnel", funnel_pages.first_section),
    ("/funnel/{section}", funnel_pages.section),
    ("/behind/{table}", funnel_pages.leads_behind),
    ("/csv/handoffs", people_pages.handoffs_csv),
    ("/csv/reconciliation/{period}/{stage}", gap_pages.table_csv),
    ("/csv/reconciliation/{period}/{stage}/records", gap_pages.records_csv),
    ("/csv/{table}", funnel_pages.table_csv),
    ("/csv/{table}/leads", funnel_pages.leads_csv),
    ("/handoffs", people_pages.handoffs),
    ("/leads", people_pages.find),
    ("/leads/{lead:path}", people_pages.lead),
    ("/standard", state_pages.standard),
    ("/standard/document", state_pages.document),
    ("/reconciliation", gap_pages.reconciliation),
    ("/reconciliation/{period}/{stage}", gap_pages.records_behind),
    ("/health", state_pages.health),
)


def dashboard(views: Views, access: Access, *, url: str = "") -> Shield:
    """`url` is how browsers reach it where that is not this machine's own address."""
    return Shield(_application(views, access, url), url=url)


def _application(views: Views, access: Access, url: str) -> Starlette:
    static = _static()
    mark = sha256(b"".join(content for content, _ in static.values())).hexdigest()[:12]
    desk = Desk(
        views=views,
        numbers=Numbers(views),
        pages=Pages(views.time_zone, mark),
        sessions=Sessions(access, views.now, is_https=url.startswith("https://")),
        access=access,
        throttle=Throttle(views.now),
        url=url,
    )
    routes = [
        *(Route(path, shown(desk, page)) for path, page in _PAGES),
        Route("/sign-in", partial(door.door, desk), methods=["GET"]),
        Route("/sign-in", partial(door.sign_in, desk), methods=["POST"]),
        Route("/sign-out", partial(door.sign_out, desk), methods=["POST"]),
        Route("/do", partial(deeds.do, desk), methods=["POST"]),
        Route("/static/{name}", partial(_asset, static)),
        Mount("/api", api_of(desk)),
    ]

    app = Starlette(
        routes=routes,
        middleware=[Middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5)],
        exception_handlers=_in_words(desk),
    )
    app.router.redirect_slashes = False  # it would name an address by what we are told it is
    return app


def _in_words(desk: Desk) -> dict[type[Exception], Callable[[Request, Exception], Response]]:
    """How an error becomes a page, or what the API answers where it has no such path."""

    def not_there(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if request.scope["path"].startswith("/api/"):
            return problems(error.status_code, [str(error.detail)], error.headers)
        session, words = desk.sessions.of(request), "Nothing is at this address."
        return problem(desk, session, error.status_code, "There is no such page", words)

    def not_now(request: Request, error: Exception) -> Response:
        session = desk.sessions.of(request)
        return problem(desk, session, 503, "This cannot be read just now", str(error))

    def broken(request: Request, error: Exception) -> Response:
        del request, error  # the server logs it, with where it happened
        return problem(desk, None, 500, "Something is broken here", BROKEN)

    return {HTTPException: not_there, SyncdError: not_now, Exception: broken}


def _static() -> dict[str, tuple[bytes, str]]:
    """Name → (content, type): all there is, read once."""
    found = files("syncd.adapters.web").joinpath("static").iterdir()
    return {x.name: (x.read_bytes(), _KINDS[x.name.rpartition(".")[2]]) for x in found}


def _asset(static: dict[str, tuple[bytes, str]], request: Request) -> Response:
    content, kind = static.get(request.path_params["name"], (b"", ""))
    if not kind:
        return Response("not found\n", status_code=404, media_type="text/plain")
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}  # its address has its mark
    return Response(content, media_type=kind, headers=kept)
