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

_MARGIN = 1.025
"""A vendor's window is taken to be a little longer than told: calls may come in closer
together than they went out."""
_REMEMBERED = timedelta(minutes=10)
_LESS = 0.1
_LEAST = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """At most `calls` in any window of `span`."""

    calls: int
    span: timedelta


class Governor:
    """Make callers wait for their turn. Safe to share between threads.

    Each key has the whole allowance to itself (a Slack channel); without keys there is one.
    Every refusal lately makes it a tenth slower: somebody else may share the allowance.
    """

    def __init__(self, clock: Clock, allowance: Allowance) -> None:
        self._clock = clock
        self._allowance = allowance
        self._turns: defaultdict[str, deque[datetime]] = defaultdict(deque)
        self._refusals: deque[datetime] = deque(maxlen=round(_LEAST / _LESS))
        self._resumes: datetime | None = None
        self._guard = threading.Lock()

    def take(self, key: str = "") -> None:
        """Wait until a call may be made, and count it."""
        now = self._clock.now()
        wait(self._clock, self._book(key, now) - now)

    def learn(self, calls: int, span: timedelta) -> None:
        """The allowance as the vendor tells it now; what it makes no sense of is ignored."""
        if calls < 1 or span <= timedelta():
            return
        with self._guard:
            self._allowance = Allowance(calls=calls, span=span * _MARGIN)

    def refused(self, pause: timedelta) -> None:
        """The vendor had too many calls: nobody goes for so long, and then all go slower.
        Refusals while nobody goes are of calls that were under way already: they count as one."""
        now = self._clock.now()
        with self._guard:
            if self._resumes is None or self._resumes <= now:
                self._refusals.append(now)
            self._resumes = max(self._resumes or now, now + pause)

    def _book(self, key: str, now: datetime) -> datetime:
        """The next free instant, now reserved: waiting happens outside the lock."""
        with self._guard:
            turns, most = self._turns[key], self._most(now)
            while len(turns) > most:
                turns.popleft()
            turn = max(now, self._resumes or now)
            if len(turns) == most:
                turn = max(turn, turns[0] + self._allowance.span)
            turns.append(turn)
            return turn

    def _most(self, now: datetime) -> int:
        """Calls in a window: fewer while refusals are remembered, but at least half."""
        while self._refusals and now - self._refusals[0] >= _REMEMBERED:
            self._refusals.popleft()
        part = 1 - _LESS * len(self._refusals)
        return max(1, int(self._allowance.calls * part))
