"""Counts of words month by month: a row for each word, a column for each of the last months.

The months depend on the period, so that the sheet is made anew for each.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import polars as pl

from syncd.measure.cells import Count
from syncd.measure.facts import Dimension, Facts
from syncd.measure.lines import months, trend
from syncd.measure.scope import Scope
from syncd.measure.sheet import Heading, Line, Sheet
from syncd.measure.tables import Basis, Definition, Table, Unit
from syncd.measure.value_lines import said

_LEADS = "leads"
_ONCE = "Earlier times in the month: of a lead to which it happened twice, the last one counts."


@dataclass(frozen=True, slots=True, kw_only=True)
class Monthly:
    """A `Measure`. `instant` is the column that puts a row of `frame` in its month, `word` the
    one whose words are counted."""

    id: str
    title: str
    instant: str
    date: str
    word: str
    frame: Callable[[Facts], pl.DataFrame]
    says: str
    numerator: str
    dimensions: tuple[Dimension, ...] = ()

    @property
    def definitions(self) -> tuple[Definition, ...]:
        return self._sheet(()).definitions

    def table(self, facts: Facts, scope: Scope, by: Dimension | None = None) -> Table:
        return self._sheet(tuple(months(scope))).table(facts, scope, by)

    def leads(
        self, facts: Facts, scope: Scope, row: str, column: str, by: Dimension | None = None
    ) -> pl.DataFrame:
        return self._sheet(tuple(months(scope))).leads(facts, scope, row, column, by)

    def _sheet(self, of: Sequence[Scope]) -> Sheet:
        return Sheet(
            id=self.id,
            title=self.title,
            basis=Basis.PERIOD,
            date=self.date,
            frame=lambda facts: self._once_a_month(self.frame(facts), of),
            population=lambda scope: trend(scope).within(self.instant),
            headings=tuple(map(self._heading, of)) or (self._heading(None),),
            lines=lambda rows, _: self._lines(rows, of),
            dimensions=self.dimensions,
            leaves_out=(_ONCE,),
        )

    def _heading(self, month: Scope | None) -> Heading:
        return Heading(
            id=_key(month) if month else _LEADS,
            title=month.label if month else "Leads",
            unit=Unit.LEADS,
            says=self.says,
            numerator=self.numerator,
            meaning=_LEADS,
        )

    def _once_a_month(self, rows: pl.DataFrame, of: Sequence[Scope]) -> pl.DataFrame:
        """The last round of each lead in each month, `_month` being its place in `of`."""
        instant = pl.col(self.instant)
        place = pl.sum_horizontal(instant >= x.start for x in of)
        return (
            rows.filter(instant.is_between(of[0].start, of[-1].end, closed="left"))
            .with_columns(pl.col(self.word).cast(pl.Categorical), _month=place)
            .sort("cycle")
            .unique(["lead_id", "_month"], keep="last")
        )

    def _lines(self, rows: pl.DataFrame, of: Sequence[Scope]) -> Sequence[Line]:
        return [
            Line(
                key=key,
                label=key,
                cells={
                    _key(month): Count(who=who & (pl.col("_month") == n))
                    for n, month in enumerate(of, 1)
                },
            )
            for key, who in said(rows, self.word)
        ]


def _key(month: Scope) -> str:
    return f"{month.start.astimezone(ZoneInfo(month.time_zone)):%Y-%m}"
