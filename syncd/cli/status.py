"""`syncd status`: how far both CRMs are read, what waits, and what needs a person."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from syncd.adapters.store.store import SqlStore
from syncd.cli.layout import console
from syncd.cli.options import config_option, json_option, open_for_reading, print_json, source_of
from syncd.cli.status_calls import calls_of, calls_table, connector_lines
from syncd.cli.wording import lead_name
from syncd.core.signing import reasons_not_in_force
from syncd.core.value_words import span_words
from syncd.domain.decision import Parked
from syncd.domain.names import System
from syncd.domain.order import Health, SideStatus, StoreStatus
from syncd.settings.load import Settings

_MOST = 20
_STATES = {
    "pending": "waiting",
    "claimed": "under way",
    "sent": "made, to be seen in the CRM",
    "buried": "given up",
}


@click.command()
@config_option
@json_option
def status(config_dir: Path, as_json: bool) -> None:
    """Lag of each CRM, backlog, open handoffs, parked records, API budget used."""
    now = datetime.now(UTC)
    settings = source_of(config_dir).load()
    store = open_for_reading(settings)
    sides, found = store.sides(), store.status(now)
    parked = [x for x in store.parked() if not x.ignored]
    calls = calls_of(sides, settings.crm, now=now)
    if as_json:
        print_json({"sides": sides, "calls": calls, "store": found, "parked": parked})
        return
    shown = console()
    shown.print(_sides(sides, now))
    shown.print(calls_table(calls, now))
    shown.print(_counts(found, now))
    notices = chain(
        _not_in_force(settings, now),
        _left(sides, settings),
        _given_up(found),
        _parked(parked),
        _held(found),
        _disputed(found),
        _contested(found, store, settings),
    )
    for line in notices:
        shown.print(line, soft_wrap=True)


def _sides(sides: Mapping[System, SideStatus], now: datetime) -> Table:
    table = Table("CRM", "read through", "lag", "health", box=None)
    for system, side in sides.items():
        table.add_row(system.label, *_cells(side, now))
    if not sides:
        table.add_row("neither was read yet")
    return table


def _cells(side: SideStatus, now: datetime) -> tuple[str, str, Text]:
    through = f"{side.read_through:%Y-%m-%d %H:%M:%S} UTC" if side.read_through else "never"
    lag = span_words(now - side.read_through) if side.read_through else "-"
    if side.health is Health.OK:
        return through, lag, Text("ok", style="green")
    return through, lag, Text(f"unreadable: {side.reason}", style="red")


def _counts(found: StoreStatus, now: datetime) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    rows = {
        "": "",
        " leads": f"{found.leads:,}",
        " of them linked in both CRMs": f"{found.linked:,}",
        " open handoffs": f"{found.open_handoffs:,}",
        " moves waiting (grace, or held)": f"{found.in_grace:,}",
        " contested leads": f"{len(found.contested):,}",
        " leads with a field in conflict": f"{found.disputes:,}",
        " parked records": f"{found.parked:,}",
        " held plans": f"{len(found.held_plans):,}",
    }
    for state, name in _STATES.items():
        rows[f" writes and messages {name}"] = f"{found.outbox.get(state, 0):,}"
    if found.oldest_due:
        rows[" the oldest of them is due since"] = span_words(now - found.oldest_due)
    for name, count in rows.items():
        table.add_row(name, count)
    return table


def _not_in_force(settings: Settings, now: datetime) -> Iterable[Text]:
    for reason in reasons_not_in_force(settings.standard, today=now.date()):
        yield _notice("no gate blocks", "yellow", reason)


def _left(sides: Mapping[System, SideStatus], settings: Settings) -> Iterable[Text]:
    for line in connector_lines(sides, settings.crm):
        yield _notice("left to the native connector", "yellow", line)


def _given_up(found: StoreStatus) -> Iterable[Text]:
    for key, why in found.given_up[:_MOST]:
        yield _notice("given up", "red", f"{key}: {why}")
    yield from _more(len(found.given_up))


def _parked(parked: Iterable[Parked]) -> Iterable[Text]:
    records = tuple(parked)
    for x in records[:_MOST]:
        among = f" among {', '.join(x.candidates)}" if x.candidates else ""
        yield _notice("parked", "yellow", f"{x.system.label} {x.record_id}: {x.why}{among}")
    yield from _more(len(records))


def _held(found: StoreStatus) -> Iterable[Text]:
    for plan in found.held_plans:
        yield _notice("held", "yellow", f"{plan}: look at it with `syncd plan show {plan}`")


def _disputed(found: StoreStatus) -> Iterable[Text]:
    if found.disputes:
        yield _notice(
            "in conflict", "yellow", "fields wait for a person: `syncd conflicts` lists them"
        )


def _contested(found: StoreStatus, store: SqlStore, settings: Settings) -> Iterable[Text]:
    leads = store.load(found.contested[:_MOST])
    for lead_id, lead in leads.items():
        name = lead_name(lead, settings)
        yield _notice("contested", "yellow", f"{name}: `syncd release {lead_id}` lets go of it")
    yield from _more(len(found.contested))


def _more(count: int) -> Iterable[Text]:
    if count > _MOST:
        yield Text(f"… and {count - _MOST:,} more; `syncd status --json` lists all")


def _notice(what: str, style: str, words: str) -> Text:
    return Text(what, style=style).append(f" {words}", style="default")
