from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from syncd.core.business_time import add, business_between, counted, opens, without
from syncd.domain.calendar import (
    FULL_DAY,
    BusinessDays,
    BusinessHours,
    Calendar,
    Elapsed,
    ElapsedMonths,
    Stretch,
)
from syncd.errors import ConfigError

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = range(5)


def calendar(
    hours: Mapping[int, tuple[tuple[int, int], ...]] | None = None,
    *,
    zone: str = "Europe/Berlin",
    closed: tuple[date, ...] = (),
) -> Calendar:
    office = dict.fromkeys(WEEK, ((9 * 60, 17 * 60),))
    return Calendar(
        name="sales",
        time_zone=zone,
        hours=office if hours is None else hours,
        closed=dict.fromkeys(closed, "closed"),
        version="1",
    )


OFFICE = calendar()
ROUND_THE_CLOCK = calendar(dict.fromkeys(range(7), (FULL_DAY,)))
NIGHTS = calendar(dict.fromkeys((0, 1, 4), ((22 * 60, 30 * 60),)))  # Mon, Tue, Fri until 6:00
SPLIT = calendar(dict.fromkeys(WEEK, ((9 * 60, 12 * 60), (14 * 60, 18 * 60))))


def berlin(day: int, hour: int, minute: int = 0, *, month: int = 3, fold: int = 0) -> datetime:
    local = datetime(2026, month, day, hour, minute, tzinfo=BERLIN, fold=fold)
    return local.astimezone(UTC)


def hours(count: float) -> BusinessHours:
    return BusinessHours(timedelta(hours=count))


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        (berlin(3, 10), hours(4), berlin(3, 14)),
        (berlin(3, 13), hours(4), berlin(3, 17)),
        (berlin(3, 15), hours(4), berlin(4, 11)),
        (berlin(3, 17), hours(1), berlin(4, 10)),
        (berlin(3, 6), hours(1), berlin(3, 10)),
        (berlin(6, 16), hours(2), berlin(9, 10)),
        (berlin(7, 12), hours(2), berlin(9, 11)),
        (berlin(3, 10), hours(40), berlin(10, 10)),
        (berlin(7, 12), hours(0), berlin(7, 12)),
    ],
)
def test_business_hours_pass_only_while_the_team_works(
    start: datetime, span: BusinessHours, end: datetime
) -> None:
    assert add(span, start, OFFICE) == end


def test_a_lunch_break_does_not_count() -> None:
    assert add(hours(2), berlin(3, 11), SPLIT) == berlin(3, 15)


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        (berlin(6, 23), hours(4), berlin(7, 3)),
        (berlin(7, 5), hours(2), berlin(9, 23)),
        (berlin(7, 12), hours(1), berlin(9, 23)),
    ],
)
def test_a_night_shift_counts_into_the_next_morning(
    start: datetime, span: BusinessHours, end: datetime
) -> None:
    assert add(span, start, NIGHTS) == end


def test_a_night_is_off_when_the_day_it_begins_on_is_and_no_other() -> None:
    tuesday_off = calendar(NIGHTS.hours, closed=(date(2026, 3, 3),))

    found = counted(berlin(2, 12), berlin(5, 12), tuesday_off)

    assert found == (Stretch(start=berlin(2, 22), end=berlin(3, 6)),)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (berlin(3, 2), berlin(4, 2)),  # Monday's night, so the same hour of Tuesday's
        (berlin(2, 21), berlin(3, 22)),
        (berlin(7, 2), berlin(10, 2)),
        (berlin(7, 12), berlin(10, 6)),
    ],
)
def test_a_business_day_after_a_night_shift_is_the_next_nights(
    start: datetime, end: datetime
) -> None:
    assert add(BusinessDays(1), start, NIGHTS) == end


def test_days_off_are_closed_and_make_another_version() -> None:
    leave = without(OFFICE, (date(2026, 3, 3), date(2026, 3, 4)), why="leave")

    assert add(hours(1), berlin(2, 16, 30), leave) == berlin(5, 9, 30)
    assert leave.closed[date(2026, 3, 3)] == "leave"
    assert leave.version != OFFICE.version
    assert leave.version == without(OFFICE, [*sorted(leave.closed)[::-1]], why="away").version


def test_days_off_on_which_nobody_works_change_nothing() -> None:
    assert without(OFFICE, (date(2026, 3, 7),), why="leave") is OFFICE


def test_a_public_holiday_does_not_count() -> None:
    easter = calendar(closed=(date(2026, 4, 3), date(2026, 4, 6)))

    assert add(hours(2), berlin(2, 16, month=4), easter) == berlin(7, 10, month=4)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (berlin(3, 10, 30), 1, berlin(4, 10, 30)),
        (berlin(3, 20), 1, berlin(4, 17)),
        (berlin(3, 6), 1, berlin(4, 9)),
        (berlin(6, 10), 1, berlin(9, 10)),
        (berlin(7, 6), 1, berlin(9, 17)),
        (berlin(8, 23), 2, berlin(10, 17)),
        (berlin(3, 10), 0, berlin(3, 10)),
    ],
)
def test_business_days_end_at_the_same_local_time_within_working_hours(
    start: datetime, days: int, end: datetime
) -> None:
    assert add(BusinessDays(days), start, OFFICE) == end


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (berlin(31, 12, month=1), 1, berlin(28, 12, month=2)),
        (berlin(15, 12, month=3), 1, berlin(15, 12, month=4)),
        (berlin(28, 2, 30, month=2), 1, berlin(28, 2, 30)),
    ],
)
def test_a_month_later_is_the_same_local_time_held_to_the_months_last_day(
    start: datetime, months: int, end: datetime
) -> None:
    assert add(ElapsedMonths(months), start, OFFICE) == end


