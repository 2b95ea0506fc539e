"""`syncd reconcile`: why HubSpot and Salesforce count differently, record by record. Writes to
no CRM; what was found is kept for the dashboard.

Tables are imported when the command runs, not when the daemon does.
"""

from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click

from syncd.adapters.clock import SystemClock
from syncd.adapters.logs import set_up_logs
from syncd.cli.layout import console
from syncd.cli.options import (
    config_option,
    json_option,
    open_for_orders,
    open_for_reading,
    print_json,
    source_of,
)
from syncd.domain.stage import Stage
from syncd.errors import SyncdError
from syncd.settings.load import Settings
from syncd.wiring import Source, open_crms

if TYPE_CHECKING:
    import polars as pl

    from syncd.measure.reconciliation import Reconciliation, Sums


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
    from syncd.measure.reconciliation_table import records_of, table_of

    if out_path and not out_path.absolute().parent.is_dir():
        raise SyncdError(f"{out_path} cannot be written: there is no directory {out_path.parent}")
    source = source_of(config_dir)
    settings, now = source.load(), datetime.now(UTC)
    found = _reconciled(source, settings, Stage(stage), period)
    sums = found.sums(now=now)
    _keep(settings, found, sums)
    table, records = table_of(sums), records_of(found.both, found.only, settings.crm)
    if out_path:
        _write(out_path, records)
    if as_json:
        print_json(answer(table, records))
        return
    show(found, table, settings.crm, console())
    if out_path:
        click.echo(f"Every record: {out_path}")


def _reconciled(source: Source, settings: Settings, stage: Stage, period: str) -> "Reconciliation":
    from syncd.jobs.gap import Desks
    from syncd.jobs.gap import reconcile as reconciled

    set_up_logs(settings.secrets.values(), level="ERROR")
    book = open_for_reading(settings)
    crms = open_crms(source, settings, clock=SystemClock(Event()))
    try:
        return reconciled(Desks(crms=crms, crm=settings.crm, book=book), stage, period)
    except ValueError as error:
        raise click.UsageError(f"--period: {error}") from None


def _keep(settings: Settings, found: "Reconciliation", sums: "Sums") -> None:
    """For the dashboard. The store was read just now, so its schema is this version's."""
    from syncd.adapters.store.reconciliations import Reconciliations

    Reconciliations(open_for_orders(settings)).keep(found, sums)


def _write(path: Path, records: "pl.DataFrame") -> None:
    from syncd.measure.csv_cells import safe_to_open

    try:
        path.write_text(safe_to_open(records).write_csv(), encoding="utf-8")
    except OSError as error:
        raise SyncdError(f"{path} cannot be written: {error.strerror}") from error
