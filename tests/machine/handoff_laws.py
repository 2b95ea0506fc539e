"""What must hold of every handoff in the town, told from what people did and from what the
outside saw; deadlines are counted over open minutes, by code that shares nothing with syncd."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import Enum
from functools import cache
from itertools import pairwise

from handoff_town import (
    ACCEPT_WITHIN,
    CALENDARS,
    HOUR,
    MINUTE,
    RECYCLE_AFTER,
    SNOOZE,
    START,
    Case,
    Town,
    Turn,
)

from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.calendar import Calendar
from syncd.domain.handoff import HandoffState, Rung
from syncd.domain.names import LeadId
from syncd.store_ports import Story

_AT_REST = 30 * HOUR
"""So long before the end a deadline must lie to have been judged in the calm."""
_UNSEEN = 48 * HOUR
"""So long a CRM's news, or a click, may wait for syncd at the most."""


class Fate(Enum):
    RECYCLED = "recycled"
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
    found = town.store.look_up(case.sf)
    return town.store.story(LeadId(found[0])) if found else None


def _of_case(town: Town, case: Case, story: Story | None) -> Iterator[str]:
    done = [
        change.at
        for crm, record in ((town.house.sf, case.sf), (town.house.hs, case.hs))
        for change in crm.changes.get(record, ())
        if change.by_syncd and change.value == "nurture"
    ]
    recycles = [x for x in story.audit if x.kind is AuditKind.RECYCLED] if story else []
    expired = [x for x in story.handoffs if x.state is HandoffState.EXPIRED] if story else []
    if len(recycles) != len(expired) or len(expired) > 1:
        yield f"{len(recycles)} recycles recorded, {len(expired)} handoffs expired"
    if len(done) > 2:
        yield f"recycled {len(done)} times in two CRMs"
    if done and not recycles:
        yield "moved to nurture without a recycle on record"
    for x in recycles:
        (calendar,) = town.in_force(x.at, x.at)
        if not any(deadline < x.at for deadline in _missed(case, calendar)):
            yield f"recycled at {x.at}, before any deadline that {case} missed"
        if any(at < x.at for at in done):
            yield "moved to nurture before that was decided"
    expected = fate(case, town)
    if expected is Fate.RECYCLED and not recycles:
        yield f"never recycled, though its turns are {case.turns}"
    if expected is Fate.RECYCLED and len(done) != 2:
        yield f"recycled in {len(done)} of two CRMs"
    if expected is Fate.SPARED and recycles:
        yield f"recycled at {recycles[0].at}, though {case}"


def fate(case: Case, town: Town) -> Fate:
    """What its clocks make of what people did, under each calendar they may have been counted
    by; EITHER where it depends on that, or on the hour at which syncd looked."""
    if not case.turns:
        return Fate.SPARED
    over = case.ended_at or town.now
    missed = [list(_missed(case, x)) for x in town.in_force(case.turns[0].at, over + _UNSEEN)]
    if not any(missed):
        return Fate.SPARED if case.ended_at else Fate.EITHER
    only_the_last = case.ended_at is None and all(len(x) == 1 for x in missed)
    at_rest = only_the_last and all(x[0] < town.now - _AT_REST for x in missed)
    return Fate.RECYCLED if at_rest else Fate.EITHER


def _missed(case: Case, calendar: str) -> Iterator[datetime]:
    """The deadlines that passed while the lead was with somebody (or waited for somebody) who
    had not taken it on."""
    for turn, following in pairwise((*case.turns, None)):
        assert turn is not None
        over = following.at if following else case.ended_at
        at = deadline(turn, case, calendar)
        if over is None or at < over:
            yield at


def deadline(turn: Turn, case: Case, calendar: str) -> datetime:
    """When the lead is recycled: an hour later if it was put off in time."""
    at = _counted(turn.at, ACCEPT_WITHIN + RECYCLE_AFTER, calendar)
    asked = case.snoozed_at
    is_its = asked and [t for t in case.turns if t.at <= asked][-1] is turn and asked <= at
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
        if times > 1 + doubts:
            yield f"{key} was told {times} times, in doubt {doubts} times"
    for story in stories:
        missed = sum(Rung.BREACH in clock.taken for x in story.handoffs for clock in x.clocks)
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
