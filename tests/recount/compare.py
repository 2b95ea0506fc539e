"""Hold the product's tables against the recount, number by number."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import isclose
from typing import Any

from recount.asked import Asked, Key
from recount.counts import numbers
from recount.rows import Happened
from recount.tally import Counted
from recount.week import Week
from syncd.measure.catalogue import MEASURES
from syncd.measure.facts import Dimension
from syncd.measure.scope import Scope
from syncd.measure.tables import Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """For the numbers of a period as people of `zone` name its months: split by a dimension, and
    only of leads with these values of others."""

    start: datetime
    end: datetime
    zone: str = "America/New_York"
    by: str | None = None
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One number as it was counted and as it is shown; None where one of them knows of none."""

    key: Key
    counted: Counted | None
    shown: Number | None

    @property
    def is_same(self) -> bool:
        if self.counted is None or self.shown is None:
            return self.shown is not None and self.shown.why == "does not apply"
        parts = ("value", "n", "of", "low", "high")
        return all(_equal(getattr(self.counted, x), getattr(self.shown, x)) for x in parts)

    @property
    def tells(self) -> bool:
        """It is not nought, and not only that nothing can be said."""
        return bool(self.shown and self.shown.value)


def compared(week: Week, happened: Happened, ask: Ask) -> Iterator[Compared]:
    """Every number that either of them knows of."""
    yield from held_against(counted(week, happened, ask), week, ask)


def counted(week: Week, happened: Happened, ask: Ask) -> Mapping[Key, Counted]:
    """What the recount says."""
    return numbers(_asked(week, happened, ask))


def held_against(mine: Mapping[Key, Counted], week: Week, ask: Ask) -> Iterator[Compared]:
    theirs = _shown(week, ask)
    for key in sorted({*mine, *theirs}):
        yield Compared(key=key, counted=mine.get(key), shown=theirs.get(key))


def _asked(week: Week, happened: Happened, ask: Ask) -> Asked:
    return Asked(
        rounds=happened.rounds,
        moves=happened.moves,
        spend=week.spend,
        start=ask.start,
        end=ask.end,
        now=week.end,
        zone=ask.zone,
        by=ask.by,
        only=ask.only,
    )


def _shown(week: Week, ask: Ask) -> Mapping[Key, Number]:
    scope = Scope(
        start=ask.start,
        end=ask.end,
        label="",
        time_zone=ask.zone,
        now=week.end,
        only={Dimension(name): values for name, values in ask.only.items()},
    )
    by = Dimension(ask.by) if ask.by else None
    found: dict[Key, Number] = {}
    for name, measure in MEASURES.items():
        if by is None or by in measure.dimensions:
            for row in measure.table(week.facts, scope, by).rows:
                found |= {(name, row.key, column): x for column, x in row.numbers.items()}
    return found


def _equal(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
