"""Numbers in words, tables as drawings and files."""

import csv
import io
import re
from dataclasses import replace

import pytest
from dashboard_cases import NOW

from syncd.measure.number_words import (
    heading_unit,
    interval_words,
    number_words,
    of_words,
    target_words,
)
from syncd.measure.period import latest_months, month_of, period_of
from syncd.measure.table_csv import csv_of
from syncd.measure.table_plots import plot_caption, plot_of
from syncd.measure.tables import Basis, Column, Number, Row, Table, Unit


def table(*rows: tuple[str, Number], unit: Unit = Unit.SHARE) -> Table:
    return Table(
        id="steps",
        title='Steps & "more"',
        basis=Basis.COHORT,
        by=None,
        columns=(Column(id="share", title="share", unit=unit, definition="share"),),
        rows=tuple(Row(key=x, label=x, numbers={"share": y}) for x, y in rows),
        definitions=(),
    )


@pytest.mark.parametrize(
    ("title", "unit", "below"),
    [
        ("Handoffs", Unit.LEADS, ""),
        ("Kept", Unit.SHARE, "%"),
        ("Median, business time", Unit.BUSINESS_SECONDS, ""),
        ("Judged", Unit.MOVES, "moves"),
    ],
)
def test_a_heading_names_its_unit_where_the_title_does_not(
    title: str, unit: Unit, below: str
) -> None:
    assert heading_unit(Column(id="x", title=title, unit=unit, definition="x")) == below


HALF = Number(value=0.5, n=5, of=10, low=0.24, high=0.76)


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (1234.4, Unit.LEADS, "1,234"),
        (0.3421, Unit.SHARE, "34.2 %"),
        (45, Unit.SECONDS, "45 s"),
        (600, Unit.SECONDS, "10 min"),
        (7_500, Unit.SECONDS, "2 h 5 min"),
        (3 * 86_400, Unit.SECONDS, "3.0 days"),
        (3 * 86_400, Unit.BUSINESS_SECONDS, "72 h"),
        (1_999_999.6, Unit.MONEY, "2,000,000"),
    ],
)
def test_a_number_is_told_with_its_unit(value: float, unit: Unit, words: str) -> None:
    assert number_words(Number(value=value, n=1), unit) == words


def test_a_number_that_cannot_be_said_says_why() -> None:
    assert number_words(Number(value=None, n=2, why="too few to say"), Unit.SHARE) == (
        "too few to say"
    )


def test_a_share_tells_of_what_it_is_and_how_sure() -> None:
    assert of_words(HALF) == "5 of 10"
    assert interval_words(HALF, Unit.SHARE) == "24.0 to 76.0 %"


def test_a_drawing_says_every_name_and_number_and_has_no_style_of_its_own() -> None:
    svg = plot_of(table(("<b>Ann</b>", HALF), ("$x$", replace(HALF, value=0.25, n=2, target=0.4))))

    assert "style=" not in svg
    assert "<style" not in svg
    assert "&lt;b&gt;Ann" in svg
    assert "$x$" in svg
    assert "25.0 % · 2 of 10 · target 40.0 %" in svg
    assert "var(--accent)" in svg


@pytest.mark.parametrize(
    "rows",
    [
        (),
        (("one", HALF),),
        (("one", HALF), ("two", Number(value=None, n=0))),
        (("one", Number(value=0, n=0)), ("two", Number(value=0, n=0))),
    ],
)
def test_what_cannot_be_compared_is_not_drawn(rows: tuple[tuple[str, Number], ...]) -> None:
    assert plot_of(table(*rows)) == ""


@pytest.mark.parametrize(("unit", "width"), [(Unit.SHARE, 0.5), (Unit.LEADS, 0.625)])
def test_a_share_fills_its_bar_at_100_percent_and_all_else_at_the_most_there_is(
    unit: Unit, width: float
) -> None:
    few = Number(value=0.5, n=1, target=0.8)

    drawn = re.findall(
        r"L ([0-9.]+) [^\"]*\" fill=\"var\(--(track|accent)",
        plot_of(table(("one", few), ("two", few), unit=unit)),
    )

    ends = {name: float(end) for end, name in drawn}
    assert ends["accent"] / ends["track"] == pytest.approx(width)


def test_a_drawing_is_captioned_with_what_its_length_and_its_marks_mean() -> None:
    bare = Number(value=3, n=3)

    assert plot_caption(table(("one", HALF), ("two", replace(HALF, target=0.4)))) == (
        "share, %. Thin lines are 95 % intervals. Upright marks are targets."
    )
    assert plot_caption(table(("one", bare), ("two", bare), unit=Unit.LEADS)) == "share, leads."
    assert plot_caption(table(("one", HALF))) == ""


def test_months_are_drawn_as_a_line() -> None:
    months = [(f"2026-{x:02}", HALF) for x in range(1, 7)]

    assert "Jun 2026" in plot_of(table(*months))


def test_a_file_has_every_number_unrounded_and_no_formula() -> None:
    text = csv_of(table(("=1+1", replace(HALF, value=1 / 3))))

    (row,) = csv.DictReader(io.StringIO(text))
    assert row["row"] == "'=1+1"
    assert float(row["value"]) == 1 / 3


@pytest.mark.parametrize(
    ("name", "label", "start", "end"),
    [
        ("2026-10", "October 2026", "2026-10-01T04:00", "2026-11-01T04:00"),
        ("2026-Q4", "quarter 4 of 2026", "2026-10-01T04:00", "2027-01-01T05:00"),
        ("2026", "2026", "2026-01-01T05:00", "2027-01-01T05:00"),
        ("2026-03..2026-04", "March 2026 to April 2026", "2026-03-01T05:00", "2026-05-01T04:00"),
    ],
)
def test_a_period_ends_where_the_next_begins_by_the_clock_on_the_wall(
    name: str, label: str, start: str, end: str
) -> None:
    period = period_of(name, "America/New_York")

    assert period.label == label
    assert f"{period.start:%Y-%m-%dT%H:%M}" == start
    assert f"{period.end:%Y-%m-%dT%H:%M}" == end


@pytest.mark.parametrize(
    "name", ["", "2026-13", "2026-Q5", "1999-10", "2026-1", "2026..2025", "2010..2029", "2026-10;"]
)
def test_no_other_name_is_a_period(name: str) -> None:
    with pytest.raises(ValueError, match="period"):
        period_of(name, "UTC")


def test_the_latest_months_end_with_this_one() -> None:
    assert month_of(NOW, "UTC") == "2026-10"
    assert latest_months(NOW, "UTC", 3) == ("2026-10", "2026-09", "2026-08")


def test_a_name_is_cut_only_where_it_would_run_into_its_number() -> None:
    long = "Together: from the offer to the first contact"
    few = table(
        (long, Number(value=38 * 60, n=20)), ("b", Number(value=60, n=20)), unit=Unit.SECONDS
    )
    many = table((long, replace(HALF, target=0.5)), ("b", HALF))

    assert f">{long}<" in plot_of(few)
    assert ">Together: from the offer to…<" in plot_of(many)


def test_a_drawing_says_how_many_rows_it_leaves_to_the_table() -> None:
    made = table(*((f"row {n}", HALF) for n in range(19)))

    assert "3 more in the table." in plot_caption(made)
    assert "row 15" in plot_of(made)
    assert "row 16" not in plot_of(made)


def test_a_number_that_is_just_its_target_has_met_it() -> None:
    assert target_words(replace(HALF, target=0.5), Unit.SHARE)[0] == "met"
    assert target_words(replace(HALF, target=0.51), Unit.SHARE)[0] == "missed"
