"""What stage moves, owners, activities and time mean for the handoff that is open."""

from collections.abc import Sequence
from typing import assert_never

from syncd.core import alerting_handoffs
from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.handoff import (
    LATE_AFTER,
    Breach,
    Expire,
    Nothing,
    Warn,
    assign,
    close,
    due_step,
    open_handoff,
    touch,
)
from syncd.core.marks import write_marks
from syncd.core.moves import Candidate
from syncd.core.recycle import recycled
from syncd.core.views import cannot_be_moved_back, coming, known_value, living, stage_seen
from syncd.domain.action import FieldWrite, WriteKind
from syncd.domain.audit import AuditKind
from syncd.domain.copies import replace
from syncd.domain.handoff import Handoff, HandoffState
from syncd.domain.lead import Side
from syncd.domain.mapping import Mark
from syncd.domain.names import OWNER, STAGE, ActionKey
from syncd.domain.record import Activity
from syncd.domain.stage import Stage, Transition
from syncd.domain.values import Unreadable, Value
from syncd.domain.verdict import Verdict


def follow_stage(
    draft: Draft,
    start: Stage,
    cause: Transition,
    verdicts: Sequence[Verdict],
    ctx: Context,
) -> Draft:
    """An accepted move opens, accepts or rejects a handoff."""
    stage, handoff = draft.lead.stage, draft.lead.handoff
    if handoff and stage.rank >= Stage.SAL.rank:
        return _close(draft, handoff, HandoffState.ACCEPTED, f"moved to {stage}")
    if handoff and stage.rank < Stage.MQL.rank:
        return _close(draft, handoff, HandoffState.REJECTED, f"moved to {stage}")
    if handoff or stage is not Stage.MQL or start.rank >= Stage.MQL.rank:
        return draft
    if cause.at < ctx.enforce_from:
        return draft
    return _offer(draft, cause, verdicts, ctx)


def _offer(draft: Draft, cause: Transition, verdicts: Sequence[Verdict], ctx: Context) -> Draft:
    owner = _person(draft)
    told_late = ctx.now - cause.at > ctx.policy.grace + LATE_AFTER
    start = replace(cause, at=ctx.now) if told_late else cause
    handoff = open_handoff(draft.lead, start, owner=owner, policy=ctx.policy)
    draft = draft.on(replace(draft.lead, handoff=handoff)).noted(
        AuditKind.HANDOFF,
        handoff=handoff.id,
        state=handoff.state,
        due=handoff.due_at.isoformat(),
        expires=handoff.expires_at.isoformat(),
        calendar=handoff.calendar_version,
    )
    return draft.also(alerting_handoffs.handoff_alert(draft.lead, handoff, verdicts, ctx))


def _person(draft: Draft) -> str | None:
    """Who works the lead; a queue counts as nobody."""
    owner = known_value(draft.lead, OWNER)
    return owner if isinstance(owner, str) and not owner.startswith("queue:") else None


def accept_by_attempt(draft: Draft, move: Candidate) -> Draft:
    """A refused SQL move by the owner shows that the owner took the lead on."""
    handoff, actor = draft.lead.handoff, move.transition.actor
    crossed = any(verdict.gate is Stage.SQL for verdict in move.failing)
    if handoff is None or not crossed or actor.owner is None or actor.owner != _person(draft):
        return draft
    return _close(draft, handoff, HandoffState.ACCEPTED, "tried to move it to sql")


def keep_promise(draft: Draft, activities: Sequence[Activity], ctx: Context) -> Draft:
    """Bring the open handoff up to date, and take the one step its clock asks for."""
    handoff = draft.lead.handoff
    if handoff is None:
        return draft
    if not living(draft.lead):
        return _close(draft, handoff, HandoffState.SUPERSEDED, "the record is gone")
    handoff = touch(assign(handoff, _person(draft), at=ctx.now), activities, now=ctx.now)
    draft = draft.on(replace(draft.lead, handoff=handoff))
    step = due_step(handoff, now=ctx.now, fresh=ctx.fresh)
    match step:
        case Nothing():
            return draft
        case Warn():
            handoff = replace(handoff, warned_at=ctx.now)
            alert = alerting_handoffs.sla_warning_alert(draft.lead, handoff, ctx)
        case Breach():
            handoff = replace(handoff, warned_at=handoff.warned_at or ctx.now, breached_at=ctx.now)
            alert = alerting_handoffs.sla_breach_alert(draft.lead, handoff, ctx)
        case Expire(late=late):
            return _expire(draft, handoff, ctx, late=late)
        case _:
            assert_never(step)
    return draft.on(replace(draft.lead, handoff=handoff)).also(alert)


def _close(draft: Draft, handoff: Handoff, state: HandoffState, because: str) -> Draft:
    closed = close(handoff, state, because=because, at=draft.now)
    draft = replace(draft, closed=(*draft.closed, closed))
    draft = draft.on(replace(draft.lead, handoff=None))
    return draft.noted(AuditKind.HANDOFF, handoff=handoff.id, state=state, because=because)


def _expire(draft: Draft, handoff: Handoff, ctx: Context, *, late: bool) -> Draft:
    """Recycle every side, unless a move is waiting, contested, or nothing may be moved."""
    if draft.lead.move or draft.lead.contest:
        return draft
    fixed = cannot_be_moved_back(draft.lead)
    if fixed:
        return _close(draft, handoff, HandoffState.SUPERSEDED, fixed)
    draft = _close(draft, handoff, HandoffState.EXPIRED, "late" if late else "on time")
    draft = draft.on(recycled(draft.lead, ctx.policy, now=ctx.now)).noted(
        AuditKind.RECYCLED, handoff=handoff.id, cycle=str(draft.lead.cycle), late=str(late).lower()
    )
    for side in living(draft.lead):
        if not side.seen.locked:
            draft = _recycle_side(draft, side, handoff, ctx)
    marks: dict[Mark, Value] = {
        Mark.RECYCLES: draft.lead.recycles,
        Mark.RECYCLE_REASON: ctx.policy.recycle.reason,
    }
    draft = write_marks(draft, marks, cause=handoff.transition, ctx=ctx)
    return draft.also(alerting_handoffs.recycled_alert(draft.lead, handoff, ctx, late=late))


def _recycle_side(draft: Draft, side: Side, handoff: Handoff, ctx: Context) -> Draft:
    to_stage = ctx.policy.recycle.to_stage
    shown = stage_seen(side)
    writes = []
    if shown is not None and coming(side, STAGE) != to_stage:
        writes.append(FieldWrite(field=STAGE, seen=shown, value=to_stage, rule="recycle"))
    owner = side.seen.values.get(OWNER)
    wanted = ctx.policy.recycle.owner
    if wanted and wanted != owner and not isinstance(owner, Unreadable):
        writes.append(FieldWrite(field=OWNER, seen=owner, value=wanted, rule="recycle"))
    return draft.writing(
        WriteKind.RECYCLE,
        side.system,
        tuple(writes),
        key=ActionKey(f"recycle:{side.system}:{handoff.id}"),
        cause=handoff.transition,
    )
