"""What a round came to, told of stories written down by hand: where several things are said of one
step, and where one CRM says it before the other."""

from dataclasses import replace
from datetime import timedelta

import pytest
from core_cases import JANE, POLICY, handoff, lead
from story_cases import (
    at,
    deal,
    judged,
    moved,
    offered,
    recycled,
    refused,
    rounds_of,
    row_of,
    story,
    won,
    written,
)

from syncd.core.handoff import accept
from syncd.domain.handoff import Change, HandoffState, Proof
from syncd.domain.lead import Lead
from syncd.domain.names import OWNER, System
from syncd.domain.stage import Stage

TO_MQL = moved("t-1", Stage.LEAD, Stage.MQL, 0)
TO_SQL = moved("t-2", Stage.MQL, Stage.SQL, 2)


def made_on(days: int, system: System) -> Lead:
    known = lead()
    side = known.sides[system]
    seen = replace(side.seen, created_at=side.seen.created_at + timedelta(days=days))
    return replace(known, sides={**known.sides, system: replace(side, seen=seen)})


@pytest.mark.parametrize(
    ("known", "sourced"),
    [
        (lead(), True),
        (made_on(1, System.SALESFORCE), True),
        (made_on(1, System.HUBSPOT), False),
        (replace(lead(), sides={System.SALESFORCE: lead().sides[System.SALESFORCE]}), False),
        (replace(lead(), sides={System.HUBSPOT: lead().sides[System.HUBSPOT]}), True),
    ],
    ids=["at once", "marketing first", "sales first", "sales alone", "marketing alone"],
)
def test_whoever_marketings_crm_knew_no_later_than_sales_is_sourced(
    known: Lead, *, sourced: bool
) -> None:
    assert row_of(lead=known)["sourced"] is sourced


def test_who_became_an_mql_with_the_deal_itself_was_not_influenced() -> None:
    converted = moved("t-1", Stage.LEAD, Stage.SQL, 1)

    assert row_of(converted, deal("d", 1))["influenced"] is False
    assert row_of(converted, deal("d", 1.5))["influenced"] is True


@pytest.mark.parametrize(("hours", "state"), [(2, "qualified"), (4, "superseded")])
def test_a_lead_that_was_sql_by_the_time_its_handoff_was_settled_otherwise_was_qualified(
    hours: float, state: str
) -> None:
    settled = offered("h-1", 0, HandoffState.SUPERSEDED, over=3)

    row = row_of(TO_MQL, moved("t-2", Stage.MQL, Stage.SQL, hours), settled)

    assert row["state"] == state


def test_of_two_handoffs_in_a_round_the_one_that_was_answered_counts_else_the_last() -> None:
    answered = offered("h-1", 0, HandoffState.REJECTED, over=3)
    again = offered("h-2", 4, HandoffState.EXPIRED, over=5)
    given_up = offered("h-3", 6, HandoffState.SUPERSEDED, over=7)

    for some in ((answered, given_up), (given_up, answered)):
        assert row_of(*some)["offered_at"] == answered.opened_at
    for some in ((answered, again), (again, answered)):
        assert row_of(*some)["offered_at"] == again.opened_at


def test_the_owner_of_now_is_told_of_the_present_round_alone() -> None:
    owned = lead({**JANE, OWNER: "rep@corp.example"}, cycle=2)
    again = moved("t-1", Stage.LEAD, Stage.MQL, 2)

    first, second = rounds_of(story(recycled(1, 1), again, lead=owned))

    assert (first["owner"], second["owner"]) == (None, "rep@corp.example")


def test_the_score_at_a_stage_is_that_of_the_last_verdict_on_the_move_that_led_there() -> None:
    row = row_of(
        TO_MQL,
        TO_SQL,
        judged("t-2", 2, points=10),
        judged("t-2", 3, points=20),
        judged("t-1", 0, gate=Stage.MQL, points=5),
    )

    assert (row["mql_score"], row["sql_score"], row["sql_band"]) == (5.0, 20.0, "warm")


def test_a_refused_move_that_syncd_made_again_counts_with_its_own_score() -> None:
    row = row_of(
        TO_MQL,
        TO_SQL,
        judged("t-2", 2, points=10),
        refused("t-2", 2),
        written("w-1", Stage.SQL, Stage.MQL, 2, cause="t-2"),
        judged("t-2", 5, points=30),
        written("w-2", Stage.MQL, Stage.SQL, 5, cause="t-2"),
    )

    assert (row["sql_at"], row["sql_score"]) == (at(5), 30.0)


def test_the_version_of_a_round_is_that_of_its_last_verdict() -> None:
    said = (judged("t-1", 0, gate=Stage.MQL), judged("t-2", 2, standard="v2"))

    assert row_of(TO_MQL, TO_SQL, *said)["standard"] == "v2"
    assert row_of(TO_MQL, TO_SQL, *reversed(said))["standard"] == "v2"


def test_nobody_is_a_customer_before_an_opportunity() -> None:
    made = moved("t-2", Stage.MQL, Stage.OPPORTUNITY, 5)

    row = row_of(TO_MQL, made, won("d", 4, closed=4.5))

    assert (row["opportunity_at"], row["customer_at"], row["won_at"]) == (at(5), at(5), at(4.5))


def test_a_customer_by_a_move_of_its_own_is_one_since_that_move() -> None:
    path = (TO_MQL, moved("t-2", Stage.MQL, Stage.OPPORTUNITY, 2))
    later = moved("t-3", Stage.OPPORTUNITY, Stage.CUSTOMER, 8)
    at_once = moved("t-2", Stage.MQL, Stage.CUSTOMER, 2)

    assert row_of(*path, later, won("d", 2, closed=6))["customer_at"] == at(8)
    assert row_of(TO_MQL, at_once, won("d", 2, closed=6))["customer_at"] == at(6)


@pytest.mark.parametrize(
    ("proof", "sal_at"), [(Proof.SLACK, at(1)), (Proof.COMMAND, at(1)), (Proof.RECORD, at(3))]
)
def test_a_lead_that_was_accepted_by_a_word_is_sal_from_then_on(
    proof: Proof, sal_at: object
) -> None:
    how = Change(to=HandoffState.ACCEPTED, at=at(1), seen_at=at(1), by="rep", proof=proof)
    taken = accept(handoff(), how, policy=POLICY)

    row = row_of(TO_MQL, moved("t-2", Stage.MQL, Stage.SAL, 3), taken)

    assert (row["sal_at"], row["accepted_at"]) == (sal_at, at(1))


def test_a_word_said_after_the_move_changes_nothing() -> None:
    how = Change(to=HandoffState.ACCEPTED, at=at(4), seen_at=at(4), by="rep", proof=Proof.SLACK)
    taken = accept(handoff(), how, policy=POLICY)

    assert row_of(TO_MQL, moved("t-2", Stage.MQL, Stage.SAL, 3), taken)["sal_at"] == at(3)
