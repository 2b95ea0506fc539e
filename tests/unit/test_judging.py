"""Judging by columns at the edges: where floats, days and half-lives could turn a verdict."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import inf, nextafter

import polars as pl
import pytest
from core_cases import BUDGET, EMPLOYEES, ENGAGED, gate, rule, standard

from syncd.core.judge import Case, Judge
from syncd.core.score import faded
from syncd.domain.names import FieldName, LeadId, RuleId, TransitionId
from syncd.domain.stage import Stage
from syncd.domain.standard import (
    AtLeast,
    AtMost,
    Band,
    BandName,
    Between,
    DecayingPoints,
    Is,
    OneOf,
    RulePoints,
    Scoring,
    Standard,
    Test,
)
from syncd.domain.verdict import Result
from syncd.errors import PermanentError
from syncd.measure.column_values import lead_values
from syncd.measure.judging import Columns

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)
TENTH = Decimal("0.1")
JUST_ABOVE = Decimal("0.1000000000000000055")


def leads(field: FieldName, values: Sequence[object], kind: pl.DataType) -> pl.DataFrame:
    moved = pl.Series([NOW] * len(values), dtype=pl.Datetime("us", "UTC"))
    return pl.DataFrame({"_moved_at": moved, field: pl.Series(values, dtype=kind)})


def judged_alone(the_standard: Standard, frame: pl.DataFrame) -> list[Result]:
    judge = Judge(the_standard)
    return [
        judge.judge(
            Stage.SQL,
            Case(
                transition=TransitionId("t"),
                lead_id=LeadId("l"),
                cycle=1,
                values=values,
                now=NOW,
            ),
        ).result
        for values in lead_values(frame)
    ]


@pytest.mark.parametrize(
    "test",
    [
        AtLeast(TENTH), AtLeast(JUST_ABOVE), AtMost(TENTH), AtMost(-JUST_ABOVE), AtMost(JUST_ABOVE),
        AtLeast(-JUST_ABOVE), Between(JUST_ABOVE, JUST_ABOVE), Between(TENTH, JUST_ABOVE),
        AtLeast(10**400), AtMost(10**400), AtLeast(2**53 + 1), AtMost(Decimal("1e-400")),
        Is(TENTH), Is(JUST_ABOVE), Is(0), Is(2**53 + 1), OneOf((TENTH, 10**400, 1)),
    ],
    ids=str,
)  # fmt: skip
def test_a_float_is_held_against_a_bound_by_its_shortest_spelling(test: Test) -> None:
    near = [0.1, nextafter(0.1, inf), nextafter(0.1, -inf), 0.0, -0.0, 1.0, 1e308, 2.0**53]
    frame = leads(BUDGET, [*near, *(-x for x in near), 2.0**53 + 2, None], pl.Float64())
    asked = standard(gate("a"), rules=(rule("a", BUDGET, test),))

    found = Columns(asked).judge(frame)["_result"].to_list()

    assert found == [x is Result.PASSES for x in judged_alone(asked, frame)]


@pytest.mark.parametrize(
    "test",
    [
        AtLeast(Decimal("2.5")), AtMost(Decimal("2.5")), AtMost(Decimal("-2.5")), AtLeast(2**63),
        AtMost(2**63), AtLeast(-(2**63) - 1), AtMost(-(2**63) - 1), AtLeast(2**63 - 1),
        AtMost(-(2**63)), Is(Decimal("2.5")), Is(Decimal("2.0")), Is(2**63), Is(value=True),
        OneOf((True, 2)), OneOf((Decimal("2.5"), 2**70)),
    ],
    ids=str,
)  # fmt: skip
def test_a_whole_number_is_held_against_any_bound(test: Test) -> None:
    frame = leads(EMPLOYEES, [-(2**63), -3, -2, 0, 1, 2, 3, 2**63 - 1, None], pl.Int64())
    asked = standard(gate("a"), rules=(rule("a", EMPLOYEES, test),))

    found = Columns(asked).judge(frame)["_result"].to_list()

    assert found == [x is Result.PASSES for x in judged_alone(asked, frame)]


def test_fading_is_rounded_as_the_score_rounds_it_at_every_tie() -> None:
    half_life = 10 * DAY
    ages = [n * half_life + off for n in range(7) for off in (timedelta(), INSTANT, -INSTANT)]
    points = [Decimal(n) / 1_000 for n in (*range(-995, 3_005, 10), 1_005, 12_345, 33_333)]
    frame = leads(ENGAGED, [NOW - age for age in ages], pl.Datetime("us", "UTC"))

    for each in points:
        part = DecayingPoints(name="x", field=ENGAGED, points=each, half_life=half_life)
        found = Columns(scoring_only(part)).judge(frame)["_score"].to_list()

        assert found == [float(faded(part, age)) for age in ages], each


@pytest.mark.parametrize(
    ("ahead", "points"),
    [(DAY, 30), (DAY + INSTANT, 0), (2 * DAY, 0), (INSTANT, 30)],
    ids=["a day", "a day and more", "two days", "an instant"],
)
def test_behaviour_more_than_a_day_ahead_has_not_happened(ahead: timedelta, points: int) -> None:
    part = DecayingPoints(name="x", field=ENGAGED, points=Decimal(30), half_life=DAY)
    frame = leads(ENGAGED, [NOW + ahead], pl.Datetime("us", "UTC"))

    found = Columns(scoring_only(part)).judge(frame)

    assert found["_score"].to_list() == [points]


def test_tenths_add_up_to_a_band_as_decimals_do() -> None:
    rules = tuple(rule(f"r-{n}", EMPLOYEES, AtLeast(n)) for n in range(3))
    tenths = tuple(RulePoints(rule=x.id, points=TENTH) for x in rules)
    asked = standard(gate("r-0", score=BandName.WARM), rules=rules, scoring=bands(tenths, "0.3"))

    found = Columns(asked).judge(leads(EMPLOYEES, [2, 1], pl.Int64()))

    assert found["_band"].to_list() == ["warm", "nurture"]
    assert found["_result"].to_list() == [True, False]


def test_a_day_counts_from_its_beginning() -> None:
    part = DecayingPoints(name="x", field=ENGAGED, points=Decimal(8), half_life=DAY / 2)
    frame = leads(ENGAGED, [date(2026, 3, 3), date(1969, 12, 31)], pl.Date())

    assert Columns(scoring_only(part)).judge(frame)["_score"].to_list() == [4, 0]


def test_points_with_more_digits_than_can_be_counted_are_refused() -> None:
    part = RulePoints(rule=RuleId("a"), points=Decimal("1." + "0" * 20 + "1"))
    asked = standard(gate("a"), rules=(rule("a", EMPLOYEES, AtLeast(1)),), scoring=bands((part,)))

    with pytest.raises(PermanentError, match="fewer digits"):
        Columns(asked)


def test_a_gate_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        Columns(standard(gate("need-stated")), gate=Stage.MQL)


def scoring_only(part: DecayingPoints) -> Standard:
    return standard(gate(), scoring=bands((part,)))


def bands(parts: tuple[RulePoints | DecayingPoints, ...], warm: str = "50") -> Scoring:
    minima = (Decimal(0), Decimal(warm), Decimal(100))
    return Scoring(
        points=parts,
        bands=tuple(Band(name=x, minimum=y) for x, y in zip(BandName, minima, strict=True)),
    )
