"""What a round's handoff came to, as columns: when each step was, each promise, each delay.

Pure. Delays are counted as the promises are: on the segment's calendar, without the owner's
days off.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import assert_never
from zoneinfo import ZoneInfo

from syncd.core.business_time import business_between
from syncd.core.handoff_clocks import promises_of
from syncd.core.ladder import calendar_of
from syncd.domain.calendar import Calendar
from syncd.domain.handoff import Clock, ClockName, Handoff, HandoffState, Rung
from syncd.domain.policy import Policy

Cells = Mapping[str, object]


def handoff_cells(handoff: Handoff | None, policy: Policy) -> Cells:
    if handoff is None:
        return {}
    rejection = handoff.rejection
    return {
        **_instants(handoff),
        "segment": handoff.segment,
        "state": handoff.state.value,
        "reason": rejection.reason or None if rejection else None,
        "missing": list(rejection.missing) if rejection else None,
        "objection": rejection.objection or None if rejection else None,
        "wakes_at": _wakes_at(handoff, policy),
        **_promises(handoff),
        **_delays(handoff, policy),
    }


def last_owner(handoff: Handoff) -> str | None:
    """Whoever had it last, though nobody may have it now."""
    had = (x.owner for x in reversed(handoff.changes) if x.owner)
    return handoff.owner or next(had, None)


def _assigned_at(handoff: Handoff) -> datetime | None:
    return next((x.at for x in handoff.changes if x.owner), None)


def _instants(handoff: Handoff) -> Cells:
    accepted = handoff.first(HandoffState.ACCEPTED)
    return {
        "offered_at": handoff.opened_at,
        "assigned_at": _assigned_at(handoff),
        "accepted_at": accepted.at if accepted else None,
        "attempted_at": handoff.first_attempt_at,
        "touched_at": handoff.first_touch_at,
        "closed_at": handoff.closed_at,
    }


def _wakes_at(handoff: Handoff, policy: Policy) -> datetime | None:
    """The first moment of the day it sleeps until, where its team is."""
    if handoff.rejection is None or handoff.rejection.until is None:
        return None
    zone = ZoneInfo(promises_of(handoff, policy).calendar.time_zone)
    return datetime.combine(handoff.rejection.until, time(), zone).astimezone(UTC)


def _promises(handoff: Handoff) -> Cells:
    """The first of each kind that was missed, by whichever owner; else that of the last owner,
    unless it was called off before its time."""
    cells: dict[str, object] = {}
    for name in ClockName:
        clocks = [x for x in handoff.clocks if x.name is name]
        missed = next((x for x in clocks if _is_missed(x)), None)
        last = next((x for x in clocks[-1:] if x.is_running or _is_kept(x, handoff)), None)
        told = missed or last
        cells[f"{name}_due_at"] = told.due_at if told else None
        is_open = missed is None and (last is None or last.is_running)
        cells[f"{name}_missed"] = None if is_open else missed is not None
    return cells


def _is_missed(clock: Clock) -> bool:
    return clock.is_missed or Rung.BREACH in clock.taken


def _is_kept(clock: Clock, handoff: Handoff) -> bool:
    """Of one that runs no more. To give a lead back answers the offer as much as to accept it
    does; whoever stops the clock that waits for an owner is one."""
    match clock.name:
        case ClockName.ASSIGN:
            return not clock.is_over
        case ClockName.ACCEPT:
            gave_back = handoff.state is HandoffState.REJECTED
            return clock.is_answered or (clock.is_over and gave_back)
        case ClockName.TOUCH | ClockName.DISPOSE:
            return clock.is_answered
        case _:
            assert_never(clock.name)


def _delays(handoff: Handoff, policy: Policy) -> Cells:
    accepted, assigned_at = handoff.first(HandoffState.ACCEPTED), _assigned_at(handoff)
    segment = promises_of(handoff, policy)
    first = next((x.owner for x in handoff.changes if x.owner), None)
    theirs = calendar_of(segment, first, policy)
    return {
        "assign_business_s": _between(handoff.opened_at, assigned_at, segment.calendar),
        "accept_business_s": _between(assigned_at, accepted.at if accepted else None, theirs),
        "touch_business_s": _between(assigned_at, handoff.first_touch_at, theirs),
    }


def _between(start: datetime | None, end: datetime | None, calendar: Calendar) -> int | None:
    if start is None or end is None:
        return None
    return int(business_between(start, end, calendar).total_seconds())
