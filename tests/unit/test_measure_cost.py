"""What an accepted lead cost."""

from datetime import date
from typing import Any

from fact_cases import NOVEMBER, OCTOBER, a_round, at, facts, scope
from table_reading import cell, counts, keys

from syncd.domain.targets import Spend
from syncd.measure.facts import Dimension, Facts
from syncd.measure.scope import Scope
from syncd.measure.spend import COST, spend_frame

OF_OCTOBER = date(2026, 10, 1)


def _accepted(number: int, source: str | None, **said: Any) -> list[dict[str, Any]]:
    usual = {"source": source, "accepted_at": at(5)}
    return [a_round(f"{source}-{n}", **(usual | said)) for n in range(number)]


def _spent(source: str, amount: float, month: date = OF_OCTOBER) -> dict[str, object]:
    return {"source": source, "month": month, "amount": amount}


def _said(made: Facts, of: Scope) -> set[str]:
    return {row.numbers["cost"].why for row in COST.table(made, of).rows}


def test_what_was_spent_is_shared_by_the_leads_that_sales_accepted() -> None:
    made = facts(
        [*_accepted(4, "Web"), *_accepted(1, "Fair"), *_accepted(2, "Friends")],
        spend=[_spent("Web", 1000.0), _spent("Fair", 500.0), _spent("Radio", 90.0)],
    )

    table = COST.table(made, scope())

    assert keys(table) == ["all", "Web", "Fair", "Radio", "Friends"]
    assert counts(table, "accepted") == {"all": 5, "Web": 4, "Fair": 1, "Radio": 0, "Friends": 2}
    assert cell(table, "Web", "cost").value == 250.0
    assert cell(table, "all", "spend").value == 1590.0
    assert cell(table, "all", "cost").value == 318.0
    assert cell(table, "Radio", "cost").why == "none was accepted"
    assert cell(table, "Friends", "cost").why == "no spend is known"


def test_a_cost_opens_to_the_leads_that_share_it_and_nobody_stands_behind_money() -> None:
    made = facts(_accepted(2, "Web"), spend=[_spent("Web", 10.0)])

    behind_cost = COST.leads(made, scope(), "Web", "cost")
    behind_spend = COST.leads(made, scope(), "Web", "spend")

    assert behind_cost.rows() == [("Web-0", 1, at(5)), ("Web-1", 1, at(5))]
    assert behind_spend.height == 0


def test_several_months_are_added_up_and_others_left_out() -> None:
    made = facts(
        [*_accepted(2, "Web"), *_accepted(3, "Web", accepted_at=at(5, month=9))],
        spend=[
            _spent("Web", 100.0),
            _spent("Web", 10.0, date(2026, 9, 1)),
            _spent("Web", 1.0, date(2026, 11, 1)),
        ],
    )

    october = COST.table(made, scope())
    both = COST.table(made, scope(at(1, 0, month=9), NOVEMBER))

    assert cell(october, "Web", "spend").value == 100.0
    assert cell(both, "Web", "spend").value == 110.0


def test_months_are_those_of_the_teams_time_zone() -> None:
    made = facts(_accepted(2, "Web"), spend=[_spent("Web", 100.0)])
    new_york = scope(at(1, 4), at(1, 4, month=11), time_zone="America/New_York")

    assert cell(COST.table(made, new_york), "Web", "cost").value == 50.0


def test_a_period_that_cuts_a_month_has_no_cost() -> None:
    made = facts(_accepted(2, "Web"), spend=[_spent("Web", 100.0)])

    assert _said(made, scope(OCTOBER, at(20, 0))) == {"spend is known by whole months only"}
    assert _said(made, scope(at(1, 1), NOVEMBER)) == {"spend is known by whole months only"}


def test_of_a_team_or_an_owner_no_cost_is_said_but_of_a_source() -> None:
    made = facts(
        [*_accepted(2, "Web", team="smb"), *_accepted(1, "Fair")],
        spend=[_spent("Web", 100.0), _spent("Fair", 5.0)],
    )

    assert _said(made, scope(only={Dimension.TEAM: ("smb",)})) == {"spend is known by source only"}
    web = COST.table(made, scope(only={Dimension.SOURCE: ("Web",)}))
    assert (keys(web), cell(web, "all", "cost").value) == (["all", "Web"], 50.0)


def test_a_lead_accepted_in_two_rounds_of_the_period_is_one() -> None:
    twice = [a_round("l", n, source="Web", accepted_at=at(5 * n)) for n in (1, 2)]

    table = COST.table(facts(twice, spend=[_spent("Web", 100.0)]), scope())

    assert cell(table, "Web", "cost").value == 100.0


def test_without_any_spend_each_source_says_so() -> None:
    assert _said(facts(_accepted(1, "Web")), scope()) == {"no spend is known"}


def test_what_was_read_from_the_file_is_a_table() -> None:
    frame = spend_frame([Spend(source="Web", month=OF_OCTOBER, amount=5.0)])

    assert frame.rows() == [("Web", OF_OCTOBER, 5.0)]
    assert spend_frame([]).schema == frame.schema == facts().spend.schema
