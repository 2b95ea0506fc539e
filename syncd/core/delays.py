"""Whose delay it was: the system's while nobody had the lead, the owner's ever after.

Counted in the time of the segment's calendar, where that is what it promises in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from syncd.core.business_time import business_between
from syncd.core.handoff_clocks import promises_of
from syncd.domain.calendar import BusinessDays, BusinessHours
from syncd.domain.handoff import ClockName, Handoff
from syncd.domain.policy import Policy, Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """Together, all the time there was."""

    system: timedelta
    human: timedelta


def delays(handoff: Handoff, policy: Policy, *, now: datetime) -> Delays:
    """From its opening to its end, or so far."""
    segment = promises_of(handoff, policy)
    end = handoff.closed_at or now
    waited = [
        (clock.started_at, clock.stopped_at or end)
        for clock in handoff.clocks
        if clock.name is ClockName.ASSIGN
    ]
    system = sum((_between(start, stop, segment) for start, stop in waited), timedelta())
    return Delays(system=system, human=_between(handoff.opened_at, end, segment) - system)


def _between(start: datetime, end: datetime, segment: Segment) -> timedelta:
    if isinstance(segment.accept_within, BusinessHours | BusinessDays):
        return business_between(start, end, segment.calendar)
    return max(end - start, timedelta())
