"""Cohorts and periods: how far leads came, and what happened when; leads that came back."""

from typing import Any

import pytest
from fact_cases import NOVEMBER, NOW, OCTOBER, a_round, at, facts, reached, scope
from table_reading import cell, counts, keys, parts

from syncd.domain.stage import Stage
from syncd.domain.targets import Targets
from syncd.measure.arrivals import ARRIVALS, ARRIVALS_BY_MONTH
from syncd.measure.facts import Dimension
from syncd.measure.funnel import (
    CONVERSION_BY_MONTH,
    LEAD_FUNNEL,
    MQL_FUNNEL,
    ROUNDS,
)
from syncd.measure.scope import UNKNOWN
from syncd.measure.stage_time import STAGE_TIME

BACK = (
    a_round("back", 1, **reached(Stage.SAL, at(2)), owner="ann"),
    a_round("back", 2, **reached(Stage.SQL, at(20)), owner="bo"),
)
"""Recycled as a SAL, and an SQL the second time."""


def some(count: int, stage: Stage, **said: Any) -> list[dict[str, Any]]:
    return [a_round(f"{stage}-{n}", **reached(stage, at(5)), **said) for n in range(count)]


def test_the_cohort_is_followed_past_the_end_of_the_period() -> None:
    late = a_round("l-1", mql_at=at(30), sal_at=at(10, month=11))

    table = MQL_FUNNEL.table(facts([late]), scope())

    assert counts(table, "leads") == {
        "mql": 1,
        "sal": 1,
        "sql": 0,
        "opportunity": 0,
        "customer": 0,
    }


def test_what_comes_after_now_is_not_known_yet() -> None:
    now = a_round("l-1", mql_at=at(30), sal_at=NOW)
    late = a_round("l-2", mql_at=at(30), sal_at=at(25, month=11))

    assert cell(MQL_FUNNEL.table(facts([now, late]), scope()), "sal", "leads").n == 1


def test_who_became_mql_before_the_period_is_of_another_cohort() -> None:
    early = a_round("l-1", mql_at=at(30, month=9), sal_at=at(2))

    assert cell(MQL_FUNNEL.table(facts([early]), scope()), "mql", "leads").n == 0


@pytest.mark.parametrize(("when", "counted"), [(OCTOBER, 1), (NOVEMBER, 0)])
def test_a_period_begins_with_its_first_instant_and_ends_before_the_next(
    when: Any, counted: int
) -> None:
    table = MQL_FUNNEL.table(facts([a_round(mql_at=when)]), scope())

    assert cell(table, "mql", "leads").n == counted


def test_steps_are_of_the_step_before_and_held_against_its_target() -> None:
    rounds = some(10, Stage.MQL) + some(6, Stage.SAL) + some(4, Stage.SQL)
    targets = Targets(conversion={Stage.SQL: 0.6})

    table = MQL_FUNNEL.table(facts(rounds), scope(targets=targets))

    assert parts(table, "step")["sal"] == (10, 20)
    assert parts(table, "step")["sql"] == (4, 10)
    assert parts(table, "all")["sql"] == (4, 20)
    assert (cell(table, "sql", "step").value, cell(table, "sql", "step").target) == (0.4, 0.6)
    assert cell(table, "mql", "step").why == "does not apply"


def test_a_lead_that_came_back_counts_once_and_as_far_as_it_ever_came() -> None:
    table = MQL_FUNNEL.table(facts(BACK), scope())

    assert counts(table, "leads") == {
        "mql": 1,
        "sal": 1,
        "sql": 1,
        "opportunity": 0,
        "customer": 0,
    }


def test_a_lead_that_came_back_is_no_new_mql_of_the_later_month() -> None:
    table = MQL_FUNNEL.table(facts(BACK), scope(start=at(15)))

    assert cell(table, "mql", "leads").n == 0


def test_a_lead_that_was_mql_before_anybody_looked_is_no_new_one_when_it_comes_back() -> None:
    rounds = [a_round("l-1", 1), a_round("l-1", 2, **reached(Stage.SAL, at(5)))]

    cohort = MQL_FUNNEL.table(facts(rounds), scope())
    arrivals = ARRIVALS.table(facts(rounds), scope())

    assert cell(cohort, "mql", "leads").n == 0
    assert (counts(arrivals, "first")["mql"], counts(arrivals, "again")["mql"]) == (0, 1)
    assert counts(arrivals, "first")["sal"] == 1


def test_a_lead_stands_under_what_was_known_of_its_first_round() -> None:
    table = MQL_FUNNEL.table(facts(BACK), scope(), Dimension.OWNER)

    assert keys(table) == ["ann"]
    assert cell(table, "ann", "sql.leads").n == 1


def test_the_lead_funnel_begins_with_the_lead() -> None:
    rounds = [
        a_round("l-1", lead_at=at(2)),
        a_round("l-2", lead_at=at(2), mql_at=at(3)),
        a_round("l-3", lead_at=at(2, month=9), mql_at=at(3)),
    ]

    table = LEAD_FUNNEL.table(facts(rounds), scope())

    assert parts(table, "step")["mql"] == (1, 2)


