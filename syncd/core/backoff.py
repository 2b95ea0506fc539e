"""When to try an effect again that failed for a reason that may pass.

A retry is a decision first, an act later. Deterministic: the spread comes from the key.
"""

import hashlib
from datetime import datetime, timedelta

from syncd.domain.names import ActionKey

_FIRST = timedelta(seconds=10)
_LONGEST = timedelta(minutes=30)
_MOST_ATTEMPTS = 54
"""With these waits, about a day; then a person is told."""
_SPREAD = 0.2


def next_attempt(
    attempts: int, *, key: ActionKey, now: datetime, retry_after: timedelta | None = None
) -> datetime | None:
    """When to try again after `attempts` earlier failures and this one; None: give up.

    A wait the vendor asked for is never cut short.
    """
    if attempts >= _MOST_ATTEMPTS:
        return None
    wait = _LONGEST if attempts > _doublings() else _FIRST * 2**attempts
    spread = min(wait, _LONGEST) * (1 - _SPREAD * _fraction(f"{key}:{attempts}"))
    return now + max(spread, retry_after or timedelta())


def _doublings() -> int:
    """After so many doublings the longest wait is reached, and numbers need not grow."""
    return (_LONGEST // _FIRST).bit_length()


def _fraction(text: str) -> float:
    """From 0 to 1, the same for the same text, so that rows do not all come back at once."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) / 2**32
