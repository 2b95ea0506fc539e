"""Leads with known outcomes from a CSV, in batches, so that a million fit.

The file is read once to find everything that is wrong with it, and once again for each
`batches()`. Must not keep what it read.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from syncd.adapters.outcomes.csv_rows import Counts, Rows
from syncd.adapters.outcomes.csv_text import ROW, CsvText
from syncd.adapters.outcomes.csv_words import (
    notes,
    nothing_left,
    outcome_problem,
    twins_problem,
    unread_columns,
)
from syncd.domain.names import FieldName
from syncd.errors import ConfigError
from syncd.measure.csv_map import CsvMap
from syncd.measure.outcomes import LEAD, Leads


def read_csv_leads(text: CsvText, csv_map: CsvMap) -> Leads:
    """The leads whose rows have a move and an outcome; `Leads.notes` says what was left out.
    ConfigError with all that keeps the file from being read as the map says; PermanentError
    where it is no proper CSV."""
    rows, counts, leads = Rows(csv_map), Counts(), []
    for batch in text.batches(rows.headers()):
        kept = rows.leads(batch, counts)
        if csv_map.lead:
            leads.append(kept.select(ROW, LEAD))
    source = str(text.path)
    problems = (
        *outcome_problem(csv_map, counts),
        *unread_columns(csv_map, counts),
        *twins_problem(csv_map, _twins(leads), source),
    )
    problems = problems or tuple(nothing_left(csv_map, counts, source))
    if problems:
        raise ConfigError(problems)

    def batches() -> Iterator[pl.DataFrame]:
        again = Counts()
        for batch in text.batches(rows.headers()):
            yield rows.leads(batch, again).drop(ROW)

    return Leads(
        as_of={x.spec.name: x.as_of for x in csv_map.fields},
        batches=batches,
        source=Path(source).name,
        notes=tuple(notes(csv_map, counts, text.encoding)),
        afterwards=_afterwards(csv_map),
    )


def _afterwards(csv_map: CsvMap) -> Mapping[FieldName, str]:
    told = {"outcome": csv_map.outcome, "decided_at": csv_map.decided_at}
    by_header = {column.header: key for key, column in told.items() if column}
    return {
        x.spec.name: f'read from column "{x.column.header}", which the mapping names as {key}: '
        "known only after the outcome"
        for x in csv_map.fields
        if (key := by_header.get(x.column.header))
    }


def _twins(leads: Sequence[pl.DataFrame]) -> Sequence[tuple[str, Sequence[int]]]:
    """Leads on more than one row, with their rows, in the order of the file."""
    if not leads:
        return ()
    named = pl.concat(leads)
    again = named.filter(named[LEAD].is_duplicated())
    return again.group_by(LEAD, maintain_order=True).agg(ROW).rows()
