"""What leads brought in: win rates, how long it took, and marketing's part."""

from datetime import timedelta
from typing import Any

from fact_cases import a_round, at, facts, scope
from table_reading import cell, counts, keys, parts

from syncd.measure.facts import Dimension
from syncd.measure.money_measures import CYCLES, PIPELINE, REVENUE, WINS
from syncd.measure.tables import Number

DAY = 86_400


def _won(lead: str, source: str | None = "Web", cycle: int = 1, **said: Any) -> dict[str, Any]:
    return a_round(lead, cycle, **({"source": source, "won_at": at(20)} | said))


def _lost(lead: str, source: str | None = "Web", cycle: int = 1, **said: Any) -> dict[str, Any]:
    return a_round(lead, cycle, **({"source": source, "lost_at": at(20)} | said))


def test_the_win_rate_of_a_source_is_of_the_leads_that_were_decided() -> None:
    made = facts(
        [
            *[_won(f"w-{n}", won_amount=1000.0) for n in range(3)],
            *[_lost(f"l-{n}") for n in range(9)],
            *[_lost(f"f-{n}", "Fair") for n in range(2)],
            a_round("open", source="Web", opportunity_at=at(2), open_amount=9e9),
            _won("none", None),
        ]
    )

    table = WINS.table(made, scope())

    assert keys(table) == ["Web", "Fair", "(unknown)"]
    assert parts(table, "won") == {"Web": (3, 12), "Fair": (0, 2), "(unknown)": (1, 1)}
    assert cell(table, "Web", "won").value == 0.25
    assert cell(table, "Web", "amount").value == 3000.0
    assert cell(table, "Fair", "won").why == "too few to say"


def test_a_lead_lost_and_won_in_the_period_counts_with_the_last_of_both() -> None:
    made = facts([_lost("l", lost_at=at(3)), _won("l", cycle=2, won_amount=5.0)])

    table = WINS.table(made, scope())

    assert parts(table, "won") == {"Web": (1, 1)}
    assert WINS.leads(made, scope(), "Web", "decided").rows() == [("l", 2, at(20))]


def test_win_rates_are_split_by_any_dimension_but_their_own() -> None:
    table = WINS.table(facts([_won("a", team="smb")]), scope(), Dimension.TEAM)

    assert cell(table, "smb", "Web.decided").n == 1
    assert Dimension.SOURCE not in WINS.dimensions


def test_the_sales_cycle_is_counted_by_the_calendar_from_mql_and_from_opportunity() -> None:
    made = facts(
        [
            _won(
                f"l-{n}",
                won_at=at(20),
                mql_at=at(20) - timedelta(days=n),
                opportunity_at=at(20) - timedelta(days=1),
            )
            for n in range(1, 12)
        ]
    )

    table = CYCLES.table(made, scope())

    assert cell(table, "Web", "leads").n == 11
    assert cell(table, "Web", "mql").value == 6 * DAY
    assert cell(table, "Web", "mql_p90").value == 10 * DAY
    assert cell(table, "Web", "opportunity").value == DAY


def test_a_cycle_that_ends_before_it_begins_is_left_out() -> None:
    made = facts([_won("a", mql_at=at(21)), _won("b", mql_at=at(1)), _won("c")])

    mql = cell(CYCLES.table(made, scope()), "Web", "mql")

    assert (mql.n, mql.value, mql.why) == (1, None, "too few to say")


def test_marketings_part_in_the_pipeline_is_what_it_sourced_and_what_it_influenced() -> None:
    def deal(lead: str, *, sourced: bool | None, influenced: bool | None, **said: Any) -> Any:
        return a_round(lead, opportunity_at=at(4), sourced=sourced, influenced=influenced, **said)

    made = facts(
        [
            deal("both", sourced=True, influenced=True, open_amount=100.0),
            deal("s", sourced=True, influenced=False, open_amount=10.0, won_amount=5.0),
            deal("i", sourced=False, influenced=True, won_amount=1.0),
            *[deal(f"n-{n}", sourced=False, influenced=False) for n in range(6)],
            deal("unknown", sourced=None, influenced=None, open_amount=7.0),
        ]
    )

    table = PIPELINE.table(made, scope())

    assert parts(table, "share") == {
        "all": (10, 10),
        "sourced": (2, 10),
        "influenced": (2, 10),
        "either": (3, 10),
        "neither": (7, 10),
    }
    assert {row.key: row.numbers["amount"].value for row in table.rows} == {
        "all": 123.0,
        "sourced": 115.0,
        "influenced": 101.0,
        "either": 116.0,
        "neither": 7.0,
    }
    assert counts(table, "amount")["neither"] == 1
    assert cell(table, "either", "amount_share") == Number(value=116.0 / 123.0, n=3)
    assert all("marketing's CRM knew the person" in x.numerator for x in table.definitions)


def test_what_was_won_is_of_the_period_of_the_win_and_open_deals_are_none_of_it() -> None:
    made = facts(
        [
            _won("a", sourced=True, won_amount=70.0, open_amount=9e9),
            _won("b", won_at=at(2, month=11), sourced=True, won_amount=9e9),
        ]
    )

    table = REVENUE.table(made, scope())

    assert cell(table, "all", "amount").value == 70.0
    assert counts(table, "leads")["sourced"] == 1


def test_a_lead_with_two_opportunities_is_worth_both() -> None:
    made = facts(
        [
            a_round("l", 1, opportunity_at=at(2), won_amount=1.0),
            a_round("l", 2, opportunity_at=at(9), open_amount=2.0),
        ]
    )

    assert cell(PIPELINE.table(made, scope()), "all", "amount").value == 3.0


def test_where_nothing_has_an_amount_there_is_nothing_to_take_a_part_of() -> None:
    made = facts([_won("a", sourced=True)])

    share = cell(REVENUE.table(made, scope()), "sourced", "amount_share")

    assert share == Number(value=None, n=0, why="nothing to count")


def test_a_teams_part_is_of_that_teams_amounts() -> None:
    made = facts(
        [
            _won("a", sourced=True, team="smb", won_amount=30.0),
            _won("b", sourced=False, team="smb", won_amount=10.0),
            _won("c", sourced=True, team="field", won_amount=900.0),
        ]
    )

    table = REVENUE.table(made, scope(), Dimension.TEAM)

    assert cell(table, "smb", "sourced.amount_share").value == 0.75
