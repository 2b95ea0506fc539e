"""Why leads are given back and lost, what was missing, in a period and month by month."""

from typing import Any

from fact_cases import a_round, at, facts, scope
from table_reading import cell, counts, keys, parts

from syncd.domain.handoff import HandoffState
from syncd.measure.facts import Dimension
from syncd.measure.reason_measures import (
    LOSSES,
    LOSSES_BY_MONTH,
    MISSING,
    NOTHING_MISSING,
    OBJECTIONS,
    OBJECTIONS_BY_MONTH,
    REJECTIONS,
    REJECTIONS_BY_MONTH,
)
from syncd.measure.value_lines import MOST, OTHERS


def _rejected(lead: str, reason: str | None, cycle: int = 1, **said: Any) -> dict[str, Any]:
    usual = {"state": HandoffState.REJECTED.value, "reason": reason, "closed_at": at(9)}
    return a_round(lead, cycle, **(usual | said))


def test_reasons_stand_the_most_frequent_first_with_their_share_of_all() -> None:
    some = [_rejected(f"b-{n}", "no-budget") for n in range(7)]
    made = facts(
        [*[_rejected(f"e-{n}", "too-early") for n in range(2)], *some, _rejected("x", None)]
    )

    table = REJECTIONS.table(made, scope())

    assert keys(table) == ["no-budget", "too-early", "(not said)"]
    assert parts(table, "share") == {
        "no-budget": (7, 10),
        "too-early": (2, 10),
        "(not said)": (1, 10),
    }


def test_a_lead_given_back_twice_in_the_period_counts_once_with_the_last_reason() -> None:
    made = facts(
        [_rejected("l", "too-early"), _rejected("l", "no-budget", 2, closed_at=at(25))],
    )

    table = REJECTIONS.table(made, scope())

    assert counts(table, "leads") == {"no-budget": 1}
    assert REJECTIONS.leads(made, scope(), "no-budget", "leads").rows() == [("l", 2, at(25))]


def test_a_lead_given_back_again_after_the_period_counts_with_what_was_said_in_it() -> None:
    again = _rejected("l", "no-budget", 2, closed_at=at(2, month=11))

    table = REJECTIONS.table(facts([_rejected("l", "too-early"), again]), scope())

    assert counts(table, "leads") == {"too-early": 1}


def test_leads_that_ran_out_of_time_were_not_given_back() -> None:
    expired = a_round("l", state=HandoffState.EXPIRED.value, closed_at=at(9), missing=["budget"])

    assert keys(REJECTIONS.table(facts([expired]), scope())) == []
    assert counts(MISSING.table(facts([expired]), scope()), "leads") == {NOTHING_MISSING: 0}


def test_one_lead_may_lack_several_fields() -> None:
    made = facts(
        [
            *[_rejected(f"a-{n}", "x", missing=["budget", "role"]) for n in range(3)],
            *[_rejected(f"b-{n}", "x", missing=["role"]) for n in range(5)],
            *[_rejected(f"c-{n}", "x", missing=[]) for n in range(1)],
            *[_rejected(f"d-{n}", "x") for n in range(1)],
        ]
    )

    assert parts(MISSING.table(made, scope()), "share") == {
        "role": (8, 10),
        "budget": (3, 10),
        NOTHING_MISSING: (2, 10),
    }


def test_who_lacked_only_rare_fields_stands_among_all_others() -> None:
    usual = [_rejected(f"u-{n}", "x", missing=[f"f-{n % MOST}"]) for n in range(2 * MOST)]
    rare = [
        _rejected("r-1", "x", missing=["rare", "rarer"]),
        _rejected("r-2", "x", missing=["rarest", "f-1"]),
    ]

    found = counts(MISSING.table(facts([*usual, *rare]), scope()), "leads")

    assert (found[OTHERS], found["f-1"], found[NOTHING_MISSING]) == (2, 3, 0)