def test_months_run_over_the_years_end() -> None:
    start = datetime(2025, 11, 30, 12, tzinfo=UTC)

    assert add(ElapsedMonths(15), start, calendar(zone="UTC")) == datetime(
        2027, 2, 28, 12, tzinfo=UTC
    )


def test_a_deadline_in_a_skipped_hour_falls_to_its_end() -> None:
    assert add(ElapsedMonths(1), berlin(28, 2, 30, month=2), OFFICE) < berlin(29, 2, 30)
    assert add(ElapsedMonths(1), datetime(2026, 2, 28, 1, 30, tzinfo=UTC), OFFICE) == datetime(
        2026, 3, 28, 1, 30, tzinfo=UTC
    )
    january = berlin(29, 2, 30, month=1)
    assert add(ElapsedMonths(2), january, OFFICE) == berlin(29, 3)


def test_a_deadline_in_a_repeated_hour_falls_in_its_second_pass() -> None:
    start = berlin(25, 2, 30, month=9)

    assert add(ElapsedMonths(1), start, OFFICE) == berlin(25, 2, 30, month=10, fold=1)


def test_a_start_in_the_second_pass_of_a_repeated_hour_is_not_earlier_than_one_in_the_first() -> (
    None
):
    first = add(ElapsedMonths(1), berlin(25, 2, 50, month=10), OFFICE)

    second = add(ElapsedMonths(1), berlin(25, 2, 10, month=10, fold=1), OFFICE)

    assert (first, second) == (berlin(25, 2, 50, month=11), berlin(25, 3, 0, month=11))


def test_elapsed_time_knows_no_calendar() -> None:
    assert add(Elapsed(timedelta(hours=30)), berlin(7, 12), OFFICE) == berlin(8, 18)


def test_a_deadline_is_in_utc_wherever_the_start_came_from() -> None:
    local = datetime(2026, 3, 3, 10, tzinfo=BERLIN)

    assert add(hours(1), local, OFFICE).tzinfo is UTC


def test_round_the_clock_a_day_is_as_long_as_the_clock_change_makes_it() -> None:
    spring, autumn = datetime(2026, 3, 29, tzinfo=BERLIN), datetime(2026, 10, 25, tzinfo=BERLIN)

    lengths = [
        business_between(
            day, datetime(2026, day.month, day.day + 1, tzinfo=BERLIN), ROUND_THE_CLOCK
        )
        for day in (spring, autumn)
    ]

    assert lengths == [timedelta(hours=23), timedelta(hours=25)]


def test_hours_that_begin_inside_a_repeated_hour_open_twice() -> None:
    night = calendar({6: ((150, 300),)})  # Sunday, 2:30 to 5:00

    found = counted(berlin(25, 0, month=10), berlin(25, 12, month=10), night)

    assert found == (
        Stretch(start=berlin(25, 2, 30, month=10), end=berlin(25, 2, 0, month=10, fold=1)),
        Stretch(start=berlin(25, 2, 30, month=10, fold=1), end=berlin(25, 5, month=10)),
    )


def test_a_day_the_zone_skipped_has_no_business_time() -> None:
    samoa = calendar({4: (FULL_DAY,)}, zone="Pacific/Apia")  # Fridays; 30 Dec 2011 never was
    start = datetime(2011, 12, 29, tzinfo=ZoneInfo("Pacific/Apia"))

    assert business_between(start, start + timedelta(days=2), samoa) == timedelta()


def test_stretches_are_cut_at_both_ends_and_run_over_midnight() -> None:
    found = counted(berlin(3, 22), berlin(5, 2), ROUND_THE_CLOCK)

    assert found == (Stretch(start=berlin(3, 22), end=berlin(5, 2)),)


def test_stretches_show_each_stretch_that_counted() -> None:
    found = counted(berlin(3, 11), berlin(4, 9, 30), SPLIT)

    assert found == (
        Stretch(start=berlin(3, 11), end=berlin(3, 12)),
        Stretch(start=berlin(3, 14), end=berlin(3, 18)),
        Stretch(start=berlin(4, 9), end=berlin(4, 9, 30)),
    )


def test_closing_time_begins_no_stretch() -> None:
    assert counted(berlin(3, 17), berlin(3, 20), OFFICE) == ()


def test_between_an_instant_and_an_earlier_one_nothing_passes() -> None:
    assert business_between(berlin(4, 12), berlin(3, 12), OFFICE) == timedelta()


@pytest.mark.parametrize("hours_of", [{}, {0: ()}, {0: ((540, 540),)}])
def test_a_calendar_without_hours_never_opens(
    hours_of: dict[int, tuple[tuple[int, int], ...]],
) -> None:
    never = calendar(hours_of)

    assert not opens(never)
    assert counted(berlin(3, 0), berlin(9, 0), never) == ()


@pytest.mark.parametrize("span", [hours(1), BusinessDays(1)])
def test_a_deadline_on_a_calendar_that_never_opens_is_refused(
    span: BusinessHours | BusinessDays,
) -> None:
    with pytest.raises(ConfigError, match='calendar "sales" never opens: give it hours'):
        add(span, berlin(3, 12), calendar({}))


def test_a_calendar_with_any_hours_opens() -> None:
    assert opens(OFFICE)
