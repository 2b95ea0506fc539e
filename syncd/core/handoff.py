"""The life of one handoff: which states follow which, on what evidence, and with which clocks.

Values in, values out. What people are told and what is written is decided elsewhere; how
clocks are counted, in `handoff_clocks`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syncd.core.handoff_clocks import (
    ON_THE_OWNER,
    cut_off,
    kept,
    promises_of,
    put_off,
    spared,
    started,
    stopped,
)
from syncd.domain.handoff import (
    Change,
    Clock,
    ClockName,
    Handoff,
    HandoffState,
    Proof,
    Rejection,
    Rung,
)
from syncd.domain.lead import Lead
from syncd.domain.names import HandoffId
from syncd.domain.policy import AcceptNeeds, Policy, Segment
from syncd.domain.record import Activity
from syncd.domain.stage import Transition

LATE_AFTER = timedelta(minutes=30)
"""A rung taken later than this after its instant is told as late: the usual lag of polls
and read-throughs is less, a longer one means that syncd or a CRM was down."""

_S = HandoffState
_SETTLED = frozenset((_S.QUALIFIED, _S.REJECTED))
_GIVEN_UP = frozenset((_S.REJECTED, _S.SUPERSEDED))
MOVES: Mapping[HandoffState, frozenset[HandoffState]] = {
    _S.OPENED: frozenset((_S.ASSIGNED, _S.ACCEPTED, _S.EXPIRED)) | _GIVEN_UP,
    _S.ASSIGNED: frozenset((_S.OPENED, _S.ASSIGNED, _S.ACCEPTED, _S.EXPIRED)) | _GIVEN_UP,
    _S.ACCEPTED: frozenset((_S.ACCEPTED, _S.TOUCHED, _S.QUALIFIED, _S.EXPIRED)) | _GIVEN_UP,
    _S.TOUCHED: frozenset((_S.TOUCHED, _S.QUALIFIED)) | _GIVEN_UP,
    _S.QUALIFIED: frozenset(),
    _S.REJECTED: frozenset(),
    _S.EXPIRED: frozenset(),
    _S.SUPERSEDED: frozenset(),
}
"""What may follow what. A change to the same state is a change of owner; one that lost its
owner is opened again, until sales took it on. Nobody's working lead expires."""


def open_handoff(
    lead: Lead, cause: Transition, *, owner: str | None, segment: Segment, policy: Policy
) -> Handoff:
    """Offer the lead to sales, from the move that made it an MQL on. `owner` is the person
    who has it already, None for a queue or nobody."""
    handoff = Handoff(
        id=HandoffId(f"handoff:{cause.id}"),
        lead_id=lead.id,
        cycle=lead.cycle,
        state=HandoffState.OPENED,
        transition=cause.id,
        segment=segment.name,
        opened_at=cause.at,
        owner=None,
        changes=(moved_by(cause, HandoffState.OPENED),),
    )
    if owner is None:
        return started(handoff, (ClockName.ASSIGN,), at=cause.at, policy=policy)
    return give(handoff, moved_by(cause, HandoffState.ASSIGNED, owner=owner), policy=policy)


def moved_by(cause: Transition, to: HandoffState, *, owner: str | None = None) -> Change:
    """A change that a stage move in a CRM shows."""
    return Change(
        to=to,
        at=cause.at,
        seen_at=cause.seen_at,
        by=cause.actor.owner or cause.actor.label or "somebody",
        proof=Proof.RECORD,
        ref=cause.id,
        owner=owner,
    )


def changed(handoff: Handoff, how: Change) -> Handoff:
    """One step further, never before it opened. ValueError for a step that the table does not
    know: a bug."""
    if how.to not in MOVES[handoff.state]:
        raise ValueError(f"{handoff.id}: {how.to} cannot follow {handoff.state}")
    how = replace(how, at=max(how.at, handoff.opened_at))
    return replace(handoff, state=how.to, owner=how.owner, changes=(*handoff.changes, how))


def state_with(handoff: Handoff, owner: str | None) -> HandoffState:
    """Where the handoff is once this owner has it."""
    if handoff.state.is_accepted:
        return handoff.state
    return HandoffState.ASSIGNED if owner else HandoffState.OPENED


