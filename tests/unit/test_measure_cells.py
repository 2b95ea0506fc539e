"""One number of some rows: counts, shares, percentiles, and when there is too little to say."""

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.measure.cells import NOTHING, TOO_FEW, Cell, Count, Percentile, Share, Total
from syncd.measure.question import Question
from syncd.measure.shares import Rate
from syncd.measure.tables import Number


def told(cell: Cell, values: Sequence[float | None]) -> Number:
    rows = pl.DataFrame(
        {"lead_id": [f"l-{n}" for n in range(len(values))], "value": values},
        schema={"lead_id": pl.String, "value": pl.Float64},
    )
    asked = Question({"it": cell})
    [numbers] = asked.answers(rows.select(asked.wanted))
    return numbers["it"]


VALUE = pl.col("value")


def test_rows_of_which_nothing_is_known_are_not_counted() -> None:
    assert told(Count(who=VALUE > 1), [1, 2, None, 3]) == Number(value=2, n=2)


def test_a_share_is_of_the_rows_it_is_of_alone() -> None:
    found = told(Share(who=VALUE > 5, of=VALUE > 0, target=0.5), [*range(21), None, -1])

    reach = Rate(15, 20).interval
    assert reach is not None
    assert found == Number(value=0.75, n=15, of=20, low=reach.low, high=reach.high, target=0.5)


def test_a_share_of_all_is_of_every_row() -> None:
    found = told(Share(who=VALUE > 5, of=pl.lit(value=True)), list(range(20)))

    assert (found.n, found.of) == (14, 20)


@pytest.mark.parametrize(("rows", "why"), [(9, TOO_FEW), (0, NOTHING), (10, "")])
def test_a_share_of_few_is_not_told(rows: int, why: str) -> None:
    found = told(Share(who=VALUE >= 0, of=VALUE >= 0), list(range(rows)))

    assert (found.value is None, found.n, found.of, found.why) == (bool(why), rows, rows, why)


@pytest.mark.parametrize(
    ("percent", "enough"), [(50, 10), (90, 10), (95, 20)], ids=["median", "p90", "p95"]
)
def test_a_high_percentile_needs_more_values(percent: int, enough: int) -> None:
    few = told(Percentile(of=VALUE, percent=percent), list(range(enough - 1)))
    many = told(Percentile(of=VALUE, percent=percent), list(range(enough)))

    assert (few.value, few.n, few.why) == (None, enough - 1, TOO_FEW)
    assert many.value == pytest.approx(np.percentile(range(enough), percent))


@settings(max_examples=40)
@given(
    st.lists(st.none() | st.integers(0, 10**6), min_size=1, max_size=80),
    st.sampled_from((50, 90, 95)),
)
def test_percentiles_are_those_of_everybody_else(values: list[int | None], percent: int) -> None:
    found = told(Percentile(of=VALUE, percent=percent), values)

    known = [x for x in values if x is not None]
    assert found.n == len(known)
    if found.value is not None:
        assert found.value == pytest.approx(np.percentile(known, percent))
        assert found.low is not None
        assert found.high is not None
        assert found.low <= found.value <= found.high


def test_the_interval_of_a_median_holds_it_in_95_of_100_samples() -> None:
    dice = np.random.default_rng(6)
    held = 0
    for sample in dice.normal(100, 20, (400, 40)):
        found = told(Percentile(of=VALUE), sample.tolist())
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 100 <= found.high

    assert 0.92 <= held / 400 <= 0.98


@pytest.mark.parametrize(
    ("values", "percent", "low", "high"),
    [(10, 50, 2, 9), (20, 50, 6, 15), (20, 90, 16, 20), (100, 90, 85, 96)],
)
def test_the_interval_of_a_percentile_is_between_the_ranks_of_the_books(
    values: int, percent: int, low: int, high: int
) -> None:
    found = told(Percentile(of=VALUE, percent=percent), list(range(1, values + 1)))

    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(
    ("values", "number"),
    [
        ([10, None, 5, -1], Number(value=15, n=2)),
        ([None, None, -1], Number(value=None, n=0, of=2, why="unknown")),
        ([-1], Number(value=0, n=0)),
        ([0], Number(value=0, n=1)),
    ],
)
def test_a_total_of_rows_that_do_not_say_how_much_is_unknown_and_not_nothing(
    values: list[float | None], number: Number
) -> None:
    assert told(Total(who=VALUE.fill_null(0) >= 0, of=VALUE), values) == number
