"""Write what people are told about one lead: what happened, why, and what to do next.

Plain words only: no Slack markup, no decision. An alert's key is made of the fact it
tells, so the same fact is told once. Handoffs are told by `alerting_handoffs` and
`alerting_rungs`, syncd itself by `alerting_ops`.
"""

from collections.abc import Sequence

from syncd.core.alert_parts import (
    lead_alert,
    mark_of,
    mode_fact,
    owner_or_manager,
    score_fact,
    standard_fact,
    waiver_words,
)
from syncd.core.alert_words import (
    finding_words,
    gates_words,
    judged_words,
    missing_words,
    move_words,
    mover,
    name_of,
    open_findings,
    stage_as_shown,
    stage_words,
)
from syncd.core.context import Context
from syncd.core.value_words import counted
from syncd.domain.action import AddNote, SendAlert
from syncd.domain.alert import Act, AlertKind
from syncd.domain.copies import replace
from syncd.domain.lead import Contest, Lead
from syncd.domain.names import ActionKey
from syncd.domain.stage import Transition
from syncd.domain.verdict import Verdict


def blocked_alert(
    lead: Lead, failing: Sequence[Verdict], cause: Transition, ctx: Context
) -> SendAlert:
    """To the mover: moved back, and what is missing."""
    found = open_findings(failing)
    gates, name = gates_words(failing), name_of(lead, ctx.crm)
    sent = lead_alert(
        AlertKind.BLOCKED,
        cause.id,
        lead,
        ctx,
        title=f"{name} is not {gates} yet: {missing_words(found)}",
        summary=f"{name}: moved back, {missing_words(found)} for {gates}",
        why=(move_words(cause), *(finding_words(x) for x in found)),
        next_step=(
            f"syncd moved it back. Fill in what is missing, then move it to "
            f"{stage_as_shown(cause.to_stage, cause.system, ctx)} again. {waiver_words(ctx)}"
        ),
        facts=(*score_fact(failing), standard_fact(ctx, failing)),
        to=cause.actor.owner,
    )
    thread = lead.handoff.id if lead.handoff else ""
    alert = replace(sent.alert, acts=(Act.ASK_WAIVER, Act.NOT_USEFUL), thread=thread)
    return replace(sent, alert=alert)


def flagged_alert(
    lead: Lead, failing: Sequence[Verdict], cause: Transition, ctx: Context
) -> SendAlert:
    """To the mover: let through, but short of the standard."""
    found = open_findings(failing)
    gates, name = gates_words(failing), name_of(lead, ctx.crm)
    return lead_alert(
        AlertKind.FLAGGED,
        cause.id,
        lead,
        ctx,
        title=f"{name} went to {stage_words(cause.to_stage)} with {missing_words(found)}",
        summary=f"{name}: {missing_words(found)} for {gates}",
        why=(move_words(cause), *(finding_words(x) for x in found)),
        next_step=f"It stays where it is. Please complete the record. {waiver_words(ctx)}",
        facts=(*mode_fact(failing, ctx), *score_fact(failing), standard_fact(ctx, failing)),
        to=cause.actor.owner,
    )


def escalated_alert(
    lead: Lead, failing: Sequence[Verdict], cause: Transition, fixed: str, ctx: Context
) -> SendAlert:
    """To the manager: it should go back, but cannot. `fixed` says why."""
    found = open_findings(failing)
    name = name_of(lead, ctx.crm)
    return lead_alert(
        AlertKind.ESCALATED,
        cause.id,
        lead,
        ctx,
        title=f"{name} does not meet the {gates_words(failing)} standard and cannot be moved back",
        summary=f"{name}: {missing_words(found)}, cannot be moved back ({fixed})",
        why=(
            move_words(cause),
            f"It cannot be moved back: {fixed}.",
            *(finding_words(x) for x in found),
        ),
        next_step=(
            f"Decide with {mover(cause.actor)} whether it goes on as it is. {waiver_words(ctx)}"
        ),
        facts=(*score_fact(failing), standard_fact(ctx, failing)),
        to=ctx.policy.alerts.manager,
    )


def qualifies_alert(
    lead: Lead, passing: Sequence[Verdict], move: Transition, ctx: Context
) -> SendAlert:
    """To whoever was refused: the same move would pass now."""
    name, to_stage = name_of(lead, ctx.crm), stage_words(move.to_stage)
    return lead_alert(
        AlertKind.QUALIFIES,
        move.id,
        lead,
        ctx,
        title=f"{name} meets the {to_stage} standard now",
        summary=f"{name}: qualifies for {to_stage} now",
        why=("What was missing when it was moved back has been filled in.",),
        next_step=(
            f"Move it to {stage_as_shown(move.to_stage, move.system, ctx)} again; "
            "it will stay there."
        ),
        facts=(standard_fact(ctx, passing),),
        to=move.actor.owner,
    )


def contested_alert(lead: Lead, contest: Contest, cause: Transition, ctx: Context) -> SendAlert:
    """To the manager: the same move comes again and again; syncd stands back."""
    name, to_stage = name_of(lead, ctx.crm), stage_words(contest.to_stage)
    times = counted(contest.times, "time")
    return lead_alert(
        AlertKind.CONTESTED,
        cause.id,
        lead,
        ctx,
        title=f"{name} is contested: moved back {times}, and moved to {to_stage} again",
        summary=f"{name}: contested by {mover(contest.actor)}",
        why=(
            f"{mover(contest.actor)} keeps moving it to {to_stage} in {cause.system.label}.",
            "syncd no longer moves or recycles it.",
        ),
        next_step=(
            "Stop whatever moves it, or complete the record; then release it with "
            f"`syncd release {lead.sides[cause.system].record_id}`."
        ),
        facts=(standard_fact(ctx),),
        to=ctx.policy.alerts.manager,
    )


def stage_conflict_alert(lead: Lead, move: Transition, ctx: Context) -> SendAlert:
    """Both CRMs moved the lead, to different stages, and no person's move is the latest."""
    name = name_of(lead, ctx.crm)
    return lead_alert(
        AlertKind.CONFLICT,
        f"stage:{move.id}",
        lead,
        ctx,
        title=f"{name} was moved to different stages in the two CRMs",
        summary=f"{name}: the CRMs disagree about the stage",
        why=(move_words(move), f"{move.system.other.label} moved it elsewhere."),
        next_step="syncd changed neither. Move it to the right stage in one of them.",
        to=owner_or_manager(lead, ctx),
    )


def blocked_note(
    lead: Lead, failing: Sequence[Verdict], cause: Transition, ctx: Context
) -> AddNote:
    """The explanation on the record where the move was made, in the rep's words."""
    side, mark = lead.sides[cause.system], mark_of(cause.id)
    found, to_stage = open_findings(failing), stage_as_shown(cause.to_stage, cause.system, ctx)
    return AddNote(
        key=ActionKey(f"note:{cause.id}"),
        lead_id=lead.id,
        system=side.system,
        record_id=side.record_id,
        record_kind=side.seen.kind,
        mark=mark,
        title=f"Not {gates_words(failing)} yet: {missing_words(found)}",
        lines=(
            f"{move_words(cause)} syncd moved it back, because:",
            *(f"• {finding_words(x)}" for x in found),
            f"Once this is filled in, move it to {to_stage} again.",
            waiver_words(ctx),
            f"Standard {ctx.standard.version}{judged_words(failing, ctx.standard)} · "
            f"reference {mark}",
        ),
        at=ctx.now,
        cause=cause.id,
    )