def test_only_objections_that_were_written_down_count() -> None:
    heard = [_rejected(f"l-{n}", "x", objection="too dear") for n in range(2)]
    made = facts([*heard, _rejected("m", "x"), _rejected("n", "x", objection="")])

    assert parts(OBJECTIONS.table(made, scope()), "share") == {"too dear": (2, 2)}


def test_rare_words_stand_in_one_line_so_that_a_table_stays_readable() -> None:
    frequent = [_rejected(f"f-{n}", "x", objection="too dear") for n in range(2)]
    rare = [_rejected(f"r-{n}", "x", objection=f"words {n:02}") for n in range(30)]

    table = OBJECTIONS.table(facts([*frequent, *rare]), scope())

    assert len(table.rows) == MOST + 1
    assert parts(table, "share")[OTHERS] == (32 - 2 - (MOST - 1), 32)
    assert OBJECTIONS.leads(facts([*frequent, *rare]), scope(), OTHERS, "leads").height == 11


def test_deals_are_lost_in_the_period_of_the_last_one() -> None:
    made = facts(
        [
            a_round("a", lost_at=at(3), lost_reason="price"),
            a_round("b", lost_at=at(3, month=11), lost_reason="price"),
            a_round("c", lost_at=at(4)),
        ]
    )

    assert counts(LOSSES.table(made, scope()), "leads") == {"price": 1, "(not said)": 1}


def test_months_are_columns_the_periods_last_one_at_the_end() -> None:
    made = facts(
        [
            _rejected("a", "x", closed_at=at(3, month=9)),
            _rejected("b", "x", closed_at=at(3)),
            _rejected("c", "y", closed_at=at(3)),
            _rejected("d", "x", closed_at=at(3, month=11)),
        ]
    )

    table = REJECTIONS_BY_MONTH.table(made, scope())

    assert len(table.columns) == 12
    assert [x.id for x in table.columns[-2:]] == ["2026-09", "2026-10"]
    assert counts(table, "2026-10") == {"x": 1, "y": 1}
    assert counts(table, "2026-09") == {"x": 1, "y": 0}
    assert sum(x.n for row in table.rows for x in row.numbers.values()) == 3
    assert len(table.definitions) == 1


def test_a_month_is_the_teams_own() -> None:
    made = facts([_rejected("a", "x", closed_at=at(1, 1))])
    new_york = scope(at(1, 4), at(1, 4, month=11), time_zone="America/New_York")

    table = REJECTIONS_BY_MONTH.table(made, new_york)

    assert (cell(table, "x", "2026-09").n, cell(table, "x", "2026-10").n) == (1, 0)


def test_a_lead_counts_in_each_month_and_once_in_each() -> None:
    days = (at(3, month=9), at(3), at(20), at(3, month=11))
    made = facts([_rejected("l", f"r{n}", n, closed_at=x) for n, x in enumerate(days, 1)])

    table = REJECTIONS_BY_MONTH.table(made, scope())

    assert counts(table, "2026-09") == {"r1": 1, "r3": 0}
    assert counts(table, "2026-10") == {"r1": 0, "r3": 1}
    assert REJECTIONS_BY_MONTH.leads(made, scope(), "r3", "2026-10").rows() == [("l", 3, at(20))]


def test_the_first_instant_of_a_month_is_of_that_month() -> None:
    made = facts([_rejected("l", "x", closed_at=at(1, 0))])

    table = REJECTIONS_BY_MONTH.table(made, scope())

    assert (counts(table, "2026-09"), counts(table, "2026-10")) == ({"x": 0}, {"x": 1})


def test_a_filter_holds_for_months_too() -> None:
    made = facts(
        [
            _rejected("a", "x", team="smb", objection="dear"),
            _rejected("b", "x", team="field", objection="dear"),
            a_round("c", lost_at=at(3), lost_reason="price", team="field"),
        ]
    )
    only = scope(only={Dimension.TEAM: ("smb",)})

    assert counts(OBJECTIONS_BY_MONTH.table(made, only), "2026-10") == {"dear": 1}
    assert keys(LOSSES_BY_MONTH.table(made, only)) == []