def give(handoff: Handoff, how: Change, *, policy: Policy) -> Handoff:
    """To its new owner, who gets new clocks; to nobody, and it waits for an owner again.
    `how.to` is `state_with` that owner."""
    handoff = stopped(changed(handoff, how), (ClockName.ASSIGN, *ON_THE_OWNER), at=how.at)
    if handoff.owner is None:
        return started(handoff, (ClockName.ASSIGN,), at=how.at, policy=policy)
    waiting = {
        ClockName.ACCEPT: not _is_kept(handoff, policy),
        ClockName.TOUCH: handoff.first_touch_at is None,
    }
    return started(handoff, [x for x, left in waiting.items() if left], at=how.at, policy=policy)


def accept(handoff: Handoff, how: Change, *, policy: Policy) -> Handoff:
    """Taken on by sales. What says so twice (the record and a click) is one acceptance, the
    earlier."""
    how = replace(how, owner=handoff.owner)
    if handoff.state.is_accepted:
        return _accepted_earlier(handoff, how, policy)
    handoff = changed(handoff, how)
    handoff = stopped(handoff, (ClockName.ASSIGN,), at=how.at) if handoff.owner else spared(handoff)
    handoff = started(handoff, (ClockName.DISPOSE,), at=how.at, policy=policy)
    return _after_touch(settled(handoff, policy), how)


def _accepted_earlier(handoff: Handoff, how: Change, policy: Policy) -> Handoff:
    known = handoff.first(HandoffState.ACCEPTED)
    if known is None or how.at >= known.at:
        return handoff
    earlier = replace(how, owner=known.owner)
    changes = tuple(earlier if x is known else x for x in handoff.changes)
    return settled(replace(handoff, changes=changes), policy)


def _is_kept(handoff: Handoff, policy: Policy) -> bool:
    """Whether the promise to accept it was kept, as the segment means that."""
    return _kept_at(handoff, policy) is not None


def _kept_at(handoff: Handoff, policy: Policy) -> datetime | None:
    accepted = handoff.first(HandoffState.ACCEPTED)
    if accepted is None:
        return None
    if promises_of(handoff, policy).accept_needs is AcceptNeeds.STAGE:
        return accepted.at
    done = [x for x in (handoff.first_attempt_at, handoff.first_touch_at) if x]
    return max(accepted.at, min(done)) if done else None


def settled(handoff: Handoff, policy: Policy) -> Handoff:
    """With the accept clock stopped when that promise was kept."""
    at = _kept_at(handoff, policy)
    return handoff if at is None else kept(handoff, ClockName.ACCEPT, at=at)


def _after_touch(handoff: Handoff, how: Change) -> Handoff:
    """Whoever was in touch before accepting has accepted and touched it."""
    if handoff.first_touch_at is None or handoff.state is not HandoffState.ACCEPTED:
        return handoff
    return changed(handoff, replace(how, to=HandoffState.TOUCHED))


def touch(
    handoff: Handoff, activities: Iterable[Activity], *, now: datetime, policy: Policy
) -> Handoff:
    """With the first thing a person did for the lead since it was offered: an attempt, or a
    touch where somebody was reached."""
    done = sorted((x for x in activities if _counts(x, handoff, now)), key=lambda x: (x.at, x.id))
    attempt = next((x for x in done if not x.reached), None)
    contact = next((x for x in done if x.reached), None)
    after = handoff
    if attempt and _is_first(attempt.at, handoff.first_attempt_at):
        after = replace(after, first_attempt_at=attempt.at)
    if contact and _is_first(contact.at, handoff.first_touch_at):
        after = _touched(after, contact, now)
    return handoff if after is handoff else settled(after, policy)


def _counts(activity: Activity, handoff: Handoff, now: datetime) -> bool:
    """By a person, since it was offered and until it was over, and not announced for later."""
    by_person = activity.owner_id and not activity.by_syncd and not activity.automated
    return bool(by_person) and handoff.opened_at <= activity.at <= (handoff.closed_at or now)


