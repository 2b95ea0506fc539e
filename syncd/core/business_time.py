"""Business time: deadlines and spans on a team's calendar, in its own zone.

Minutes of the day are read off the wall: a repeated hour counts twice, a skipped one
not at all. Nothing here knows what a deadline is for.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from syncd.core.local_time import instant_of, stretches, wall_clock
from syncd.domain.calendar import (
    BusinessDays,
    BusinessHours,
    Calendar,
    Elapsed,
    ElapsedMonths,
    Segment,
    Span,
)
from syncd.errors import ConfigError

_DAY = timedelta(days=1)


def opens(calendar: Calendar) -> bool:
    """Whether there is any business time at all on this calendar."""
    return any(start < end for hours in calendar.hours.values() for start, end in hours)


def add(span: Span, start: datetime, calendar: Calendar) -> datetime:
    """The UTC instant at which the span has passed, never before.

    A stretch of business hours that ends with the day's work ends at closing time.
    ConfigError when the calendar never opens and business time is asked for.
    """
    start = start.astimezone(UTC)
    match span:
        case Elapsed(span=length):
            return start + length
        case ElapsedMonths(months=months):
            return _add_months(months, start, ZoneInfo(calendar.time_zone))
        case BusinessHours(span=length):
            return _add_hours(length, start, calendar)
        case BusinessDays(days=days):
            return _add_days(days, start, calendar)
        case _:
            assert_never(span)


def business_between(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """How much business time lies between two instants; nothing when end is not later."""
    counted = segments(start, end, calendar)
    return sum((x.end - x.start for x in counted), timedelta())


def segments(start: datetime, end: datetime, calendar: Calendar) -> tuple[Segment, ...]:
    """The stretches of business time between two instants, in UTC, as `explain` shows them."""
    end = end.astimezone(UTC)
    found: list[Segment] = []
    if not opens(calendar):
        return ()
    for opening in _openings(start.astimezone(UTC), calendar):
        if opening.start >= end:
            break
        kept = Segment(start=opening.start, end=min(opening.end, end))
        if found and found[-1].end == kept.start:  # midnight, or a clock change, divides nothing
            kept = Segment(start=found.pop().start, end=kept.end)
        found.append(kept)
    return tuple(found)


def _openings(start: datetime, calendar: Calendar) -> Iterator[Segment]:
    """Open stretches from `start` on, in order and apart; endless when the calendar opens."""
    for begin, end, offset in stretches(start, ZoneInfo(calendar.time_zone)):
        first, last = (begin + offset).replace(tzinfo=None), (end + offset).replace(tzinfo=None)
        day = first.date()
        while day <= last.date():
            for opening, closing in _hours(day, calendar):
                opened = max(_at_minute(day, opening), first)
                closed = min(_at_minute(day, closing), last)
                if opened < closed:
                    yield Segment(
                        start=(opened - offset).replace(tzinfo=UTC),
                        end=(closed - offset).replace(tzinfo=UTC),
                    )
            day += _DAY


def _hours(day: date, calendar: Calendar) -> tuple[tuple[int, int], ...]:
    return () if day in calendar.closed else calendar.hours.get(day.weekday(), ())


def _at_minute(day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001  # wall clock


def _add_hours(length: timedelta, start: datetime, calendar: Calendar) -> datetime:
    if length <= timedelta():
        return start
    _insist_it_opens(calendar)
    for opening in _openings(start, calendar):
        if opening.start + length <= opening.end:
            return opening.start + length
        length -= opening.end - opening.start
    raise AssertionError("openings never end")


def _add_days(days: int, start: datetime, calendar: Calendar) -> datetime:
    """On a closed day the work of the last open one is over: its evening counts."""
    if days <= 0:
        return start
    _insist_it_opens(calendar)
    zone = ZoneInfo(calendar.time_zone)
    wall = wall_clock(start, zone)
    day = wall.date()
    into_day = wall - _at_minute(day, 0) if _hours(day, calendar) else _DAY
    while days:
        day += _DAY
        days -= bool(_hours(day, calendar))
    hours = _hours(day, calendar)
    opening, closing = min(h[0] for h in hours), max(h[1] for h in hours)
    into_day = max(into_day, timedelta(minutes=opening))
    return instant_of(_at_minute(day, 0) + min(into_day, timedelta(minutes=closing)), zone)


def _add_months(months: int, start: datetime, zone: ZoneInfo) -> datetime:
    wall = wall_clock(start, zone)
    years, month = divmod(wall.month - 1 + months, 12)
    year, month = wall.year + years, month + 1
    day = min(wall.day, monthrange(year, month)[1])
    return instant_of(wall.replace(year=year, month=month, day=day), zone)


def _insist_it_opens(calendar: Calendar) -> None:
    if not opens(calendar):
        problem = f'calendar "{calendar.name}" never opens: give it hours on at least one weekday'
        raise ConfigError((problem,))
