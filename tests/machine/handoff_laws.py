"""What must hold of every handoff in the town, told from what people did and from what the
outside saw; deadlines are counted over open minutes, by code that shares nothing with syncd."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import Enum
from functools import cache
from itertools import pairwise

from decide_cases import SALESFORCE, THE_MAP
from handoff_case import Case, Turn, Turns, readings
from handoff_town import (
    ACCEPT_WITHIN,
    CALENDARS,
    HOUR,
    MINUTE,
    RECYCLE_AFTER,
    SNOOZE,
    START,
    Town,
)

from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.calendar import Calendar
from syncd.domain.handoff import ClockName, Handoff, HandoffState, Rung
from syncd.domain.names import LeadId
from syncd.store_ports import Story

_AT_REST = 30 * HOUR
"""So long before the end a deadline must lie to have been judged in the calm."""
_UNSEEN = 48 * HOUR
"""So long a CRM's news, or a click, may wait for syncd at the most."""
_OVERLAP = THE_MAP.sides[SALESFORCE].overlap
"""So long after it a deadline is judged at the earliest: before, the CRMs were not read past it."""

_TWICE = 2
"""At most so often anything is told; once more for each time its teller was killed after it."""


class Fate(Enum):
    RECYCLED = "recycled"
    REJECTED = "rejected"
    SPARED = "spared"
    EITHER = "either"


def broken_laws(town: Town) -> list[str]:
    stories = {case.number: _story(town, case) for case in town.cases}
    found = [
        f"lead {case.number}: {wrong}"
        for case in town.cases
        for wrong in _of_case(town, case, stories[case.number])
    ]
    return [*found, *_of_messages(town, [x for x in stories.values() if x])]


def _story(town: Town, case: Case) -> Story | None:
    found = town.store.look_up(case.hs)
    return town.store.story(LeadId(found[0])) if found else None


def _of_case(town: Town, case: Case, story: Story | None) -> Iterator[str]:
    expired = _closed(story, HandoffState.EXPIRED)
    rejected = _closed(story, HandoffState.REJECTED)
    ends = [x for x in story.audit if x.kind is AuditKind.RECYCLED] if story else []
    if sorted(x.facts["handoff"] for x in ends) != sorted(x.id for x in (*expired, *rejected)):
        yield f"{len(ends)} ends told of {len(expired)} expired and {len(rejected)} rejected"
    if len(ends) > 1:
        yield f"sent back {len(ends)} times"
    moved = _moves(town, case)
    if any(len(x) > 1 for x in moved):
        yield f"moved to nurture more than once: {moved}"
    if any(moved) and not ends:
        yield "moved to nurture, and nothing on record says why"
    if any(at < x.at for x in ends for side in moved for at in side):
        yield "moved to nurture before that was decided"
    if rejected and not case.is_rejected:
        yield "rejected by nobody"
    recycles = [x.at for x in ends if expired]
    for over, at in zip(expired, recycles, strict=False):
        yield from _of_recycle(town, case, over, at)
    yield from _of_fate(town, case, recycles, [len(x) for x in moved])
    yield from _of_breaches(town, case, story)


def _closed(story: Story | None, state: HandoffState) -> list[Handoff]:
    return [x for x in story.handoffs if x.state is state] if story else []


def _moves(town: Town, case: Case) -> list[list[datetime]]:
    """When syncd moved it to nurture in Salesforce, and in HubSpot."""
    sf, hs = town.house.sf.changes, town.house.hs.changes
    sides = (*sf.get(case.lead, ()), *sf.get(case.contact, ())), hs.get(case.hs, ())
    return [[x.at for x in side if x.by_syncd and x.value == "nurture"] for side in sides]


def _of_recycle(town: Town, case: Case, over: Handoff, at: datetime) -> Iterator[str]:
    (calendar,) = town.in_force(at, at)
    missed = {x for turns in readings(case) for x in _missed(turns, case, calendar)}
    told = [x.step(Rung.RECYCLE) for x in over.clocks if x.stopped_at == over.closed_at]
    if not any(x <= due < at - _OVERLAP for x in missed for due in told if due):
        yield f"recycled at {at}, as due at {told}, before any deadline that {case} missed"
    if case.ended_at and not case.is_deleted:
        saw_end = next(iter(town.looks[case.looks_at_end :]), None)
        if saw_end and (saw_end < at or case.ended_at < saw_end == at):
            yield f"recycled at {at}, after what {case} came to was seen at {saw_end}"


def _of_fate(
    town: Town, case: Case, recycles: Sequence[datetime], moves: Sequence[int]
) -> Iterator[str]:
    match fate(case, town):
        case Fate.RECYCLED if not recycles or moves != [1, 1]:
            yield f"recycled {len(recycles)} times, moved {moves}: {case}"
        case Fate.REJECTED if recycles or moves != [1, 1]:
            yield f"recycled {len(recycles)} times, moved {moves}, though rejected: {case}"
        case Fate.SPARED if recycles:
            yield f"recycled at {recycles[0]}, though {case}"
        case _:
            pass


