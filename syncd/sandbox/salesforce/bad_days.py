"""What Salesforce answers when it is not well, by the name under which a fault is armed.

Answers only; when one is given instead of the org's own is the fault's business.
"""

from syncd.sandbox.faults import EXPIRED, BadDays, page
from syncd.sandbox.salesforce.errors import Problem
from syncd.sandbox.server import Response

_NO_SESSION = (
    b'<?xml version="1.0" encoding="UTF-8"?><html><head>'
    b'<meta HTTP-EQUIV="PRAGMA" CONTENT="NO-CACHE"></head><body>Session expired</body></html>'
)
_BAD_TOKEN = (
    b"<?xml version='1.0' encoding='UTF-8'?><soapenv:Envelope "
    b"xmlns:soapenv='http://schemas.xmlsoap.org/soap/envelope/'><soapenv:Body><soapenv:Fault>"
    b"<faultcode>LOGIN_OAUTH_INVALID_TOKEN</faultcode>"
    b"<faultstring>Login failed: Invalid OAuth token</faultstring>"
    b"</soapenv:Fault></soapenv:Body></soapenv:Envelope>"
)
_BUSY = "unable to obtain exclusive access to this record or 1 records: 00Q000000000001AAA"


def _says(status: int, code: str, message: str, fields: tuple[str, ...] | None = None) -> Response:
    problem = Problem(code=code, message=message, fields=fields)
    return Response(status=status, body=[problem.in_row()])


BAD_DAYS: BadDays = {
    EXPIRED: _says(401, "INVALID_SESSION_ID", "Session expired or invalid"),
    "expired_html": page(401, _NO_SESSION),
    "expired_xml": Response(
        status=401, body=_BAD_TOKEN, headers={"Content-Type": "text/xml;charset=UTF-8"}
    ),
    "daily_limit": _says(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    "concurrent_limit": _says(
        403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded."
    ),
    "no_access": _says(
        400, "INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id", ()
    ),
    "approval_lock": _says(400, "ENTITY_IS_LOCKED", "the entity is locked for editing", ()),
    # Sources disagree about the status of a lock: callers must go by the code.
    "locked": _says(400, "UNABLE_TO_LOCK_ROW", _BUSY, ()),
    "locked_500": _says(500, "UNABLE_TO_LOCK_ROW", _BUSY, ()),
    "query_timeout": _says(400, "QUERY_TIMEOUT", "Your query request was running for too long."),
    "too_complicated": _says(
        400, "QUERY_TOO_COMPLICATED", "Query is either selecting too many fields"
    ),
    "unavailable": _says(503, "SERVER_UNAVAILABLE", "Server Unavailable"),
    "edge_420": page(420),
    "bad_gateway": page(502),
    "maintenance": page(503),
}
