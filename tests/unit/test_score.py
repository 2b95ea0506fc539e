from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from core_cases import EMPLOYEES, ENGAGED, NEED, NOW, RULES, SCORING

from syncd.core.rule_check import compile_rule
from syncd.core.score import latest_behaviour, reach, score
from syncd.core.score_finding import score_finding
from syncd.domain.names import FieldName
from syncd.domain.standard import Band, BandName, DecayingPoints, RulePoints, Scoring
from syncd.domain.values import Seen, Unreadable
from syncd.domain.verdict import Score

TORN = Unreadable(why="gone")


def scored(values: dict[FieldName, Seen], scoring: Scoring = SCORING) -> Score:
    found = {x.id: compile_rule(x)(values, NOW) for x in RULES}
    return score(values, scoring, found, NOW)


def test_a_rule_that_holds_gives_its_points() -> None:
    assert scored({EMPLOYEES: 60, NEED: None, ENGAGED: None}).points == 40


def test_every_part_is_shown_by_its_name() -> None:
    assert scored({EMPLOYEES: 60, NEED: None, ENGAGED: None}).parts == (
        ("employees-50-plus", Decimal(40)),
        ("need-stated", Decimal(0)),
        ("engagement", Decimal(0)),
    )


@pytest.mark.parametrize(
    ("at", "points"),
    [
        (NOW, "30.00"),
        (NOW - timedelta(days=10), "15.00"),
        (NOW - timedelta(days=20), "7.50"),
        (NOW - timedelta(days=30), "3.75"),
        (NOW + timedelta(hours=20), "30.00"),
        (NOW + timedelta(days=2), "0"),
        (date(2026, 2, 21), "14.49"),
    ],
)
def test_points_for_behaviour_are_halved_with_every_half_life(at: Seen, points: str) -> None:
    assert scored({EMPLOYEES: 1, NEED: None, ENGAGED: at}).points == Decimal(points)


def test_the_latest_behaviour_is_the_last_that_has_happened() -> None:
    week = timedelta(days=7)
    parts = [
        DecayingPoints(name=name, field=FieldName(name), points=Decimal(1), half_life=week)
        for name in ("visit", "demo", "torn", "planned")
    ]
    scoring = replace(SCORING, points=tuple(parts))
    done: dict[str, Seen] = {
        "visit": NOW - week,
        "demo": date(2026, 3, 1),
        "torn": TORN,
        "planned": NOW + week,
    }

    found = latest_behaviour({FieldName(k): v for k, v in done.items()}, scoring, NOW)

    assert found == ("demo", date(2026, 3, 1))


def test_parts_that_cannot_be_told_are_listed_and_give_nothing() -> None:
    found = scored({EMPLOYEES: TORN, NEED: "x", ENGAGED: TORN})

    assert (found.points, found.unknown) == (Decimal(10), ("employees-50-plus", "engagement"))


def test_behaviour_in_a_field_no_record_has_is_unknown() -> None:
    assert scored({EMPLOYEES: 1, NEED: None}).unknown == ("engagement",)


@pytest.mark.parametrize(
    ("values", "band"),
    [
        ({EMPLOYEES: 1, NEED: None, ENGAGED: None}, BandName.NURTURE),
        ({EMPLOYEES: 1, NEED: None, ENGAGED: NOW}, BandName.WARM),
        ({EMPLOYEES: 60, NEED: "x", ENGAGED: NOW - timedelta(days=10)}, BandName.SALES_READY),
    ],
)
def test_the_band_is_the_highest_whose_threshold_is_reached(
    values: dict[FieldName, Seen], band: BandName
) -> None:
    assert scored(values).band is band


def test_a_score_below_all_thresholds_is_in_the_lowest_band() -> None:
    bands = (Band(name=BandName.WARM, minimum=Decimal(5)),)
    scoring = Scoring(points=(), bands=bands)

    assert scored({}, scoring).band is BandName.WARM


def test_unknown_penalties_and_gains_both_widen_what_a_score_can_be() -> None:
    scoring = Scoring(
        points=(
            RulePoints(rule=RULES[0].id, points=Decimal(-20)),
            DecayingPoints(
                name="visits", field=ENGAGED, points=Decimal(30), half_life=timedelta(days=1)
            ),
        ),
        bands=SCORING.bands,
    )

    found = scored({EMPLOYEES: TORN, ENGAGED: TORN, NEED: None}, scoring)

    assert reach(found, scoring) == (Decimal(-20), Decimal(30))


def test_a_score_nothing_can_lift_says_so() -> None:
    scoring = Scoring(points=(), bands=SCORING.bands)
    finding = score_finding(scored({}, scoring), BandName.WARM, scoring, {})

    assert finding is not None
    assert finding.fix == "Nothing in the standard gives it more points."
