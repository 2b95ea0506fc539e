from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from syncd.core.value_words import counted, cut, distance, in_words, listed, span_words
from syncd.domain.values import Value

NOW = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing"),
        ("", "nothing"),
        ((), "nothing"),
        (True, "yes"),
        (False, "no"),
        (12_500, "12,500"),
        (Decimal("12500.50"), "12,500.5"),
        (Decimal("1E+3"), "1,000"),
        ("Germany", "Germany"),
        (("EMEA",), "EMEA"),
        (("APAC", "EMEA", "LATAM"), "APAC, EMEA and LATAM"),
        (date(2026, 2, 19), "19 Feb 2026 (12 days ago)"),
        (date(2026, 3, 3), "3 Mar 2026 (today)"),
        (date(2026, 3, 4), "4 Mar 2026 (in 1 day)"),
        (datetime(2026, 3, 3, 9, 5, tzinfo=UTC), "3 Mar 2026 09:05 UTC (2 hours ago)"),
        (datetime(2026, 3, 13, 12, tzinfo=UTC), "13 Mar 2026 12:00 UTC (in 10 days)"),
    ],
)
def test_a_value_seen_is_told_in_words(value: Value, words: str) -> None:
    assert in_words(value, NOW) == words


def test_an_instant_of_this_minute_is_just_now() -> None:
    assert distance(NOW - timedelta(seconds=59), NOW) == "just now"


def test_a_span_is_told_in_its_largest_fitting_unit() -> None:
    spans = [timedelta(seconds=5), timedelta(minutes=1), timedelta(hours=5), timedelta(days=90)]

    words = [span_words(span) for span in spans]

    assert words == ["less than a minute", "1 minute", "5 hours", "90 days"]


def test_long_text_is_cut_to_one_short_line() -> None:
    assert cut("a\n  b " + "x" * 100, 10) == "a b xxxxx…"


def test_nothing_listed_is_nothing() -> None:
    assert listed([], "or") == "nothing"


def test_counting_one_needs_no_plural() -> None:
    assert (counted(1, "lead"), counted(1_200, "lead")) == ("1 lead", "1,200 leads")
