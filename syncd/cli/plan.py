"""`syncd plan`: what a cycle would write now; look at and apply what the brake held."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from threading import Event

import click

from syncd.adapters.clock import SystemClock
from syncd.adapters.logs import set_up_logs
from syncd.app import preview
from syncd.cli.options import (
    by_option,
    config_option,
    json_option,
    listing,
    open_for_orders,
    open_for_reading,
    print_json,
    source_of,
)
from syncd.cli.ordering import place_order
from syncd.cli.wording import lead_name
from syncd.core.brake import says
from syncd.core.lists import list_words
from syncd.core.value_words import counted
from syncd.domain.action import (
    Action,
    AddNote,
    CreateRecord,
    Enlist,
    SendAlert,
    UpdateAlert,
    WriteKind,
    WriteRecord,
)
from syncd.domain.decision import Plan, PlanState
from syncd.domain.names import LeadId, PlanId
from syncd.domain.order import ApplyPlan
from syncd.errors import SyncdError
from syncd.jobs.rehearse import Rehearsal


@listing
def plan(config_dir: Path, as_json: bool) -> None:
    """What a cycle would write now. Reads both CRMs, writes nothing."""
    source = source_of(config_dir)
    set_up_logs(source.load().secrets.values(), level="ERROR")
    found = preview(source, clock=SystemClock(Event()))
    if as_json:
        actions = [{"what": _class(row.action), "action": row.action} for row in found.rows]
        print_json({"actions": actions, "held": found.held, "unreadable": found.down})
    else:
        click.echo(_in_words(found))
    for trouble in found.down:
        click.echo(f"could not be read, so this plan is not the whole: {trouble}", err=True)
    click.get_current_context().exit(1 if found.down else 0)


@plan.command()
@click.argument("plan_id")
@config_option
@json_option
def show(plan_id: str, config_dir: Path, as_json: bool) -> None:
    """A held plan: every lead in it and what would be written."""
    settings = source_of(config_dir).load()
    store = open_for_reading(settings)
    found = _find(store.plan(PlanId(plan_id)), plan_id, store.open_plans())
    if as_json:
        print_json(found)
        return
    leads = store.load([held.lead_id for held in found.leads])
    names = {lead_id: lead_name(lead, settings) for lead_id, lead in leads.items()}
    click.echo("\n".join(_shown(found, names)))


@plan.command()
@click.argument("plan_id")
@by_option
@config_option
@json_option
def apply(plan_id: str, by: str, config_dir: Path, as_json: bool) -> None:
    """Let a held plan go: what is still identical is written, the rest is listed."""
    store = open_for_orders(source_of(config_dir).load())
    found = _find(store.plan(PlanId(plan_id)), plan_id, store.open_plans())
    if found.state is not PlanState.OPEN:
        raise SyncdError(f"{plan_id} is {found.state} already; `syncd plan show {plan_id}`")
    says_so = (
        f"Approved {counted(len(found.leads), 'lead')}. The next cycle writes what is still "
        f"identical; `syncd plan show {plan_id}` then lists the result."
    )
    place_order(store, ApplyPlan(plan_id=found.id), by=by, says=says_so, as_json=as_json)


def _shown(found: Plan, names: Mapping[LeadId, str]) -> Iterable[str]:
    """The plan for the person who is to approve it: by name, with every write."""
    leads = counted(len(found.leads), "lead")
    yield f"{found.id}: {found.state}, {leads}, held since {found.opened_at:%Y-%m-%d %H:%M} UTC"
    yield f"why: {found.reason}"
    for held in found.leads:
        yield f"  {names.get(held.lead_id, 'a lead that is gone')}  ({held.lead_id})"
        yield from (f"    {words}" for words in held.says)
        if held.result:
            yield f"    => {held.result}"
    if found.state is PlanState.OPEN:
        yield f"If it is right: `syncd plan apply {found.id}`. Until then nothing of it is written."


def _find(found: Plan | None, plan_id: str, others: Sequence[Plan]) -> Plan:
    if found is not None:
        return found
    known = ", ".join(p.id for p in others)
    raise SyncdError(
        f"no plan {plan_id}; {f'open plans: {known}' if known else 'no plan is held now'}"
    )


def _in_words(found: Rehearsal) -> str:
    if not found.rows and not found.held:
        return "Nothing to write now."
    counts = Counter(_class(row.action) for row in found.rows)
    lines = [_line(row.action) for row in found.rows]
    held = [f"held: {p.id}, {counted(len(p.leads), 'lead')} ({p.reason})" for p in found.held]
    total = ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()))
    return "\n".join((*lines, *held, f"total: {total or 'nothing'}"))


def _class(action: Action) -> str:
    match action:
        case WriteRecord(kind=kind):
            return kind.value
        case CreateRecord():
            return WriteKind.CREATE.value
        case AddNote():
            return "note"
        case SendAlert() | UpdateAlert():
            return "message"
        case Enlist():
            return "list"


def _line(action: Action) -> str:
    match action:
        case WriteRecord() | CreateRecord():
            return says(action)
        case AddNote(system=system, record_kind=kind, record_id=record_id, title=title):
            return f'{system.label} {kind} {record_id}: note "{title}"'
        case SendAlert(alert=alert):
            return f"Slack: {alert.summary}"
        case Enlist(system=system, record_kind=kind, record_id=record_id):
            return f"{system.label} {kind} {record_id}: {list_words(action)}"
        case UpdateAlert(status=status):
            return f"Slack, in a message sent before: {status}"
