"""What the numbers of a report mean, as a CSV beside its tables."""

import polars as pl

from syncd.measure.csv_cells import safe_to_open
from syncd.measure.definition_words import definition_words
from syncd.measure.report import Report


def definitions_csv(report: Report) -> str:
    """A line for each column of each table."""
    lines = []
    for table in report.tables():
        known = {x.id: x for x in table.definitions}
        for column in table.columns:
            parts = definition_words(known[column.definition])
            means = " ".join(f"{x}: {words}" if x else words for x, words in parts)
            lines.append((table.id, column.title, table.basis.value, means))
    frame = pl.DataFrame(lines, schema=["table", "column", "basis", "means"], orient="row")
    return safe_to_open(frame).write_csv()
