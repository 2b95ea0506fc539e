"""What must hold of every handoff in the town, told from what people did and from what the
outside saw; deadlines are counted minute by minute, by code that shares nothing with syncd."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import Enum

from handoff_town import ACCEPT_WITHIN, HOUR, MINUTE, RECYCLE_AFTER, SNOOZE, Case, Town, Turn

from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.calendar import Calendar
from syncd.domain.handoff import HandoffState, Rung
from syncd.domain.names import LeadId
from syncd.store_ports import Story

_AT_REST = 30 * HOUR
"""So long before the end a deadline must lie to have been judged in the calm."""


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
    for at in [x.at for x in recycles] + done:
        earliest = min((_span(t, case, town)[0] for t in case.turns if t.at < at), default=None)
        if earliest is None or at < earliest:
            yield f"recycled at {at}, which is before {earliest}"
    expected = fate(case, town)
    if expected is Fate.RECYCLED and not recycles:
        yield f"never recycled, though its turns are {case.turns}"
    if expected is Fate.RECYCLED and len(done) != 2:
        yield f"recycled in {len(done)} of two CRMs"
    if expected is Fate.SPARED and recycles:
        yield f"recycled at {recycles[0].at}, though {case}"


def fate(case: Case, town: Town) -> Fate:
    """What its clocks make of what people did, under every calendar that was in force; EITHER
    where people and the deadline crossed."""
    for number, turn in enumerate(case.turns):
        first, last = _span(turn, case, town)
        following = case.turns[number + 1].at if number + 1 < len(case.turns) else None
        over = following or case.ended_at
        if over is None:
            return Fate.RECYCLED if last < town.now - _AT_REST else Fate.EITHER
        if over > first:
            return Fate.EITHER
    return Fate.SPARED


def _span(turn: Turn, case: Case, town: Town) -> tuple[datetime, datetime]:
    """Its earliest and latest deadline."""
    found = [deadline(turn, case, calendar) for calendar in town.calendars]
    return min(found), max(found)


def deadline(turn: Turn, case: Case, calendar: Calendar) -> datetime:
    """When the lead is recycled: minute by minute."""
    at = _counted(turn.at, ACCEPT_WITHIN + RECYCLE_AFTER, calendar)
    following = [x.at for x in case.turns if x.at > turn.at]
    asked = case.snoozed_at
    is_its = asked and turn.at <= asked <= at and not (following and following[0] <= asked)
    return _counted(at, SNOOZE, calendar) if is_its else at


def _counted(at: datetime, minutes: int, calendar: Calendar) -> datetime:
    while minutes:
        minutes -= _is_open(at, calendar)
        at += MINUTE
    return at


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
