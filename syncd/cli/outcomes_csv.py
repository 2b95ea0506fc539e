"""Leads with outcomes from a CSV and its mapping file, for the commands that measure.

Imports tables: only from inside a command's function.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from syncd.adapters.outcomes.csv_file import read_csv_leads
from syncd.adapters.outcomes.csv_text import csv_headers, open_csv
from syncd.domain.names import FieldName
from syncd.domain.values import FieldSpec
from syncd.measure.csv_map import CsvMap
from syncd.measure.outcomes import Leads
from syncd.settings.outcomes_build import load_csv_map


def csv_leads(
    csv_path: Path, map_path: Path, known: Mapping[FieldName, FieldSpec]
) -> tuple[Leads, CsvMap]:
    """`known` are the fields of crm.yaml, none where there is no configuration. ConfigError or
    PermanentError with everything that is wrong with either file."""

    headers_with = partial(csv_headers, csv_path)
    csv_map = load_csv_map(map_path, headers_with=headers_with, known=known)
    return read_csv_leads(open_csv(csv_path, csv_map.delimiter), csv_map), csv_map
