"""`syncd waive X`: a named person's exception for one lead, gate and funnel cycle."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import click

from syncd.cli.options import (
    by_option,
    config_option,
    json_option,
    not_blank,
    open_for_orders,
    source_of,
)
from syncd.cli.ordering import find_lead, place_order
from syncd.core.waivable import asked_by, end_of
from syncd.domain.names import RuleId
from syncd.domain.order import GrantWaiver
from syncd.domain.standard import Gate, Standard
from syncd.domain.verdict import Waiver
from syncd.errors import SyncdError


@click.command()
@click.argument("lead")
@click.option("--gate", required=True, help="The gate: mql, sql …")
@click.option("--rule", "rules", multiple=True, required=True, help="A rule's id; may be repeated.")
@click.option("--reason", required=True, callback=not_blank, help="Why, in words others will read.")
@click.option("--until", required=True, metavar="DAY", help="The last day it holds: 2027-01-31.")
@by_option
@config_option
@json_option
def waive(
    lead: str,
    gate: str,
    rules: tuple[str, ...],
    reason: str,
    until: str,
    by: str,
    config_dir: Path,
    as_json: bool,
) -> None:
    """Grant LEAD (an email, HubSpot id or Salesforce id) an exception. It ends with a recycle."""
    settings = source_of(config_dir).load()
    guarded = _gate(settings.standard, gate)
    names = tuple(_rule(settings.standard, guarded, rule) for rule in dict.fromkeys(rules))
    now = datetime.now(UTC)
    expires = _end_of(until, settings.policy.calendar.time_zone, now=now)
    store = open_for_orders(settings)
    known = find_lead(store, lead)
    waiver = Waiver(
        id=uuid4().hex[:12],
        lead_id=known.id,
        gate=guarded.stage,
        rules=names,
        reason=reason,
        by=by,
        cycle=known.cycle,
        granted_at=now,
        expires_at=expires,
    )
    says = (
        f"Waived {', '.join(names)} at the {guarded.stage} gate until {until}; "
        "the next cycle judges the lead again."
    )
    place_order(store, GrantWaiver(waiver=waiver), by=by, says=says, as_json=as_json)


def _end_of(until: str, zone: str, *, now: datetime) -> datetime:
    """The last instant of that day where the receiving team is."""
    try:
        day = date.fromisoformat(until)
    except ValueError:
        example = f"{now.date() + timedelta(days=30)}"
        raise SyncdError(f"--until {until} is no day; write it like {example}") from None
    end = end_of(day, zone)
    if end <= now:
        raise SyncdError(f"--until {until} is over already; give a day from today on")
    return end


def _gate(standard: Standard, name: str) -> Gate:
    gates = {stage.value: gate for stage, gate in standard.gates.items()}
    if name not in gates:
        raise SyncdError(f'no gate "{name}" in the standard; there are {", ".join(gates)}')
    return gates[name]


def _rule(standard: Standard, gate: Gate, name: str) -> RuleId:
    asked = asked_by(gate)
    if name not in asked:
        known = ", ".join(sorted(asked))
        where = "" if name not in standard.rules else ", though the standard has it"
        raise SyncdError(f'the {gate.stage} gate has no rule "{name}"{where}; it has {known}')
    return RuleId(name)
