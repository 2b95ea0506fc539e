"""`syncd handoff`: answer a handoff for sales, as people do in Slack, or see how it stands."""

from pathlib import Path

import click

from syncd.adapters.store.store import SqlStore
from syncd.cli.handoff_page import due_by, handoff_page, open_lines
from syncd.cli.layout import console
from syncd.cli.options import (
    by_option,
    config_option,
    find_one,
    json_option,
    listing,
    open_for_orders,
    open_for_reading,
    print_json,
    source_of,
    the_day,
)
from syncd.cli.ordering import find_lead, insist_it_can_be, place_order
from syncd.core.alert_words import stage_words
from syncd.core.value_words import counted
from syncd.domain.handoff import Handoff
from syncd.domain.lead import Lead
from syncd.domain.names import FieldName
from syncd.domain.order import AcceptHandoff, RejectHandoff, SnoozeHandoff
from syncd.errors import SyncdError
from syncd.settings.load import Settings

_SHOWN = 40
_PART = 500


@listing
def handoff(config_dir: Path, as_json: bool) -> None:
    """Leads that sales was offered and has not settled, those due first; answer for one of them.
    LEAD is an email, HubSpot id or Salesforce id."""
    settings = source_of(config_dir).load()
    number, first = _due_first(open_for_reading(settings))
    if as_json:
        print_json([lead.handoff for lead in first])
        return
    for line in open_lines(first, settings):
        click.echo(line)
    click.echo(f"{counted(number, 'open handoff')}; `syncd handoff show LEAD` tells more of one.")


def _due_first(store: SqlStore) -> tuple[int, list[Lead]]:
    """How many are open, and those that want something first."""
    number, first, part = 0, list[Lead](), store.offered(None, _PART)
    while part:
        number += len(part)
        first = sorted((*first, *part), key=due_by)[:_SHOWN]
        part = store.offered(part[-1].id, _PART)
    return number, first


@handoff.command()
@click.argument("lead")
@by_option
@config_option
@json_option
def accept(lead: str, by: str, config_dir: Path, as_json: bool) -> None:
    """Sales takes LEAD on."""
    says = "Accepted; the next cycle says so in the CRMs, as far as the gates let it."
    settings = source_of(config_dir).load()
    store = open_for_orders(settings)
    known = find_lead(store, lead)
    what = AcceptHandoff(lead_id=known.id, handoff_id=_open(known).id)
    insist_it_can_be(what, known, settings, by=by)
    place_order(store, what, by=by, says=says, as_json=as_json)


@handoff.command()
@click.argument("lead")
@click.option("--reason", required=True, help="One of the standard's reasons, by its id.")
@click.option("--missing", multiple=True, help="A field that was not there; may be repeated.")
@click.option("--objection", default="", help="What the lead said against it.")
@click.option("--note", default="", help="Anything else the next one should know.")
@click.option("--until", metavar="DAY", help="It sleeps until then, if the reason lets it.")
@by_option
@config_option
@json_option
def reject(  # click hands over one for each option
    lead: str,
    reason: str,
    missing: tuple[str, ...],
    objection: str,
    note: str,
    until: str | None,
    by: str,
    config_dir: Path,
    as_json: bool,
) -> None:
    """Sales gives LEAD back, for one of the reasons in the standard."""
    settings = source_of(config_dir).load()
    store = open_for_orders(settings)
    known = find_lead(store, lead)
    what = RejectHandoff(
        lead_id=known.id,
        handoff_id=_open(known).id,
        reason=_reason(reason, settings),
        missing=tuple(_field(name, settings) for name in dict.fromkeys(missing)),
        objection=objection.strip(),
        note=note.strip(),
        until=the_day(until) if until else None,
    )
    insist_it_can_be(what, known, settings, by=by)
    says = f"Rejected ({what.reason}); the next cycle sends it where the standard says."
    place_order(store, what, by=by, says=says, as_json=as_json)


@handoff.command()
@click.argument("lead")
@by_option
@config_option
@json_option
def snooze(lead: str, by: str, config_dir: Path, as_json: bool) -> None:
    """More time for LEAD, once: policy.yaml says how much."""
    settings = source_of(config_dir).load()
    store = open_for_orders(settings)
    known = find_lead(store, lead)
    what = SnoozeHandoff(lead_id=known.id, handoff_id=_open(known).id)
    insist_it_can_be(what, known, settings, by=by)
    says = "Snoozed; the next cycle puts off the deadlines of its owner."
    place_order(store, what, by=by, says=says, as_json=as_json)


@handoff.command()
@click.argument("lead")
@config_option
@json_option
def show(lead: str, config_dir: Path, as_json: bool) -> None:
    """How the handoff of LEAD stands: who has it, what is due, what happened."""
    settings = source_of(config_dir).load()
    store = open_for_reading(settings)
    story = store.story(find_one(store, lead))
    if story is None or not story.handoffs:
        raise SyncdError("this lead was never handed over to sales")
    if as_json:
        print_json(story.handoffs)
        return
    for part in handoff_page(story.lead, story.handoffs, settings):
        console().print(part)


def _open(lead: Lead) -> Handoff:
    if lead.handoff is None:
        raise SyncdError(
            f"no handoff of {lead.id} is open: the lead is at {stage_words(lead.stage)}; "
            f"`syncd explain {lead.id}` tells how it came to that"
        )
    return lead.handoff


def _reason(reason: str, settings: Settings) -> str:
    known = settings.standard.rejections
    if reason not in known:
        listed = "".join(f"\n  {name}: {entry.says}" for name, entry in known.items())
        raise SyncdError(f'the standard has no reason "{reason}" for a rejection; it has{listed}')
    return reason


def _field(name: str, settings: Settings) -> FieldName:
    if name not in settings.crm.fields:
        raise SyncdError(f"crm.yaml has no field {name}; it has {', '.join(settings.crm.fields)}")
    return FieldName(name)
