"""`syncd links`: which records belong together, why, and a person's word on it."""

from pathlib import Path

import click

from syncd.adapters.store.store import SqlStore
from syncd.cli.links_page import Listing, as_json_of, page
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
from syncd.core.erasing import is_vanished
from syncd.core.ids import salesforce_id_18
from syncd.core.propose import proposals
from syncd.core.relink import why_not_link, why_not_part
from syncd.core.views import living
from syncd.domain.lead import Lead, Lost
from syncd.domain.names import RecordId, System
from syncd.domain.order import ForgetVanished, IgnoreRecord, LinkRecord, UnlinkRecord
from syncd.errors import SyncdError
from syncd.jobs.walk import every_lead
from syncd.settings.load import Settings

_ALL = 1_000_000
_side = click.argument("side", type=click.Choice([system.value for system in System]))


@listing
def links(config_dir: Path, as_json: bool) -> None:
    """Records that could not be linked without guessing, and leads that may be one person."""
    settings = source_of(config_dir).load()
    store = open_for_reading(settings)
    found = _listing(store, settings)
    if as_json:
        print_json(as_json_of(found))
        return
    wanted = {x for p in found.parked for x in p.candidates}
    wanted |= {x for proposal in found.proposals for x in proposal.leads}
    click.echo("\n".join(page(found, store.load(wanted), settings)))


@links.command()
@click.argument("lead")
@_side
@click.argument("record")
@by_option
@config_option
@json_option
def link(lead: str, side: str, record: str, by: str, config_dir: Path, as_json: bool) -> None:
    """RECORD of the CRM SIDE is LEAD's. LEAD is an email, an id in either CRM, or a lead's id.

    Where the lead has another record there, that one becomes a lead of its own.
    """
    store, system = open_for_orders(source_of(config_dir).load()), System(side)
    found, record_id = find_lead(store, lead), _record_id(record, system)
    holder = _holder(store, system, record_id)
    if why := why_not_link(found, system, record_id, holder):
        raise SyncdError(f"{system.label} {record_id} cannot be linked with {lead}: {why}")
    says = (
        f"The next cycle links {system.label} {record_id} with {lead}. Nothing is written "
        "because of it: what the two show differently stays until somebody edits it."
    )
    what = LinkRecord(lead_id=found.id, system=system, record_id=record_id)
    place_order(store, what, by=by, says=says, as_json=as_json)


@links.command()
@click.argument("lead")
@_side
@by_option
@config_option
@json_option
def unlink(lead: str, side: str, by: str, config_dir: Path, as_json: bool) -> None:
    """LEAD's record in the CRM SIDE is somebody else: it becomes a lead of its own."""
    store, system = open_for_orders(source_of(config_dir).load()), System(side)
    found = find_lead(store, lead)
    if why := why_not_part(found, system):
        raise SyncdError(f"{lead} has nothing to unlink in {system.label}: {why}")
    says = (
        f"The next cycle makes {system.label} {found.sides[system].record_id} a lead of its own. "
        "No address joins the two again; `syncd links link` does."
    )
    what = UnlinkRecord(lead_id=found.id, system=system)
    place_order(store, what, by=by, says=says, as_json=as_json)


@links.command()
@_side
@click.argument("record")
@by_option
@config_option
@json_option
def ignore(side: str, record: str, by: str, config_dir: Path, as_json: bool) -> None:
    """Leave RECORD of the CRM SIDE alone for good: it is never linked but by hand."""
    store, system = open_for_orders(source_of(config_dir).load()), System(side)
    record_id = _record_id(record, system)
    if holder := _holder(store, system, record_id):
        raise SyncdError(
            f"{system.label} {record_id} belongs to lead {holder.id}, and is synced; "
            f"`syncd links unlink {holder.id} {system}` parts it from the other CRM's record"
        )
    says = f"The next cycle leaves {system.label} {record_id} alone."
    what = IgnoreRecord(system=system, record_id=record_id)
    place_order(store, what, by=by, says=says, as_json=as_json)


@links.command()
@_side
@click.argument("record", required=False)
@click.option("--all", "everything", is_flag=True, help="All that vanished there.")
@by_option
@config_option
@json_option
def forget(
    side: str, record: str | None, everything: bool, by: str, config_dir: Path, as_json: bool
) -> None:
    """What the CRM SIDE does not show any more was erased there: forget its people.

    RECORD is the one that vanished. What is there again by then is not forgotten.
    """
    if everything == (record is not None):
        raise SyncdError("name the record that was erased, or say --all")
    store, system = open_for_orders(source_of(config_dir).load()), System(side)
    record_id = _record_id(record, system) if record else None
    if record_id and not _has_vanished(_holder(store, system, record_id), system):
        raise SyncdError(
            f"{system.label} {record_id} has not vanished; `syncd links` lists those that have"
        )
    named = (
        f"the person of {system.label} {record_id}"
        if record_id
        else (f"everybody whose record vanished in {system.label}")
    )
    says = f"The next cycles forget {named}; what they still find is left as it is."
    what = ForgetVanished(system=system, record_id=record_id)
    place_order(store, what, by=by, says=says, as_json=as_json)


def _has_vanished(lead: Lead | None, system: System) -> bool:
    side = lead.sides.get(system) if lead else None
    return side is not None and is_vanished(side)


def _listing(store: SqlStore, settings: Settings) -> Listing:
    parked = store.parked()
    refused = (x for x in every_lead(store) if x.twin and x.twin.refused and len(living(x)) == 1)
    return Listing(
        parked=tuple(x for x in parked if not x.ignored),
        ignored=tuple(x for x in parked if x.ignored),
        proposals=tuple(proposals(every_lead(store), settings.crm.propose_by)),
        not_created=tuple(refused),
        vanished=tuple(store.lost(Lost.VANISHED, None, _ALL)),
    )


def _holder(store: SqlStore, system: System, record_id: RecordId) -> Lead | None:
    lead_id = store.find(system, [record_id]).get(record_id)
    return store.load([lead_id]).get(lead_id) if lead_id else None


def _record_id(text: str, system: System) -> RecordId:
    """The id in the form it is stored in; SyncdError for what is none."""
    if system is System.HUBSPOT and text.isdecimal():
        return RecordId(text)
    if system is System.SALESFORCE and (record_id := salesforce_id_18(text)):
        return record_id
    form = "15 or 18 letters and digits" if system is System.SALESFORCE else "a number"
    raise SyncdError(f"{text} is no {system.label} record id: those are {form}")
