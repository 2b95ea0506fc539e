"""`syncd orders`: what people told syncd to do and it has not done yet, or will not do, and
taking it back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import assert_never

import click

from syncd.adapters.store.store import SqlStore
from syncd.cli.local import Local
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
from syncd.core.value_words import field_words
from syncd.domain.order import (
    AcceptHandoff,
    AnswerWaiver,
    ApplyPlan,
    AskWaiver,
    ForgetVanished,
    GrantWaiver,
    IgnoreRecord,
    LinkRecord,
    MarkAlert,
    Order,
    RejectHandoff,
    ReleaseLead,
    RepairField,
    ResolveDispute,
    SnoozeHandoff,
    UnlinkRecord,
    What,
    WithdrawOrder,
)
from syncd.errors import SyncdError

_LATELY = timedelta(days=7)
_SHORT = 8
"""So many letters of an order's id are shown: enough to name it."""


@listing
def orders(config_dir: Path, as_json: bool) -> None:
    """What people ordered and is not done yet: a cycle begins each, a long one takes several.
    What was refused within a week is listed with why."""
    settings = source_of(config_dir).load()
    store = open_for_reading(settings)
    found, refused = store.waiting(), store.refused(datetime.now(UTC) - _LATELY)
    if as_json:
        print_json([*found, *refused])
        return
    local = Local(settings.policy.calendar.time_zone)
    for order in found:
        click.echo(f"{order.id[:_SHORT]}  {_words(order.what)}")
        click.echo(f"{'':{_SHORT}}  ordered by {order.by}, {local.words(order.placed_at)}")
    if found:
        click.echo(f"`syncd orders withdraw {found[0].id[:_SHORT]}` takes the first one back.")
    else:
        carried_out = "the rest" if refused else "everything ordered"
        click.echo(f"Nothing is waiting: {carried_out} was carried out.")
    for order in refused:
        click.echo(f"not done  {_words(order.what)}: {order.refused}")
        click.echo(f"{'':{_SHORT}}  ordered by {order.by}, {local.words(order.placed_at)}")


@orders.command()
@click.argument("order")
@by_option
@config_option
@json_option
def withdraw(order: str, by: str, config_dir: Path, as_json: bool) -> None:
    """Take ORDER back, named by its id or how that begins. What of it is done stays done."""
    store = open_for_orders(source_of(config_dir).load())
    found = _find(store, order)
    says = f"The next cycle takes it back before it does more of it: {_words(found.what)}."
    place_order(store, WithdrawOrder(order_id=found.id), by=by, says=says, as_json=as_json)


def _find(store: SqlStore, named: str) -> Order:
    """SyncdError where it is none, or several."""
    waiting = [x for x in store.waiting() if not isinstance(x.what, WithdrawOrder)]
    found = [x for x in waiting if named and x.id.startswith(named)]
    if len(found) == 1:
        return found[0]
    which = "several orders begin" if found else "no order that waits begins"
    raise SyncdError(f"{which} with {named!r}: `syncd orders` lists what waits")


def _words(what: What) -> str:
    """The order as a sentence without its person: `repair job title, Salesforce is right`."""
    match what:
        case GrantWaiver(waiver=waiver):
            rules = ", ".join(waiver.rules)
            return f"waive {rules} for lead {waiver.lead_id} at {waiver.gate}"
        case ReleaseLead(lead_id=lead_id):
            return f"release lead {lead_id}"
        case ApplyPlan(plan_id=plan_id, of=done):
            return f"apply {plan_id}{_progress(done)}"
        case LinkRecord(lead_id=lead_id, system=system, record_id=record_id):
            return f"link {system.label} {record_id} with lead {lead_id}"
        case UnlinkRecord(lead_id=lead_id, system=system):
            return f"unlink lead {lead_id} from its {system.label} record"
        case IgnoreRecord(system=system, record_id=record_id):
            return f"ignore {system.label} {record_id}"
        case ForgetVanished(system=system, record_id=record_id):
            return f"forget {record_id or 'everybody'} who vanished in {system.label}"
        case ResolveDispute(lead_id=lead_id, field=name, take=take):
            return f"resolve {field_words(name)} of lead {lead_id}: {take.label} is right"
        case RepairField(field=name, take=take, after=after):
            under_way = ", under way" if after else ""
            return f"repair {field_words(name)}: {take.label} is right{under_way}"
        case WithdrawOrder(order_id=order_id):
            return f"withdraw order {order_id[:_SHORT]}"
        case MarkAlert(alert_key=key):
            return f"mark as not useful: {key}"
        case AcceptHandoff() | RejectHandoff() | SnoozeHandoff() | AskWaiver() | AnswerWaiver():
            return _answer_words(what)
        case _:
            assert_never(what)


def _answer_words(
    what: AcceptHandoff | RejectHandoff | SnoozeHandoff | AskWaiver | AnswerWaiver,
) -> str:
    match what:
        case AcceptHandoff(lead_id=lead_id):
            return f"accept lead {lead_id}"
        case RejectHandoff(lead_id=lead_id, reason=reason):
            return f"reject lead {lead_id}: {reason}"
        case SnoozeHandoff(lead_id=lead_id):
            return f"snooze the handoff of lead {lead_id}"
        case AskWaiver(waiver=waiver):
            rules = ", ".join(waiver.rules)
            return f"ask to waive {rules} for lead {waiver.lead_id} at {waiver.gate}"
        case AnswerWaiver(lead_id=lead_id, asked=asked, granted=granted):
            verb = "approve" if granted else "refuse"
            return f"{verb} waiver request {asked} of lead {lead_id}"
        case _:
            assert_never(what)


def _progress(done: int) -> str:
    return f", {done:,} leads done" if done else ""
