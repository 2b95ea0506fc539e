"""Write what people are told about a handoff: offered, due soon, missed, recycled.

Plain words only, like `alerting`.
"""

from collections.abc import Sequence
from datetime import timedelta

from syncd.core.alert_parts import (
    Facts,
    delay_words,
    late_words,
    lead_alert,
    score_fact,
    touch_words,
)
from syncd.core.alert_words import (
    finding_words,
    local_words,
    met_words,
    name_of,
    open_findings,
    source_of,
    stage_as_shown,
    stage_words,
)
from syncd.core.context import Context
from syncd.core.handoff import is_late
from syncd.core.value_words import span_words
from syncd.domain.action import SendAlert
from syncd.domain.alert import AlertKind
from syncd.domain.handoff import Handoff
from syncd.domain.lead import Lead
from syncd.domain.names import System
from syncd.domain.stage import Stage
from syncd.domain.verdict import Verdict


def handoff_alert(
    lead: Lead, handoff: Handoff, verdicts: Sequence[Verdict], ctx: Context
) -> SendAlert:
    """To the receiver: who it is, why they qualify, what is missing, and until when."""
    name, due = name_of(lead, ctx), local_words(handoff.due_at, ctx)
    missing = open_findings(verdicts)
    return lead_alert(
        AlertKind.HANDOFF,
        handoff.id,
        lead,
        ctx,
        title=f"New MQL for sales: {name}",
        summary=f"{name}: accept by {due}",
        why=(
            *(f"✓ {says}" for says in met_words(verdicts, ctx.standard)),
            *(f"Missing: {finding_words(x)}" for x in missing),
        ),
        next_step=(
            f"Accept it by {due}: move it to "
            f"{stage_as_shown(Stage.SAL, System.SALESFORCE, ctx)}. If it is not for you, move it "
            f"to {stage_as_shown(Stage.DISQUALIFIED, System.SALESFORCE, ctx)}."
        ),
        facts=(
            ("Source", source_of(lead, ctx)),
            *score_fact(verdicts),
            ("Owner", handoff.owner or "nobody yet"),
            ("Accept by", due),
            *((("Round", str(lead.cycle)),) if lead.cycle > 1 else ()),
        ),
        to=handoff.owner or ctx.policy.alerts.manager,
    )


def sla_warning_alert(lead: Lead, handoff: Handoff, ctx: Context) -> SendAlert:
    """To the owner, while there is still time."""
    name, due = name_of(lead, ctx), local_words(handoff.due_at, ctx)
    left = handoff.due_at - ctx.now
    soon = f"in {span_words(left)}" if left > timedelta() else "now"
    return lead_alert(
        AlertKind.SLA_WARNING,
        handoff.id,
        lead,
        ctx,
        title=f"{name} is waiting to be accepted: due {soon}",
        summary=f"{name}: accept by {due}",
        why=(f"It became an MQL {local_words(handoff.opened_at, ctx)}.", touch_words(handoff)),
        next_step=f"Accept or reject it by {due}.",
        facts=(("Owner", handoff.owner or "nobody yet"), ("Accept by", due)),
        to=handoff.owner or ctx.policy.alerts.manager,
    )


def sla_breach_alert(lead: Lead, handoff: Handoff, ctx: Context) -> SendAlert:
    """To the manager: the promise was missed, and what happens next."""
    name, expires = name_of(lead, ctx), local_words(handoff.expires_at, ctx)
    late = is_late(handoff.due_at, ctx.now)
    return lead_alert(
        AlertKind.SLA_BREACH,
        handoff.id,
        lead,
        ctx,
        title=f"{name} was not accepted in time",
        summary=f"{name}: was due {local_words(handoff.due_at, ctx)}",
        why=(
            f"It was to be accepted by {local_words(handoff.due_at, ctx)}.",
            delay_words(handoff, ctx),
            touch_words(handoff),
            *late_words(late=late),
        ),
        next_step=f"Accept or reject it, or give it to somebody else. It is recycled {expires}.",
        facts=(("Owner", handoff.owner or "nobody"), ("Recycled", expires)),
        to=ctx.policy.alerts.manager or handoff.owner,
    )


def recycled_alert(lead: Lead, handoff: Handoff, ctx: Context, *, late: bool) -> SendAlert:
    """To the owner who had it: it went back to marketing. `lead` is the one recycled."""
    name, rules = name_of(lead, ctx), ctx.policy.recycle
    cool_off = lead.cool_off_until
    facts: Facts = (("Reason", rules.reason), ("Times recycled", str(lead.recycles)))
    if cool_off is not None:
        facts = (*facts, ("MQL again from", local_words(cool_off, ctx)))
    return lead_alert(
        AlertKind.RECYCLED,
        handoff.id,
        lead,
        ctx,
        title=f"{name} went back to {stage_words(rules.to_stage)}",
        summary=f"{name}: recycled ({rules.reason})",
        why=(
            f"Sales did not accept it by {local_words(handoff.expires_at, ctx)}.",
            touch_words(handoff),
            *late_words(late=late),
        ),
        next_step="Marketing keeps in touch. It can become an MQL again once it has cooled off.",
        facts=facts,
        to=handoff.owner or ctx.policy.alerts.manager,
    )
