"""What `syncd reconcile` shows: the two counts, the gap by reason, and the leads it is made of."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from syncd.cli.layout import bullet, heading
from syncd.domain.mapping import CrmMap
from syncd.domain.names import System
from syncd.measure.gap_reasons import SAYS, Reason
from syncd.measure.number_words import number_words
from syncd.measure.reconciliation import Only, Reconciliation
from syncd.measure.reconciliation_table import title_of
from syncd.measure.tables import Table, Unit

_NAMED = 10
"""So many records of each reason are named; the CSV has them all."""


def show(found: Reconciliation, table: Table, crm: CrmMap, out: Console) -> None:
    out.print(Text(_headline(found), style="bold"))
    for count in table.definitions:
        out.print(bullet(f"{count.title}: {count.says} Date: {count.date}."))
    out.print(_grid(table))
    for system in (System.HUBSPOT, System.SALESFORCE):
        for reason, records in _by_reason(found, system):
            out.print(heading(f"Only {system.label}: {SAYS[reason]} ({len(records):,})"))
            for record in records[:_NAMED]:
                out.print(bullet(_line(record, crm)))
            if len(records) > _NAMED:
                out.print(bullet(f"… and {len(records) - _NAMED:,} more: --csv-out names all"))
    for note in table.notes:
        out.print(Text(f"\n{note}", style="dim"))


def answer(table: Table, records: pl.DataFrame) -> Mapping[str, Any]:
    """For programs: the table, and every record."""
    return {"table": table, "records": records.to_dicts()}


def _headline(found: Reconciliation) -> str:
    hubspot, salesforce = (len(found.counts[x]) for x in (System.HUBSPOT, System.SALESFORCE))
    label = found.counts[System.HUBSPOT].period.label
    return (
        f"{label}: HubSpot says {hubspot:,} {title_of(found.stage)}, Salesforce says "
        f"{salesforce:,}. Both count {len(found.both):,}."
    )


def _grid(table: Table) -> Grid:
    grid = Grid(box=None, padding=(0, 2), pad_edge=False)
    grid.add_column("")
    for column in table.columns:
        grid.add_column(column.title, justify="right")
    for row in table.rows:
        cells = (number_words(row.numbers[x.id], Unit.LEADS) for x in table.columns)
        grid.add_row(row.label, *cells)
    return grid


def _by_reason(found: Reconciliation, system: System) -> Iterator[tuple[Reason, list[Only]]]:
    for reason in Reason:
        records = [x for x in found.only if x.system is system and x.reason is reason]
        if records:
            yield reason, sorted(records, key=lambda x: (x.at, x.record_id))


def _line(record: Only, crm: CrmMap) -> str:
    who = f"{record.email} ({record.record_id})" if record.email else record.record_id
    why = f": {record.detail}" if record.detail != SAYS[record.reason] else ""
    link = crm.sides[record.system].link(record.record_id)
    return f"{who} on {record.at:%Y-%m-%d %H:%M} UTC{why}  {link}"
