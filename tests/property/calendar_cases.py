"""Calendars of every kind for the laws of business time, drawn by a seed."""

from datetime import date, timedelta
from random import Random

from syncd.core.business_time import without
from syncd.domain.calendar import FULL_DAY, Calendar

WEEK = 7 * 1440
Shifts = dict[int, tuple[tuple[int, int], ...]]


def drawn_calendar(random: Random, zone: str, near: date) -> Calendar:
    """One that opens, with days off and an owner's leave around that day."""
    calendar = Calendar(
        name="drawn",
        time_zone=zone,
        hours=random.choice((_office, _split, _nights, _always, _anything))(random),
        closed=dict.fromkeys(_days(random, near), "closed"),
        version="1",
    )
    return without(calendar, _days(random, near), why="leave")


def _days(random: Random, near: date) -> set[date]:
    return {near + timedelta(random.randint(-4, 5)) for _ in range(random.choice((0, 0, 1, 2)))}


def _office(random: Random) -> Shifts:
    first = random.choice((0, 6))  # weeks begin on Monday or on Sunday
    return {(first + n) % 7: ((540, 1050),) for n in range(5)}


def _split(random: Random) -> Shifts:
    a, b, c, d = sorted(random.sample(range(0, 1441, 15), 4))
    return dict.fromkeys(range(7), ((a, b), (c, d)))


def _nights(random: Random) -> Shifts:
    start = random.randrange(1080, 1440)
    return dict.fromkeys(random.sample(range(7), 4), ((start, start + random.randrange(120, 720)),))


def _always(random: Random) -> Shifts:
    return dict.fromkeys(range(random.randint(1, 7)), (FULL_DAY,))


def _anything(random: Random) -> Shifts:
    """Shifts of any length anywhere in the week, to the minute; one may end it on Monday."""
    marks = sorted(random.sample(range(WEEK), 2 * random.randint(2, 9)))
    if random.random() < 0.5:
        marks = [*marks[1:], marks[0] + WEEK]
    hours: Shifts = dict.fromkeys(range(7), ())
    for start, end in zip(marks[::2], marks[1::2], strict=True):
        day, minute = divmod(start, 1440)
        hours[day] = (*hours[day], (minute, minute + min(end - start, 1440)))
    return hours
