"""What the gate to MQL also asks of a lead that came round before."""

from decimal import Decimal

from syncd.core.conditions import Values
from syncd.core.context import Context
from syncd.core.score import behaviour_since
from syncd.core.value_words import counted, in_words, plain
from syncd.domain.lead import Lead
from syncd.domain.verdict import (
    COOL_OFF_RULE,
    MOST_CYCLES_RULE,
    REQUALIFY_RULE,
    Finding,
    Unknown,
    Unmet,
)


def extra_findings(lead: Lead, values: Values, ctx: Context) -> tuple[Finding, ...]:
    """Nothing for a lead in its first round."""
    if lead.cycle == 1:
        return ()
    found = (_cooling_off(lead, ctx), _too_often(lead, ctx), _idle(lead, values, ctx))
    return tuple(finding for finding in found if finding is not None)


def _cooling_off(lead: Lead, ctx: Context) -> Finding | None:
    until, now = lead.cool_off_until, ctx.now
    if until is None or now >= until:
        return None
    return Finding(
        rule=COOL_OFF_RULE,
        says="The lead has cooled off since it was last recycled",
        fix=f"Wait until {plain(until)}, or ask for a waiver.",
        outcome=Unmet(seen=f"cooling off until {in_words(until, now)}", needed="the time to pass"),
    )


def _too_often(lead: Lead, ctx: Context) -> Finding | None:
    most = ctx.policy.recycle.most_cycles
    if lead.cycle <= most:
        return None
    return Finding(
        rule=MOST_CYCLES_RULE,
        says=f"The lead goes through the funnel at most {counted(most, 'time')}",
        fix="Ask for a waiver if this round is different.",
        outcome=Unmet(seen=f"round {lead.cycle}", needed=f"at most {counted(most, 'round')}"),
    )


def _idle(lead: Lead, values: Values, ctx: Context) -> Finding | None:
    """Interest of before it was recycled does not bring it back."""
    needed, scoring = ctx.policy.recycle.requalify_points, ctx.standard.scoring
    if needed is None or scoring is None or lead.recycled_at is None:
        return None
    least, most = behaviour_since(values, scoring, lead.recycled_at, ctx.now)
    if least >= needed:
        return None
    words = f"at least {_number(needed)} points"
    return Finding(
        rule=REQUALIFY_RULE,
        says="The lead showed new interest since it was last recycled",
        fix=f"Wait until it has done something since {plain(lead.recycled_at)}, "
        "or ask for a waiver.",
        outcome=Unmet(seen=f"{_number(least)} points since then", needed=words)
        if most < needed
        else Unknown(why="when it was last active cannot be read"),
    )


def _number(points: Decimal) -> str:
    return f"{points.normalize():f}"
