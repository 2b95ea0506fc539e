"""`syncd waive X`: a named person's exception for one lead, gate and funnel cycle."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import assert_never
from uuid import uuid4

import click

from syncd.adapters.store.store import SqlStore
from syncd.cli.options import (
    by_option,
    config_option,
    json_option,
    not_blank,
    open_for_orders,
    source_of,
    the_day,
)
from syncd.cli.ordering import find_lead, insist_it_can_be, place_order
from syncd.core.value_words import listed
from syncd.core.waivable import asked_at, end_of
from syncd.domain.lead import Lead, WaiverAsked
from syncd.domain.names import RuleId
from syncd.domain.order import AnswerWaiver, AskWaiver, GrantWaiver
from syncd.domain.stage import Stage
from syncd.domain.standard import Standard
from syncd.domain.verdict import Waiver
from syncd.errors import SyncdError
from syncd.settings.load import Settings


def _words(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    return None if value is None else not_blank(ctx, param, value)


@click.command()
@click.argument("lead")
@click.option("--gate", help="The gate: mql, sql …")
@click.option("--rule", "rules", multiple=True, help="A rule's id; may be repeated.")
@click.option("--reason", callback=_words, help="Why, in words others will read.")
@click.option("--until", metavar="DAY", help="The last day it holds: 2027-01-31.")
@click.option("--ask", is_flag=True, help="Ask the approvers for it instead.")
@click.option("--approve", metavar="REQUEST", help="Grant what was asked for, by its id.")
@click.option("--refuse", metavar="REQUEST", help="Refuse what was asked for, by its id.")
@by_option
@config_option
@json_option
def waive(  # click hands over one for each option
    lead: str,
    gate: str | None,
    rules: tuple[str, ...],
    reason: str | None,
    until: str | None,
    ask: bool,
    approve: str | None,
    refuse: str | None,
    by: str,
    config_dir: Path,
    as_json: bool,
) -> None:
    """Grant LEAD (an email, HubSpot id or Salesforce id) an exception, or ask for one, or answer
    who asked. It ends with a recycle."""
    others = (gate, *rules, reason, until, ask, approve and refuse)
    if (approve or refuse) and any(others):
        raise click.UsageError("--approve and --refuse answer one request, and take nothing else.")
    what: AnswerWaiver | AskWaiver | GrantWaiver
    if named := approve or refuse:
        settings, store = _opened(config_dir)
        known = find_lead(store, lead)
        what = _answer(known, named, granted=approve is not None)
    elif gate and rules and reason and until:
        settings, store = _opened(config_dir)
        terms = _terms(settings, gate, rules, until)
        known = find_lead(store, lead)
        waiver = _waiver(known, terms, reason=reason, by=by)
        what = AskWaiver(waiver=waiver) if ask else GrantWaiver(waiver=waiver)
    else:
        raise click.UsageError("An exception needs --gate, --rule, --reason and --until.")
    if not isinstance(what, GrantWaiver):
        insist_it_can_be(what, known, settings, by=by)
    place_order(store, what, by=by, says=_says(what, settings, until), as_json=as_json)


def _opened(config_dir: Path) -> tuple[Settings, SqlStore]:
    settings = source_of(config_dir).load()
    return settings, open_for_orders(settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terms:
    gate: Stage
    rules: tuple[RuleId, ...]
    expires_at: datetime
    now: datetime


def _terms(settings: Settings, gate: str, rules: Iterable[str], until: str) -> _Terms:
    """Held against the standard. SyncdError for whatever it does not know."""
    guarded, now = _gate(settings.standard, gate), datetime.now(UTC)
    return _Terms(
        gate=guarded,
        rules=tuple(_rule(settings.standard, guarded, rule) for rule in dict.fromkeys(rules)),
        expires_at=_end_of(until, settings.policy.calendar.time_zone, now=now),
        now=now,
    )


def _waiver(lead: Lead, terms: _Terms, *, reason: str, by: str) -> Waiver:
    return Waiver(
        id=uuid4().hex[:12],
        lead_id=lead.id,
        gate=terms.gate,
        rules=terms.rules,
        reason=reason,
        by=by,
        cycle=lead.cycle,
        granted_at=terms.now,
        expires_at=terms.expires_at,
    )


def _answer(lead: Lead, named: str, *, granted: bool) -> AnswerWaiver:
    return AnswerWaiver(lead_id=lead.id, asked=_asked(lead, named).id, granted=granted)


def _asked(lead: Lead, named: str) -> WaiverAsked:
    """The request meant. SyncdError where it is none, or several."""
    found = [x for x in lead.asked if x.id.startswith(named)]
    if len(found) == 1:
        return found[0]
    open_ones = ", ".join(f"{x.id} ({', '.join(x.waiver.rules)})" for x in lead.asked)
    what = f"it has {open_ones}" if open_ones else "nothing is asked for there"
    raise SyncdError(f"no one request of {lead.id} begins with {named!r}: {what}")


def _says(
    what: AnswerWaiver | AskWaiver | GrantWaiver, settings: Settings, until: str | None
) -> str:
    match what:
        case GrantWaiver(waiver=waiver):
            return (
                f"Waived {', '.join(waiver.rules)} at the {waiver.gate} gate until {until}; "
                "the next cycle judges the lead again."
            )
        case AskWaiver():
            approvers = listed(settings.policy.approvers, "or")
            return f"Asked; the next cycle tells {approvers}, who can approve or refuse it."
        case AnswerWaiver(granted=True):
            return "Approved; the next cycle judges the lead again and tells who asked."
        case AnswerWaiver():
            return "Refused; the next cycle tells who asked."
        case _:
            assert_never(what)


def _end_of(until: str, zone: str, *, now: datetime) -> datetime:
    """The last instant of that day where the receiving team is."""
    end = end_of(the_day(until), zone)
    if end <= now:
        raise SyncdError(f"--until {until} is over already; give a day from today on")
    return end


def _gate(standard: Standard, name: str) -> Stage:
    if name not in standard.gates:
        known = ", ".join(standard.gates)
        raise SyncdError(f'no gate "{name}" in the standard; there are {known}')
    return Stage(name)


def _rule(standard: Standard, gate: Stage, name: str) -> RuleId:
    asked = asked_at(gate, standard)
    if name not in asked:
        known = ", ".join(sorted(asked))
        where = "" if name not in standard.rules else ", though the standard has it"
        raise SyncdError(f'the {gate} gate has no rule "{name}"{where}; it has {known}')
    return RuleId(name)
