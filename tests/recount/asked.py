"""What is asked of the counts, and a table of lines, overall and split by a dimension."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from recount.tally import Counted, Line, Mask

Key = tuple[str, str, str]
"""Of a number: table, row, column."""
UNKNOWN = "(unknown)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """From `start` up to, but not with, `end`; known until `now`. Months are those of `zone`."""

    rounds: pd.DataFrame
    moves: pd.DataFrame
    spend: pd.DataFrame
    start: datetime
    end: datetime
    now: datetime
    zone: str
    by: str | None
    only: Mapping[str, tuple[str, ...]]

    def chosen(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Of the leads it is about."""
        for name, values in self.only.items():
            rows = rows[rows[name].fillna(UNKNOWN).isin(values)]
        return rows

    def within(self, column: str) -> Mask:
        return lambda rows: (rows[column] >= self.start) & (rows[column] < self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """`rows` are those that the period is about. `apart` is what it stands by already."""

    id: str
    rows: pd.DataFrame
    lines: Sequence[Line]
    apart: str = ""


def overall(sheet: Sheet) -> dict[Key, Counted]:
    return {
        (sheet.id, line, heading): cell(sheet.rows)
        for line, cells in sheet.lines
        for heading, cell in cells.items()
    }


def split(sheet: Sheet, by: str) -> dict[Key, Counted]:
    named = sheet.rows[by].where(sheet.rows[by].notna(), UNKNOWN)
    return {
        (sheet.id, str(value), f"{line}.{heading}"): cell(sheet.rows[named == value])
        for value in named.unique()
        for line, cells in sheet.lines
        for heading, cell in cells.items()
    }
