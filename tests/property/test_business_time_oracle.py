"""Business time is exactly what a clock on the wall would count, minute by minute, in 20 zones
(P4: never early)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from calendar_cases import drawn_calendar
from naive_clock import DAY, ZONES, Naive, Window, clock_changes

from syncd.core.business_time import add, business_between
from syncd.domain.calendar import BusinessDays, BusinessHours, Span

THREE_DAYS = 3 * 86_400
ONCE = (
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),  # a day that never was
    ("Asia/Kathmandu", datetime(1985, 12, 31, 18, 30, tzinfo=UTC)),  # a quarter of an hour
    ("Asia/Tehran", datetime(2022, 9, 21, 19, 30, tzinfo=UTC)),
)


def moments(zone: str, random: Random) -> list[datetime]:
    """The clock changes of a year, or any moment where there are none."""
    year = random.randint(2025, 2030)
    anywhere = datetime(year, 1, 8, tzinfo=UTC) + timedelta(minutes=random.randrange(350 * DAY))
    return [*clock_changes(zone, range(year, year + 1))[:2], anywhere]


def drawn(random: Random, cases: int) -> Iterator[Naive]:
    """Calendars in windows around clock changes, each zone as often as any other."""
    windows = [
        Window.around(zone, moment, before=4, after=8)
        for zone, moment in (*((z, m) for z in ZONES for m in moments(z, random)), *ONCE)
    ]
    for n in range(cases):
        window = windows[n % len(windows)]
        near = window.instant(4 * 86_400).date()
        yield Naive(window, drawn_calendar(random, window.zone, near))


def check(naive: Naive, random: Random) -> None:
    """One interval of up to three days, the deadline of as long a promise, and one in days."""
    window, calendar = naive.window, naive.calendar
    grain = random.choice((1, 60, 900))
    start = random.randrange(86_400, 5 * 86_400, grain)
    length = random.randrange(0, THREE_DAYS, grain)
    begin, end = window.instant(start), window.instant(start + length)
    worked = naive.count(start + length) - naive.count(start)
    case = f"{begin} + {length} s on {calendar}"

    assert business_between(begin, end, calendar) == timedelta(seconds=worked), case

    part = random.randint(0, worked)
    middle = add(hours(part), begin, calendar)
    deadline = add(hours(worked), begin, calendar)
    assert window.seconds(deadline) == naive.deadline(start, worked), case
    assert begin <= middle <= deadline <= end, case
    assert add(hours(worked - part), middle, calendar) == deadline, case

    promised: list[tuple[Span, int | None]] = [(hours(length), naive.deadline(start, length))]
    promised += [(BusinessDays(n), naive.days_later(start, n)) for n in (1, 2)]
    for span, expected in promised:
        if expected is not None:
            assert window.seconds(add(span, begin, calendar)) == expected, f"{span}: {case}"


def hours(seconds: int) -> BusinessHours:
    return BusinessHours(timedelta(seconds=seconds))


def check_many(seed: int, calendars: int, each: int) -> None:
    random = Random(seed)
    for naive in drawn(random, calendars):
        for _ in range(each):
            check(naive, random)


def test_ten_thousand_intervals_and_deadlines_equal_the_minutes_on_the_wall() -> None:
    check_many(seed=1, calendars=250, each=40)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 22))
def test_two_hundred_thousand_intervals_and_deadlines_equal_the_minutes_on_the_wall(
    seed: int,
) -> None:
    check_many(seed=seed, calendars=250, each=40)


@pytest.mark.slow
@pytest.mark.parametrize("zone", ZONES)
def test_around_every_clock_change_each_minute_counts_as_on_the_wall(zone: str) -> None:
    random, three_hours = Random(zone), 3 * 3600

    for change in clock_changes(zone, range(2025, 2031)):
        window = Window.around(zone, change, before=2, after=6)
        for _ in range(3):
            naive = Naive(window, drawn_calendar(random, zone, change.date()))
            middle = window.seconds(change)
            first, last = middle - three_hours, middle + three_hours
            for minute in range(first, last + 1, 60):
                check_minute(naive, minute, between=(first, last))


def check_minute(naive: Naive, minute: int, *, between: tuple[int, int]) -> None:
    """To this minute and from it, and promises given at it."""
    window, calendar = naive.window, naive.calendar
    first, last = between
    for start, end in ((first, minute), (minute, minute + 60), (minute, last)):
        worked = timedelta(seconds=naive.count(end) - naive.count(start))
        begin, until = window.instant(start), window.instant(end)
        assert business_between(begin, until, calendar) == worked, f"{begin} {until} {calendar}"
    for length in (60, 1800, 3600, 5400, 7200, 3 * 3600):
        expected = naive.deadline(minute, length)
        if expected is not None:
            deadline = add(hours(length), window.instant(minute), calendar)
            assert window.seconds(deadline) == expected, f"{length} {deadline} {calendar}"


def test_no_zone_changes_its_clocks_twice_within_five_days() -> None:
    """What `local_time.stretches` relies on, which looks no closer."""
    days = [datetime(2020, 1, 1, tzinfo=UTC) + timedelta(n) for n in range(31 * 365)]
    for name in ZONES:
        offsets = [day.astimezone(ZoneInfo(name)).utcoffset() for day in days]
        changed = [n for n, (one, later) in enumerate(pairwise(offsets)) if one != later]
        assert all(later - one > 5 for one, later in pairwise(changed)), name
