"""The parts that alerts about a lead are put together from."""

import hashlib
from collections.abc import Sequence

from syncd.core.alert_words import judged_words, links_to, score_words
from syncd.core.context import Context
from syncd.core.delays import delays
from syncd.core.score import latest_behaviour
from syncd.core.value_words import in_words, span_words
from syncd.core.views import known_value
from syncd.domain.action import SendAlert
from syncd.domain.alert import Act, Alert, AlertKind
from syncd.domain.handoff import Handoff
from syncd.domain.lead import Lead
from syncd.domain.names import ActionKey, TransitionId
from syncd.domain.policy import Mode
from syncd.domain.standard import DecayingPoints
from syncd.domain.verdict import Verdict

Facts = tuple[tuple[str, str], ...]
_MARK_CHARACTERS = 10


def waiver_words(ctx: Context) -> str:
    who = ctx.policy.waivable_by
    return f"{who[:1].upper()}{who[1:]} can grant an exception."


def lead_alert(
    kind: AlertKind,
    fact: str,
    lead: Lead,
    ctx: Context,
    *,
    title: str,
    summary: str,
    why: tuple[str, ...],
    next_step: str,
    facts: Facts = (),
    to: str | None,
) -> SendAlert:
    alert = Alert(
        kind=kind,
        at=ctx.now,
        title=title,
        summary=summary,
        why=tuple(line for line in why if line),
        next_step=next_step,
        facts=facts,
        links=links_to(lead, ctx),
        to=to,
        acts=(Act.NOT_USEFUL,),
    )
    return SendAlert(key=ActionKey(f"alert:{kind}:{fact}"), lead_id=lead.id, alert=alert)


def standard_fact(ctx: Context, verdicts: Sequence[Verdict] = ()) -> tuple[str, str]:
    """Its version, and whose variant of it the lead was held to."""
    return ("Standard", ctx.standard.version + judged_words(verdicts, ctx.standard))


def variant_fact(verdicts: Sequence[Verdict], ctx: Context) -> Facts:
    """Whose variant it was held to, where there is more than one."""
    return (standard_fact(ctx, verdicts),) if verdicts and ctx.standard.variants else ()


def score_fact(verdicts: Sequence[Verdict]) -> Facts:
    words = score_words(verdicts)
    return (("Score", words),) if words else ()


def behaviour_fact(lead: Lead, ctx: Context) -> Facts:
    """What they did last, for whoever is to speak with them; by everybody's score, or where
    there is none by that of a variant."""
    variants = reversed(ctx.standard.every_variant())
    scoring = next((x.scoring for x in variants if x.scoring), None)
    if scoring is None:
        return ()
    fields = (x.field for x in scoring.points if isinstance(x, DecayingPoints))
    values = {field: known_value(lead, field) for field in fields}
    found = latest_behaviour(values, scoring, ctx.now)
    return (("Latest behaviour", f"{found[0]}, {in_words(found[1], ctx.now)}"),) if found else ()


def mode_fact(failing: Sequence[Verdict], ctx: Context) -> Facts:
    """Why a gate that should block only flags."""
    meant = {v.gate for v in failing if ctx.policy.modes.get(v.gate) is Mode.BLOCK}
    if meant and not ctx.may_block():
        return (("Not blocked because", "the standard is unsigned or past its review"),)
    if meant and meant <= ctx.policy.unpreviewed:
        return (("Not blocked because", "policy.yaml carries no preview of it (`syncd plan`)"),)
    return ()


def owner_or_manager(lead: Lead, ctx: Context) -> str | None:
    owner = lead.handoff.owner if lead.handoff else None
    return owner or ctx.policy.alerts.manager


def touch_words(handoff: Handoff) -> str:
    if handoff.first_touch_at:
        return ""
    tried = "somebody tried once" if handoff.first_attempt_at else ""
    return f"Nobody has reached the lead yet{f', but {tried}' if tried else ''}."


def delay_words(handoff: Handoff, ctx: Context) -> str:
    """Whose delay it was: the system's until somebody had it, theirs afterwards."""
    found = delays(handoff, ctx.policy, now=ctx.now)
    if not found.system:
        return ""
    if not found.human:
        return "Nobody was assigned to it."
    system, human = span_words(found.system), span_words(found.human)
    return f"Of the time so far, {system} went by before somebody had it, {human} since."


def late_words(*, late: bool) -> tuple[str, ...]:
    return ("This comes late: syncd could not read both CRMs in time.",) if late else ()


def mark_of(cause: TransitionId) -> str:
    """Short, stable, and found by a vendor's text search as one word."""
    return f"syncd{hashlib.sha256(cause.encode()).hexdigest()[:_MARK_CHARACTERS]}"
