"""`syncd conflicts`: fields that both CRMs changed differently, and a person's choice."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import click

from syncd.cli.local import Local
from syncd.cli.options import (
    by_option,
    config_option,
    find_one,
    json_option,
    open_for_orders,
    open_for_reading,
    print_json,
    source_of,
)
from syncd.cli.wording import lead_name
from syncd.core.disputes import mark_of
from syncd.core.value_words import counted, field_words, plain, span_words
from syncd.domain.lead import Dispute, Lead
from syncd.domain.names import FieldName, System
from syncd.domain.order import Order, ResolveDispute
from syncd.errors import SyncdError
from syncd.settings.load import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """One field of one lead that waits for a person."""

    lead: Lead
    field: FieldName
    dispute: Dispute


@click.group(invoke_without_command=True)
@config_option
@json_option
@click.pass_context
def conflicts(ctx: click.Context, config_dir: Path, as_json: bool) -> None:
    """Fields both CRMs changed differently, oldest first: syncd writes neither until you choose."""
    if ctx.invoked_subcommand is not None:
        return
    settings = source_of(config_dir).load()
    found = _all_open(open_for_reading(settings).disputed())
    now = datetime.now(UTC)
    if as_json:
        print_json([_as_json(x, settings, now) for x in found])
        return
    local = Local(settings.policy.handoff.calendar.time_zone)
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
    store = open_for_orders(source_of(config_dir).load())
    lead_id = find_one(store, lead)
    found = store.load([lead_id])[lead_id]
    dispute = _dispute(found, field, lead)
    what = ResolveDispute(
        lead_id=found.id,
        field=FieldName(field),
        take=System(take),
        shown=mark_of(dispute),
    )
    order = Order(id=uuid4().hex, what=what, by=by, placed_at=datetime.now(UTC))
    store.place(order)
    if as_json:
        print_json(order)
        return
    chosen = plain(dispute.values.get(what.take))
    click.echo(
        f"Chosen: {field_words(what.field)} is {chosen}, as {what.take.label} says. "
        f"The next cycle writes it to {what.take.other.label}."
    )


def _dispute(lead: Lead, field: str, asked: str) -> Dispute:
    if found := lead.disputes.get(FieldName(field)):
        return found
    others = ", ".join(lead.disputes)
    raise SyncdError(
        f"{field} of {asked} is not in conflict; "
        + (f"these fields are: {others}" if others else "`syncd conflicts` lists what is")
    )


def _all_open(leads: Iterable[Lead]) -> Sequence[_Open]:
    found = [
        _Open(lead=lead, field=field, dispute=dispute)
        for lead in leads
        for field, dispute in lead.disputes.items()
    ]
    return sorted(found, key=lambda x: x.dispute.since)


def _page(found: Sequence[_Open], settings: Settings, local: Local, now: datetime) -> Iterator[str]:
    for x in found:
        record = x.lead.sides[System.SALESFORCE].record_id
        age = f"{span_words(now - x.dispute.since)}, since {local.words(x.dispute.since)}"
        yield f"{lead_name(x.lead, settings)}: {field_words(x.field)}, open for {age}"
        yield from (f"  {_side(system, x.dispute, local)}" for system in System)
        yield f"  syncd conflicts resolve {record} {x.field} --take salesforce|hubspot"
    yield f"{counted(len(found), 'field')} to choose." if found else "Nothing is in conflict."


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
    }
