"""What stage moves, owners, activities and time mean for the handoff that is open."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from syncd.core import alerting_handoffs
from syncd.core.condition_groups import compile_condition, truth_of
from syncd.core.conditions import Values
from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.handoff import (
    LATE_AFTER,
    by_syncd,
    give,
    moved_by,
    open_handoff,
    state_with,
    touch,
)
from syncd.core.handoff_steps import accepted, ended, given, offered, up_to_date
from syncd.core.lists import leaving
from syncd.core.moves import Candidate
from syncd.core.rejection import turned_down
from syncd.core.rungs import climb, judge_ended
from syncd.core.views import as_person, lead_values, living, person_of
from syncd.domain.audit import AuditKind
from syncd.domain.copies import replace
from syncd.domain.handoff import Change, Handoff, HandoffState, Proof
from syncd.domain.lead import Lead, Side
from syncd.domain.names import OWNER, System
from syncd.domain.policy import Policy, Segment
from syncd.domain.record import Activity
from syncd.domain.stage import ActorKind, Stage, Transition
from syncd.domain.values import Unreadable
from syncd.domain.verdict import Verdict


def follow_stage(
    draft: Draft,
    start: Stage,
    cause: Transition,
    verdicts: Sequence[Verdict],
    ctx: Context,
) -> Draft:
    """An accepted move opens a handoff, or says what became of it."""
    draft = _nurtured_no_more(draft, start, cause, ctx)
    stage, handoff = draft.lead.stage, draft.lead.handoff
    if handoff and stage.rank >= Stage.SAL.rank:
        return _taken_on(draft, cause, ctx)
    if handoff and stage.rank < Stage.MQL.rank:
        return _turned_down(draft, handoff, cause, ctx)
    if handoff or stage is not Stage.MQL or start.rank >= Stage.MQL.rank:
        return draft
    if cause.at < ctx.enforce_from:
        return draft
    return _offer(draft, cause, verdicts, ctx)


def _nurtured_no_more(draft: Draft, start: Stage, cause: Transition, ctx: Context) -> Draft:
    """Whoever is sales' own from now on is off the list they were put on."""
    if not start.rank < Stage.SQL.rank <= draft.lead.stage.rank:
        return draft
    lead, rules = draft.lead, ctx.policy.recycle
    return draft.also(*leaving(lead, living(lead), rules, end=cause.id, cause=cause.id))


def _offer(draft: Draft, cause: Transition, verdicts: Sequence[Verdict], ctx: Context) -> Draft:
    told_late = ctx.now - cause.at > ctx.policy.grace + LATE_AFTER
    start = replace(cause, at=ctx.now) if told_late else cause
    values = lead_values(draft.lead, ctx.crm, first=cause.system)
    segment = segment_for(values, ctx.policy, now=ctx.now)
    handoff = _opened(draft, start, segment, ctx)
    draft = offered(draft, handoff)
    return draft.also(alerting_handoffs.handoff_alert(draft.lead, handoff, verdicts, ctx))


def _opened(draft: Draft, start: Transition, segment: Segment, ctx: Context) -> Handoff:
    """With its owner from the start. Whoever got it only after the move, and was not seen to
    have it before, is given it then: nobody answers for the time until that."""
    lead, policy = draft.lead, ctx.policy
    owner = person_of(lead)
    handoff = open_handoff(lead, start, owner=owner, segment=segment, policy=policy)
    before = draft.before
    if owner is None or not before or not before.sides or person_of(before) == owner:
        return handoff
    free = open_handoff(lead, start, owner=None, segment=segment, policy=policy)
    how = _shown(lead.sides, owner, free, ctx)
    if how.at <= free.opened_at:
        return handoff
    return give(free, replace(how, to=state_with(free, owner), owner=owner), policy=policy)


def segment_for(values: Values, policy: Policy, *, now: datetime) -> Segment:
    """The first whose condition certainly holds, else the one for anybody."""
    for segment in policy.segments:
        if segment.when is None or truth_of(compile_condition(segment.when)(values, now)):
            return segment
    return policy.segments[-1]


def _taken_on(draft: Draft, cause: Transition, ctx: Context) -> Draft:
    """At sal it is accepted; from sql on it is qualified, and over."""
    draft = _with_owner(draft, ctx)
    handoff = draft.lead.handoff
    assert handoff is not None, "a new owner ends no handoff"
    took_on = _first_to_sales(draft, handoff, cause)
    draft = accepted(draft, handoff, moved_by(took_on, HandoffState.ACCEPTED), ctx)
    handoff = draft.lead.handoff
    if handoff is None or draft.lead.stage.rank < Stage.SQL.rank:
        return draft
    how = moved_by(cause, HandoffState.QUALIFIED)
    return ended(draft, handoff, how, ctx, because=f"moved to {draft.lead.stage}")


