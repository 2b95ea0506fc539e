"""What a team wants its numbers to be, and what it spends: values that reports are held against.

Nothing is decided by them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from syncd.domain.handoff import ClockName
from syncd.domain.stage import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Shares from 0 to 1; what is not named has no target. `conversion` is by the stage that is
    reached, of those that reached the step before it: lead, MQL, SAL, SQL, opportunity,
    customer. `in_time` is of the promises that could be kept or missed."""

    conversion: Mapping[Stage, float] = field(default_factory=dict)
    in_time: Mapping[ClockName, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """What was spent on one source in one month (its first day), in the team's own currency."""

    source: str
    month: date
    amount: float
