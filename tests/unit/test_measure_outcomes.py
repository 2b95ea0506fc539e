"""Score and standard against what became of leads; leads given up that came back."""

from typing import Any

from fact_cases import a_round, at, facts, scope
from table_reading import cell, counts, keys, parts

from syncd.domain.handoff import HandoffState
from syncd.measure.facts import Dimension
from syncd.measure.outcome_measures import (
    BANDS_MQL,
    BANDS_SQL,
    NOT_TAKEN,
    RECYCLED,
    STANDARDS,
)

EXPIRED, REJECTED = HandoffState.EXPIRED.value, HandoffState.REJECTED.value


def _mqls(number: int, band: str | None, name: str, **said: Any) -> list[dict[str, Any]]:
    usual = {"mql_at": at(3), "mql_band": band}
    return [a_round(f"{name}-{n}", **(usual | said)) for n in range(number)]


def _given_up(lead: str, cycle: int = 1, **said: Any) -> dict[str, Any]:
    return a_round(lead, cycle, **({"state": EXPIRED, "closed_at": at(8)} | said))


def test_each_band_says_how_many_became_sql_and_were_won() -> None:
    made = facts(
        [
            *_mqls(6, "sales-ready", "a", sql_at=at(5), won_at=at(9, month=11)),
            *_mqls(4, "sales-ready", "b"),
            *_mqls(20, "warm", "c", sql_at=at(5)),
            *_mqls(1, None, "d"),
        ]
    )

    table = BANDS_MQL.table(made, scope())

    assert keys(table) == ["sales-ready", "warm", "nurture", "(no score)"]
    assert parts(table, "sql")["sales-ready"] == (6, 10)
    assert parts(table, "won")["warm"] == (0, 20)
    won = cell(table, "sales-ready", "won")
    assert won.low is not None
    assert won.high is not None
    assert won.low < 0.6 < won.high
    assert cell(table, "nurture", "won").why == "nothing to count"


def test_what_a_later_round_brought_counts_for_the_band_of_the_first_mql() -> None:
    first = a_round("l", 1, mql_at=at(3), mql_band="warm")
    second = a_round("l", 2, mql_at=at(20), mql_band="sales-ready", sql_at=at(22), won_at=at(25))

    table = BANDS_MQL.table(facts([second, first]), scope())

    assert counts(table, "leads") == {"sales-ready": 0, "warm": 1, "nurture": 0}
    assert parts(table, "won")["warm"] == (1, 1)
    assert BANDS_MQL.leads(facts([second, first]), scope(), "warm", "won").rows() == [
        ("l", 1, at(3), at(25))
    ]


def test_a_lead_that_was_mql_before_the_period_is_no_new_one() -> None:
    first = a_round("l", 1, mql_at=at(3, month=9), mql_band="warm")
    second = a_round("l", 2, mql_at=at(20), mql_band="warm")

    assert counts(BANDS_MQL.table(facts([first, second]), scope()), "leads")["warm"] == 0


def test_whoever_comes_back_is_no_new_mql_even_where_nobody_saw_the_first_time() -> None:
    made = facts([a_round("l", 1), a_round("l", 2, mql_at=at(20), mql_band="warm")])

    assert sum(counts(BANDS_MQL.table(made, scope()), "leads").values()) == 0


def test_bands_at_sql_are_of_the_leads_that_first_became_sql_in_the_period() -> None:
    sqls = [
        a_round(f"l-{n}", sql_at=at(4), sql_band="warm", won_at=at(8) if n < 3 else None)
        for n in range(12)
    ]
    earlier = a_round("m", sql_at=at(4, month=9), sql_band="warm", won_at=at(8))

    table = BANDS_SQL.table(facts([*sqls, earlier]), scope())

    assert parts(table, "won")["warm"] == (3, 12)


def test_the_band_at_sql_is_that_of_the_round_in_which_a_lead_first_became_one() -> None:
    back = (
        a_round("l", 1, mql_at=at(2, month=9), sql_band="nurture"),
        a_round("l", 2, sql_at=at(4), sql_band="warm"),
        a_round("l", 3, sql_at=at(9), sql_band="nurture", won_at=at(12)),
    )

    table = BANDS_SQL.table(facts(back), scope())

    assert {x: n for x, n in counts(table, "leads").items() if n} == {"warm": 1}
    assert parts(table, "won")["warm"] == (1, 1)


