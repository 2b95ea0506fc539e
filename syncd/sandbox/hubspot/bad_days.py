"""What HubSpot, or the edge before it, answers when it is not well, by the name of the fault.

Answers only. Statuses are those the vendor documents; where it documents no
body, the body is the edge's page.
"""

from syncd.sandbox.faults import EXPIRED, BadDays, page
from syncd.sandbox.hubspot.errors import error, unauthenticated
from syncd.sandbox.hubspot.limits import limited
from syncd.sandbox.server import Response

_CLOUDFLARE = b"""<!DOCTYPE html><html lang="en-US"><head><title>api.hubapi.com | %d</title></head>
<body><h1>Error code %d</h1><p>Cloudflare Ray ID: 8a1b2c3d4e5f6789</p></body></html>"""


def _edge(status: int) -> Response:
    return page(status, _CLOUDFLARE % (status, status))


BAD_DAYS: BadDays = {
    EXPIRED: error(
        401,
        "The OAuth token used to make this call expired 7 second(s) ago.",
        "EXPIRED_AUTHENTICATION",
    ),
    "revoked": unauthenticated(),
    "missing_scopes": error(
        403,
        "This app hasn't been granted all required scopes to make this call.",
        "MISSING_SCOPES",
        errors=[
            {
                "message": "One or more of the following scopes are required.",
                "context": {"requiredGranularScopes": ["crm.objects.contacts.write"]},
            }
        ],
    ),
    "too_long": _edge(414),
    "locked": error(423, "This resource is locked; try again in two seconds.", "LOCKED"),
    "secondly": limited("SECONDLY"),
    "secondly_unnamed": limited("SECONDLY", named=False),
    "ten_secondly": limited("TEN_SECONDLY_ROLLING"),
    "ten_secondly_unnamed": limited("TEN_SECONDLY_ROLLING", named=False),
    "ten_secondly_retry": limited("TEN_SECONDLY_ROLLING", retry_after=10),
    "daily": limited("DAILY"),
    "daily_unnamed": limited("DAILY", named=False),
    "daily_retry": limited("DAILY", retry_after=3_600),
    "migration": error(
        477, "This account is being migrated.", "MIGRATION", headers={"Retry-After": "120"}
    ),
    "internal": error(500, "internal error", ""),
    "bad_gateway": _edge(502),
    "unavailable": _edge(503),
    "gateway_timeout": _edge(504),
    "web_server_down": _edge(521),
    "connection_timeout": _edge(522),
    "origin_unreachable": _edge(523),
    "timeout": _edge(524),
    "bad_handshake": _edge(525),
    "bad_certificate": _edge(526),
    "malformed_token": _edge(530),
}
