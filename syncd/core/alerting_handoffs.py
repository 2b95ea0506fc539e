"""Write what people are told when a handoff is theirs: offered, or passed on to them.

Plain words only, like `alerting`; what follows if nothing happens is in `alerting_rungs`.
"""

from collections.abc import Sequence

from syncd.core.alert_parts import behaviour_fact, lead_alert, score_fact, touch_words, variant_fact
from syncd.core.alert_words import (
    finding_words,
    met_words,
    name_of,
    open_findings,
    source_of,
    stage_as_shown,
)
from syncd.core.context import Context
from syncd.core.handoff_message import (
    ANSWERS,
    answers,
    deadline_facts,
    next_clock,
    of_handoff,
    owner_facts,
)
from syncd.core.handoff_words import LABELS, WANTED, round_words, team_words
from syncd.core.receivers import absence, receiver_of
from syncd.domain.action import SendAlert
from syncd.domain.alert import Act, AlertKind
from syncd.domain.handoff import Handoff
from syncd.domain.lead import Lead
from syncd.domain.names import System
from syncd.domain.stage import Stage
from syncd.domain.verdict import Verdict


def handoff_alert(
    lead: Lead, handoff: Handoff, verdicts: Sequence[Verdict], ctx: Context
) -> SendAlert:
    """To the receiver: who it is, why they qualify, what is missing, and until when."""
    name, missing = name_of(lead, ctx.crm), open_findings(verdicts)
    waiver = (Act.ASK_WAIVER,) if missing else ()
    alert = lead_alert(
        AlertKind.HANDOFF,
        handoff.id,
        lead,
        ctx,
        title=f"New MQL for sales: {name}",
        summary=f"{name}: {_due_words(handoff, ctx)}",
        why=(
            absence(handoff, ctx),
            *(f"✓ {says}" for says in met_words(verdicts, ctx.standard)),
            *(f"Missing: {finding_words(x)}" for x in missing),
            *(round_words(x, ctx) for x in lead.rounds),
        ),
        next_step=f"{_asked(handoff, ctx)} {_how(ctx)}",
        facts=(
            ("Source", source_of(lead, ctx)),
            *score_fact(verdicts),
            *variant_fact(verdicts, ctx),
            *behaviour_fact(lead, ctx),
            ("Owner", handoff.owner or "nobody yet"),
            *deadline_facts(handoff, ctx),
            *((("Round", str(lead.cycle)),) if lead.cycle > 1 else ()),
        ),
        to=receiver_of(handoff, ctx),
    )
    return of_handoff(alert, handoff, (*ANSWERS, *waiver), by=next_clock(handoff))


def given_alert(lead: Lead, handoff: Handoff, before: str | None, ctx: Context) -> SendAlert:
    """To the new owner; the one before reads it in the same conversation."""
    name = name_of(lead, ctx.crm)
    by_us = handoff.changes[-1].by == "syncd"
    came = f"It was {before}'s." if before else "Nobody had it."
    alert = lead_alert(
        AlertKind.REASSIGNED,
        f"{handoff.id}:{handoff.turn}",
        lead,
        ctx,
        title=f"{name} is {handoff.owner}'s now",
        summary=f"{name}: passed on to {handoff.owner}",
        why=(
            f"{came} syncd passed it on, as agreed, because nobody acted." if by_us else came,
            touch_words(handoff),
            *(round_words(x, ctx) for x in lead.rounds),
        ),
        next_step=_asked(handoff, ctx),
        facts=(("Before", before or "nobody"), *owner_facts(handoff, ctx)),
        to=handoff.owner,
    )
    return of_handoff(alert, handoff, answers(handoff), by=next_clock(handoff))


def _how(ctx: Context) -> str:
    """What to do in the CRM; in Slack there are buttons for it."""
    accepted, later, never = (
        stage_as_shown(stage, System.SALESFORCE, ctx)
        for stage in (Stage.SAL, Stage.NURTURE, Stage.DISQUALIFIED)
    )
    return f"In the CRM, {accepted} accepts it; {later} or {never} gives it back."


def _due_words(handoff: Handoff, ctx: Context) -> str:
    """`accept by Tue 3 Mar 17:00 (Europe/Berlin)`."""
    clock = next_clock(handoff)
    return f"{LABELS[clock.name].lower()} {team_words(clock.due_at, handoff, ctx)}" if clock else ""


def _asked(handoff: Handoff, ctx: Context) -> str:
    """What is to be done next, and until when."""
    clock = next_clock(handoff)
    return f"{WANTED[clock.name]} by {team_words(clock.due_at, handoff, ctx)}." if clock else ""