def _is_first(at: datetime, known: datetime | None) -> bool:
    return known is None or at < known


def _touched(handoff: Handoff, contact: Activity, now: datetime) -> Handoff:
    who = contact.owner or contact.owner_id
    how = Change(
        to=HandoffState.TOUCHED,
        at=contact.at,
        seen_at=now,
        by=who,
        proof=Proof.ACTIVITY,
        ref=contact.id,
        owner=handoff.owner,
    )
    handoff = replace(handoff, first_touch_at=contact.at, first_touch_by=who)
    return _after_touch(kept(handoff, ClockName.TOUCH, at=contact.at), how)


def snooze(handoff: Handoff, *, at: datetime, policy: Policy) -> Handoff:
    """With the owner's clocks put off, the one time there is. ValueError the second time."""
    if handoff.snoozed_at is not None:
        raise ValueError(f"{handoff.id} was snoozed already")
    return replace(put_off(handoff, at=at, policy=policy), snoozed_at=at)


def reject(handoff: Handoff, how: Change, rejection: Rejection, *, because: str) -> Handoff:
    """Turned down by sales."""
    return close(replace(handoff, rejection=rejection), how, because=because)


def close(handoff: Handoff, how: Change, *, because: str) -> Handoff:
    """At its end (`how.to`), with every clock stopped."""
    over = changed(handoff, replace(how, owner=handoff.owner))
    if how.to in _SETTLED:
        over = kept(over, ClockName.DISPOSE, at=how.at)
    over = cut_off(over, at=how.at)
    return replace(over, closed_at=over.changes[-1].at, closed_because=because)


def still_due(over: Handoff) -> tuple[Handoff, ...]:
    """It, as long as a deadline that was missed before its end is to be judged."""
    return (over,) if over.next_due() else ()


def by_syncd(to: HandoffState, *, at: datetime, ref: str = "") -> Change:
    """A change that a clock, or the end of what it was about, brings."""
    return Change(to=to, at=at, seen_at=at, by="syncd", proof=Proof.CLOCK, ref=ref)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A rung whose time has come. A late one says so."""

    clock: Clock
    rung: Rung
    at: datetime
    late: bool


def due_rung(
    handoff: Handoff, *, now: datetime, fresh: datetime | None, but: Collection[Rung] = ()
) -> Due | None:
    """The one rung to take now, the earliest, if any; `but` for those that have to wait.

    `fresh` is the least read-through of all sides: a deadline is judged only once every CRM
    was read past it, for whatever happened up to it must have been seen; one that was counted
    again, only once all was read since, for people went by what they were told before. A
    warning nobody could still act on is skipped. Of a handoff that is over, only a deadline
    missed before that is left.
    """
    if fresh is None:
        return None
    seen_to = min(now, fresh)
    due = [x for clock in handoff.clocks for x in _due_of(clock, seen_to, now)]
    ready = (x for x in due if x.rung not in but)
    return min(ready, key=lambda x: x.at, default=None)


def _due_of(clock: Clock, seen_to: datetime, now: datetime) -> list[Due]:
    if clock.replanned_at is not None and seen_to < clock.replanned_at:
        return []
    past = [step for step in clock.left() if step[1] < seen_to]
    if any(rung is Rung.BREACH for rung, _ in past):
        past = [step for step in past if step[0] is not Rung.WARN]
    return [Due(clock=clock, rung=r, at=at, late=_is_late(clock, at, now)) for r, at in past]


def _is_late(clock: Clock, at: datetime, now: datetime) -> bool:
    was_past = clock.replanned_at is not None and at <= clock.replanned_at
    return was_past or is_late(at, now)


def is_late(deadline: datetime, now: datetime) -> bool:
    """Whether a rung taken now must be told as late."""
    return now - deadline > LATE_AFTER


def taken(handoff: Handoff, due: Due, *, at: datetime) -> Handoff:
    """With that rung behind it."""
    clock = replace(due.clock, taken={**due.clock.taken, due.rung: at})
    return replace(handoff, clocks=tuple(clock if x is due.clock else x for x in handoff.clocks))
