"""Which moves count, and in which round, told of stories written down by hand."""

from dataclasses import replace

import pytest
from core_cases import lead
from story_cases import (
    at,
    judged,
    moved,
    moves_of,
    noted,
    recycled,
    refused,
    rounds_of,
    row_of,
    story,
    written,
)

from syncd.domain.audit import AuditKind
from syncd.domain.names import System
from syncd.domain.stage import Stage
from syncd.domain.verdict import Result
from syncd.measure.treatment import Treatment

HUBSPOT = System.HUBSPOT
LEAD, MQL, SAL, SQL, NURTURE = Stage.LEAD, Stage.MQL, Stage.SAL, Stage.SQL, Stage.NURTURE
TO_MQL = moved("t-1", LEAD, MQL, 0)
TO_SQL = moved("t-2", MQL, SQL, 2)
FAILS = Result.FAILS


def test_a_round_ends_as_the_lead_is_recycled_with_what_was_seen_until_then() -> None:
    again = moved("t-3", NURTURE, MQL, 4.5, seen=5)
    late = moved("t-4", MQL, SAL, 3, seen=4)

    first, second = rounds_of(story(TO_MQL, late, recycled(1, 4), again, cycle=2))

    assert (first["mql_at"], first["sal_at"]) == (at(0), at(3))
    assert (second["mql_at"], second["sal_at"]) == (at(4.5), None)


def test_a_third_round_is_told_from_a_second() -> None:
    again = (moved("t-2", NURTURE, MQL, 3), moved("t-3", NURTURE, MQL, 6))

    rows = rounds_of(story(TO_MQL, recycled(1, 2), again[0], recycled(2, 5), again[1], cycle=3))

    assert [(x["cycle"], x["mql_at"]) for x in rows] == [(1, at(0)), (2, at(3)), (3, at(6))]


def test_a_move_that_was_undone_in_its_grace_by_whoever_made_it_does_not_count() -> None:
    withdrawn = noted(AuditKind.GRACE, 3, move="t-2", ends="withdrawn")
    waits = noted(AuditKind.GRACE, 2, move="t-2", ends=at(4).isoformat())

    assert row_of(TO_MQL, TO_SQL, waits, withdrawn)["sql_at"] is None
    assert row_of(TO_MQL, TO_SQL, waits)["sql_at"] == at(2)


@pytest.mark.parametrize("name", ["losers", "moves"])
def test_a_move_that_lost_to_another_or_waits_for_a_choice_does_not_count(name: str) -> None:
    rival = moved("t-3", MQL, SAL, 2, system=HUBSPOT)
    conflict = noted(AuditKind.CONFLICT, 3, field="stage", **{name: "t-2 t-9"})
    of_a_field = noted(AuditKind.CONFLICT, 3, field="title", **{name: "t-3"})

    row = row_of(TO_MQL, TO_SQL, rival, judged("t-3", 3), conflict, of_a_field)

    assert (row["sal_at"], row["sql_at"]) == (at(2), None)


def test_a_move_that_was_frozen_counts_once_it_was_let_go_of_and_judged_again() -> None:
    frozen = noted(AuditKind.CONTESTED, 3, move="t-2")

    assert row_of(TO_MQL, TO_SQL, judged("t-2", 2), frozen)["sql_at"] is None
    assert row_of(TO_MQL, TO_SQL, judged("t-2", 2), frozen, judged("t-2", 5))["sql_at"] == at(2)


def test_a_refused_move_that_is_judged_again_and_not_made_again_stays_as_it_was_judged() -> None:
    first = judged("t-2", 2, result=FAILS, points=10)
    said = (first, refused("t-2", 2), judged("t-2", 9, points=20))

    (move,) = moves_of(story(TO_MQL, TO_SQL, *said))

    assert (move["treatment"], move["score"]) == (Treatment.BLOCKED, 10.0)
    assert row_of(TO_MQL, TO_SQL, *said)["sql_at"] is None


