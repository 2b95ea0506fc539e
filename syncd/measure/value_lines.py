"""Lines for what a column says: reasons, people, bands. Bounded, however much people write."""

from collections.abc import Mapping, Sequence

import polars as pl

from syncd.measure.cells import Cell, Count, Share
from syncd.measure.facts import Dimension
from syncd.measure.lines import Cells, line_of
from syncd.measure.scope import UNKNOWN, Scope
from syncd.measure.sheet import Line, Lines

MOST = 20
"""Beyond so many different words the rarer ones stand in one line."""
EVERY = pl.lit(value=True)
"""All rows."""
OTHERS, NOT_SAID, NO_SCORE = "(all others)", "(not said)", "(no score)"
_NOTHING: Mapping[str, str] = {
    **{x.value: UNKNOWN for x in Dimension},
    **dict.fromkeys(("mql_band", "sql_band"), NO_SCORE),
}
"""What a row without a word is called, by column; where a person left out to say it, NOT_SAID."""


def each_said(column: str, cells: Cells, *, also: Sequence[str] = ()) -> Lines:
    """A line for each word, the most frequent first, then all others, then those without one.
    `also` have a line whether anything says so or not, and stand first, in this order."""

    def lines(rows: pl.DataFrame, scope: Scope) -> Sequence[Line]:
        some = cells(scope)
        return [line_of(key, key, who, some) for key, who in said(rows, column, also)]

    return lines


def parts(column: str, unit: str, *, also: Sequence[str] = ()) -> Lines:
    """The same, with how many there are and their share of all."""

    def lines(rows: pl.DataFrame, _: Scope) -> Sequence[Line]:
        return [
            Line(key=key, label=key, cells=part(unit, who)) for key, who in said(rows, column, also)
        ]

    return lines


def part(unit: str, who: pl.Expr) -> dict[str, Cell]:
    """How many, and of all rows."""
    return {unit: Count(who=who), "share": Share(who=who, of=EVERY)}


def said(rows: pl.DataFrame, column: str, also: Sequence[str] = ()) -> list[tuple[str, pl.Expr]]:
    """Each word with the rows that say it: every row is in one."""
    words = _frequent(rows[column], also)
    kept, rest = words[:MOST], words[MOST:]
    found = [(word, pl.col(column) == word) for word in kept]
    if rest:
        found.append((OTHERS, pl.col(column).is_not_null() & ~pl.col(column).is_in(kept)))
    if rows[column].null_count():
        found.append((_NOTHING.get(column, NOT_SAID), pl.col(column).is_null()))
    return found


def _frequent(column: pl.Series, also: Sequence[str]) -> list[str]:
    counts = column.drop_nulls().value_counts(name="_times")
    order = [-pl.col("_times").cast(pl.Int64), pl.col(column.name)]
    found = counts.sort(order)[column.name].to_list()
    return [*also, *(x for x in found if x not in also)]
