"""A report as files: the page, and each table as a CSV that a spreadsheet can open safely."""

from pathlib import Path

from syncd.errors import SyncdError
from syncd.measure.report import Report
from syncd.measure.report_csv import definitions_csv
from syncd.measure.table_csv import csv_of


def write_page(path: Path, text: str) -> None:
    _write(path, text)


def write_tables(directory: Path, report: Report) -> None:
    """A file for each table by its id, and one that says what all the numbers mean. Files of an
    earlier report are written over, others are left alone."""
    try:
        directory.mkdir(exist_ok=True)
    except OSError as error:
        raise SyncdError(f"{directory} cannot be made: {error.strerror}") from error
    for table in report.tables():
        _write(directory / f"{table.id}.csv", csv_of(table))
    _write(directory / "definitions.csv", definitions_csv(report))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise SyncdError(f"{path} cannot be written: {error.strerror}") from error
