"""A target walked back through rates that were measured: the report's own, and none made up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fact_cases import a_round, at, facts, reached, scope

from syncd.cli.goal_measured import last_year, months_of
from syncd.domain.stage import Stage
from syncd.measure.catalogue import MEASURES
from syncd.measure.goal import SOLD, about, goal, measured_pace, measured_steps

HALVES = {
    Stage.LEAD: 320,
    Stage.MQL: 160,
    Stage.SAL: 80,
    Stage.SQL: 40,
    Stage.OPPORTUNITY: 20,
    Stage.CUSTOMER: 10,
}
"""How many leads came at least so far: half of them each time."""
NAMES = ["opportunities", "SQLs", "SALs", "MQLs", "leads"]
STAGES = tuple(HALVES)


def _town() -> list[dict[str, Any]]:
    """Each lead as far as it came, all of them in October."""
    rounds: list[dict[str, Any]] = []
    for stage, count in HALVES.items():
        after = STAGES[STAGES.index(stage) + 1 :]
        stayed = count - (HALVES[after[0]] if after else 0)
        said: dict[str, Any] = {"lead_at": at(5) - timedelta(hours=1)}
        said |= reached(stage, at(5)) if stage is not Stage.LEAD else {}
        rounds += [a_round(f"{stage}-{n}", **said) for n in range(stayed)]
    return rounds


def test_each_measured_rate_walks_the_target_one_step_further_back() -> None:
    known = facts(_town())

    steps = measured_steps(MEASURES["lead-funnel"].table(known, scope()))
    pace = measured_pace(MEASURES["arrivals"].table(known, scope()), months=1)
    found = goal(100_000, 1_000, steps, months=10, sold=SOLD, pace=pace)

    assert [(x.name, x.rate, x.of) for x in steps] == [
        (name, 0.5, of) for name, of in zip(NAMES, (20, 40, 80, 160, 320), strict=True)
    ]
    assert [about(x.exact) for x in found.levels] == [100, 200, 400, 800, 1_600, 3_200]
    assert [x.pace for x in found.levels] == [10, 20, 40, 80, 160, 320]
    assert [found.missing(x) for x in found.levels] == [0, 0, 0, 0, 0, 0]


def test_each_measured_rate_comes_with_its_interval() -> None:
    steps = measured_steps(MEASURES["lead-funnel"].table(facts(_town()), scope()))

    assert all(x.low and x.high and x.low < x.rate < x.high for x in steps)


@pytest.mark.parametrize(
    ("now", "named"),
    [
        (datetime(2026, 11, 20, tzinfo=UTC), "2025-11..2026-10"),
        (datetime(2026, 11, 1, 3, tzinfo=UTC), "2025-10..2026-09"),  # October still, there
    ],
)
def test_rates_are_measured_on_the_last_twelve_whole_months(now: datetime, named: str) -> None:
    assert last_year(now, "America/New_York") == named


def test_a_pace_is_of_every_month_of_the_period_however_many_years_it_spans() -> None:
    start, end = datetime(2024, 11, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    asked = replace(scope(), start=start, end=end, now=end, time_zone="UTC")

    assert months_of(asked) == 24


def test_the_pace_of_a_month_that_goes_on_is_of_its_days_so_far() -> None:
    start, end = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    asked = replace(scope(), start=start, end=end, now=start + timedelta(days=12), time_zone="UTC")

    assert months_of(asked) == 0.4
