"""A table of the report, as lines of cells: counted, split by a dimension, and opened to leads.

One sheet makes both the numbers and the leads behind them from the same cells, so that they
cannot disagree. Knows no metric; `catalogue` has them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from syncd.measure.cells import NOTHING_HERE, Cell, counted
from syncd.measure.facts import Dimension, Facts
from syncd.measure.question import Question
from syncd.measure.scope import UNKNOWN, Scope
from syncd.measure.tables import Basis, Column, Definition, Row, Table, Unit

_ROW = "_row"
_ALL = "all"
EVERYWHERE = tuple(Dimension)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column, and what its numbers mean: the words of its `Definition`. What holds of the
    whole sheet is said there. `meaning` is the id of a definition that several columns share."""

    id: str
    title: str
    unit: Unit
    says: str
    numerator: str
    denominator: str = ""
    leaves_out: tuple[str, ...] = ()
    meaning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`cells` by the id of their heading; one that is not there does not apply."""

    key: str
    label: str
    cells: Mapping[str, Cell]


Lines = Callable[[pl.DataFrame, Scope], Sequence[Line]]
"""The lines of a sheet; they may depend on what is in its rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A `Measure`. `frame` are the rows it may count, `population` which of them the scope is
    about, `date` the event in words that puts a row in the period.

    Split by a dimension, its rows are the values of that dimension, and its columns the cells
    of all lines, each called "line.heading".
    """

    id: str
    title: str
    basis: Basis
    date: str
    frame: Callable[[Facts], pl.DataFrame]
    population: Callable[[Scope], pl.Expr]
    headings: tuple[Heading, ...]
    lines: Lines
    dimensions: tuple[Dimension, ...] = EVERYWHERE
    leaves_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """One for each meaning."""
        each = {
            self._meaning(heading): Definition(
                id=self._meaning(heading),
                title=self.title if heading.meaning else f"{self.title}: {heading.title}",
                says=heading.says,
                numerator=heading.numerator,
                denominator=heading.denominator,
                basis=self.basis,
                date=self.date,
                leaves_out=self.leaves_out + heading.leaves_out,
            )
            for heading in self.headings
        }
        return tuple(each.values())

    def table(self, facts: Facts, scope: Scope, by: Dimension | None = None) -> Table:
        """The numbers. ValueError where it cannot be split by that dimension."""
        rows = self._rows(facts, scope, by)
        lines = self.lines(rows, scope)
        return Table(
            id=self.id,
            title=self.title,
            basis=self.basis,
            by=by,
            columns=tuple(self._columns(lines, by)),
            rows=_overall(rows, lines, self.headings) if by is None else _split(rows, lines),
            definitions=self.definitions,
            notes=self.notes,
        )

    def leads(
        self, facts: Facts, scope: Scope, row: str, column: str, by: Dimension | None = None
    ) -> pl.DataFrame:
        """The rows that a number counts, with the instants that made it count them."""
        rows = self._rows(facts, scope, by)
        cell = self._cell(self.lines(rows, scope), row, column, by)
        if by is not None:
            rows = rows.filter(pl.col(_ROW) == row)
            if rows.is_empty():
                raise self._missing(row, column)
        if cell is None:
            return rows.clear().select("lead_id", "cycle")
        shown = self._instants(rows, cell, scope)
        return rows.filter(counted(cell)).select("lead_id", "cycle", *shown).sort(pl.all())

    def _rows(self, facts: Facts, scope: Scope, by: Dimension | None) -> pl.DataFrame:
        if by is not None and by not in self.dimensions:
            raise ValueError(f'"{self.id}" cannot be split by {by}')
        rows = self.frame(facts).filter(scope.chosen() & self.population(scope))
        named = pl.lit(_ALL) if by is None else pl.col(by.value).fill_null(UNKNOWN)
        return rows.with_columns(named.alias(_ROW))

    def _columns(self, lines: Sequence[Line], by: Dimension | None) -> Iterator[Column]:
        if by is None:
            yield from (self._column(x) for x in self.headings)
            return
        for line in lines:
            for heading in self.headings:
                if heading.id in line.cells:
                    yield self._column(heading, line)

    def _column(self, heading: Heading, line: Line | None = None) -> Column:
        return Column(
            id=_crossed(line, heading.id) if line else heading.id,
            title=f"{line.label}: {heading.title}" if line else heading.title,
            unit=heading.unit,
            definition=self._meaning(heading),
        )

    def _meaning(self, heading: Heading) -> str:
        return f"{self.id}.{heading.meaning or heading.id}"

    def _cell(
        self, lines: Sequence[Line], row: str, column: str, by: Dimension | None
    ) -> Cell | None:
        if by is not None:
            cells = dict(_crossings(lines))
            if column in cells:
                return cells[column]
        elif any(x.id == column for x in self.headings):
            for line in lines:
                if line.key == row:
                    return line.cells.get(column)
        raise self._missing(row, column)

    def _missing(self, row: str, column: str) -> ValueError:
        return ValueError(f'"{self.id}" has no row "{row}" with a column "{column}"')

    def _instants(self, rows: pl.DataFrame, cell: Cell, scope: Scope) -> list[str]:
        """The instants it was decided by."""
        asked = {*counted(cell).meta.root_names(), *self.population(scope).meta.root_names()}
        return [
            x for x, kind in rows.schema.items() if x in asked and isinstance(kind, pl.Datetime)
        ]


def _crossings(lines: Sequence[Line]) -> Iterator[tuple[str, Cell]]:
    for line in lines:
        for heading, cell in line.cells.items():
            yield _crossed(line, heading), cell


def _crossed(line: Line, heading: str) -> str:
    return f"{line.key}.{heading}"


def _overall(
    rows: pl.DataFrame, lines: Sequence[Line], headings: Sequence[Heading]
) -> tuple[Row, ...]:
    cells = {(x.key, heading): cell for x in lines for heading, cell in x.cells.items()}
    asked = Question(cells)
    [numbers] = asked.answers(rows.lazy().select(pl.len().alias("_rows"), *asked.wanted).collect())
    return tuple(
        Row(
            key=x.key,
            label=x.label,
            numbers={h.id: numbers.get((x.key, h.id), NOTHING_HERE) for h in headings},
        )
        for x in lines
    )


def _split(rows: pl.DataFrame, lines: Sequence[Line]) -> tuple[Row, ...]:
    """Of each value of the dimension, the largest first; those not known last."""
    asked = Question(dict(_crossings(lines)))
    found = rows.lazy().group_by(_ROW).agg(pl.len().alias("_rows"), *asked.wanted).collect()
    found = found.sort(pl.col(_ROW) == UNKNOWN, -pl.col("_rows").cast(pl.Int64), pl.col(_ROW))
    keys = found[_ROW].to_list()
    return tuple(
        Row(key=key, label=key, numbers=numbers)
        for key, numbers in zip(keys, asked.answers(found), strict=True)
    )
