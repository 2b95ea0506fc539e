"""Give account of a handoff's clocks: who they ran on, what was promised, and what counted.

Explains what `ladder` and `handoff_clocks` planned; plans nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from syncd.core.business_time import add, business_between
from syncd.core.handoff_clocks import ON_THE_OWNER, segment_named
from syncd.core.ladder import Steps, Terms, terms_of
from syncd.core.local_time import clock_changes
from syncd.core.reckoning import reckon
from syncd.domain.calendar import BusinessDays, BusinessHours, Entry, Span
from syncd.domain.handoff import Clock, ClockName, Handoff, Rung
from syncd.domain.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """How a clock came to its deadline and the other steps that came or are to come. `entries`
    lie between its start and the last of these, divided by the deadline and by `until`, when it
    stopped, or now; `clock_changes` are those of the zone between them: when, and by how much.
    `spent` counted until then; `over` is what of it came after the deadline."""

    promised: Span
    counted: timedelta
    snoozed: Span | None
    time_zone: str
    entries: tuple[Entry, ...]
    clock_changes: tuple[tuple[datetime, timedelta], ...]
    until: datetime
    spent: timedelta
    over: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockAccount:
    """`owner` is whose clock it was, None for syncd's own. `reckoned` is None where calendar or
    promise are not those it was counted by any more."""

    clock: Clock
    owner: str | None
    reckoned: Reckoned | None


def steps_of(clock: Clock) -> Steps:
    """The deadline, and the other steps that came or are to come."""
    return tuple(step for step in clock.steps if step[0] is Rung.BREACH or _is_near(clock, *step))


def _is_near(clock: Clock, rung: Rung, at: datetime) -> bool:
    return clock.stopped_at is None or at <= clock.stopped_at or rung in clock.taken


def account_of(clock: Clock, handoff: Handoff, *, policy: Policy, now: datetime) -> ClockAccount:
    owner = _owner_of(clock, handoff)
    segment = segment_named(handoff.segment, policy)
    terms = segment and terms_of(clock.name, handoff, segment, owner=owner, policy=policy)
    reckoned = _reckoned(clock, handoff, terms, policy, now) if terms else None
    return ClockAccount(clock=clock, owner=owner, reckoned=reckoned)


def lateness(clock: Clock, handoff: Handoff, *, policy: Policy, now: datetime) -> timedelta:
    """What of its time counted after the deadline; all of it where nothing did, at night."""
    reckoned = account_of(clock, handoff, policy=policy, now=now).reckoned
    counted = reckoned.over if reckoned else timedelta()
    return counted or (clock.stopped_at or now) - clock.due_at


def _owner_of(clock: Clock, handoff: Handoff) -> str | None:
    """Who had it in that turn."""
    if clock.name is ClockName.ASSIGN:
        return None
    had = (None, *(change.owner for change in handoff.changes))
    turns = [after for before, after in pairwise(had) if after is not None and after != before]
    return turns[clock.turn - 1] if clock.turn <= len(turns) else handoff.owner


def _reckoned(
    clock: Clock, handoff: Handoff, terms: Terms, policy: Policy, now: datetime
) -> Reckoned | None:
    due_at = add(terms.within, clock.started_at, terms.calendar)
    snooze = _snooze(clock, handoff, policy)
    is_later = due_at != clock.due_at and snooze is not None
    if snooze is not None and is_later:
        due_at = add(snooze, due_at, terms.calendar)
    if due_at != clock.due_at:
        return None
    last = max((due_at, *(at for _, at in steps_of(clock))))
    changes = clock_changes(clock.started_at, last, ZoneInfo(terms.calendar.time_zone))
    until = clock.stopped_at or now
    ends = sorted({clock.started_at, min(until, last), due_at, last})
    return Reckoned(
        promised=terms.within,
        counted=_counted(clock.started_at, due_at, terms),
        snoozed=snooze if is_later else None,
        time_zone=terms.calendar.time_zone,
        entries=tuple(
            entry
            for start, end in pairwise(ends)
            for entry in reckon(start, end, span=terms.within, calendar=terms.calendar)
        ),
        clock_changes=tuple((at, after - before) for at, before, after in changes),
        until=until,
        spent=_counted(clock.started_at, until, terms),
        over=_counted(due_at, until, terms),
    )


def _snooze(clock: Clock, handoff: Handoff, policy: Policy) -> Span | None:
    """The one that put this clock off, if any did."""
    at = handoff.snoozed_at
    if at is None or clock.name not in ON_THE_OWNER or not clock.started_at <= at:
        return None
    return policy.snooze if clock.stopped_at is None or at <= clock.stopped_at else None


def _counted(start: datetime, end: datetime, terms: Terms) -> timedelta:
    if isinstance(terms.within, BusinessHours | BusinessDays):
        return business_between(start, end, terms.calendar)
    return max(end - start, timedelta())
