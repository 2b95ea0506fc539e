"""The rungs of one promise: which there are, when each is planned, and what they are counted by.

Plans alone: which rung is due, and what it does, is decided elsewhere.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from syncd.core.business_time import add, business_between, without
from syncd.domain.calendar import BusinessDays, BusinessHours, Calendar, Elapsed, Span
from syncd.domain.handoff import ClockName, Handoff, Rung
from syncd.domain.policy import Ladder, Policy, Segment

Steps = tuple[tuple[Rung, datetime], ...]

_DIGEST_CHARACTERS = 8
_ORDER = tuple(Rung)
_WATCHED = frozenset((Rung.WARN, Rung.BREACH, Rung.ESCALATE))
_PASSED_ON = _WATCHED | {Rung.REASSIGN}
_ALL = frozenset(Rung)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What one clock is counted by. On `calendar` the owner's days off are closed days.
    `version` is that of the calendar, then that of the promise."""

    within: Span
    ladder: Ladder
    rungs: frozenset[Rung]
    calendar: Calendar
    version: str


def terms_of(
    name: ClockName, handoff: Handoff, segment: Segment, *, owner: str | None, policy: Policy
) -> Terms | None:
    """For a clock of this handoff that runs on `owner`; None where nothing is promised."""
    within = within_of(name, segment)
    if within is None:
        return None
    calendar = calendar_of(segment, owner, policy)
    return Terms(
        within=within,
        ladder=segment.ladder,
        rungs=_rungs(name, handoff),
        calendar=calendar,
        version=f"{calendar.version}/{_promise(within, segment.ladder, policy)}",
    )


def within_of(name: ClockName, segment: Segment) -> Span | None:
    """How long there is for it."""
    return {
        ClockName.ASSIGN: segment.assign_within,
        ClockName.ACCEPT: segment.accept_within,
        ClockName.TOUCH: segment.touch_within,
        ClockName.DISPOSE: segment.dispose_within,
    }[name]


def calendar_of(segment: Segment, owner: str | None, policy: Policy) -> Calendar:
    """The segment's calendar, with the owner's days off."""
    days = policy.away.get(owner) if owner else None
    return without(segment.calendar, days, why=f"day off of {owner}") if days else segment.calendar


def _rungs(name: ClockName, handoff: Handoff) -> frozenset[Rung]:
    """Nobody's working lead is taken away, and no lead is passed on twice. What expires is a
    lead that nobody took on."""
    if name is ClockName.DISPOSE:
        return _WATCHED
    keeps_lead = name is ClockName.TOUCH or (name is ClockName.ASSIGN and handoff.state.is_accepted)
    rungs = _PASSED_ON if keeps_lead else _ALL
    return rungs - {Rung.REASSIGN} if was_reassigned(handoff) else rungs


def was_reassigned(handoff: Handoff) -> bool:
    return any(Rung.REASSIGN in clock.taken for clock in handoff.clocks)


def _promise(within: Span, ladder: Ladder, policy: Policy) -> str:
    """Another one whenever what is promised changes. Whom it is passed on to is not counted."""
    spans = (ladder.escalate_after, ladder.reassign_after, ladder.recycle_after, policy.snooze)
    words = repr((within, ladder.warn_at, spans))
    return hashlib.sha256(words.encode()).hexdigest()[:_DIGEST_CHARACTERS]


def steps_from(start: datetime, terms: Terms) -> Steps:
    """When each rung comes for a clock that starts now, the earliest first."""
    found = [step for step in _planned(start, terms) if step[0] in terms.rungs]
    return tuple(sorted(found, key=lambda step: (step[1], _ORDER.index(step[0]))))


def _planned(start: datetime, terms: Terms) -> Iterator[tuple[Rung, datetime]]:
    due_at = add(terms.within, start, terms.calendar)
    yield Rung.WARN, _warn_at(terms, start, due_at)
    yield Rung.BREACH, due_at
    yield from following(due_at, terms)


def following(due_at: datetime, terms: Terms) -> Iterator[tuple[Rung, datetime]]:
    """The rungs that come after a deadline, and when."""
    ladder = terms.ladder
    after = {
        Rung.ESCALATE: ladder.escalate_after,
        Rung.REASSIGN: ladder.reassign_after if ladder.reassign_to else None,
        Rung.RECYCLE: ladder.recycle_after,
    }
    for rung, span in after.items():
        if span is not None:
            yield rung, add(span, due_at, terms.calendar)


def _warn_at(terms: Terms, start: datetime, due_at: datetime) -> datetime:
    """When that share of the promised time has passed, told in the promise's own time."""
    share, calendar = terms.ladder.warn_at, terms.calendar
    if isinstance(terms.within, BusinessHours | BusinessDays):
        promised = business_between(start, due_at, calendar)
        return add(BusinessHours(promised * share), start, calendar)
    return add(Elapsed((due_at - start) * share), start, calendar)
