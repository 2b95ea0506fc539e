"""Business time against a naive oracle that looks at the wall clock every minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.core.business_time import add, business_between, segments
from syncd.domain.calendar import BusinessDays, BusinessHours, Calendar, ElapsedMonths

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
def shifts(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    """No, one or two shifts of a day, apart from one another."""
    marks = sorted(
        draw(
            st.lists(st.integers(0, 96), unique=True, max_size=4).filter(lambda x: len(x) % 2 == 0)
        )
    )
    return tuple((a * 15, b * 15) for a, b in zip(marks[::2], marks[1::2], strict=True))


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    """A calendar that opens, and an instant within two days of a clock change of its zone."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    change = draw(st.sampled_from(CHANGES[zone]))
    hours = {day: draw(shifts()) for day in range(7)}
    hours[draw(st.integers(0, 6))] = draw(st.sampled_from([((0, 1440),), ((120, 180),)]))
    closed = draw(st.frozensets(st.integers(-1, 1).map(lambda n: change.date() + timedelta(n))))
    calendar = Calendar(name="x", time_zone=zone, hours=hours, closed=closed, version="1")
    return calendar, change + draw(st.integers(-2 * 1440, 2 * 1440)) * MINUTE


def is_open(instant: datetime, calendar: Calendar) -> bool:
    local = instant.astimezone(ZoneInfo(calendar.time_zone))
    minute = local.hour * 60 + local.minute
    shifts_today = calendar.hours.get(local.weekday(), ())
    return local.date() not in calendar.closed and any(a <= minute < b for a, b in shifts_today)


def naive_between(start: datetime, minutes: int, calendar: Calendar) -> timedelta:
    return sum(
        (MINUTE for n in range(minutes) if is_open(start + n * MINUTE, calendar)), timedelta()
    )


@settings(max_examples=60, deadline=None)
@given(calendars(), st.integers(0, 2000))
def test_business_time_equals_the_minutes_a_clock_on_the_wall_would_count(
    place: tuple[Calendar, datetime], minutes: int
) -> None:
    calendar, start = place

    assert business_between(start, start + minutes * MINUTE, calendar) == naive_between(
        start, minutes, calendar
    )


@settings(max_examples=150, deadline=None)
@given(calendars(), st.integers(1, 3000))
def test_a_deadline_leaves_exactly_the_promised_time_and_no_shorter_one_does(
    place: tuple[Calendar, datetime], minutes: int
) -> None:
    calendar, start = place
    promised = minutes * MINUTE

    end = add(BusinessHours(promised), start, calendar)

    assert business_between(start, end, calendar) == promised
    assert business_between(start, end - MINUTE, calendar) == promised - MINUTE


@settings(max_examples=100, deadline=None)
@given(calendars(), st.integers(0, 1500), st.integers(0, 1500))
def test_two_spans_one_after_the_other_are_their_sum(
    place: tuple[Calendar, datetime], one: int, two: int
) -> None:
    calendar, start = place

    after_one = add(BusinessHours(one * MINUTE), start, calendar)

    assert add(BusinessHours(two * MINUTE), after_one, calendar) == add(
        BusinessHours((one + two) * MINUTE), start, calendar
    )


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
@given(calendars(), st.integers(0, 1500), st.integers(0, 1500))
def test_business_time_of_adjoining_stretches_adds_up(
    place: tuple[Calendar, datetime], one: int, two: int
) -> None:
    calendar, start = place
    middle, end = start + one * MINUTE, start + (one + two) * MINUTE

    whole = business_between(start, end, calendar)

    assert whole == business_between(start, middle, calendar) + business_between(
        middle, end, calendar
    )


@settings(max_examples=100, deadline=None)
@given(calendars(), st.integers(0, 5000))
def test_segments_are_in_order_apart_and_within_bounds(
    place: tuple[Calendar, datetime], minutes: int
) -> None:
    calendar, start = place
    end = start + minutes * MINUTE

    found = segments(start, end, calendar)

    edges = [edge for segment in found for edge in (segment.start, segment.end)]
    assert edges == sorted(set(edges))
    assert all(start <= edge <= end for edge in edges)


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