def _first_to_sales(draft: Draft, handoff: Handoff, cause: Transition) -> Transition:
    """The move that took it on, where several were found at once: the first since it was
    offered."""
    to_sales = (x for x in draft.transitions if x.to_stage.rank >= Stage.SAL.rank)
    others = (x for x in to_sales if x.actor.kind is not ActorKind.SYNCD)
    since = (x for x in others if x.at >= handoff.opened_at)
    return min((*since, cause), key=lambda x: x.at)


def _turned_down(draft: Draft, handoff: Handoff, cause: Transition, ctx: Context) -> Draft:
    """Whoever has it, or any person who does not disqualify it over the owner's head, rejects
    it; for all others it is out of sales' hands."""
    actor, stage = cause.actor, draft.lead.stage
    is_theirs = handoff.owner is None or actor.owner == handoff.owner
    by_person = actor.kind in (ActorKind.PERSON, ActorKind.UNKNOWN)
    rejects = by_person and (is_theirs or stage is not Stage.DISQUALIFIED)
    if rejects:
        return turned_down(draft, handoff, cause, ctx)
    how = moved_by(cause, HandoffState.SUPERSEDED)
    return ended(draft, handoff, how, ctx, because=f"moved to {stage}")


def accept_by_attempt(draft: Draft, move: Candidate, ctx: Context) -> Draft:
    """A refused SQL move by the owner shows that the owner took the lead on."""
    handoff, actor = draft.lead.handoff, move.transition.actor
    crossed = any(verdict.gate is Stage.SQL for verdict in move.failing)
    if (
        handoff is None
        or not crossed
        or actor.owner is None
        or actor.owner != person_of(draft.lead)
    ):
        return draft
    return accepted(draft, handoff, moved_by(move.transition, HandoffState.ACCEPTED), ctx)


def keep_promise(draft: Draft, activities: Sequence[Activity], ctx: Context) -> Draft:
    """Judge what is left of handoffs that are over; bring the open one up to date, and take the
    one rung its clocks ask for."""
    draft = judge_ended(_within_reach(draft, ctx), activities, ctx)
    handoff = draft.lead.handoff
    if handoff is None:
        return draft
    draft = _with_owner(up_to_date(draft, handoff, ctx), ctx)
    if activities and (handoff := draft.lead.handoff):
        handoff = touch(handoff, activities, now=ctx.now, policy=ctx.policy)
        draft = draft.on(replace(draft.lead, handoff=handoff))
    return climb(draft, ctx)


def _within_reach(draft: Draft, ctx: Context) -> Draft:
    """Without a handoff that nobody can be held to any more."""
    handoff = draft.lead.handoff
    if handoff is None or not (out := _out_of_reach(draft)):
        return draft
    at, because = out
    how = replace(by_syncd(HandoffState.SUPERSEDED, at=min(at, ctx.now)), seen_at=ctx.now)
    return ended(draft, handoff, how, ctx, because=because)


def _out_of_reach(draft: Draft) -> tuple[datetime, str] | None:
    """Since when nobody can be held to the promise any more, and why. Where a conversion tells
    a stage, that said already what became of it."""
    sides = draft.lead.sides
    if not living(draft.lead):
        gone = max((x.gone_at for x in sides.values() if x.gone_at), default=draft.now)
        return gone, "the record is gone"
    for x in draft.audit:
        if x.kind is AuditKind.CARRIED_ON and x.facts["why"] == "converted":
            return sides[System(x.facts["system"])].seen.modified_at, "the lead was converted"
    return None


def _with_owner(draft: Draft, ctx: Context) -> Draft:
    """With whom the records show; the clocks of a new owner begin when they got it."""
    handoff, owner = draft.lead.handoff, person_of(draft.lead)
    if handoff is None or handoff.owner == owner:
        return draft
    if owner is None and _is_owner_unknown(draft.lead):
        return draft
    shown = _shown(draft.lead.sides, owner, handoff, ctx)
    return given(draft, handoff, owner, ctx, shown=shown)


def _is_owner_unknown(lead: Lead) -> bool:
    """Whether a record names somebody, and it cannot be told whom: that is not nobody."""
    return any(isinstance(x.seen.values.get(OWNER), Unreadable) for x in living(lead))


def _shown(
    sides: Mapping[System, Side], owner: str | None, handoff: Handoff, ctx: Context
) -> Change:
    """What shows the new owner, since when at the latest: the record's own stamp, unless it is
    found so long after that its clock would have run unseen."""
    showing = [x.seen for x in sides.values() if as_person(x.seen.values.get(OWNER)) == owner]
    seen = max(showing, key=lambda x: x.modified_at, default=None)
    at = ctx.now if seen is None or seen.modified_at > ctx.now else seen.modified_at
    if ctx.now - at > LATE_AFTER:
        at = ctx.now
    last = handoff.changes[-1].at if handoff.changes else handoff.opened_at
    return Change(
        to=handoff.state,
        at=max(at, last),
        seen_at=ctx.now,
        by="somebody",
        proof=Proof.RECORD,
        ref=seen.record_id if seen else "",
    )
