"""A table as a CSV for a spreadsheet: one line for each row and column, nothing rounded."""

from collections.abc import Iterator

import polars as pl

from syncd.measure.csv_cells import safe_to_open
from syncd.measure.tables import Table

_SHAPE = {
    "table": pl.String(),
    "row": pl.String(),
    "column": pl.String(),
    "unit": pl.String(),
    "value": pl.Float64(),
    "n": pl.Int64(),
    "of": pl.Int64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "target": pl.Float64(),
    "why": pl.String(),
}


def csv_of(table: Table) -> str:
    frame = pl.DataFrame(list(_lines(table)), schema=_SHAPE, orient="row")
    return safe_to_open(frame).write_csv()


def rounds_csv(rounds: pl.DataFrame) -> str:
    """The leads behind a number."""
    return safe_to_open(rounds).write_csv()


def _lines(table: Table) -> Iterator[tuple[object, ...]]:
    for row in table.rows:
        for column in table.columns:
            if (x := row.numbers.get(column.id)) is not None:
                yield (
                    table.id, row.label, column.title, column.unit.value,
                    x.value, x.n, x.of, x.low, x.high, x.target, x.why,
                )  # fmt: skip
