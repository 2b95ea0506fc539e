"""What a vendor answered, and what an unusable answer means to the caller.

Knows HTTP and JSON, no vendor: a vendor's own error codes are told apart in its
`translate.py`, which falls back on `error_for_status` here.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from syncd.errors import AuthError, PermanentError, SyncdError, TransientError

LONGEST_WAIT = timedelta(seconds=300)
CUT_AT = 200

_EMAIL = re.compile(r"[^\s@<>\"',;:]+@[^\s@<>\"',;:]+")
_LONG_NUMBER = re.compile(r"\+?\d[\d\s().-]{5,}\d")
_WORTH_RETRYING = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP answer, read to its end. Header names are matched without regard to case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> str | None:
        wanted = name.lower()
        return next((v for k, v in self.headers.items() if k.lower() == wanted), None)


def parse_json(answer: Answer, *, what: str) -> Any:
    """The parsed body. TransientError for all a 2xx may hide: an edge's HTML page, a body cut
    off, no body at all. `what` names the request for people, without values."""
    content_type = answer.header("Content-Type") or ""
    if "json" not in content_type.lower():
        kind = content_type.partition(";")[0] or "nothing"
        raise TransientError(f"{what}: expected JSON, got {kind} (status {answer.status})")
    try:
        return orjson.loads(answer.body)
    except orjson.JSONDecodeError as error:
        size = len(answer.body)
        raise TransientError(f"{what}: the JSON is broken or cut off ({size} bytes)") from error


def error_for_status(answer: Answer, *, what: str, now: datetime) -> SyncdError:
    """The error that a status of 300 or more stands for when no vendor code says better.

    401 and 403 need a person; 408, 425, 429 and 5xx pass by themselves; the rest
    (redirects, which are never followed, included) will never work.
    """
    text = f"{what}: status {answer.status}: {cut(answer.body)}"
    if answer.status in (401, 403):
        return AuthError(text)
    if answer.status in _WORTH_RETRYING or answer.status >= 500:
        return TransientError(text, retry_after=retry_after(answer, now=now))
    return PermanentError(text)


def retry_after(answer: Answer, *, now: datetime) -> timedelta | None:
    """The Retry-After header, seconds or date, brought into 0 to 300 s; None if unusable."""
    text = (answer.header("Retry-After") or "").strip()
    try:
        span = _seconds(text) if _is_number(text) else parsedate_to_datetime(text) - now
    except (TypeError, ValueError):
        return None
    return None if span is None else min(max(span, timedelta()), LONGEST_WAIT)


def cut(body: bytes | str) -> str:
    """A body fit for messages and logs: one short line, addresses and long numbers left out,
    because vendors quote record values in their errors."""
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
    text = " ".join(text[: 100 * CUT_AT].split())
    text = _LONG_NUMBER.sub("<number>", _EMAIL.sub("<email>", text))
    return text if len(text) <= CUT_AT else text[: CUT_AT - 1] + "…"


def server_date(answer: Answer) -> datetime:
    """The vendor's own clock (Date header). TransientError without one: no watermark may
    come from the local clock."""
    try:
        return parsedate_to_datetime(answer.header("Date") or "").astimezone(UTC)
    except ValueError as error:
        raise TransientError("the answer has no usable Date header") from error


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _seconds(text: str) -> timedelta | None:
    seconds = float(text)
    if math.isnan(seconds) or math.isinf(seconds):
        return None
    return timedelta(seconds=min(max(seconds, 0.0), LONGEST_WAIT.total_seconds()))
