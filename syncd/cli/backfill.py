"""`syncd backfill`: the first run over an existing pair of CRMs, and what it found."""

from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import click
from rich.console import Console

from syncd.adapters.clock import SystemClock
from syncd.adapters.logs import set_up_logs
from syncd.app import open_worker
from syncd.cli.backfill_page import Findings, page
from syncd.cli.backfill_progress import scanning
from syncd.cli.layout import console
from syncd.cli.options import (
    by_option,
    config_option,
    json_option,
    open_for_reading,
    print_json,
    source_of,
)
from syncd.cli.repairs import order_repairs
from syncd.cli.status_calls import connector_lines
from syncd.core.survey import survey
from syncd.domain.names import System
from syncd.errors import SyncdError, TransientError
from syncd.jobs.walk import every_lead
from syncd.settings.load import Settings
from syncd.wiring import Source


@click.command()
@click.option("--report", is_flag=True, help="Read nothing; show how both CRMs compare by now.")
@click.option(
    "--apply",
    "repairs",
    multiple=True,
    metavar="FIELD=CRM",
    help="Where the CRMs disagree on this field, this one is right; may be repeated.",
)
@by_option
@config_option
@json_option
def backfill(
    report: bool, repairs: tuple[str, ...], by: str, config_dir: Path, as_json: bool
) -> None:
    """Link two CRMs that are in use already and report where they disagree. Writes to neither.

    Can be stopped at any time; run again, it goes on where it was.
    """
    source = source_of(config_dir)
    settings = source.load()
    if repairs:
        if report:
            raise SyncdError("--report shows, --apply orders: give one of them")
        order_repairs(settings, repairs, by=by, as_json=as_json)
        return
    if not report:
        _scan(source, settings)
    _report(settings, scanned=not report, as_json=as_json)


def _scan(source: Source, settings: Settings) -> None:
    set_up_logs(settings.secrets.values(), level="ERROR")
    worker = open_worker(source, clock=SystemClock(Event()))
    try:
        with scanning(Console(stderr=True)) as told:
            worker.backfill(told)
    except TransientError as error:
        raise SyncdError(f"{error}; run it again later, it goes on where it was") from error
    finally:
        worker.close()


def _report(settings: Settings, *, scanned: bool, as_json: bool) -> None:
    store = open_for_reading(settings)
    marks = store.scans()
    if not marks:
        raise SyncdError("nothing was read yet: `syncd backfill` reads both CRMs first")
    parked = store.parked()
    found = Findings(
        survey=survey(every_lead(store), settings.crm, gates=settings.standard.gates),
        parked=tuple(x for x in parked if not x.ignored),
        ignored=tuple(x for x in parked if x.ignored),
        unfinished=tuple(s for s in System if s not in marks or not marks[s].done),
        connector=tuple(connector_lines(store.sides(), settings.crm)),
    )
    if as_json:
        print_json(found)
        return
    shown = console()
    since = settings.policy.enforce_from or store.first_start()
    as_of = None if scanned else datetime.now(UTC)
    for part in page(found, as_of=as_of, enforce_from=since):
        shown.print(part, soft_wrap=isinstance(part, str))