def test_a_refused_move_counts_from_when_syncd_made_it_again_and_conforms_then() -> None:
    said = (
        *(TO_MQL, TO_SQL, judged("t-2", 2, result=FAILS), refused("t-2", 2)),
        written("w-1", SQL, MQL, 2, cause="t-2"),
        judged("t-2", 9),
        written("w-2", MQL, SQL, 9, cause="t-2"),
    )

    assert row_of(*said)["sql_at"] == at(9)
    assert [x["treatment"] for x in moves_of(story(*said))] == [Treatment.CONFORMING]


def test_what_syncd_wrote_before_a_move_was_refused_did_not_make_it_again() -> None:
    copied = written("w-1", MQL, SQL, 2, cause="t-2")

    row = row_of(TO_MQL, TO_SQL, copied, judged("t-2", 1), refused("t-2", 4))

    assert row["sql_at"] is None


def test_taking_a_move_back_is_not_making_it_again() -> None:
    lower = moved("t-2", LEAD, SAL, 2)
    back = written("w-1", SAL, MQL, 3, cause="t-2")

    row = row_of(lower, judged("t-2", 2, result=FAILS), refused("t-2", 2), back)

    assert row["mql_at"] is row["sal_at"] is None


def test_the_equal_move_on_the_other_side_comes_to_nothing_with_the_one_that_was_judged() -> None:
    copied = moved("t-3", MQL, SQL, 2.5, system=HUBSPOT)
    said = (judged("t-2", 3, result=FAILS), refused("t-2", 3))

    assert row_of(TO_MQL, TO_SQL, copied, *said)["sql_at"] is None


def test_an_equal_move_that_was_judged_by_itself_counts_by_itself() -> None:
    later = moved("t-3", MQL, SQL, 2.5, system=HUBSPOT)
    said = (judged("t-2", 3, result=FAILS), refused("t-2", 3), judged("t-3", 3))

    assert row_of(TO_MQL, TO_SQL, later, *said)["sql_at"] == at(2.5)


def test_another_move_to_the_same_stage_on_the_same_side_counts_by_itself() -> None:
    back, again = moved("t-3", SQL, MQL, 4), moved("t-4", MQL, SQL, 6)
    said = (judged("t-2", 2, result=FAILS), refused("t-2", 2))

    assert row_of(TO_MQL, TO_SQL, *said, back, again)["sql_at"] == at(6)


def test_a_move_that_was_undone_does_not_take_a_later_one_to_the_same_stage_along() -> None:
    undone = moved("t-1", LEAD, SAL, 0)
    withdrawn = noted(AuditKind.GRACE, 1, move="t-1", ends="withdrawn")
    again = (moved("t-2", LEAD, MQL, 3), moved("t-3", MQL, SAL, 4))

    row = row_of(undone, withdrawn, judged("t-2", 3, gate=MQL), *again)

    assert (row["mql_at"], row["sal_at"]) == (at(3), at(4))


def test_steps_that_waited_in_the_same_grace_come_to_nothing_with_the_move_they_led_to() -> None:
    step, on = moved("t-2", MQL, SAL, 1), moved("t-3", SAL, SQL, 2)
    waits = noted(AuditKind.GRACE, 1, move="t-2", ends=at(3).isoformat())
    said = (judged("t-3", 4, result=FAILS), refused("t-3", 4))

    assert row_of(TO_MQL, judged("t-1", 0), step, on, waits, *said)["sal_at"] is None
    assert row_of(TO_MQL, judged("t-1", 0), step, on, *said)["sal_at"] == at(1)


def test_a_step_that_was_judged_by_itself_counts_though_the_next_was_refused() -> None:
    step, on = moved("t-2", MQL, SAL, 1, seen=2), moved("t-3", SAL, SQL, 2)
    said = (judged("t-2", 2, gate=SAL), judged("t-3", 2, result=FAILS), refused("t-3", 2))

    row = row_of(TO_MQL, step, on, *said)

    assert (row["sal_at"], row["sql_at"]) == (at(1), None)


def test_a_recycling_that_came_with_another_lead_makes_no_round_beyond_those_the_lead_has() -> None:
    united = replace(lead(), cycle=1)

    (row,) = rounds_of(story(TO_MQL, recycled(2, 1), TO_SQL, lead=united))

    assert (row["mql_at"], row["sql_at"]) == (at(0), at(2))
