"""What a view of the numbers is of: a period, and only some of the leads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import polars as pl

from syncd.domain.targets import Targets
from syncd.measure.facts import INSTANT, Dimension

UNKNOWN = "(unknown)"
"""Stands for leads of which the dimension is not known, wherever one is named."""


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def instant(at: datetime) -> pl.Expr:
    """To be compared with: what polars makes of a datetime by itself takes ten times as long."""
    return pl.lit((at - _EPOCH) // _MICROSECOND, dtype=INSTANT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """From `start` up to, but not with, `end` (both UTC), as people call it in their time zone;
    `now` is until when leads are followed. Of each dimension named, only these values. `targets`
    are what the team wants its numbers to be."""

    start: datetime
    end: datetime
    label: str
    time_zone: str
    now: datetime
    only: Mapping[Dimension, tuple[str, ...]] = field(default_factory=dict)
    targets: Targets = field(default_factory=Targets)

    def within(self, column: str) -> pl.Expr:
        """Rows whose instant of that name lies in the period."""
        return pl.col(column).is_between(instant(self.start), instant(self.end), closed="left")

    def chosen(self) -> pl.Expr:
        """Rows of the leads it is about."""
        kept = [pl.col(d.value).fill_null(UNKNOWN).is_in(x) for d, x in self.only.items()]
        return pl.all_horizontal(kept) if kept else pl.lit(value=True)
