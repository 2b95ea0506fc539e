"""`syncd reconcile`: why HubSpot and Salesforce count differently, record by record. Writes to
no CRM.

Tables are imported when the command runs, not when the daemon does.
"""

from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click

from syncd.cli.layout import console
from syncd.cli.options import config_option, json_option, open_for_reading, print_json, source_of
from syncd.domain.stage import Stage
from syncd.errors import SyncdError

if TYPE_CHECKING:
    from syncd.domain.mapping import CrmMap
    from syncd.measure.reconciliation import Reconciliation


@click.command()
@config_option
@click.option(
    "--period",
    required=True,
    metavar="2026-10",
    help="A month, quarter (2026-Q4), year or span (2026-07..2026-09), in each CRM's time zone.",
)
@click.option(
    "--stage",
    type=click.Choice([x.value for x in Stage if x.rank > 0]),
    default=Stage.MQL.value,
    show_default=True,
    help="The stage that is counted.",
)
@click.option(
    "--csv-out",
    "out_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write every record that is counted, with its reason, to this file.",
)
@json_option
def reconcile(
    config_dir: Path, period: str, stage: str, out_path: Path | None, as_json: bool
) -> None:
    """Explain what HubSpot and Salesforce count differently, each record with one reason.

    Reads both CRMs and the store; needs what the daemon needs to read.
    """
    from syncd.cli.reconcile_view import answer, show
    from syncd.measure.reconciliation_table import leads_of

    if out_path and not out_path.absolute().parent.is_dir():
        raise SyncdError(f"{out_path} cannot be written: there is no directory {out_path.parent}")
    found, crm = _reconciled(config_dir, Stage(stage), period)
    if out_path:
        _write(out_path, found, crm)
    if as_json:
        print_json(answer(found, leads_of(found, crm)))
        return
    show(found, crm, console())
    if out_path:
        click.echo(f"Every record: {out_path}")


def _reconciled(config_dir: Path, stage: Stage, period: str) -> "tuple[Reconciliation, CrmMap]":
    from syncd.adapters.clock import SystemClock
    from syncd.adapters.logs import set_up_logs
    from syncd.jobs.gap import Desks, reconcile
    from syncd.wiring import open_crms

    source = source_of(config_dir)
    settings = source.load()
    set_up_logs(settings.secrets.values(), level="ERROR")
    book = open_for_reading(settings)
    crms = open_crms(source, settings, clock=SystemClock(Event()))
    try:
        found = reconcile(Desks(crms=crms, crm=settings.crm, book=book), stage, period)
    except ValueError as error:
        raise click.UsageError(f"--period: {error}") from None
    return found, settings.crm


def _write(path: Path, found: "Reconciliation", crm: "CrmMap") -> None:
    from syncd.measure.csv_cells import safe_to_open
    from syncd.measure.reconciliation_table import leads_of

    try:
        path.write_text(safe_to_open(leads_of(found, crm)).write_csv(), encoding="utf-8")
    except OSError as error:
        raise SyncdError(f"{path} cannot be written: {error.strerror}") from error
