"""What HubSpot's refusals mean to us: the only place that knows its statuses and categories.

Reasons are made of codes, categories and property names alone: the messages quote the
values of records.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson

from syncd.adapters.hubspot.complaint import (
    Complaint,
    NotThere,
    RequestConflict,
    RequestRefused,
    ScopeMissing,
    complaint_of,
)
from syncd.adapters.transport.answer import Answer, error_for_status, retry_after
from syncd.domain.action import Failed, Refused, Vanished, WriteOutcome
from syncd.errors import (
    AuthError,
    LimitError,
    PermanentError,
    SyncdError,
    TransientError,
)

NOT_FOUND = "OBJECT_NOT_FOUND"

_FINAL: Mapping[int, tuple[type[SyncdError], str]] = {
    401: (AuthError, "HubSpot refuses the token: put a valid one into SYNCD_HUBSPOT_TOKEN"),
    405: (PermanentError, "no such method on this path; HubSpot may have retired it"),
    413: (PermanentError, "the request is too large"),
    414: (PermanentError, "the URL is too long; map fewer properties"),
    415: (PermanentError, "HubSpot does not take this kind of body"),
}
_Refusal = RequestRefused | NotThere | RequestConflict | ScopeMissing
_REFUSALS: Mapping[int, tuple[type[_Refusal], str]] = {
    403: (ScopeMissing, "the app lacks a scope; grant it in HubSpot and use the new token"),
    400: (RequestRefused, "HubSpot does not take the request"),
    404: (NotThere, "not found; is the base URL right, or has HubSpot retired the path?"),
    409: (RequestConflict, "another record has this unique value"),
}
_PASSING: Mapping[int, tuple[timedelta | None, str]] = {
    423: (timedelta(seconds=2), "locked by a flood of writes; HubSpot asks for at least 2 s"),
    502: (None, "HubSpot's edge had no answer from behind it"),
    503: (None, "HubSpot is overloaded or in maintenance"),
    504: (None, "HubSpot's edge timed out"),
    521: (None, "HubSpot's origin refused its edge"),
    522: (None, "HubSpot's origin did not answer its edge"),
    523: (None, "HubSpot's origin was out of reach of its edge"),
    524: (None, "HubSpot needed more than 100 s"),
    530: (None, "HubSpot's edge failed; a token of the wrong shape is answered so, too"),
}
_MIGRATION = 477  # the account is being moved; Retry-After counts seconds, up to a day
_TOO_MANY = 429

_SECOND = timedelta(seconds=1)
_WINDOW = timedelta(seconds=10)
_DAY = 24 * 60 * 60

_LIMITS: tuple[tuple[re.Pattern[str], timedelta], ...] = (
    (re.compile(r"TEN_SECONDLY", re.IGNORECASE), _WINDOW),
    (re.compile(r"SECONDLY", re.IGNORECASE), _SECOND),
)
"""Bodies of 429 tell the window in `policyName`, in `errorType` or only in the message."""
_DAILY = re.compile(r"\bDAILY\b", re.IGNORECASE)


def error_for(answer: Answer, *, what: str, now: datetime) -> SyncdError:
    """The error an answer of 300 or more stands for."""
    status = answer.status
    if status == _TOO_MANY:
        return _too_many(answer, what=what, now=now)
    if status == _MIGRATION:
        wait = _whole_wait(answer)
        return LimitError(f"{what}: the account is being migrated (477)", retry_after=wait)
    complaint = complaint_of(_body(answer))
    if status in _REFUSALS:
        refusal, why = _REFUSALS[status]
        return refusal(f"{what}: status {status}: {why}: {complaint.words}", complaint)
    if status in _FINAL:
        error, why = _FINAL[status]
        return error(f"{what}: status {status}: {why}: {complaint.words}")
    if status in _PASSING:
        least, why = _PASSING[status]
        wish = max((x for x in (retry_after(answer, now=now), least) if x), default=None)
        return TransientError(f"{what}: status {status}: {why}", retry_after=wish)
    return error_for_status(answer, what=what, now=now)


def _too_many(answer: Answer, *, what: str, now: datetime) -> TransientError:
    """429 in its forms: the policy in the body, with or without Retry-After, or only the
    header that says that nothing is left of the day."""
    body = _body(answer)
    told = " ".join(str(body.get(key, "")) for key in ("policyName", "errorType", "message"))
    wish = retry_after(answer, now=now)
    if _DAILY.search(told) or answer.header("X-HubSpot-RateLimit-Daily-Remaining") == "0":
        return LimitError(f"{what}: the day's calls are used up (429)", retry_after=wish)
    window = next((span for pattern, span in _LIMITS if pattern.search(told)), _WINDOW)
    return TransientError(f"{what}: too many calls (429)", retry_after=wish or window)


def _whole_wait(answer: Answer) -> timedelta | None:
    text = (answer.header("Retry-After") or "").strip()
    return timedelta(seconds=min(int(text), _DAY)) if text.isdecimal() else None


def outcome_for(complaint: Complaint) -> WriteOutcome:
    """What a record's own error in a 207, or a request about one record alone, comes to."""
    if complaint.category == NOT_FOUND:
        return Vanished(reason="HubSpot no longer has this record (archived, merged or erased)")
    if complaint.category in _MAY_PASS:
        return Failed(reason=f"HubSpot: {complaint.words}")
    return Refused(reason=f"HubSpot: {complaint.words}")


_MAY_PASS = frozenset(
    {
        "RATE_LIMITS",  # the record came late in a batch that ran into a limit
        "RATE_LIMIT",
        "LOCKED",  # somebody else is writing it this very moment
        "INTERNAL_ERROR",  # HubSpot's own trouble
        "SERVICE_UNAVAILABLE",
        "TIMEOUT",
    }
)


def _body(answer: Answer) -> Mapping[str, Any]:
    """An error's body as a mapping; empty for an edge's HTML page."""
    try:
        body = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}
