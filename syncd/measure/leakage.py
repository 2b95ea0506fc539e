"""Fields that are known only after winning, losing or either: no evidence of anything.

Such a field stands filled for one kind and empty for the other, far more so than anything that
was there before the outcome. Told by counts of filled values alone: a field that always has a
value and takes another one with the outcome (a status) is not found here; `ledger` warns of rules
that are met as if they asked for one. What the source itself says of its fields is believed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from syncd.domain.names import FieldName
from syncd.measure.column_names import unreadable_column
from syncd.measure.outcomes import OUTCOME, Leads, Outcome
from syncd.measure.rates import Contrast
from syncd.measure.shares import Rate

LEAST_LEADS = 10
"""Of winners, and of the others: with fewer, a field that few fill in looks like a leak."""
LEAST_FILLED, TIMES_AS_OFTEN = 0.2, 10
"""Filled for a fifth of the winners or more, and ten times as often as for the rest. Behaviour
that really comes before a deal rarely tells winners apart by more than three or four times."""
LEAST_FILLED_AFTER, TIMES_AS_OFTEN_AFTER = 0.5, 40
"""Stricter: an honest field may well hold what only bad leads have (a student, a competitor), and
what open ones, who are young, do not have yet."""
SURELY = 0.001
"""Many fields are looked at, and each refused one is a rule that cannot be weighed."""
_HALF = 0.5
"""Of a lead is added to the seldom side: none of few is not none of many."""
_GROUPS = {
    Outcome.WON: "won",
    Outcome.LOST: "gone",
    Outcome.REJECTED: "gone",
    Outcome.RECYCLED: "gone",
    Outcome.OPEN: "open",
}


def leaky_fields(leads: Leads) -> Mapping[FieldName, str]:
    """The fields to refuse as evidence, each with why. Reads all leads once."""
    fills = Fills(leads)
    for batch in leads.batches():
        fills.add(batch)
    return fills.leaky()


@dataclass(frozen=True, slots=True)
class _Fill:
    """How many have a value, among the winners, those that were not won, and the open ones."""

    won: Rate
    gone: Rate
    open: Rate


class Fills:
    """Counts filled values field by field, batch by batch. A tick that is not set and a number
    that is zero count as empty: CRMs write them where nobody said anything."""

    def __init__(self, leads: Leads) -> None:
        self._fields, self._told = tuple(leads.as_of), leads.afterwards
        self._hits = {x: dict.fromkeys(_GROUPS.values(), 0) for x in self._fields}
        self._all = {x: dict.fromkeys(_GROUPS.values(), 0) for x in self._fields}

    def add(self, batch: pl.DataFrame) -> None:
        group = pl.col(OUTCOME).replace_strict({x.value: name for x, name in _GROUPS.items()})
        there = [x for x in self._fields if x in batch.columns]
        counted = batch.group_by(group.alias("_group")).agg(
            *(_readable(x, batch.schema).sum().alias(f"n {x}") for x in there),
            *(
                (_filled(x, batch.schema) & _readable(x, batch.schema)).sum().alias(x)
                for x in there
            ),
        )
        for row in counted.iter_rows(named=True):
            for field in there:
                self._hits[field][row["_group"]] += row[field]
                self._all[field][row["_group"]] += row[f"n {field}"]

    def leaky(self) -> Mapping[FieldName, str]:
        found = ((x, self._told.get(x) or _why(self._fill(x))) for x in self._fields)
        return {x: why for x, why in found if why}

    def _fill(self, field: FieldName) -> _Fill:
        return _Fill(**{x: Rate(self._hits[field][x], n) for x, n in self._all[field].items()})


def _readable(field: FieldName, schema: Mapping[str, object]) -> pl.Expr:
    mark = unreadable_column(field)
    if mark not in schema:
        return pl.col(field).is_null() | pl.lit(True)  # true for every row, however many there are
    return ~pl.col(mark).fill_null(value=False)


def _filled(field: FieldName, schema: Mapping[str, object]) -> pl.Expr:
    value, kind = pl.col(field), schema[field]
    if kind == pl.Boolean:
        filled = value
    elif kind == pl.String:
        filled = value.str.strip_chars() != ""
    elif isinstance(kind, pl.List):
        filled = value.list.len() > 0
    elif isinstance(kind, pl.DataType) and kind.is_numeric():
        filled = value != 0
    else:
        filled = value.is_not_null()
    return filled.fill_null(value=False)


def _why(fill: _Fill) -> str:
    rest = Rate(fill.gone.hits + fill.open.hits, fill.gone.n + fill.open.n)
    if only_winners(fill.won, rest):
        return (
            f"filled for {_of(fill.won)} won leads and for {_of(rest)} others: known only after "
            "winning"
        )
    if no_winners(fill.gone, fill.won):
        return (
            f"filled for {_of(fill.gone)} leads that were not won and for {_of(fill.won)} won "
            "ones: known only after losing"
        )
    decided = Rate(fill.won.hits + fill.gone.hits, fill.won.n + fill.gone.n)
    if _stands_out(decided, fill.open, least=LEAST_FILLED_AFTER, times=TIMES_AS_OFTEN_AFTER):
        return (
            f"filled for {_of(decided)} decided leads and for {_of(fill.open)} open ones: known "
            "only after the outcome, or not asked any more"
        )
    return ""


def only_winners(won: Rate, rest: Rate) -> bool:
    """Whether something is true of winners, and of hardly anybody else."""
    return _stands_out(won, rest, least=LEAST_FILLED, times=TIMES_AS_OFTEN)


def no_winners(gone: Rate, won: Rate) -> bool:
    """Whether something is true of most that were not won, and of hardly any winner."""
    return _stands_out(gone, won, least=LEAST_FILLED_AFTER, times=TIMES_AS_OFTEN_AFTER)


def _stands_out(often: Rate, seldom: Rate, *, least: float, times: float) -> bool:
    if min(often.n, seldom.n) < LEAST_LEADS:
        return False
    high, low = often.hits / often.n, (seldom.hits + _HALF) / seldom.n
    return high >= least and high >= times * low and Contrast(often, seldom).p < SURELY


def _of(rate: Rate) -> str:
    return f"{100 * (rate.share or 0):.1f} % of {rate.n:,}"
