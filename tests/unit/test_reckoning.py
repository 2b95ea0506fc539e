"""The account of a clock: every stretch, counted or with the reason why not."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from core_cases import BERLIN

from syncd.core.business_time import without
from syncd.core.reckoning import reckon
from syncd.domain.calendar import BusinessDays, BusinessHours, Calendar, Elapsed, Entry

HOURS = BusinessHours(timedelta(hours=4))


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    """In April 2026; the third is Good Friday, on which the office is closed."""
    local = datetime(2026, 4, day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"))
    return local.astimezone(UTC)


def told(entries: tuple[Entry, ...]) -> list[tuple[int, int, str | None]]:
    """Day and hour of each end, and why it did not count."""
    ends = [entry.end.astimezone(ZoneInfo("Europe/Berlin")) for entry in entries]
    return [(at.day, at.hour, x.why_not) for at, x in zip(ends, entries, strict=True)]


def account(start: datetime, end: datetime, calendar: Calendar = BERLIN) -> tuple[Entry, ...]:
    return reckon(start, end, span=HOURS, calendar=calendar)


def test_hours_that_a_holiday_took_are_told_by_its_name_and_the_rest_as_outside() -> None:
    found = account(berlin(2, 16), berlin(7, 10))

    assert told(found) == [
        (2, 17, None),
        (3, 9, "outside the hours"),
        (3, 17, "Good Friday"),
        (6, 9, "outside the hours"),
        (6, 17, None),
        (7, 9, "outside the hours"),
        (7, 10, None),
    ]


def test_an_owners_day_off_is_told_as_such() -> None:
    away = without(BERLIN, (date(2026, 4, 7),), why="day off of rep@corp.example")

    found = account(berlin(7, 9), berlin(7, 12), away)

    assert told(found) == [(7, 12, "day off of rep@corp.example")]


def test_plain_time_counts_all_of_it_and_business_days_the_hours_within_them() -> None:
    plain = reckon(berlin(3, 0), berlin(6, 0), span=Elapsed(timedelta(3)), calendar=BERLIN)
    days = reckon(berlin(7, 16), berlin(8, 16), span=BusinessDays(1), calendar=BERLIN)

    assert told(plain) == [(6, 0, None)]
    assert told(days) == [(7, 17, None), (8, 9, "outside the hours"), (8, 16, None)]


def test_from_an_instant_to_an_earlier_one_there_is_nothing_to_account_for() -> None:
    assert account(berlin(2, 12), berlin(2, 12)) == ()
