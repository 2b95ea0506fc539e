"""Judged moves: what became of them, who waives, and rule by rule."""

from datetime import datetime
from typing import Any

from fact_cases import a_move, at, facts, scope
from table_reading import cell, counts, keys, parts

from syncd.domain.stage import Stage
from syncd.measure.facts import Dimension, Treatment
from syncd.measure.move_measures import (
    MOVES_JUDGED,
    WAIVERS_BY_PERSON,
    WAIVERS_BY_REASON,
)
from syncd.measure.rule_measures import RULES_UNMET
from syncd.measure.tables import Number

JUST_BEFORE, JUST_AFTER = datetime.fromisoformat("2026-09-30T23:59:59.999999Z"), at(1, 0, month=11)


def _moves(number: int, treatment: Treatment, **said: Any) -> list[dict[str, Any]]:
    return [a_move(f"{treatment}-{n}", treatment=treatment.value, **said) for n in range(number)]


def test_each_gate_says_what_became_of_the_moves_it_judged() -> None:
    sql = _moves(6, Treatment.CONFORMING) + _moves(3, Treatment.BLOCKED)
    mql = _moves(2, Treatment.FLAGGED, gate=Stage.MQL.value)
    made = facts(moves=[*sql, *_moves(1, Treatment.WAIVED), *mql])

    table = MOVES_JUDGED.table(made, scope())

    assert counts(table, "judged") == {"mql": 2, "sql": 10}
    assert parts(table, "conforming") == {"mql": (0, 2), "sql": (6, 10)}
    assert [cell(table, "sql", x.value).n for x in Treatment] == [6, 1, 3, 0, 0]
    assert cell(table, "sql", "blocked").value == 0.3
    assert cell(table, "mql", "flagged").why == "too few to say"


def test_a_move_counts_in_the_period_in_which_it_was_made() -> None:
    made = facts(moves=[a_move(at=x) for x in (JUST_BEFORE, at(1, 0), JUST_AFTER)])

    assert counts(MOVES_JUDGED.table(made, scope()), "judged") == {"sql": 1}


def test_each_move_of_a_lead_opens_to_the_round_it_was_made_in() -> None:
    made = facts(moves=[a_move("l-1", 1), a_move("l-1", 2, at=at(9)), a_move("l-2", 1)])

    found = MOVES_JUDGED.leads(made, scope(), "sql", "judged")

    assert found.rows() == [("l-1", 1, at(5)), ("l-1", 2, at(9)), ("l-2", 1, at(5))]


def test_who_waives_stands_with_how_much_of_all_that_is() -> None:
    hers = _moves(8, Treatment.WAIVED, waived_by="Ann", waived_why="strategic account")
    his = _moves(2, Treatment.WAIVED, waived_by="Bo")
    others = _moves(5, Treatment.BLOCKED, waived_by="Bo", waived_why="too late")
    made = facts(moves=[*his, *hers, *others])

    people = WAIVERS_BY_PERSON.table(made, scope())
    reasons = WAIVERS_BY_REASON.table(made, scope())

    assert keys(people) == ["Ann", "Bo"]
    assert parts(people, "share") == {"Ann": (8, 10), "Bo": (2, 10)}
    assert parts(reasons, "share") == {"strategic account": (8, 10), "(not said)": (2, 10)}


def test_waivers_of_a_team_are_a_share_of_that_teams() -> None:
    made = facts(
        moves=[
            *_moves(10, Treatment.WAIVED, waived_by="Ann", team="smb"),
            *_moves(30, Treatment.WAIVED, waived_by="Bo", team="field"),
        ]
    )

    table = WAIVERS_BY_PERSON.table(made, scope(), Dimension.TEAM)

    assert parts(table, "Ann.share") == {"field": (0, 30), "smb": (10, 10)}


def test_a_rule_is_asked_of_all_moves_at_its_gate_also_where_it_did_not_matter() -> None:
    made = facts(
        moves=[
            *_moves(4, Treatment.BLOCKED, unmet=["budget", "role"], met=["need"]),
            *_moves(1, Treatment.WAIVED, unmet=["budget"], met=["need", "role"]),
            *_moves(15, Treatment.CONFORMING, met=["budget", "role"]),
            *_moves(3, Treatment.FLAGGED, gate=Stage.MQL.value, unmet=["role"]),
        ]
    )

    table = RULES_UNMET.table(made, scope())

    assert keys(table) == ["mql.role", "sql.budget", "sql.role", "sql.need"]
    assert parts(table, "unmet") == {
        "mql.role": (3, 3),
        "sql.budget": (5, 20),
        "sql.role": (4, 20),
        "sql.need": (0, 20),
    }
    assert parts(table, "waived")["sql.budget"] == (1, 5)
    assert counts(table, "asked")["sql.need"] == 20


def test_a_rule_that_was_never_unmet_has_nothing_to_waive() -> None:
    made = facts(moves=_moves(12, Treatment.CONFORMING, met=["budget"]))

    waived = cell(RULES_UNMET.table(made, scope()), "sql.budget", "waived")

    assert waived == Number(value=None, n=0, of=0, why="nothing to count")


def test_without_moves_there_are_no_rows() -> None:
    every = (MOVES_JUDGED, RULES_UNMET, WAIVERS_BY_PERSON, WAIVERS_BY_REASON)

    assert [keys(x.table(facts(), scope())) for x in every] == [[], [], [], []]
