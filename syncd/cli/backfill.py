"""`syncd backfill`: the first run over an existing pair of CRMs, and what it found."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from uuid import uuid4

import click
from rich.console import Console

from syncd.adapters.clock import SystemClock
from syncd.adapters.logs import set_up_logs
from syncd.app import Source, open_worker
from syncd.cli.backfill_page import page
from syncd.cli.backfill_progress import scanning
from syncd.cli.options import (
    by_option,
    config_option,
    json_option,
    open_for_orders,
    open_for_reading,
    print_json,
    source_of,
)
from syncd.cli.status_calls import connector_lines
from syncd.core.edits import shared_fields
from syncd.core.survey import survey
from syncd.domain.mapping import CrmMap
from syncd.domain.names import STAGE, FieldName, System
from syncd.domain.order import Order, RepairField
from syncd.errors import SyncdError, TransientError
from syncd.jobs.walk import every_lead
from syncd.settings.load import Settings

_TICK = timedelta(microseconds=1)


@click.command()
@click.option("--report", is_flag=True, help="Read nothing; show again what the last run found.")
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
        _place(settings, [_repair(settings.crm, text) for text in repairs], by, as_json=as_json)
        return
    if not report:
        _scan(source, settings)
    _report(settings, as_json=as_json)


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


def _report(settings: Settings, *, as_json: bool) -> None:
    store = open_for_reading(settings)
    marks = store.scans()
    if not marks:
        raise SyncdError("nothing was read yet: `syncd backfill` reads both CRMs first")
    found = survey(every_lead(store), settings.crm, gates=settings.standard.gates)
    parked = [x for x in store.parked() if not x.ignored]
    left = list(connector_lines(store.sides(), settings.crm))
    unfinished = [s for s in System if s not in marks or not marks[s].done]
    if as_json:
        print_json({"survey": found, "parked": parked, "unfinished": unfinished, "connector": left})
        return
    console = Console()
    since = settings.policy.enforce_from or store.first_start()
    for part in page(found, parked, unfinished, left, enforce_from=since):
        console.print(part, soft_wrap=isinstance(part, str))


def _place(settings: Settings, repairs: list[RepairField], by: str, *, as_json: bool) -> None:
    store = open_for_orders(settings)
    now = datetime.now(UTC)
    orders = [
        Order(id=uuid4().hex, what=what, by=by, placed_at=now + n * _TICK)  # in the order typed
        for n, what in enumerate(repairs)
    ]
    for order in orders:
        store.place(order)
    if as_json:
        print_json(orders)
        return
    for what in repairs:
        click.echo(
            f"Ordered: where {what.field} differs, {what.take.other.label} is given what "
            f"{what.take.label} shows."
        )
    click.echo(
        "`syncd run` carries it out in parts, within the brake; what exceeds it is held: see "
        "`syncd status`."
    )


def _repair(crm: CrmMap, text: str) -> RepairField:
    """FIELD=CRM as an order; SyncdError says why it cannot be one."""
    name, sign, side = text.partition("=")
    if not sign or side not in {system.value for system in System}:
        raise SyncdError(f"--apply {text}: write FIELD=salesforce or FIELD=hubspot")
    if name == STAGE:
        raise SyncdError(
            f"--apply {text}: a stage is not repaired this way, for every move of it is judged; "
            "move the record in the CRM that is wrong"
        )
    shared = {spec.name: spec for spec in shared_fields(crm)}
    spec = shared.get(FieldName(name))
    if spec is None:
        raise SyncdError(f"--apply {text}: both CRMs have these fields: {', '.join(shared)}")
    take = System(side)
    if not spec.direction.reaches(take.other):
        raise SyncdError(
            f"--apply {text}: {name} does not flow to {take.other.label} "
            f"(direction: {spec.direction}, {spec.where or 'crm.yaml'})"
        )
    return RepairField(field=spec.name, take=take)
