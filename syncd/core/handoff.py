"""The handoff of one lead to sales: opened, assigned, touched, closed, and its clock.

Deadlines are counted once, when it opens, and stored. What is done about a step that is
due (alerts, recycling) is decided elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syncd.core.business_time import add, business_between
from syncd.domain.calendar import BusinessDays, BusinessHours, Elapsed
from syncd.domain.handoff import Handoff, HandoffState
from syncd.domain.lead import Lead
from syncd.domain.names import HandoffId
from syncd.domain.policy import HandoffPolicy, Policy
from syncd.domain.record import Activity
from syncd.domain.stage import Transition

LATE_AFTER = timedelta(minutes=30)
"""A step taken later than this after its deadline is told as late: the usual lag of polls
and read-throughs is less, a longer one means that syncd or a CRM was down."""


@dataclass(frozen=True, slots=True)
class Nothing:
    pass


@dataclass(frozen=True, slots=True)
class Warn:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Expire:
    late: bool


Step = Nothing | Warn | Breach | Expire


def open_handoff(lead: Lead, cause: Transition, *, owner: str | None, policy: Policy) -> Handoff:
    """Offer the lead to sales; its clock starts with the move that made it an MQL.

    `owner` is the person who has it already, None for a queue or nobody.
    """
    promise, opened_at = policy.handoff, cause.at
    due_at = add(promise.accept_within, opened_at, promise.calendar)
    return Handoff(
        id=HandoffId(f"handoff:{cause.id}"),
        lead_id=lead.id,
        cycle=lead.cycle,
        state=HandoffState.OPEN,
        transition=cause.id,
        opened_at=opened_at,
        warn_at=_warn_at(promise, opened_at, due_at),
        due_at=due_at,
        expires_at=add(promise.expire_after, due_at, promise.calendar),
        calendar_version=promise.calendar.version,
        owner=owner,
        assigned_at=opened_at if owner else None,
    )


def _warn_at(promise: HandoffPolicy, opened_at: datetime, due_at: datetime) -> datetime:
    """When that share of the promised time has passed, told in the promise's own time."""
    if isinstance(promise.accept_within, BusinessHours | BusinessDays):
        promised = business_between(opened_at, due_at, promise.calendar)
        return add(BusinessHours(promised * promise.warn_at), opened_at, promise.calendar)
    share = (due_at - opened_at) * promise.warn_at
    return add(Elapsed(share), opened_at, promise.calendar)


def assign(handoff: Handoff, owner: str | None, *, at: datetime) -> Handoff:
    """With its present owner; the first assignment ends the system's own delay."""
    if owner == handoff.owner:
        return handoff
    first = at if owner and handoff.assigned_at is None else handoff.assigned_at
    return replace(handoff, owner=owner, assigned_at=first)


def touch(handoff: Handoff, activities: Iterable[Activity], *, now: datetime) -> Handoff:
    """With the first thing a person did for the lead since it was offered."""
    touches = [
        x for x in activities if not x.by_syncd and x.owner_id and handoff.opened_at <= x.at <= now
    ]
    first = min(touches, key=lambda x: (x.at, x.id), default=None)
    known = handoff.first_touch_at
    if first is None or (known is not None and known <= first.at):
        return handoff
    return replace(handoff, first_touch_at=first.at, first_touch_by=first.owner_id)


def close(handoff: Handoff, state: HandoffState, *, because: str, at: datetime) -> Handoff:
    return replace(handoff, state=state, closed_at=at, closed_because=because)


def due_step(handoff: Handoff, *, now: datetime, fresh: datetime | None) -> Step:
    """The one step the clock asks for, if any.

    `fresh` is the least read-through of all sides: a deadline is judged only once every
    CRM was read past it, for whatever happened up to it must have been seen. A warning
    nobody could still act on is skipped.
    """
    seen_to = min(now, fresh) if fresh else None
    if seen_to is None or handoff.state is not HandoffState.OPEN:
        return Nothing()
    if handoff.breached_at is not None:
        expired = seen_to > handoff.expires_at
        return Expire(late=is_late(handoff.expires_at, now)) if expired else Nothing()
    if seen_to > handoff.due_at:
        return Breach(late=is_late(handoff.due_at, now))
    if handoff.warned_at is None and seen_to > handoff.warn_at:
        return Warn()
    return Nothing()


def is_late(deadline: datetime, now: datetime) -> bool:
    """Whether a step taken now must be told as late."""
    return now - deadline > LATE_AFTER