def test_rounds_tell_apart_who_came_for_the_first_time_and_who_came_back() -> None:
    table = ROUNDS.table(facts(BACK), scope())

    assert counts(table, "rounds") == {"first": 1, "again": 1}
    assert parts(table, "sql") == {"first": (0, 1), "again": (1, 1)}


def test_arrivals_are_by_when_they_happened_and_new_ones_apart() -> None:
    old = a_round("l-1", mql_at=at(2, month=8), sql_at=at(3))

    table = ARRIVALS.table(facts([old, *BACK]), scope())

    assert counts(table, "first") == {
        "lead": 0,
        "mql": 1,
        "sal": 1,
        "sql": 2,
        "opportunity": 0,
        "customer": 0,
    }
    assert counts(table, "again")["mql"] == 1
    assert counts(table, "again")["sql"] == 0


def test_an_arrival_is_its_rounds_owner() -> None:
    table = ARRIVALS.table(facts(BACK), scope(), Dimension.OWNER)

    assert {x: cell(table, x, "sql.first").n for x in keys(table)} == {"ann": 0, "bo": 1}


def test_a_number_opens_to_its_leads_with_what_put_them_there() -> None:
    found = MQL_FUNNEL.leads(facts(BACK), scope(), "sql", "step")

    assert found.columns == ["lead_id", "cycle", "mql_at", "sal_at", "sql_at"]
    assert found.row(0) == ("back", 1, at(2), at(2, 12, 1), at(20, 12, 2))


def test_months_are_those_of_the_time_zone() -> None:
    """In New York it is still September."""
    table = ARRIVALS_BY_MONTH.table(
        facts([a_round(mql_at=at(1, 2))]), scope(time_zone="America/New_York")
    )

    assert (counts(table, "mql")["2026-09"], counts(table, "mql")["2026-10"]) == (1, 0)


def test_a_trend_is_the_twelve_months_up_to_the_periods_end() -> None:
    table = CONVERSION_BY_MONTH.table(facts(), scope(end=at(21, month=11)))

    assert [table.rows[0].key, table.rows[-1].key, len(table.rows)] == ["2025-12", "2026-11", 12]
    assert table.rows[-1].label == "November 2026 (so far)"


def test_a_whole_month_is_the_last_of_its_trend() -> None:
    table = CONVERSION_BY_MONTH.table(facts(), scope())

    assert (table.rows[-1].key, table.rows[-1].label) == ("2026-10", "October 2026")


def test_the_largest_stands_first_and_what_is_not_known_last() -> None:
    owners = ("bo", "ann", "ann", None, None, None)
    rounds = [a_round(f"l-{n}", mql_at=at(5), owner=owner) for n, owner in enumerate(owners)]

    table = MQL_FUNNEL.table(facts(rounds), scope(), Dimension.OWNER)

    assert keys(table) == ["ann", "bo", UNKNOWN]


def test_each_months_cohort_is_its_own() -> None:
    rounds = [
        a_round("l-1", mql_at=at(30, month=9), sal_at=at(2)),
        a_round("l-2", mql_at=at(2)),
    ]

    table = CONVERSION_BY_MONTH.table(facts(rounds), scope())

    assert parts(table, "sal")["2026-09"] == (1, 1)
    assert parts(table, "sal")["2026-10"] == (0, 1)


def test_time_in_stage_is_of_those_that_went_on_in_the_period() -> None:
    rounds = [a_round(f"l-{n}", mql_at=at(1), sal_at=at(1 + n)) for n in range(1, 12)]
    staying = a_round("l-s", mql_at=at(1, month=1))
    later = a_round("l-l", mql_at=at(1, month=1), sal_at=at(2, month=11))

    before = a_round("l-b", mql_at=at(1, month=1), sal_at=at(2, month=9), sql_at=at(2))

    table = STAGE_TIME.table(facts([*rounds, staying, later, before]), scope())

    assert cell(table, "mql", "left").n == 11
    assert cell(table, "mql", "median").value == 6 * 86_400
    assert cell(table, "sal", "left").n == 1
    assert cell(table, "opportunity", "median").why == "nothing to count"


def test_a_stage_that_was_jumped_over_took_no_time_and_one_that_came_later_is_left_out() -> None:
    jumped = a_round("j", mql_at=at(2), sal_at=at(5), sql_at=at(5))
    crossed = a_round("c", sql_at=at(9), opportunity_at=at(6))

    table = STAGE_TIME.table(facts([jumped, crossed]), scope())

    assert cell(table, "sal", "left").n == 1
    assert cell(table, "sql", "left").n == 0


def test_a_trend_begins_with_the_first_of_its_twelve_months() -> None:
    old = a_round("l-1", mql_at=at(15, month=11).replace(year=2025))

    table = ARRIVALS_BY_MONTH.table(facts([old]), scope())

    assert cell(table, "2025-11", "mql").n == 1
