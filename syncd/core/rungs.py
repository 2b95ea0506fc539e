"""Take the rung of the ladder whose time has come: warn, tell, escalate, pass on, give back."""

from collections.abc import Sequence
from itertools import chain
from typing import assert_never

from syncd.core import alerting_rungs
from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.handoff import Due, by_syncd, due_rung, state_with, still_due, taken, touch
from syncd.core.handoff_clocks import promises_of
from syncd.core.handoff_steps import ended, given
from syncd.core.recycle import back_to_marketing, end_round
from syncd.core.successor import successor
from syncd.core.views import as_person, cannot_be_moved_back, living
from syncd.domain.action import FieldWrite, WriteKind
from syncd.domain.audit import AuditKind
from syncd.domain.copies import replace
from syncd.domain.handoff import Handoff, HandoffState, Rung
from syncd.domain.names import OWNER, ActionKey
from syncd.domain.record import Activity
from syncd.domain.values import Unreadable


def climb(draft: Draft, ctx: Context) -> Draft:
    """One rung a decision: what is left comes with the next."""
    handoff = draft.lead.handoff
    if handoff is None:
        return draft
    due = due_rung(handoff, now=ctx.now, fresh=ctx.fresh, but=_waiting(draft, ctx))
    if due is None:
        return draft
    if due.rung is Rung.RECYCLE:
        return _expire(draft, handoff, due, ctx)
    handoff = taken(handoff, due, at=ctx.now)
    draft = draft.on(replace(draft.lead, handoff=handoff))
    lead = draft.lead
    match due.rung:
        case Rung.WARN:
            return draft.also(alerting_rungs.warning_alert(lead, handoff, due, ctx))
        case Rung.BREACH:
            return _breached(draft, handoff, due, ctx)
        case Rung.ESCALATE:
            return draft.also(alerting_rungs.escalation_alert(lead, handoff, due, ctx))
        case Rung.REASSIGN:
            return _pass_on(draft, handoff, due, ctx)
        case _:
            assert_never(due.rung)


def judge_ended(draft: Draft, activities: Sequence[Activity], ctx: Context) -> Draft:
    """A deadline that was missed before the handoff was over is told once it is certain. Not
    by the decision that ends it: what was done with the lead is asked when it counts."""
    if activities and draft.closed:
        draft = _noted(draft, activities, ctx)
    ended_now = {x.id for x in draft.closed}
    for over in draft.lead.unjudged:
        if over.id not in ended_now:
            draft = _judged(draft, over, activities, ctx)
    return draft


def _noted(draft: Draft, activities: Sequence[Activity], ctx: Context) -> Draft:
    """What was done just before belongs to the handoff that this very decision ends."""
    closed = tuple(touch(x, activities, now=ctx.now, policy=ctx.policy) for x in draft.closed)
    ended_now = {x.id: x for x in closed}
    unjudged = (
        still_due(ended_now[x.id]) if x.id in ended_now else (x,) for x in draft.lead.unjudged
    )
    lead = replace(draft.lead, unjudged=tuple(chain.from_iterable(unjudged)))
    return replace(draft.on(lead), closed=closed)


def _judged(draft: Draft, over: Handoff, activities: Sequence[Activity], ctx: Context) -> Draft:
    after = touch(over, activities, now=ctx.now, policy=ctx.policy)
    if due := due_rung(after, now=ctx.now, fresh=ctx.fresh):
        after = taken(after, due, at=ctx.now)
        draft = _breached(draft, after, due, ctx)
    if after is over:
        return draft
    others = tuple(x for x in draft.lead.unjudged if x is not over)
    lead = replace(draft.lead, unjudged=(*others, *still_due(after)))
    return replace(draft.on(lead), closed=(after, *draft.closed))


def _breached(draft: Draft, handoff: Handoff, due: Due, ctx: Context) -> Draft:
    clock, lead = due.clock, draft.lead
    stopped = clock.stopped_at.isoformat() if clock.stopped_at else ""
    draft = draft.noted(
        AuditKind.HANDOFF,
        handoff=handoff.id,
        state=handoff.state,
        step="breached",
        clock=clock.name,
        was_due=clock.due_at.isoformat(),
        answered=stopped if clock.is_answered else "",
        over=stopped if clock.is_over else "",
    )
    if clock.is_running:
        return draft.also(alerting_rungs.breach_alert(lead, handoff, due, ctx))
    return draft.also(alerting_rungs.missed_alert(lead, handoff, due, ctx))


def _waiting(draft: Draft, ctx: Context) -> frozenset[Rung]:
    """A lead is not taken away while a move of it is open, and nobody gets one before it is
    known who is there."""
    if draft.lead.move or draft.lead.contest:
        return frozenset((Rung.REASSIGN, Rung.RECYCLE))
    return frozenset() if ctx.people else frozenset((Rung.REASSIGN,))


def _pass_on(draft: Draft, handoff: Handoff, due: Due, ctx: Context) -> Draft:
    """To the first who is there to take it, on every side that knows them."""
    heir = successor(draft.lead, handoff, promises_of(handoff, ctx.policy), ctx)
    if heir is None:
        return draft.also(alerting_rungs.nobody_alert(draft.lead, handoff, due, ctx))
    for side in living(draft.lead):
        owner = side.seen.values.get(OWNER)
        known = ctx.people[side.system].by_owner if side.system in ctx.people else {}
        if heir not in known or owner == heir or isinstance(owner, Unreadable):
            continue
        draft = draft.writing(
            WriteKind.REASSIGN,
            side.system,
            (FieldWrite(field=OWNER, seen=owner, value=heir, rule="reassign"),),
            key=ActionKey(f"reassign:{side.system}:{handoff.id}"),
            cause=handoff.transition,
        )
    person = as_person(heir)
    if person is None and handoff.owner is None:  # from queue to queue: it goes on waiting
        return draft
    how = by_syncd(state_with(handoff, person), at=ctx.now, ref=due.clock.name)
    return given(draft, handoff, person, ctx, shown=how)


def _expire(draft: Draft, handoff: Handoff, due: Due, ctx: Context) -> Draft:
    """Recycle every side, unless nothing may be moved."""
    fixed = cannot_be_moved_back(draft.lead)
    if fixed:
        how = by_syncd(HandoffState.SUPERSEDED, at=ctx.now)
        return ended(draft, handoff, how, ctx, because=fixed)
    how = by_syncd(HandoffState.EXPIRED, at=ctx.now, ref=due.clock.name)
    draft = ended(draft, handoff, how, ctx, because="late" if due.late else "on time")
    over, why = draft.closed[-1], ctx.policy.recycle.reason
    ending = replace(back_to_marketing(draft.lead, over, ctx, why=why), late=due.late)
    draft = end_round(draft, over, ending, ctx)
    return draft.also(alerting_rungs.recycled_alert(draft.lead, over, due, ending, ctx))
