"""What our calls to a CRM may cost, and what is given up when they run low.

Pure: the calls of the last day come in as numbers by hour. It stops nothing by itself; jobs
ask for the level before they spend.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from syncd.domain.action import WriteKind
from syncd.domain.order import Level, SideStatus

DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)

CAN_WAIT = frozenset({WriteKind.SYNC, WriteKind.REPAIR, WriteKind.CREATE})
"""Writes that wait for better days. What enforces, recycles or marks never does."""

Hours = Sequence[tuple[datetime, int]]
"""Calls by the hour they were made in, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """`spent` are our own calls in the last 24 hours, `share` what they may be; `used` are
    everybody's of the vendor's day, of `allowed`. None where the vendor does not tell."""

    spent: int
    share: int | None
    used: int | None
    allowed: int | None

    @property
    def ours(self) -> float:
        """Our calls as a part of our share."""
        return self.spent / max(self.share, 1) if self.share is not None else 0.0

    @property
    def everybodys(self) -> float:
        """Everybody's calls as a part of what the vendor allows."""
        return self.used / self.allowed if self.used is not None and self.allowed else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What comes of going on as in the last two hours: calls a day, and when the share is
    used up; None if it lasts."""

    a_day: int
    runs_out: datetime | None


def budget_of(status: SideStatus, *, share: float, now: datetime, more: int = 0) -> Budget:
    """`more` are calls made since the status was written."""
    allowed = status.calls_allowed
    return Budget(
        spent=sum(calls for _, calls in _lately(status.spent, now)) + more,
        share=None if allowed is None else int(allowed * share),
        used=status.calls_used,
        allowed=allowed,
    )


def add_calls(hours: Hours, calls: int, *, now: datetime) -> tuple[tuple[datetime, int], ...]:
    """These calls on this hour's account; what is a day old is forgotten."""
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    before = _lately(hours, now)
    spent = dict(before).get(this_hour, 0) + calls
    earlier = tuple((hour, n) for hour, n in before if hour != this_hour)
    return (*earlier, (this_hour, spent)) if spent else earlier


def _lately(hours: Hours, now: datetime) -> tuple[tuple[datetime, int], ...]:
    """The hours of which a part lies in the last day: rather too much than too little."""
    return tuple((hour, calls) for hour, calls in hours if hour + _HOUR > now - DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bound:
    """Parts of our share, and of everybody's allowance, at which a level begins; it ends
    only below `ease` of them, so that it does not come and go."""

    level: Level
    ours: float
    everybodys: float
    ease: float = 0.9

    def holds(self, budget: Budget, before: Level) -> bool:
        ease = self.ease if _depth(before) >= _depth(self.level) else 1.0
        return budget.ours >= self.ours * ease or budget.everybodys >= self.everybodys * ease


_BOUNDS = (
    _Bound(level=Level.ESSENTIAL, ours=0.95, everybodys=0.95),
    _Bound(level=Level.NO_SWEEP, ours=0.80, everybodys=0.90),
)
"""The twentieth of our share that is left when field sync stops is for what is in flight."""


def level_of(budget: Budget, before: Level) -> Level:
    """What may still be done, given what could be done before."""
    return next((x.level for x in _BOUNDS if x.holds(budget, before)), Level.FULL)


def is_worse(level: Level, than: Level) -> bool:
    return _depth(level) > _depth(than)


def _depth(level: Level) -> int:
    return tuple(Level).index(level)


def forecast(status: SideStatus, budget: Budget, *, now: datetime) -> Forecast:
    """Hour by hour: what falls out of the last day, and what comes at the present rate."""
    rate = _rate(status.spent, now)
    return Forecast(a_day=int(rate * DAY.total_seconds()), runs_out=_end(status, budget, rate, now))


def _end(status: SideStatus, budget: Budget, rate: float, now: datetime) -> datetime | None:
    if budget.share is None or rate <= 0:
        return None
    at, spent = now, budget.spent
    while at < now + DAY:
        left = budget.share - spent
        if left <= rate * _HOUR.total_seconds():
            return at + timedelta(seconds=max(0.0, left / rate))
        spent += int(rate * _HOUR.total_seconds())
        spent -= sum(n for hour, n in status.spent if at < hour + DAY + _HOUR <= at + _HOUR)
        at += _HOUR
    return None


def _rate(hours: Hours, now: datetime) -> float:
    """Calls a second, this hour and the one before."""
    last = [(hour, calls) for hour, calls in hours if now - hour < 2 * _HOUR]
    if not last:
        return 0.0
    span = max(now - last[0][0], timedelta(minutes=15))
    return sum(calls for _, calls in last) / span.total_seconds()
