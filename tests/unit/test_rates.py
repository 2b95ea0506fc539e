"""Intervals and tests against examples that others published."""

from math import log

import pytest

from syncd.measure.rates import Contrast, corrected
from syncd.measure.shares import Interval, Rate

NEWCOMBE_SINGLE = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
]
"""R. G. Newcombe, Statistics in Medicine 17 (1998) 857–872, table I, method 3."""
NEWCOMBE_DIFFERENCE = [
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((0, 10), (0, 10), -0.2775, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0000),
    ((10, 10), (0, 10), 0.6075, 1.0000),
]
"""The same, pages 873–890, table II, method 10."""
BENJAMINI_HOCHBERG = (
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
    0.5719, 0.6528, 0.7590, 1.0000,
)  # fmt: skip
"""Y. Benjamini, Y. Hochberg, Journal of the Royal Statistical Society B 57 (1995) 289–300,
section 3.2: at 0.05, their procedure rejects the first four."""


def _rounded(interval: Interval | None) -> tuple[float, float]:
    assert interval is not None
    return round(interval.low, 4), round(interval.high, 4)


@pytest.mark.parametrize(("hits", "n", "low", "high"), NEWCOMBE_SINGLE)
def test_the_interval_of_a_rate_is_wilsons(hits: int, n: int, low: float, high: float) -> None:
    assert _rounded(Rate(hits, n).interval) == (low, high)


@pytest.mark.parametrize(("met", "unmet", "low", "high"), NEWCOMBE_DIFFERENCE)
def test_the_interval_of_a_difference_is_newcombes(
    met: tuple[int, int], unmet: tuple[int, int], low: float, high: float
) -> None:
    contrast = Contrast(Rate(*met), Rate(*unmet))

    assert _rounded(contrast.difference_interval) == (low, high)


def test_the_interval_of_a_lift_is_katzs() -> None:
    """The physicians' study of aspirin (A. Agresti, Categorical Data Analysis, 1990, 2.2.5):
    189 of 11,034 on placebo against 104 of 11,037: 1.82, its logarithm from 0.360 to 0.835."""
    contrast = Contrast(Rate(189, 11_034), Rate(104, 11_037))

    between = contrast.lift_interval

    assert between is not None
    assert contrast.lift == pytest.approx(1.82, abs=0.005)
    assert (round(log(between.low), 3), round(log(between.high), 3)) == (0.360, 0.835)


def test_p_is_fishers() -> None:
    """The lady tasting tea, who told three of four cups: 0.486 two-sided."""
    assert Contrast(Rate(3, 4), Rate(1, 4)).p == pytest.approx(0.4857, abs=0.0001)


def test_the_procedure_for_many_rules_rejects_what_its_authors_reject() -> None:
    found = corrected(BENJAMINI_HOCHBERG)

    assert [p < 0.05 for p in found] == [True] * 4 + [False] * 11


def test_a_hand_made_correction() -> None:
    """Three tests: 3 × 0.01 / 1 = 0.03, and 3 × 0.04 / 2 = 0.06 gives way to 3 × 0.05 / 3."""
    assert corrected((0.01, 0.05, 0.04)) == pytest.approx((0.03, 0.05, 0.05))


def test_nothing_to_correct_is_nothing() -> None:
    assert corrected(()) == ()


def test_of_no_leads_there_is_no_rate() -> None:
    contrast = Contrast(Rate(0, 0), Rate(1, 5))

    assert (contrast.met.share, contrast.met.interval, contrast.difference) == (None, None, None)
    assert (contrast.lift, contrast.lift_interval, contrast.difference_interval) == (None,) * 3


@pytest.mark.parametrize(
    ("met", "unmet", "enough"),
    [
        ((10, 30), (5, 30), True),
        ((10, 29), (5, 30), False),
        ((10, 30), (0, 30), True),
        ((9, 30), (0, 30), False),
        ((30, 30), (20, 30), True),
        ((30, 30), (21, 30), False),
        ((30, 30), (25, 300), True),
    ],
)
def test_few_leads_say_nothing(met: tuple[int, int], unmet: tuple[int, int], enough: bool) -> None:
    assert Contrast(Rate(*met), Rate(*unmet)).is_enough is enough
