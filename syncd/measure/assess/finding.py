"""What a check of an assessment is, and what it can come to.

Ids and groups are API: programs act on them. Nothing here looks at anything.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from syncd.measure.assess.sight import Reading, Sight
from syncd.measure.shares import Rate


class Group(StrEnum):
    DEFINITION = "definition"
    STAGES = "stage design"
    CAPTURE = "data capture"
    HANDOFF = "handoff"
    SLA = "SLA"
    FEEDBACK = "feedback"
    REPORTING = "reporting"


@dataclass(frozen=True, slots=True)
class Sound:
    """`says` is the evidence, in words."""

    says: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What a gap costs in the company's own money, and how that was reckoned."""

    amount: float
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """`rate` is how much is affected of what was looked at, None where it is all or nothing.
    `cost` is None where the company's own numbers do not tell it."""

    says: str
    examples: tuple[str, ...] = ()
    rate: Rate | None = None
    cost: Cost | None = None

    @property
    def share(self) -> float:
        """The part that is affected; 1 where it is all or nothing."""
        share = self.rate.share if self.rate else None
        return 1.0 if share is None else share


@dataclass(frozen=True, slots=True)
class CannotSee:
    """Neither sound nor a gap: it counts for nothing in the score."""

    why: str


Answer: TypeAlias = Sound | Gap | CannotSee


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """`title` says what should be so; `looks` how that is found out; `weight` is 1 to 3. Where
    one of `needs` was refused in either CRM, it is not asked."""

    id: str
    group: Group
    title: str
    looks: str
    why: str
    fix: str
    weight: int
    ask: Callable[[Sight], Answer]
    needs: tuple[Reading, ...] = ()
