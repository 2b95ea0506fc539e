"""What Slack answers when it is not well, by the name under which a fault is armed."""

from syncd.sandbox.faults import EXPIRED, BadDays, page
from syncd.sandbox.server import Response


def _says(error: str, status: int = 200) -> Response:
    return Response(status=status, body={"ok": False, "error": error})


BAD_DAYS: BadDays = {
    EXPIRED: _says("token_expired"),
    "revoked": _says("token_revoked"),
    "ratelimited": Response(
        status=429, body={"ok": False, "error": "ratelimited"}, headers={"Retry-After": "30"}
    ),
    "internal_error": _says("internal_error", 500),
    "fatal_error": _says("fatal_error"),
    "unavailable": page(503),
}
