"""Where leads with known outcomes come from, for the commands that measure, and the fields that
a standard may name about them.

Imports tables: only from inside a command's function.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from syncd.cli.outcomes_csv import csv_leads
from syncd.domain.names import FieldName
from syncd.domain.values import FieldSpec
from syncd.measure.outcomes import Leads
from syncd.settings.outcomes_build import csv_specs
from syncd.settings.standard_alone import configured_fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """`fields` are all that a standard may name, `named_in` the file where one is added."""

    leads: Leads
    fields: Mapping[FieldName, FieldSpec]
    named_in: str


def from_csv(csv_path: Path, map_path: Path, config_dir: Path) -> Outcomes:
    """The mapping file's fields, and those of crm.yaml where there is a configuration."""
    known = configured_fields(config_dir)
    leads, csv_map = csv_leads(csv_path, map_path, known)
    named_in = "crm.yaml" if known else str(map_path)
    return Outcomes(leads=leads, fields={**csv_specs(csv_map), **known}, named_in=named_in)
