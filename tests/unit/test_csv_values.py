"""How cells are spelled in several countries, and what they are read as."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from syncd.adapters.outcomes.csv_times import Clock
from syncd.adapters.outcomes.csv_values import Spelling, numbers, texts_of, values_of
from syncd.domain.values import FieldType

BERLIN = Clock(date_format="%d.%m.%Y", time_zone="Europe/Berlin")
ENDING = Clock(date_format="%d.%m.%Y", time_zone="Europe/Berlin", day_ends=True)


def read(text: str, type_: FieldType, clock: Clock = BERLIN, **words: str) -> object:
    spelling = Spelling(
        clock=clock, decimal_comma=False, blanks=("n/a",), words=words, separator=";"
    )
    values = values_of(pl.Series([text, None]), type_, spelling)
    assert values[1] is None
    value = values[0]
    return value.to_list() if isinstance(value, pl.Series) else value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.50", 1234.5), ("1234.", 1234), (".5", 0.5), ("$ 12", 12), ("€5", 5), ("5 €", 5),
        ("US$7", 7), ("EUR 1,000", 1000), ("5EUR", 5), ("CHF 1'200.50", 1200.5), ("12 %", 12),
        ("1 234 567", 1234567), ("1\u00a0234", 1234), ("-5", -5), ("−3", -3), ("$-5", -5),
        ("-$5", -5), ("(5)", -5), ("1.5E3", 1500), ("(5", None), ("5 10", None), ("1,23", None),
        ("12 apples", None), ("1.2.3", None), ("1e999", None), ("nan", None), ("inf", None),
        ("51-200", None),
    ],
)  # fmt: skip
def test_numbers_with_a_decimal_point(text: str, value: float | None) -> None:
    assert numbers(pl.Series([text]), decimal_comma=False).to_list() == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.234,50", 1234.5), ("12,5", 12.5), ("1.234", 1234), ("1 234,5", 1234.5), ("7", 7),
     ("1234.5", None), ("1,234.5", None)],
)  # fmt: skip
def test_numbers_with_a_decimal_comma(text: str, value: float | None) -> None:
    assert numbers(pl.Series([text]), decimal_comma=True).to_list() == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("12.0", 12), ("1,200", 1200), ("9007199254740993", 9007199254740993),
     ("12.5", None), ("99999999999999999999", None)],
)  # fmt: skip
def test_whole_numbers(text: str, value: int | None) -> None:
    assert read(text, FieldType.INTEGER) == value


@pytest.mark.parametrize(
    ("text", "value"), [("Ja", True), ("TRUE", True), ("0", False), ("nein", False), ("?", None)]
)
def test_yes_and_no(text: str, value: bool | None) -> None:
    assert read(text, FieldType.BOOLEAN) is value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3.4.2024", date(2024, 4, 3)),
        ("03.04.2024 23:30", date(2024, 4, 3)),
        ("2024-04-03", date(2024, 4, 3)),
        ("2024-04-03T22:30:00Z", date(2024, 4, 4)),
        ("2024-04-03 10:00:00.000+0000", date(2024, 4, 3)),
        ("31.02.2024", None),
        ("3.4.24", None),
        ("soon", None),
    ],
)
def test_days_are_those_of_the_calendar_there(text: str, value: date | None) -> None:
    assert read(text, FieldType.DATE) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("03.04.2024 05:06", datetime(2024, 4, 3, 3, 6, tzinfo=UTC)),
        ("03.04.2024 5:06 PM", datetime(2024, 4, 3, 15, 6, tzinfo=UTC)),
        ("2024-01-02T10:00:00.5", datetime(2024, 1, 2, 9, 0, 0, 500_000, tzinfo=UTC)),
        ("2024-01-02T10:00:00-05:00", datetime(2024, 1, 2, 15, tzinfo=UTC)),
        ("27.10.2024 02:30", datetime(2024, 10, 27, 0, 30, tzinfo=UTC)),
        ("31.03.2024 02:30", None),
    ],
    ids=["local", "pm", "iso", "with zone", "told twice", "skipped"],
)
def test_times_are_told_by_the_clock_there(text: str, value: datetime | None) -> None:
    assert read(text, FieldType.DATETIME) == value


def test_a_day_may_count_as_its_last_second() -> None:
    found = read("03.04.2024", FieldType.DATETIME, clock=ENDING)

    assert found == datetime(2024, 4, 3, 21, 59, 59, tzinfo=UTC)


def test_several_values_are_sorted_and_each_is_there_once() -> None:
    assert read("b; A;;n/a;b", FieldType.MULTI_PICKLIST, a="alpha") == ["alpha", "b"]


def test_words_stand_for_what_the_standard_calls_them_whatever_their_capitals() -> None:
    assert read("Entscheider", FieldType.PICKLIST, entscheider="decides") == "decides"


@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [
        ("Ann@Corp.Example", FieldType.EMAIL, "ann@corp.example"),
        ("Ann@Corp.Example", FieldType.OWNER, "ann@corp.example"),
        ("queue:Sales", FieldType.OWNER, "queue:Sales"),
    ],
)
def test_addresses_have_small_letters(text: str, type_: FieldType, value: str) -> None:
    assert read(text, type_) == value


def test_words_for_nothing_are_nothing() -> None:
    cells = pl.Series([" a ", "", "  ", "N/A", None])

    assert texts_of(cells, ("n/a",)).to_list() == ["a", None, None, None, None]
