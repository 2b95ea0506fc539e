"""Start, stop, put off and count again the clocks of a handoff.

Knows no state and no evidence: `core.handoff` says which clocks run. A clock that runs is
never made due earlier than its owner was told, unless the calendar says so.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime

from syncd.core.business_time import add
from syncd.core.ladder import Steps, Terms, following, steps_from, terms_of
from syncd.domain.handoff import Clock, ClockName, Handoff, Rung
from syncd.domain.policy import Policy, Segment

ON_THE_OWNER = frozenset((ClockName.ACCEPT, ClockName.TOUCH))
"""Clocks that a new owner begins anew, and that a snooze puts off."""


def segment_named(name: str, policy: Policy) -> Segment | None:
    return next((x for x in policy.segments if x.name == name), None)


def promises_of(handoff: Handoff, policy: Policy) -> Segment:
    """The handoff's segment; where it is not called that any more, the one for anybody."""
    return segment_named(handoff.segment, policy) or policy.segments[-1]


def started(
    handoff: Handoff, names: Collection[ClockName], *, at: datetime, policy: Policy
) -> Handoff:
    """With these clocks begun for its owner, as far as something is promised."""
    segment, clocks = promises_of(handoff, policy), list(handoff.clocks)
    for name in names:
        owner = runs_on(name, handoff)
        if terms := terms_of(name, handoff, segment, owner=owner, policy=policy):
            clocks.append(_new(name, handoff, terms, at))
    return replace(handoff, clocks=tuple(clocks))


def runs_on(name: ClockName, handoff: Handoff) -> str | None:
    """Whose days off do not count."""
    return None if name is ClockName.ASSIGN else handoff.owner


def _new(name: ClockName, handoff: Handoff, terms: Terms, at: datetime) -> Clock:
    """The clock that waits for an owner is of the turn that owner will have."""
    return Clock(
        name=name,
        turn=max(handoff.turn, 1) if name is not ClockName.ASSIGN else handoff.turn + 1,
        started_at=at,
        steps=steps_from(at, terms),
        calendar=terms.calendar.name,
        version=terms.version,
    )


def stopped(handoff: Handoff, names: Collection[ClockName], *, at: datetime) -> Handoff:
    """With these clocks stopped where they run; never before they started."""
    return _each(handoff, lambda c: _stopped(c, at) if c.name in names and c.is_running else c)


def cut_off(handoff: Handoff, *, at: datetime) -> Handoff:
    """With the clocks that run stopped as the handoff is over."""
    return _each(handoff, lambda c: replace(_stopped(c, at), is_over=True) if c.is_running else c)


def spared(handoff: Handoff) -> Handoff:
    """Taken on while nobody has it: it still waits for an owner, and is not taken away."""

    def without_end(clock: Clock) -> Clock:
        if clock.name is not ClockName.ASSIGN or not clock.is_running:
            return clock
        return replace(clock, steps=tuple(x for x in clock.steps if x[0] is not Rung.RECYCLE))

    return _each(handoff, without_end)


def kept(handoff: Handoff, name: ClockName, *, at: datetime) -> Handoff:
    """With the promise kept at that moment, in time or late. What is learnt late sets the stop
    of a clock back to when it really was; one that its owner lost was not answered by them."""

    def answered(clock: Clock) -> Clock:
        return replace(_stopped(clock, at), is_answered=clock.is_running or clock.is_answered)

    return _each(handoff, lambda c: answered(c) if c.name is name else c)


def _stopped(clock: Clock, at: datetime) -> Clock:
    at = max(at, clock.started_at)
    if clock.stopped_at is not None and clock.stopped_at <= at:
        return clock
    return replace(clock, stopped_at=at)


def put_off(handoff: Handoff, *, at: datetime, policy: Policy) -> Handoff:
    """With what is left of the owner's clocks put off by one snooze."""
    segment = promises_of(handoff, policy)

    def later(clock: Clock) -> Clock:
        if clock.name not in ON_THE_OWNER or not clock.is_running:
            return clock
        terms = terms_of(clock.name, handoff, segment, owner=handoff.owner, policy=policy)
        if terms is None:
            return clock
        return replace(clock, steps=_later(clock.steps, clock, terms, policy, snoozed_at=at))

    return _each(handoff, later)


def _later(
    steps: Steps, clock: Clock, terms: Terms, policy: Policy, *, snoozed_at: datetime
) -> Steps:
    """Those that were still to come at that moment, later by one snooze."""
    if policy.snooze is None:
        return steps
    done = {rung for rung, at in clock.taken.items() if at <= snoozed_at}
    return tuple(
        (rung, at if rung in done else add(policy.snooze, at, terms.calendar)) for rung, at in steps
    )


def replanned(handoff: Handoff, *, now: datetime, policy: Policy) -> Handoff:
    """With what is left of its running clocks counted again, where the calendar, the owner's
    days off or the promise are not what they were counted by; itself where nothing is."""
    segment = segment_named(handoff.segment, policy)
    if segment is None:  # renamed away: what was promised stays
        return handoff

    def anew(clock: Clock) -> Clock:
        if not clock.is_running:
            return clock
        owner = runs_on(clock.name, handoff)
        terms = terms_of(clock.name, handoff, segment, owner=owner, policy=policy)
        if terms is None or terms.version == clock.version:
            return clock
        steps = _counted_again(clock, handoff, terms, policy)
        if _promise_of(terms.version) != _promise_of(clock.version):
            steps = _not_earlier(steps, clock, terms, now)
        again = replace(clock, steps=steps, calendar=terms.calendar.name, version=terms.version)
        return again if steps == clock.steps else replace(again, replanned_at=now)

    return _each(handoff, anew)


def _counted_again(clock: Clock, handoff: Handoff, terms: Terms, policy: Policy) -> Steps:
    steps, snoozed_at = steps_from(clock.started_at, terms), handoff.snoozed_at
    if snoozed_at and clock.name in ON_THE_OWNER and clock.started_at <= snoozed_at:
        steps = _later(steps, clock, terms, policy, snoozed_at=snoozed_at)
    known = dict(clock.steps)
    taken = {rung: known[rung] for rung in clock.taken}
    left = {rung: at for rung, at in steps if rung not in taken}
    return _in_order(taken | left)


def _not_earlier(steps: Steps, clock: Clock, terms: Terms, now: datetime) -> Steps:
    """None before its owner was told. What is new follows the deadline that was told, and not
    at once upon one that was missed before."""
    known = dict(clock.steps)
    kept = {rung: max(at, known[rung]) for rung, at in steps if rung in known}
    later = dict(following(max(kept[Rung.BREACH], now), terms))
    return _in_order(kept | {rung: later[rung] for rung, _ in steps if rung not in known})


def _in_order(steps: Mapping[Rung, datetime]) -> Steps:
    return tuple(sorted(steps.items(), key=lambda step: step[1]))


def _promise_of(version: str) -> str:
    return version.rpartition("/")[2]


def _each(handoff: Handoff, change: Callable[[Clock], Clock]) -> Handoff:
    clocks = tuple(change(clock) for clock in handoff.clocks)
    return handoff if clocks == handoff.clocks else replace(handoff, clocks=clocks)
