"""What a few conditions tell together, on tables small enough to reckon by hand."""

from math import log

import numpy as np
import pytest

from syncd.domain.names import RuleId
from syncd.measure.draft import ADDS_NOTHING, ALIKE
from syncd.measure.draft_gates import gate, score
from syncd.measure.draft_patterns import Part
from syncd.measure.shares import Rate

FIRST, SECOND = 0, 1


def part(*rows: tuple[bool | None, bool | None, int, int]) -> Part:
    """Rows of: the first condition, the second, leads, of which won."""
    columns = [[row[0] for row in rows], [row[1] for row in rows]]
    return Part(columns, np.array([r[2] for r in rows]), np.array([r[3] for r in rows]))


INDEPENDENT = part(
    (True, True, 100, 60), (True, False, 100, 40), (False, True, 100, 40), (False, False, 100, 20)
)  # fmt: skip
PROXY = part(
    (True, True, 150, 75), (True, False, 50, 25), (False, True, 50, 10), (False, False, 150, 30)
)  # fmt: skip
TWINS = part(
    (True, True, 190, 120), (True, False, 10, 1), (False, True, 10, 5), (False, False, 190, 40)
)  # fmt: skip


def test_two_conditions_that_both_tell_are_neither_alike_nor_idle() -> None:
    assert INDEPENDENT.correlation(SECOND, FIRST) == 0
    assert INDEPENDENT.adds(SECOND, FIRST) == pytest.approx(
        20 / (12.563 + 10.553) ** 0.5, abs=0.001
    )
    assert INDEPENDENT.adds(SECOND, FIRST) > ADDS_NOTHING


def test_a_proxy_tells_by_itself_and_adds_nothing_beside_what_it_stands_for() -> None:
    assert PROXY.contrast(SECOND).difference == pytest.approx(0.15)
    assert PROXY.correlation(SECOND, FIRST) == pytest.approx(0.5)
    assert PROXY.correlation(SECOND, FIRST) < ALIKE
    assert PROXY.adds(SECOND, FIRST) == pytest.approx(0)


def test_a_twin_is_alike_though_it_may_add_a_little() -> None:
    assert TWINS.correlation(SECOND, FIRST) == pytest.approx(0.9)
    assert TWINS.adds(SECOND, FIRST) > ADDS_NOTHING


def test_leads_of_whom_a_condition_is_unknown_are_in_neither_rate_and_stop_at_no_gate() -> None:
    told = part((True, True, 10, 5), (None, True, 7, 3), (False, True, 4, 1))

    assert told.contrast(FIRST).met == Rate(5, 10)
    assert told.contrast(FIRST).unmet == Rate(1, 4)
    assert told.passing([FIRST], [], 0).unmet == Rate(1, 4)
    assert told.passing([FIRST], [], 0).met == Rate(8, 17)


def test_a_gate_asks_all_of_what_nearly_every_winner_met_and_enough_of_the_rest() -> None:
    rows = part(
        (True, True, 100, 50), (True, False, 100, 45), (False, True, 10, 1), (False, False, 90, 4)
    )  # fmt: skip

    found = gate({RuleId("a"): FIRST, RuleId("b"): SECOND}, rows, rows)

    assert found is not None
    assert (found.all, found.some) == ((RuleId("a"),), ())
    assert found.kept == Rate(95, 100)


def test_a_gate_with_nothing_that_every_winner_met_asks_for_one_of_them() -> None:
    rows = part(
        (True, True, 50, 20), (True, False, 100, 40), (False, True, 100, 40), (False, False, 90, 0)
    )  # fmt: skip

    found = gate({RuleId("a"): FIRST, RuleId("b"): SECOND}, rows, rows)

    assert found is not None
    assert (found.all, found.some, found.at_least) == ((), (RuleId("a"), RuleId("b")), 1)


PLACES = {RuleId("a"): FIRST, RuleId("b"): SECOND}
OLDER = part(
    (True, True, 100, 90), (True, False, 100, 60), (False, True, 100, 20), (False, False, 100, 5)
)  # fmt: skip
NEWER = part(
    (True, True, 100, 80), (True, False, 100, 40), (False, True, 100, 30), (False, False, 100, 5)
)  # fmt: skip


def test_a_gate_is_fitted_on_the_older_leads_and_told_of_the_newer() -> None:
    older = part(
        (True, True, 99, 50), (True, False, 99, 45), (False, True, 99, 0), (False, False, 99, 5)
    )
    newer = part(
        (True, True, 99, 50), (True, False, 99, 0), (False, True, 99, 45), (False, False, 99, 5)
    )

    found = gate(PLACES, older, newer)

    assert found is not None
    assert (found.all, found.some) == ((RuleId("a"),), ())
    assert found.newer == newer.contrast(FIRST)


def test_points_and_bands_are_fitted_on_the_older_leads_and_told_of_the_newer() -> None:
    found = score(PLACES, OLDER, NEWER)

    assert found is not None
    lifts = log(150.5 / 25.5), log(110.5 / 65.5)
    points = [round(100 * x / sum(lifts)) for x in lifts]
    assert list(found.points.values()) == points == [77, 23]
    assert (found.warm, found.ready) == (23, 77)
    assert found.bands == (Rate(5, 100), Rate(30, 100), Rate(120, 200))
