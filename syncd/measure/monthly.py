"""Counts of words month by month: a row for each word, a column for each of the last months."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import polars as pl

from syncd.measure.cells import Count
from syncd.measure.facts import Facts
from syncd.measure.lines import months, trend
from syncd.measure.per_scope import PerScope
from syncd.measure.scope import Scope
from syncd.measure.sheet import Heading, Line, Sheet
from syncd.measure.tables import Basis, Unit
from syncd.measure.value_lines import said

_ONCE = "Earlier times in the month: of a lead to which it happened twice, the last one counts."


@dataclass(frozen=True, slots=True, kw_only=True)
class Monthly:
    """`instant` is the column that puts a row of `frame` in its month, `word` the
    one whose words are counted."""

    id: str
    title: str
    instant: str
    date: str
    word: str
    frame: Callable[[Facts], pl.DataFrame]
    says: str
    numerator: str

    def measure(self) -> PerScope:
        return PerScope(
            id=self.id, sheet=lambda scope: self._sheet(tuple(months(scope))), dimensions=()
        )

    def _sheet(self, of: Sequence[Scope]) -> Sheet:
        return Sheet(
            id=self.id,
            title=self.title,
            basis=Basis.PERIOD,
            date=self.date,
            frame=lambda facts: self._once_a_month(self.frame(facts), of),
            population=lambda scope: trend(scope).within(self.instant),
            headings=tuple(map(self._heading, of)),
            lines=lambda rows, _: self._lines(rows, of),
            dimensions=(),
            leaves_out=(_ONCE,),
        )

    def _heading(self, month: Scope) -> Heading:
        return Heading(
            id=_key(month),
            title=month.label,
            unit=Unit.LEADS,
            says=self.says,
            numerator=self.numerator,
            meaning="leads",
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
