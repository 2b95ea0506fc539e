"""Laws of business time beside the oracle's: order, months, and stretches apart."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

from calendar_cases import drawn_calendar
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.core.business_time import add, counted
from syncd.core.reckoning import reckon
from syncd.domain.calendar import (
    BusinessDays,
    BusinessHours,
    Calendar,
    ElapsedMonths,
    Stretch,
)

MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


CHANGES = {
    "Europe/Berlin": (at("2026-03-29 01:00"), at("2026-10-25 01:00")),
    "America/New_York": (at("2026-03-08 07:00"), at("2026-11-01 06:00")),
    "Australia/Lord_Howe": (at("2026-04-04 15:00"), at("2026-10-03 15:30")),
    "Asia/Kathmandu": (at("1985-12-31 18:30"),),
    "Pacific/Chatham": (at("2026-04-04 14:00"), at("2026-09-26 14:00")),
    "Africa/Casablanca": (at("2026-02-15 02:00"), at("2026-03-22 02:00")),
    "Africa/Cairo": (at("2026-04-23 22:00"), at("2026-10-29 21:00")),
    "Pacific/Apia": (at("2011-12-30 10:00"),),
}


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    """A calendar that opens, and an instant within two days of a clock change of its zone."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    change = draw(st.sampled_from(CHANGES[zone]))
    calendar = drawn_calendar(Random(draw(st.integers(0, 10**6))), zone, change.date())
    return calendar, change + draw(st.integers(-2 * 1440, 2 * 1440)) * MINUTE


@settings(max_examples=200, deadline=None)
@given(
    calendars(),
    st.integers(0, 1440),
    st.one_of(
        st.integers(0, 3000).map(lambda n: BusinessHours(n * MINUTE)),
        st.integers(0, 5).map(BusinessDays),
    ),
)
def test_a_later_start_never_gives_an_earlier_deadline(
    place: tuple[Calendar, datetime],
    later: int,
    span: BusinessHours | BusinessDays,
) -> None:
    calendar, start = place

    first = add(span, start, calendar)

    assert start <= first <= add(span, start + later * MINUTE, calendar)


@settings(max_examples=100, deadline=None)
@given(calendars(), st.integers(0, 3000), st.integers(1, 14))
def test_a_later_start_never_gives_a_month_that_ends_on_an_earlier_day(
    place: tuple[Calendar, datetime], later: int, months: int
) -> None:
    calendar, start = place
    zone, span = ZoneInfo(calendar.time_zone), ElapsedMonths(months)

    first = add(span, start, calendar)
    second = add(span, start + later * MINUTE, calendar)

    assert start < first
    assert first.astimezone(zone).date() <= second.astimezone(zone).date()


@settings(max_examples=100, deadline=None)
@given(calendars(), st.integers(0, 5000))
def test_counted_stretches_are_in_order_apart_and_within_bounds(
    place: tuple[Calendar, datetime], minutes: int
) -> None:
    calendar, start = place
    end = start + minutes * MINUTE

    found = counted(start, end, calendar)

    edges = [edge for stretch in found for edge in (stretch.start, stretch.end)]
    assert edges == sorted(set(edges))
    assert all(start <= edge <= end for edge in edges)


@settings(max_examples=100, deadline=None)
@given(calendars(), st.integers(1, 5000))
def test_the_account_is_without_gaps_and_counts_what_business_time_counts(
    place: tuple[Calendar, datetime], minutes: int
) -> None:
    calendar, start = place
    end = start + minutes * MINUTE

    found = reckon(start, end, span=BusinessHours(MINUTE), calendar=calendar)

    assert (found[0].start, found[-1].end) == (start, end)
    assert all(one.end == then.start for one, then in pairwise(found))
    assert counted(start, end, calendar) == tuple(
        Stretch(start=x.start, end=x.end) for x in found if x.why_not is None
    )


def test_the_clock_changes_listed_here_are_real() -> None:
    for zone, changes in CHANGES.items():
        for change in changes:
            around = [change + x * timedelta(hours=1) for x in (-1, 1)]
            offsets = {x.astimezone(ZoneInfo(zone)).utcoffset() for x in around}
            assert len(offsets) == 2, (zone, change)
    assert date(2011, 12, 30) not in {
        (datetime(2011, 12, 29, tzinfo=UTC) + x * timedelta(hours=1))
        .astimezone(ZoneInfo("Pacific/Apia"))
        .date()
        for x in range(72)
    }
