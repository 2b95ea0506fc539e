"""A report on the terminal: each table with its numbers, and below it what they mean."""

from collections.abc import Iterable, Iterator

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from syncd.cli.layout import bullet, heading
from syncd.cli.report_page import heading_facts
from syncd.measure.definition_words import common_words, definition_words
from syncd.measure.layout import blocks, from_the_first_month
from syncd.measure.number_words import (
    interval_words,
    is_blank,
    number_words,
    of_words,
    target_words,
)
from syncd.measure.report import BASIS_MEANS, BASIS_TITLES, Report
from syncd.measure.tables import Column, Row, Table


def show(report: Report, console: Console) -> None:
    for part in _parts(report):
        console.print(part)


def _parts(report: Report) -> Iterator[RenderableType]:
    yield Text(f"Report, {report.scope.label}", style="bold")
    yield Text("  ".join(f"{name} {value}" for name, value in heading_facts(report.scope)), "dim")
    for part in report.parts:
        yield Text(f"\n{BASIS_TITLES[part.basis]}", style="bold underline")
        yield Text(BASIS_MEANS[part.basis], style="dim")
        for section in part.sections:
            yield heading(section.title)
            for table in section.tables:
                yield from shown(table)


def shown(whole: Table) -> Iterator[RenderableType]:
    table = from_the_first_month(whole)
    by = f", by {table.by}" if table.by else ""
    yield Text(f"\n  {table.title}{by}", style="bold")
    for block in blocks(table) if table.rows else ():
        if block.title:
            yield bullet(block.title)
        yield Padding(_grid(table, block.columns), (0, 0, 0, 2), expand=False)
    if not table.rows:
        yield bullet("Nothing to count in this period.")
    for note in table.notes:
        yield bullet(note)
    common = common_words(table.definitions)
    for definition in table.definitions:
        words = (x for x in definition_words(definition) if x not in common)
        title = definition.title.removeprefix(f"{table.title}: ")
        yield _dim(f"{title}: {_said(words)}")
    if common:
        yield _dim(_said(common))


def _grid(table: Table, columns: Iterable[Column]) -> Grid:
    grid = Grid(box=None, padding=(0, 2, 0, 0))
    grid.add_column("", overflow="fold")
    for column in columns:
        grid.add_column(column.title, justify="right")
    for row in table.rows:
        grid.add_row(row.label, *(_cell(row, x) for x in columns))
    return grid


def _cell(row: Row, column: Column) -> str:
    number = row.numbers.get(column.id)
    if number is None or is_blank(number):
        return "–"
    said = (
        number_words(number, column.unit),
        of_words(number),
        interval_words(number, column.unit),
        "" if number.value is None else target_words(number, column.unit)[1],
    )
    return "\n".join(x for x in said if x)


def _dim(words: str) -> Padding:
    return Padding(Text(words, style="dim"), (0, 0, 0, 2), expand=False)


def _said(parts: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"{caption}: {words}" if caption else words for caption, words in parts)
