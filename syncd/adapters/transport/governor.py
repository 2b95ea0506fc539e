"""Keep under a vendor's rate: so many calls in any window of so long.

Exact for rolling windows, where a token bucket would let twice the allowance through
in one window (a full burst, then all that refills during it).
"""

import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from syncd.adapters.transport.waiting import wait
from syncd.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """At most `calls` in any window of `span`."""

    calls: int
    span: timedelta


class Governor:
    """Make callers wait for their turn. Safe to share between threads.

    Each key has the whole allowance to itself (a Slack channel); without keys there is one.
    """

    def __init__(self, clock: Clock, allowance: Allowance) -> None:
        self._clock = clock
        self._allowance = allowance
        self._turns: defaultdict[str, deque[datetime]] = defaultdict(
            lambda: deque(maxlen=allowance.calls)
        )
        self._guard = threading.Lock()

    def take(self, key: str = "") -> None:
        """Wait until a call may be made, and count it."""
        now = self._clock.now()
        wait(self._clock, self._book(key, now) - now)

    def _book(self, key: str, now: datetime) -> datetime:
        """The next free instant, now reserved: waiting happens outside the lock."""
        with self._guard:
            turns = self._turns[key]
            full = len(turns) == self._allowance.calls
            turn = max(now, turns[0] + self._allowance.span) if full else now
            turns.append(turn)
            return turn
