"""The won leads that the standard would have stopped, by name: all of them, batch by batch, and
the largest few kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from syncd.domain.names import RuleId
from syncd.measure.column_groups import enough_of
from syncd.measure.column_names import RESULT, rule_column
from syncd.measure.column_segments import Segment
from syncd.measure.judging import Columns
from syncd.measure.outcomes import (
    AMOUNT,
    DECIDED_AT,
    LEAD,
    MOVED_AT,
    NAME,
    OUTCOME,
    SEGMENT,
    SOURCE,
    Outcome,
)
from syncd.measure.standing import HAD_TIME, STANDING

MOST_NAMED = 200
UNMET, WHEN = "unmet", "when"
IN_TIME, TOO_LATE, TOO_YOUNG = "in time", "later", "too young to count"
_ORDER = (IN_TIME, TOO_LATE, TOO_YOUNG)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedWinner:
    """`when` is whether it counts in the rates."""

    lead: str
    name: str
    amount: float | None
    source: str | None
    segment: str
    moved_at: datetime
    decided_at: datetime | None
    when: str
    unmet: tuple[str, ...]


def stopped_winners(judged: pl.DataFrame, columns: Columns) -> pl.DataFrame:
    """Those of the batch, also the ones that count in no rate, with the rules that they lack."""
    winners = judged.filter(
        ~pl.col(RESULT).fill_null(value=True) & (pl.col(OUTCOME) == Outcome.WON.value)
    )
    in_time = pl.col(STANDING) == Outcome.WON.value
    when = (
        pl.when(~pl.col(HAD_TIME)).then(pl.lit(TOO_YOUNG))
        .when(in_time).then(pl.lit(IN_TIME)).otherwise(pl.lit(TOO_LATE))
    )  # fmt: skip
    return winners.select(
        pl.col(LEAD).alias("lead"),
        pl.col(NAME).alias("name"),
        pl.col(AMOUNT).alias("amount"),
        pl.col(SOURCE).alias("source"),
        pl.col(SEGMENT).alias("segment"),
        pl.col(MOVED_AT).alias("moved_at"),
        pl.col(DECIDED_AT).alias("decided_at"),
        when.alias(WHEN),
        _unmet(columns).alias(UNMET),
    )


class Largest:
    """The winners with the largest amounts; those that count in the rates first."""

    def __init__(self) -> None:
        self._kept: pl.DataFrame | None = None
        self.count = 0

    def add(self, winners: pl.DataFrame) -> None:
        self.count += winners.height
        both = winners if self._kept is None else pl.concat([self._kept, winners])
        rank = pl.col(WHEN).replace_strict({x: n for n, x in enumerate(_ORDER)})
        self._kept = both.sort(
            rank, pl.col("amount"), pl.col("lead"), descending=[False, True, False], nulls_last=True
        ).head(MOST_NAMED)

    def winners(self) -> Sequence[StoppedWinner]:
        if self._kept is None:
            return ()
        rows = self._kept.with_columns(pl.col(UNMET).str.split(", ")).iter_rows(named=True)
        return tuple(StoppedWinner(**{**row, UNMET: tuple(row[UNMET])}) for row in rows)


def _unmet(columns: Columns) -> pl.Expr:
    """What keeps the lead from passing, as one text: the rules that its segment asks for and that
    it does not meet; those of which enough others are met are not among them."""
    names = (_name_where_unmet(rule, columns) for rule in columns.rules)
    return pl.concat_str(*names, separator=", ", ignore_nulls=True)


def _name_where_unmet(rule: RuleId, columns: Columns) -> pl.Expr:
    lacking = (
        (pl.col(SEGMENT) == x.name) & _counts(rule, x) for x in columns.segments if rule in x.asks
    )
    unmet = ~pl.col(rule_column(rule)).fill_null(value=True)
    return pl.when(unmet & pl.any_horizontal(pl.lit(False), *lacking)).then(pl.lit(str(rule)))


def _counts(rule: RuleId, segment: Segment) -> pl.Expr:
    """Whether the segment's gate misses the rule if it is unmet."""
    some = segment.gate.any
    if some is None or rule not in some.of or rule in segment.gate.all:
        return pl.lit(True)
    return ~enough_of(some).fill_null(value=True)
