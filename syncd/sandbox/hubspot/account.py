"""Handlers about the account itself: details, usage, and what a token may do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from syncd.sandbox.hubspot.call import Call, Handler
from syncd.sandbox.hubspot.errors import Refused, unauthenticated
from syncd.sandbox.hubspot.reading import required
from syncd.sandbox.hubspot.stamps import EPOCH, MILLISECOND, iso, to_ms
from syncd.sandbox.server import Response


def details(call: Call) -> Response:
    settings = call.portal.settings
    instant: datetime = EPOCH + call.portal.now_ms() * MILLISECOND
    offset = instant.astimezone(ZoneInfo(settings.time_zone)).utcoffset()
    assert offset is not None
    minutes = int(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return Response(
        body={
            "portalId": settings.portal_id,
            "accountType": "STANDARD",
            "timeZone": settings.time_zone,
            "companyCurrency": "USD",
            "additionalCurrencies": [],
            "utcOffset": f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}",
            "utcOffsetMilliseconds": minutes * 60_000,
            "uiDomain": "app.hubspot.com",
            "dataHostingLocation": "na1",
        }
    )


def usage(call: Call) -> Response:
    governor = call.office.governor
    told: dict[str, Any] = {
        "name": "private-apps-api-calls-daily",
        "usageLimit": call.portal.limits.daily,
        "currentUsage": governor.used_today,
        "collectedAt": iso(call.portal.now_ms()),
        "fetchStatus": "SUCCESS",
        "resetsAt": iso(to_ms(governor.resets_at())),
    }
    return Response(body={"results": [told]})


def token(call: Call) -> Response:
    """Who a private app's token, given in the body, stands for."""
    app = call.portal.apps.of(required(call.body(), "tokenKey"))
    if app is None:
        raise Refused(unauthenticated())
    return Response(
        body={
            "userId": app.user_id,
            "hubId": call.portal.settings.portal_id,
            "appId": app.app_id,
            "scopes": list(app.scopes),
        }
    )


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("GET", "account-info/details"): details,
    ("GET", "account-info/api-usage/daily/private-apps"): usage,
    ("POST", "oauth/private-apps/get/access-token-info"): token,
}
