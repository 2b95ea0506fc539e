"""A revenue target walked back: exact figures, honest rounding, and what a point saves."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.cli.goal_rates import read_rates
from syncd.measure.goal import Step, about, goal, measured_pace, measured_steps
from syncd.measure.tables import Basis, Number, Row, Table

USUAL = read_rates("15%,6%")
rates = st.floats(0.001, 1.0)


def _table(column: str, numbers: dict[str, Number]) -> Table:
    rows = tuple(Row(key=k, label=k, numbers={column: x}) for k, x in numbers.items())
    return Table(
        id="t", title="", basis=Basis.COHORT, by=None, columns=(), rows=rows, definitions=()
    )


def test_two_million_at_2750_takes_728_sales_4850_appointments_and_80800_leads() -> None:
    found = goal(2_000_000, 2_750, USUAL)

    assert found.sales == 728
    assert [round(x.exact, 1) for x in found.levels] == [727.3, 4848.5, 80808.1]
    assert [about(x.exact) for x in found.levels[1:]] == [4_850, 80_800]


def test_what_rounding_up_at_every_step_would_make_of_it_is_known_too() -> None:
    found = goal(2_000_000, 2_750, USUAL)

    assert [x.carried for x in found.levels] == [728, 4_854, 80_900]


def test_a_percentage_point_at_each_step_saves_what_the_walk_with_it_saves() -> None:
    found = goal(2_000_000, 2_750, USUAL)

    better = (
        goal(2_000_000, 2_750, read_rates("16%,6%")),
        goal(2_000_000, 2_750, read_rates("15%,7%")),
    )

    saved = [found.levels[-1].exact - x.levels[-1].exact for x in better]
    assert [x.fewer for x in found.savings] == pytest.approx(saved)


def test_a_step_that_everybody_takes_cannot_be_bettered() -> None:
    (saving,) = goal(100, 10, read_rates("100%")).savings

    assert saving.fewer is None


def test_a_point_more_never_makes_more_than_all_of_them() -> None:
    found = goal(99_500, 1, read_rates("99.5%"))

    assert found.savings[0].fewer == pytest.approx(500)


def test_a_month_needs_its_part_and_the_pace_tells_what_is_missing() -> None:
    found = goal(1_200, 10, read_rates("50%"), months=12, pace={"leads": 15})

    (sales, leads) = found.levels
    assert found.a_month(leads) == 20
    assert found.missing(leads) == 5
    assert found.missing(sales) is None


@given(st.floats(1, 1e9), st.floats(1, 1e6), st.lists(rates, max_size=5))
def test_every_level_times_its_rate_is_the_one_after_it(
    target: float, value: float, shares: list[float]
) -> None:
    steps = [Step(name=f"s{n}", rate=x) for n, x in enumerate(shares)]

    levels = goal(target, value, steps).levels

    assert math.isclose(levels[0].exact * value, target)
    for after, before, step in zip(levels, levels[1:], steps, strict=False):
        assert math.isclose(before.exact * step.rate, after.exact)
        assert before.carried >= before.exact * (1 - 1e-9)


@given(st.floats(0.001, 1e12))
def test_about_is_within_half_a_unit_of_the_third_digit_or_a_whole_one_up(exact: float) -> None:
    shown = about(exact)

    assert abs(shown - exact) <= (exact * 0.005 if exact >= 1000 else 1)


@pytest.mark.parametrize(
    ("exact", "shown"), [(2.0000000000001, 2), (2.001, 3), (999.2, 1000), (727.3, 728)]
)
def test_small_numbers_are_rounded_up_to_whole_ones(exact: float, shown: int) -> None:
    assert about(exact) == shown


def test_rates_may_be_named_from_the_sale_back() -> None:
    assert read_rates("SQLs = 25 %, MQLs=0.4") == (
        Step(name="SQLs", rate=0.25),
        Step(name="MQLs", rate=0.4),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("15%,leads=6%", "name all of the steps, or none"),
        ("1%,2%,3%", "3 rates need names"),
        ("15", "no rate above 0 .* and up to 100 %"),
        ("0%", "no rate above 0"),
        ("often", "'often' is no rate"),
        ("nan", "no rate above 0"),
        ("a=1%,a=2%", "each step is named once"),
        ("sales=5%", "sales are what they lead to"),
        ("1e-7", "no rate above 0"),
        (",".join(f"s{n}=5%" for n in range(21)), "21 rates are more than the 20"),
        ("=5%", "names no step"),
    ],
)
def test_a_rate_that_is_none_is_refused_with_what_to_write(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_rates(text)


def test_measured_steps_come_from_the_funnel_the_last_first_with_what_they_are_made_of() -> None:
    table = _table(
        "step",
        {
            "mql": Number(value=None, n=40),
            "sql": Number(value=0.5, n=20, of=40, low=0.35, high=0.65),
            "customer": Number(value=0.25, n=5, of=20, low=0.1, high=0.5),
        },
    )

    assert measured_steps(table) == (
        Step(name="SQLs", rate=0.25, n=5, of=20, low=0.1, high=0.5),
        Step(name="MQLs", rate=0.5, n=20, of=40, low=0.35, high=0.65),
    )


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (Number(value=None, n=1, of=3, why="too few to say"), "too few to say"),
        (Number(value=0.0, n=0, of=50), "none of 50 did"),
    ],
)
def test_a_rate_that_cannot_be_told_is_never_made_up(number: Number, why: str) -> None:
    table = _table("step", {"sql": Number(value=None, n=50), "customer": number})

    with pytest.raises(ValueError, match=f"how many SQLs become deals cannot be told: {why}"):
        measured_steps(table)


def test_the_pace_is_what_reached_each_stage_first_in_a_month() -> None:
    table = _table("first", {"mql": Number(value=24, n=24), "customer": Number(value=3, n=3)})

    assert measured_pace(table, 12) == {"MQLs": 2.0, "deals": 0.25}
