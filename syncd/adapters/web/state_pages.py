"""The pages of what stands: the standard, and how syncd itself is."""

import re
from html import unescape

from starlette.responses import HTMLResponse, Response

from syncd.adapters.web.funnel_pages import drawn
from syncd.adapters.web.people_pages import TOLD
from syncd.adapters.web.visit import Visit

_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')


def standard(visit: Visit) -> Response:
    asked = visit.asked()
    return visit.page(
        "standard.html",
        here="standard",
        asked=asked,
        standard=visit.views.standard(),
        ledger=[drawn(visit, x, asked) for x in visit.views.ledger],
    )


def document(visit: Visit) -> Response:
    """The readable standard as it is, under its own policy: the one style it has."""
    visit.only()
    text = visit.views.standard().page
    own = _POLICY.search(text)
    policy = unescape(own[1]) if own else "default-src 'none'"
    return HTMLResponse(
        text, headers={"Content-Security-Policy": f"{policy}; frame-ancestors 'self'"}
    )


def health(visit: Visit) -> Response:
    told = TOLD.get(visit.only("told").get("told", ""), "")
    return visit.page("health.html", here="health", health=visit.views.health(), told=told)
