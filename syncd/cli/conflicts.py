"""`syncd conflicts`: fields that both CRMs changed differently, and a person's choice."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

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
from syncd.cli.ordering import find_lead, place_order
from syncd.cli.wording import lead_name
from syncd.core.disputes import mark_of, suspended
from syncd.core.value_words import counted, field_words, plain, span_words
from syncd.domain.lead import Dispute, Lead, Side
from syncd.domain.names import FieldName, LeadId, System
from syncd.domain.order import Order, ResolveDispute
from syncd.errors import SyncdError
from syncd.settings.load import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """What a person chose, while no cycle has carried it out yet."""

    take: System
    by: str
    at: datetime


_Choices = Mapping[tuple[LeadId, FieldName], _Choice]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """One field of one lead that waits for a person, or for the cycle after the choice."""

    lead: Lead
    field: FieldName
    dispute: Dispute
    chosen: _Choice | None


@listing
def conflicts(config_dir: Path, as_json: bool) -> None:
    """Fields both CRMs changed differently, oldest first: syncd writes neither until you choose."""
    settings = source_of(config_dir).load()
    store = open_for_reading(settings)
    found = _all_open(store.disputed(), _choices(store.waiting()))
    now = datetime.now(UTC)
    if as_json:
        print_json([_as_json(x, settings, now) for x in found])
        return
    local = Local(settings.policy.calendar.time_zone)
    click.echo("\n".join(_page(found, settings, local, now)))


@conflicts.command()
@click.argument("lead")
@click.argument("field")
@click.option(
    "--take",
    type=click.Choice([system.value for system in System]),
    required=True,
    help="The CRM whose value is right.",
)
@by_option
@config_option
@json_option
def resolve(lead: str, field: str, take: str, by: str, config_dir: Path, as_json: bool) -> None:
    """Choose: the value of one CRM is written to the other, if both still show what you saw.

    LEAD is an email, HubSpot id or Salesforce id; FIELD a name from crm.yaml.
    """
    settings = source_of(config_dir).load()
    store = open_for_orders(settings)
    found = find_lead(store, lead)
    dispute = _dispute(found, field, lead)
    if chosen := _choices(store.waiting()).get((found.id, FieldName(field))):
        raise SyncdError(f"{field} of {lead} is chosen already: {_chosen(chosen, settings)}")
    what = ResolveDispute(
        lead_id=found.id,
        field=FieldName(field),
        take=System(take),
        shown=mark_of(dispute),
    )
    value = plain(dispute.values.get(what.take))
    says = (
        f"Chosen: {field_words(what.field)} is {value}, as {what.take.label} says. "
        f"The next cycle writes it to {what.take.other.label}."
    )
    place_order(store, what, by=by, says=says, as_json=as_json)


def _dispute(lead: Lead, field: str, asked: str) -> Dispute:
    found = lead.disputes.get(FieldName(field))
    if found and (gone := suspended(lead)):
        raise SyncdError(f"{field} of {asked} is in conflict. {_suspended(gone)}")
    if found:
        return found
    others = ", ".join(lead.disputes)
    raise SyncdError(
        f"{field} of {asked} is not in conflict; "
        + (f"these fields are: {others}" if others else "`syncd conflicts` lists what is")
    )


def _choices(orders: Iterable[Order]) -> _Choices:
    """The first one of each field: the cycle that carries it out ends the conflict."""
    found: dict[tuple[LeadId, FieldName], _Choice] = {}
    for order in orders:
        if isinstance(order.what, ResolveDispute):
            choice = _Choice(take=order.what.take, by=order.by, at=order.placed_at)
            found.setdefault((order.what.lead_id, order.what.field), choice)
    return found


def _chosen(choice: _Choice, settings: Settings) -> str:
    local = Local(settings.policy.calendar.time_zone)
    return (
        f"{choice.by} chose {choice.take.label} on {local.words(choice.at)} ({local.zone}). "
        "The next cycle carries it out; once it is written, correct it in either CRM"
    )


def _all_open(leads: Iterable[Lead], choices: _Choices) -> Sequence[_Open]:
    found = [
        _Open(lead=lead, field=field, dispute=dispute, chosen=choices.get((lead.id, field)))
        for lead in leads
        for field, dispute in lead.disputes.items()
    ]
    return sorted(found, key=lambda x: x.dispute.since)


def _page(found: Sequence[_Open], settings: Settings, local: Local, now: datetime) -> Iterator[str]:
    for x in found:
        age = f"{span_words(now - x.dispute.since)}, since {local.words(x.dispute.since)}"
        yield f"{lead_name(x.lead, settings)}: {field_words(x.field)}, open for {age}"
        yield from (f"  {_side(system, x.dispute, local)}" for system in System)
        yield f"  {_next_step(x)}"
    yield _sum([x for x in found if x.chosen is None]) if found else "Nothing is in conflict."


def _sum(waiting: Sequence[_Open]) -> str:
    return f"{counted(len(waiting), 'field')} to choose." if waiting else "Nothing left to choose."


def _next_step(x: _Open) -> str:
    if gone := suspended(x.lead):
        return _suspended(gone)
    if x.chosen:
        return f"chosen by {x.chosen.by}: {x.chosen.take.label}; waits for the next cycle"
    record = x.lead.sides[System.SALESFORCE].record_id
    return f"syncd conflicts resolve {record} {x.field} --take salesforce|hubspot"


def _suspended(gone: Side) -> str:
    return (
        f"Suspended while {gone.system.label} {gone.record_id} is gone ({gone.gone}): "
        "there is nothing to choose unless it comes back."
    )


def _side(system: System, dispute: Dispute, local: Local) -> str:
    edit = dispute.edits.get(system)
    entered = ", ".join(filter(None, (edit.by, local.words(edit.at)))) if edit else ""
    told = f"  ({entered})" if entered else ""
    return f"{system.label:<11}{plain(dispute.values.get(system))}{told}"


def _as_json(x: _Open, settings: Settings, now: datetime) -> dict[str, object]:
    return {
        "lead": x.lead.id,
        "name": lead_name(x.lead, settings),
        "records": {s: side.record_id for s, side in x.lead.sides.items()},
        "field": x.field,
        "since": x.dispute.since,
        "open_for_seconds": int((now - x.dispute.since).total_seconds()),
        "values": x.dispute.values,
        "edits": x.dispute.edits,
        "suspended": suspended(x.lead) is not None,
        "chosen": x.chosen,
    }
