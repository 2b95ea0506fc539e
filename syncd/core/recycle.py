"""Recycling: what a round that ended leaves behind, and what it asks of the next one.

The writes and the handoff's end are decided elsewhere.
"""

from dataclasses import replace
from datetime import datetime

from syncd.core.business_time import add
from syncd.core.value_words import counted, in_words, plain
from syncd.domain.lead import Lead
from syncd.domain.policy import Policy
from syncd.domain.verdict import COOL_OFF_RULE, MOST_CYCLES_RULE, Finding, Unmet


def extra_findings(lead: Lead, policy: Policy, now: datetime) -> tuple[Finding, ...]:
    """What the gate to MQL also asks of a lead that came round before."""
    found = (_cooling_off(lead, now), _too_often(lead, policy))
    return tuple(finding for finding in found if finding is not None)


def _cooling_off(lead: Lead, now: datetime) -> Finding | None:
    until = lead.cool_off_until
    if until is None or now >= until:
        return None
    return Finding(
        rule=COOL_OFF_RULE,
        says="The lead has cooled off since it was last recycled",
        fix=f"Wait until {plain(until)}, or ask for a waiver.",
        outcome=Unmet(seen=f"cooling off until {in_words(until, now)}", needed="the time to pass"),
    )


def _too_often(lead: Lead, policy: Policy) -> Finding | None:
    most = policy.recycle.most_cycles
    if lead.cycle <= most:
        return None
    return Finding(
        rule=MOST_CYCLES_RULE,
        says=f"The lead goes through the funnel at most {counted(most, 'time')}",
        fix="Ask for a waiver if this round is different.",
        outcome=Unmet(seen=f"round {lead.cycle}", needed=f"at most {counted(most, 'round')}"),
    )


def recycled(lead: Lead, policy: Policy, *, now: datetime) -> Lead:
    """The lead at the start of its next round, back in marketing's hands: waivers and the
    handoff have ended, and what it did not meet is behind it."""
    return replace(
        lead,
        stage=policy.recycle.to_stage,
        cycle=lead.cycle + 1,
        recycles=lead.recycles + 1,
        cool_off_until=add(policy.recycle.cool_off, now, policy.calendar),
        waivers=(),
        handoff=None,
        nonconforming=False,
    )
