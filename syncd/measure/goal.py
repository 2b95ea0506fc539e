"""A revenue target walked back through rates: how many sales it takes, and how many of each step
before them.

Pure arithmetic. Every figure is worked out from the exact one before it and rounded only to be
shown; what a rate is made of stays with it, so that nobody takes an estimate for a promise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

from syncd.domain.stage import Stage
from syncd.measure.tables import Number, Table

POINT = 0.01
_DIGITS = 3
"""So many digits of an estimate are shown: rates are never known better than that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Of those at this step (`name`, in the plural), how many reach the next: a number from 0 to
    1. `n` of `of` is what it was measured on, `low` to `high` its 95 % interval."""

    name: str
    rate: float
    n: int | None = None
    of: int | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What is needed of one step in all, exactly. `carried` is the same with every figure
    rounded up before the next was worked out; `pace` is how many come in a month now."""

    name: str
    exact: float
    carried: int
    step: Step | None
    pace: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """With one percentage point more at this step, so many fewer would be needed at the top;
    None where the rate is at 100 % already."""

    step: Step
    fewer: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """`levels` from the sales back to the first step; `months` is the time there is."""

    target: float
    value: float
    months: int
    levels: tuple[Level, ...]
    savings: tuple[Saving, ...]

    @property
    def sales(self) -> int:
        """Whole ones: a part of a sale brings nothing."""
        return self.levels[0].carried

    def a_month(self, level: Level) -> float:
        return level.exact / self.months

    def missing(self, level: Level) -> float | None:
        """A month, at the present pace; below zero there are more than enough."""
        return None if level.pace is None else self.a_month(level) - level.pace


def goal(
    target: float,
    value: float,
    steps: Sequence[Step],
    *,
    months: int = 12,
    sold: str = "sales",
    pace: Mapping[str, float] | None = None,
) -> Goal:
    """`steps` from the one before the sale back to the first. All numbers above zero."""
    known = pace or {}
    exact = target / value
    carried = _up(exact)
    levels = [Level(name=sold, exact=exact, carried=carried, step=None, pace=known.get(sold))]
    for step in steps:
        exact, carried = exact / step.rate, _up(carried / step.rate)
        levels.append(
            Level(
                name=step.name, exact=exact, carried=carried, step=step, pace=known.get(step.name)
            )
        )
    savings = tuple(_saving(step, top=exact) for step in steps)
    return Goal(target=target, value=value, months=months, levels=tuple(levels), savings=savings)


def _saving(step: Step, *, top: float) -> Saving:
    if step.rate >= 1:
        return Saving(step=step, fewer=None)
    better = min(1.0, step.rate + POINT)
    return Saving(step=step, fewer=top - top * step.rate / better)


def _up(exact: float) -> int:
    """To whole ones; what is a whole one but for how a computer divides is left at it."""
    nearest = round(exact)
    return nearest if abs(exact - nearest) < 1e-12 * max(1.0, exact) else ceil(exact)


def about(exact: float) -> int:
    """What is needed, as far as an estimate can be told: to three digits, and up to whole ones."""
    return _up(exact) if exact < 10**_DIGITS else rounded(exact)


def rounded(exact: float) -> int:
    """To three digits, or to whole ones."""
    if exact < 10**_DIGITS:
        return round(exact)
    unit = int(10 ** (floor(log10(exact)) + 1 - _DIGITS))
    return round(exact / unit) * unit


# --- rates that were measured ---------------------------------------------------------------

PLURAL: Mapping[Stage, str] = {
    Stage.LEAD: "leads",
    Stage.MQL: "MQLs",
    Stage.SAL: "SALs",
    Stage.SQL: "SQLs",
    Stage.OPPORTUNITY: "opportunities",
    Stage.CUSTOMER: "deals",
}
SOLD = PLURAL[Stage.CUSTOMER]
_STEP, _FIRST = "step", "first"


def measured_steps(funnel: Table) -> tuple[Step, ...]:
    """The steps of the funnel as it was measured (`catalogue`), the last one first. ValueError
    says which rate cannot be told, and why."""
    rows = [row for row in funnel.rows if row.key in set(PLURAL)]
    steps = [
        _measured(PLURAL[Stage(before.key)], PLURAL[Stage(row.key)], row.numbers[_STEP])
        for before, row in pairwise(rows)
    ]
    return tuple(reversed(steps))


def _measured(name: str, reached: str, number: Number) -> Step:
    if not number.value:
        why = number.why or f"none of {number.of or 0:,} did"
        raise ValueError(f"how many {name} become {reached} cannot be told: {why}")
    return Step(
        name=name, rate=number.value, n=number.n, of=number.of, low=number.low, high=number.high
    )


def measured_pace(arrivals: Table, months: float) -> Mapping[str, float]:
    """How many reached each stage a month for the first time, in a period of which so many months
    are past."""
    return {
        PLURAL[Stage(row.key)]: row.numbers[_FIRST].n / months
        for row in arrivals.rows
        if row.key in set(PLURAL)
    }