def _of_breaches(town: Town, case: Case, story: Story | None) -> Iterator[str]:
    """Of each deadline that people missed the manager is told, and of no other one. Not surely
    of one that ended with a change of owner, or began late for syncd; a snooze may come after a
    deadline that was not judged yet. Assigning goes on after a lead that nobody has was
    accepted."""
    if not case.turns or case.snoozed_at or story is None or not story.handoffs:
        return
    (handoff,) = story.handoffs
    clocks = [clock for clock in handoff.clocks if clock.name is not ClockName.DISPOSE]
    told = sum(Rung.BREACH in clock.taken for clock in clocks)
    turns = tuple(x for x in case.turns if handoff.closed_at is None or x.at < handoff.closed_at)
    calendars = town.in_force(case.turns[0].at, (case.ended_at or town.now) + _UNSEEN)
    missed = [list(_missed(turns, case, x, within=ACCEPT_WITHIN)) for x in calendars]
    spare = turns[-1].owner is None and case.ended_at is not None
    if told > max(map(len, missed)) + spare:
        yield f"{told} breaches told, {missed} missed: {case}"
    last = [list(_missed(turns[-1:], case, x, within=ACCEPT_WITHIN)) for x in calendars]
    is_certain = all(x and x[0] < town.now - _AT_REST for x in last)
    if clocks[-1].started_at == turns[-1].at and is_certain and Rung.BREACH not in clocks[-1].taken:
        yield f"{last} missed, and nobody was told: {case}"


def fate(case: Case, town: Town) -> Fate:
    """What its clocks make of what people did, in each reading and under each calendar they
    may have been counted by; EITHER where it depends on these, or on the hour at which syncd
    looked."""
    if not case.turns:
        return Fate.SPARED
    if case.is_rejected:
        return Fate.EITHER if case.is_deleted else Fate.REJECTED
    calendars = town.in_force(case.turns[0].at, (case.ended_at or town.now) + _UNSEEN)
    missed = [list(_missed(turns, case, x)) for turns in readings(case) for x in calendars]
    if not any(missed):
        return Fate.SPARED if case.ended_at else Fate.EITHER
    only_the_last = case.ended_at is None and all(len(x) == 1 for x in missed)
    at_rest = only_the_last and all(x[0] < town.now - _AT_REST for x in missed)
    return Fate.RECYCLED if at_rest else Fate.EITHER


def _missed(
    turns: Turns, case: Case, calendar: str, *, within: int = ACCEPT_WITHIN + RECYCLE_AFTER
) -> Iterator[datetime]:
    """The deadlines (to recycle it, unless told otherwise) that passed while the lead was with
    somebody (or waited for somebody) who had not taken it on."""
    for turn, following in pairwise((*turns, None)):
        assert turn is not None
        over = following.at if following else case.ended_at
        at = _deadline(turn, turns, case, calendar, within)
        if over is None or at < over:
            yield at


def _deadline(turn: Turn, turns: Turns, case: Case, calendar: str, within: int) -> datetime:
    """After so many minutes: an hour later if it was put off in time."""
    at = _counted(turn.at, within, calendar)
    asked = case.snoozed_at
    is_its = asked and [t for t in turns if t.at <= asked][-1] is turn and asked <= at
    return _counted(at, SNOOZE, calendar) if is_its else at


def _counted(at: datetime, minutes: int, calendar: str) -> datetime:
    """After so many open minutes."""
    still = _open_minutes(calendar)
    return still[bisect_left(still, at) + minutes - 1] + MINUTE


@cache
def _open_minutes(version: str) -> Sequence[datetime]:
    """Every minute of four weeks in which the calendar is open, by looking at each."""
    (calendar,) = (x for x in CALENDARS if x.version == version)
    return [at for n in range(28 * 24 * 60) if _is_open(at := START + n * MINUTE, calendar)]


def _is_open(at: datetime, calendar: Calendar) -> bool:
    """All shifts are within a day, and the calendar's zone is UTC."""
    minute = at.hour * 60 + at.minute
    shifts = () if at.date() in calendar.closed else calendar.hours.get(at.weekday(), ())
    return any(start <= minute < end for start, end in shifts)


def _of_messages(town: Town, stories: Sequence[Story]) -> Iterator[str]:
    told = town.post.told()
    for key, times in told.items():
        doubts = 0 if town.post.can_be_asked else town.post.doubts[key]
        if times > min(1 + doubts, _TWICE + town.post.kills[key]):
            yield f"{key} was told {times} times, in doubt {doubts} times"
    for story in stories:
        clocks = [clock for x in story.handoffs for clock in x.clocks]
        missed = sum(Rung.BREACH in clock.taken for clock in clocks)
        for clock in clocks:
            was_due = clock.due_at < town.now - _AT_REST and (clock.is_running or clock.is_missed)
            if was_due and Rung.BREACH not in clock.taken:
                yield f"{story.lead.id}: {clock} was due, and never judged"
        alerts = {
            x.key
            for x in town.post.alerts()
            if x.lead_id == story.lead.id and x.alert.kind is AlertKind.SLA_BREACH
        }
        if missed != len(alerts):
            yield f"{story.lead.id}: {missed} breaches, {len(alerts)} told"
        ends = [x for x in story.handoffs if x.state is HandoffState.EXPIRED]
        if any(not any(Rung.BREACH in c.taken for c in x.clocks) for x in ends):
            yield f"{story.lead.id}: recycled, and nobody was told of a breach"
