"""Where leads with known outcomes come from, for the commands that measure, and the fields that
a standard may name about them.

Imports tables: only from inside a command's function.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import click
from rich.console import Console

from syncd.adapters.clock import SystemClock
from syncd.adapters.logs import set_up_logs
from syncd.adapters.outcomes.spool import Spool
from syncd.cli.options import open_for_reading, source_of
from syncd.cli.outcome_progress import outcomes_read
from syncd.cli.outcomes_csv import csv_leads
from syncd.domain.names import FieldName
from syncd.domain.values import FieldSpec
from syncd.jobs.outcomes import Offices, outcomes_from_crms
from syncd.measure.outcomes import Leads
from syncd.settings.outcomes_build import csv_specs
from syncd.settings.standard_alone import configured_fields
from syncd.wiring import open_crms


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """`fields` are all that a standard may name, `named_in` the file where one is added."""

    leads: Leads
    fields: Mapping[FieldName, FieldSpec]
    named_in: str


def outcomes_of(
    config_dir: Path, *, csv_path: Path | None, map_path: Path | None, from_crms: bool
) -> Outcomes:
    """From the one source that was named. UsageError where none was, or two."""
    if from_crms:
        if csv_path or map_path:
            raise click.UsageError("--crm reads the CRMs, --csv a file: give one of them")
        return from_both_crms(config_dir)
    if not csv_path or not map_path:
        raise click.UsageError("give --csv FILE with --map MAP.yaml, or --crm")
    return from_csv(csv_path, map_path, config_dir)


def from_both_crms(config_dir: Path) -> Outcomes:
    """Read once, and kept until the command ends. Writes nothing to either."""
    source = source_of(config_dir)
    settings = source.load()
    set_up_logs(settings.secrets.values(), level="ERROR")
    spool = click.get_current_context().with_resource(Spool())
    place = settings.store
    kept = open_for_reading(settings) if not isinstance(place, Path) or place.exists() else None
    offices = Offices(
        crms=open_crms(source, settings, clock=SystemClock(Event())),
        crm=settings.crm,
        links=kept,
    )
    with outcomes_read(Console(stderr=True)) as told:
        leads = outcomes_from_crms(offices, spool, told)
    return Outcomes(leads=leads, fields=settings.crm.fields, named_in="crm.yaml")


def from_csv(csv_path: Path, map_path: Path, config_dir: Path) -> Outcomes:
    """The mapping file's fields, and those of crm.yaml where there is a configuration."""
    known = configured_fields(config_dir)
    leads, csv_map = csv_leads(csv_path, map_path, known)
    named_in = "crm.yaml" if known else str(map_path)
    return Outcomes(leads=leads, fields={**csv_specs(csv_map), **known}, named_in=named_in)
