"""Spans of time, opening hours and addresses as admins write them."""

from datetime import timedelta

import pytest

from syncd.domain.calendar import BusinessDays, BusinessHours, Elapsed, ElapsedMonths, Span
from syncd.settings.durations import parse_elapsed, parse_span
from syncd.settings.hours import parse_hours
from syncd.settings.problem import Mistake
from syncd.settings.urls import parse_base_url


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("5m", Elapsed(timedelta(minutes=5))),
        ("0s", Elapsed(timedelta())),
        ("36h", Elapsed(timedelta(hours=36))),
        ("90 days", Elapsed(timedelta(days=90))),
        ("1 Day", Elapsed(timedelta(days=1))),
        ("2 weeks", Elapsed(timedelta(days=14))),
        ("1 month", ElapsedMonths(1)),
        ("4 business hours", BusinessHours(timedelta(hours=4))),
        ("90 business minutes", BusinessHours(timedelta(minutes=90))),
        ("2 business days", BusinessDays(2)),
    ],
)
def test_a_span_reads_as_people_write_it(text: str, span: Span) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("5 minits", 'did you mean "5 minutes"?'),
        (5, "write 5m, 5h or 5 days"),
        ("soon", "write one such as 5m"),
        ("-5m", "write one such as 5m"),
        ("1.5h", "write one such as 5m"),
        ("2 business months", "use business minutes, business hours or business days"),
        ("999999999 weeks", "is more than ten years"),
        ("999999999 business days", "is more than ten years"),
        ("999999999 months", "is more than ten years"),
        ("367 business days", "is more than a year of work"),
        ("9000 business hours", "is more than a year of work"),
        (None, "an empty value is not a span of time"),
        (True, "true is not a span of time"),
    ],
)
def test_what_is_no_span_is_answered_with_one_that_is(value: object, words: str) -> None:
    with pytest.raises(Mistake) as caught:
        parse_span(value)

    assert words in str(caught.value)


@pytest.mark.parametrize("text", ["2 business days", "1 month"])
def test_plain_time_takes_neither_business_time_nor_months(text: str) -> None:
    with pytest.raises(Mistake, match="round the clock"):
        parse_elapsed(text)


def test_hours_spread_over_a_range_of_days_and_are_sorted() -> None:
    week = parse_hours({"mon-thu": ["13:00-17:00", "08:30-12:00"], "friday": "08:30-12:00"})

    assert week[0] == ((510, 720), (780, 1020))
    assert week[4] == ((510, 720),)
    assert set(week) == {0, 1, 2, 3, 4}


def test_shifts_that_touch_are_one() -> None:
    assert parse_hours({"monday": ["12:00-17:00", "09:00-12:00"]}) == {0: ((540, 1020),)}


@pytest.mark.parametrize(
    ("written", "shift"),
    [("22:00-06:00", (1320, 1800)), ("20:00-00:00", (1200, 1440)), ("20:00-24:00", (1200, 1440))],
)
def test_hours_over_midnight_are_of_the_day_they_begin_on(
    written: str, shift: tuple[int, int]
) -> None:
    assert parse_hours({"friday": written}) == {4: (shift,)}


def test_a_night_may_end_when_the_next_day_begins() -> None:
    week = parse_hours({"sunday": "22:00-06:00", "monday": "06:00-14:00"})

    assert week == {6: ((1320, 1800),), 0: ((360, 840),)}


def test_round_the_clock_is_every_minute_of_the_week() -> None:
    week = parse_hours("round the clock")

    assert dict(week) == dict.fromkeys(range(7), ((0, 1440),))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"mondy": "09:00-17:00"}, 'did you mean "monday"?'),
        ({"fri-mon": "09:00-17:00"}, "write friday-sunday and monday-monday"),
        ({"monday": "09:00-25:00"}, "use 00:00 to 24:00"),
        ({"monday": "24:00-06:00"}, "use 00:00 to 24:00"),
        ({"monday": "09:00-09:00"}, "ends when it begins, so the team would never work"),
        ({"monday": "17:30-09:00"}, "write 09:00-17:30, or both parts: 17:30-24:00 and on the"),
        ({"monday": ["09:00-12:00", "11:00-17:00"]}, "monday overlap: 09:00-12:00 and 11:00-17"),
        ({"monday": ["09:00-12:00", "22:00-06:00", "23:00-24:00"]}, "overlap"),
        (
            {"sunday": "22:00-06:00", "monday": "05:00-09:00"},
            "22:00-06:00 of sunday runs into 05:00-09:00 of monday",
        ),
        ({"mon-fri": "09:00-17:00", "friday": "09:00-12:00"}, "friday is named twice"),
        ({"monday": "nine to five"}, "write them as 09:00-17:30"),
        ("always", 'write "round the clock"'),
    ],
)
def test_hours_that_cannot_be_are_answered_with_hours_that_can(value: object, words: str) -> None:
    with pytest.raises(Mistake) as caught:
        parse_hours(value)

    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://api.hubapi.com/", "https://api.hubapi.com"),
        ("http://127.0.0.1:8101", "http://127.0.0.1:8101"),
        ("http://localhost:8101", "http://localhost:8101"),
        ("http://[::1]:8101", "http://[::1]:8101"),
    ],
)
def test_an_address_is_https_or_this_machine(url: str, kept: str) -> None:
    assert parse_base_url(url) == kept


@pytest.mark.parametrize(
    "url",
    [
        "http://api.hubapi.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "https://user:word@api.hubapi.com",
        "ftp://api.hubapi.com",
        "api.hubapi.com",
        "https://api.hubapi.com?x=1",
        "https://api.hubapi.com:port",
        "https://",
        443,
    ],
)
def test_any_other_address_is_refused(url: object) -> None:
    with pytest.raises(Mistake):
        parse_base_url(url)
