"""What HubSpot lets us call: told by the headers of its answers, and by its refusals.

Bursts are the app's own; searches and the day's calls are the account's, shared with every
other program. It makes no call.
"""

import itertools
from datetime import datetime, timedelta

from syncd.adapters.hubspot.connection import HubSpotConnection
from syncd.adapters.transport.answer import Answer
from syncd.adapters.transport.governor import Governor
from syncd.errors import LimitError, SyncdError, TransientError
from syncd.ports import Clock

TOO_MANY = 429

_FRESH = timedelta(hours=1)
_MILLISECOND = timedelta(milliseconds=1)
_WINDOW = timedelta(seconds=10)
_MOST_DIGITS = 9


class Allowances:
    """`limited` is the number of 429 answers since start."""

    def __init__(self, connection: HubSpotConnection, clock: Clock) -> None:
        self._clock = clock
        self.burst = Governor(clock, connection.allowance)
        self.search = Governor(clock, connection.search_allowance)
        self.limited = 0
        self._numbers = itertools.count(1)
        self._told_at: datetime | None = None
        self._used: int | None = None
        self._since = 0
        self._allowed: int | None = None

    def heed(self, answer: Answer) -> None:
        """Search tells nothing, an OAuth app nothing of the day: such calls are added up."""
        self._since += 1
        burst = _number(answer, "Max")
        if burst is not None:
            interval = _number(answer, "Interval-Milliseconds") or 0
            self.burst.learn(burst, interval * _MILLISECOND or _WINDOW)
        allowed, left = _number(answer, "Daily"), _number(answer, "Daily-Remaining")
        if allowed is not None and left is not None:
            self._tell(allowed - left, allowed)

    def refused(self, error: SyncdError, governor: Governor) -> None:
        """A 429: the day is over, or the pace was too high."""
        self.limited = next(self._numbers)
        if isinstance(error, LimitError):
            self._tell(self._allowed, self._allowed)
        elif isinstance(error, TransientError):
            governor.refused(error.retry_after or _WINDOW)

    def day(self) -> tuple[int | None, int | None]:
        """Everybody's calls today, as told within the last hour, and how many may be made."""
        told = self._told_at
        if self._used is None or told is None or self._clock.now() - told >= _FRESH:
            return None, self._allowed
        return self._used + self._since, self._allowed

    def _tell(self, used: int | None, allowed: int | None) -> None:
        self._told_at, self._used, self._allowed = self._clock.now(), used, allowed
        self._since = 0


def _number(answer: Answer, name: str) -> int | None:
    text = answer.header(f"X-HubSpot-RateLimit-{name}") or ""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else None
