"""Business time: deadlines and spans on a team's calendar, in its own zone.

Minutes of the day are read off the wall: a repeated hour counts twice, a skipped one
not at all. Nothing here knows what a deadline is for.
"""

import hashlib
from calendar import monthrange
from collections.abc import Collection, Iterator
from dataclasses import replace
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
    Span,
    Stretch,
)
from syncd.errors import ConfigError

_DAY = timedelta(days=1)
_OVER = 2 * _DAY
"""Further into a day than any of its work."""


def opens(calendar: Calendar) -> bool:
    """Whether there is any business time at all on this calendar."""
    return any(start < end for hours in calendar.hours.values() for start, end in hours)


def without(calendar: Calendar, days: Collection[date], *, why: str) -> Calendar:
    """The calendar with these days off as well; itself where nobody works on them anyway."""
    off = sorted(day for day in days if _shifts(day, calendar))
    if not off:
        return calendar
    digest = hashlib.sha256(" ".join(day.isoformat() for day in off).encode()).hexdigest()[:8]
    return replace(
        calendar,
        closed={**calendar.closed, **dict.fromkeys(off, why)},
        version=f"{calendar.version}-{digest}",
    )


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
    return sum((x.end - x.start for x in counted(start, end, calendar)), timedelta())


def counted(start: datetime, end: datetime, calendar: Calendar) -> tuple[Stretch, ...]:
    """The stretches of business time between two instants."""
    end = end.astimezone(UTC)
    found: list[Stretch] = []
    if not opens(calendar):
        return ()
    for opened, closed, _ in openings(start.astimezone(UTC), calendar):
        if opened >= end:
            break
        kept = Stretch(start=opened, end=min(closed, end))
        if found and found[-1].end == kept.start:  # midnight, or a clock change, divides nothing
            kept = Stretch(start=found.pop().start, end=kept.end)
        found.append(kept)
    return tuple(found)


def openings(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime, date]]:
    """Open stretches (from, to, the day whose shift it is) from `start` on, in UTC, in order
    and apart; endless, so the calendar must open."""
    for begin, end, offset in stretches(start, ZoneInfo(calendar.time_zone)):
        first, last = (begin + offset).replace(tzinfo=None), (end + offset).replace(tzinfo=None)
        day = first.date() - _DAY  # its shift may run over midnight
        until = last.date()
        while day <= until:
            for opening, closing in _shifts(day, calendar):
                opened = max(_at_minute(day, opening), first)
                closed = min(_at_minute(day, closing), last)
                if opened < closed:
                    yield (
                        (opened - offset).replace(tzinfo=UTC),
                        (closed - offset).replace(tzinfo=UTC),
                        day,
                    )
            day += _DAY


def _shifts(day: date, calendar: Calendar) -> tuple[tuple[int, int], ...]:
    return () if day in calendar.closed else calendar.hours.get(day.weekday(), ())


def _at_minute(day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001  # wall clock


def _add_hours(length: timedelta, start: datetime, calendar: Calendar) -> datetime:
    if length <= timedelta():
        return start
    _insist_it_opens(calendar)
    for opened, closed, _ in openings(start, calendar):
        if length <= closed - opened:
            return opened + length
        length -= closed - opened
    raise AssertionError("openings never end")


def _add_days(days: int, start: datetime, calendar: Calendar) -> datetime:
    if days <= 0:
        return start
    _insist_it_opens(calendar)
    zone = ZoneInfo(calendar.time_zone)
    day, into_day = _business_day(wall_clock(start, zone), calendar)
    while days:
        day += _DAY
        days -= bool(_shifts(day, calendar))
    shifts = _shifts(day, calendar)
    opening, closing = timedelta(minutes=shifts[0][0]), timedelta(minutes=shifts[-1][1])
    return instant_of(_at_minute(day, 0) + min(max(into_day, opening), closing), zone)


def _business_day(wall: datetime, calendar: Calendar) -> tuple[date, timedelta]:
    """The day whose work it is by the wall clock, and how far into it: the night shift's is
    that on which it began. On a closed day the work of the last open one is over."""
    today = wall.date()
    yesterday = today - _DAY
    night = wall - _at_minute(yesterday, 0)
    shifts = _shifts(yesterday, calendar)
    if shifts and night < timedelta(minutes=shifts[-1][1]):
        return yesterday, night
    return today, wall - _at_minute(today, 0) if _shifts(today, calendar) else _OVER


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
