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

_UNREAD = "when it was last active cannot be read"
_UNTOLD = "it depends on the variant of the standard, which cannot be told"


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
    """Interest of before it was recycled does not bring it back. Where it cannot be told which
    variant holds, the score of any may count."""
    needed, since = ctx.policy.recycle.requalify_points, lead.recycled_at
    if needed is None or since is None:
        return None
    scorings = [x.scoring for x in ctx.judge.variants.may_hold(values, ctx.now)]
    if None in scorings:  # without a score nothing can be asked
        return None
    found = [behaviour_since(values, x, since, ctx.now) for x in scorings if x]
    least, most = min(x for x, _ in found), max(x for _, x in found)
    if least >= needed:
        return None
    words = f"at least {_number(needed)} points"
    return Finding(
        rule=REQUALIFY_RULE,
        says="The lead showed new interest since it was last recycled",
        fix=f"Wait until it has done something since {plain(since)}, or ask for a waiver.",
        outcome=Unmet(seen=f"{_number(least)} points since then", needed=words)
        if most < needed
        else Unknown(why=_UNTOLD if len(found) > 1 else _UNREAD),
    )


def _number(points: Decimal) -> str:
    return f"{points.normalize():f}"
