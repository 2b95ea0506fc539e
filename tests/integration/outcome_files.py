"""CSV files of leads with outcomes and their mapping files, small enough to read."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from syncd.cli.outcomes_csv import csv_leads
from syncd.domain.names import FieldName
from syncd.domain.values import FieldSpec
from syncd.measure.outcomes import Leads

FIXTURES = Path(__file__).parents[1] / "fixtures/outcomes"
MAP = """\
date_format: "%d.%m.%Y"
moved_at: Übergabe
outcome: {column: Ausgang, won: [Auftrag], lost: [Absage], open: [offen]}
fields:
  employees: {column: Köpfe, type: integer}
"""
CSV = """\
Nr,Übergabe,Ausgang,Köpfe
V-1,31.12.2025,Auftrag,120
V-2,01.02.2026,Absage,7
"""


class Sheet:
    """A CSV and its mapping in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.csv, self.map = folder / "leads.csv", folder / "map.yaml"

    def write(self, csv: str | bytes = CSV, mapping: str = MAP) -> "Sheet":
        self.csv.write_bytes(csv if isinstance(csv, bytes) else csv.encode())
        self.map.write_text(mapping, encoding="utf-8")
        return self

    def read(self, known: Mapping[FieldName, FieldSpec] | None = None) -> Leads:
        return csv_leads(self.csv, self.map, known or {})[0]

    def said(self, error: BaseException) -> str:
        """A message as somebody in the folder would see it."""
        return str(error).replace(f"{self.csv.parent}/", "")


def frame(leads: Leads) -> pl.DataFrame:
    return pl.concat(leads.batches())