def test_versions_of_the_standard_stand_beside_each_other() -> None:
    made = facts(
        [
            *_mqls(8, "warm", "a", standard="2026.1", state=REJECTED),
            *_mqls(4, "warm", "b", standard="2026.1", sql_at=at(5)),
            *_mqls(11, "warm", "c", standard="2026.2", sql_at=at(5)),
        ]
    )

    table = STANDARDS.table(made, scope())

    assert keys(table) == ["2026.1", "2026.2"]
    assert parts(table, "rejected") == {"2026.1": (8, 12), "2026.2": (0, 11)}
    assert parts(table, "sql") == {"2026.1": (4, 12), "2026.2": (11, 11)}


def test_a_lead_given_up_may_come_back_qualify_and_buy_later() -> None:
    made = facts(
        [
            _given_up("a"),
            a_round("a", 2, mql_at=at(20)),
            a_round("a", 3, mql_at=at(3, month=11), sql_at=at(4, month=11), won_at=at(9, month=11)),
            _given_up("b", state=REJECTED, reason="too-early"),
            a_round("b", 2, mql_at=at(20)),
            _given_up("c"),
        ]
    )

    table = RECYCLED.table(made, scope())

    assert keys(table) == ["all", NOT_TAKEN, "too-early"]
    assert counts(table, "leads") == {"all": 3, NOT_TAKEN: 2, "too-early": 1}
    assert counts(table, "again") == {"all": 2, NOT_TAKEN: 1, "too-early": 1}
    assert counts(table, "sql") == {"all": 1, NOT_TAKEN: 1, "too-early": 0}
    assert parts(table, "won")["all"] == (1, 3)


def test_what_came_before_it_was_given_up_is_nothing_that_came_of_it() -> None:
    before = a_round("l", 1, mql_at=at(1, month=9), sql_at=at(2, month=9), won_at=at(3, month=9))
    given_up = _given_up("l", 2, mql_at=at(4), sql_at=at(5), won_at=at(6))

    table = RECYCLED.table(facts([before, given_up]), scope())

    assert [cell(table, "all", x).n for x in ("leads", "again", "sql", "won")] == [1, 0, 0, 0]


def test_a_deal_won_in_the_round_after_it_was_given_up_counts() -> None:
    made = facts([_given_up("l", won_at=at(20))])

    assert RECYCLED.leads(made, scope(), "all", "won")["lead_id"].to_list() == ["l"]


def test_what_an_earlier_round_brought_late_did_not_come_of_a_later_one() -> None:
    earlier = a_round("l", 1, won_at=at(20))

    table = RECYCLED.table(facts([earlier, _given_up("l", 2)]), scope())

    assert parts(table, "won")["all"] == (0, 1)


def test_given_back_are_leads_that_sales_gave_back_alone() -> None:
    states = (REJECTED, EXPIRED, HandoffState.QUALIFIED.value, None)
    made = [a_round(f"s-{n}", mql_at=at(3), standard="v", state=x) for n, x in enumerate(states)]

    assert parts(STANDARDS.table(facts(made), scope()), "rejected")["v"] == (1, 4)


def test_a_lead_given_up_twice_in_the_period_is_one_lead() -> None:
    made = facts([_given_up("l"), _given_up("l", 2, closed_at=at(25), mql_at=at(20))])

    table = RECYCLED.table(made, scope())

    assert (cell(table, "all", "leads").n, cell(table, "all", "again").n) == (1, 1)


def test_open_handoffs_and_qualified_ones_were_not_given_up() -> None:
    states = (HandoffState.QUALIFIED, HandoffState.SUPERSEDED, HandoffState.ACCEPTED)
    made = facts([_given_up(x.value, state=x.value) for x in states])

    assert cell(RECYCLED.table(made, scope()), "all", "leads").n == 0


def test_splits_are_called_by_their_line_even_where_it_is_the_only_one() -> None:
    made = facts(_mqls(3, "warm", "a", standard="2026.1", team="smb"))

    [row] = STANDARDS.table(made, scope(), Dimension.TEAM).rows

    assert (row.key, row.numbers["2026.1.leads"].n) == ("smb", 3)
