"""Rounds and judged moves as they are counted, of leads that lived through whole cycles."""

from dataclasses import replace
from datetime import timedelta

from core_cases import NOW, POLICY, SOURCE, waiver
from counted_cases import Sold, deal, moves, rounds, sold
from decide_cases import DAY, HOUR, MINUTE, policy
from fakes import add_person, house, linked

from syncd.domain.handoff import HandoffState
from syncd.domain.names import System
from syncd.domain.order import GrantWaiver, Order
from syncd.domain.policy import Mode
from syncd.domain.stage import Stage
from syncd.jobs.count import count
from syncd.measure.treatment import Treatment

AT_ONCE = policy(grace=timedelta())


def test_a_lead_that_was_there_has_no_dates_for_what_nobody_saw() -> None:
    made = linked(Stage.SQL)

    (row,) = rounds(made)

    assert {row[f"{x}_at"] for x in ("lead", "mql", "sal", "sql", "customer")} == {None}
    assert row["cycle"] == 1


def test_a_move_counts_from_when_it_was_made_and_once_for_both_sides() -> None:
    made = linked()
    made.hs.move("101", Stage.MQL)
    moved_at = made.time.now()

    made.cycles(3)

    (row,) = rounds(made)
    assert row["mql_at"] == row["offered_at"] == moved_at
    assert row["lead_at"] is row["sal_at"] is None
    (judged,) = moves(made)
    assert (judged["gate"], judged["treatment"]) == ("mql", Treatment.CONFORMING)


def test_a_stage_that_was_jumped_over_is_reached_with_the_next() -> None:
    made = linked()
    made.sf.move("00Q1", Stage.SQL)
    moved_at = made.time.now()

    made.cycles(2)

    (row,) = rounds(made)
    assert row["mql_at"] == row["sal_at"] == row["sql_at"] == moved_at
    assert {x["gate"] for x in moves(made)} == {"mql", "sql"}


def test_a_move_that_was_taken_back_reaches_nothing() -> None:
    made = linked(rules=AT_ONCE, budget_confirmed__c=False)
    made.sf.move("00Q1", Stage.SQL)

    made.cycles(3)

    (row,) = rounds(made)
    assert row["sql_at"] is row["mql_at"] is None
    assert {x["treatment"] for x in moves(made)} == {Treatment.BLOCKED}


def test_the_steps_on_the_way_to_a_move_that_was_taken_back_reach_nothing_either() -> None:
    made = linked(rules=AT_ONCE, budget_confirmed__c=False)
    made.sf.move("00Q1", Stage.MQL)
    made.time.sleep(MINUTE)
    made.sf.move("00Q1", Stage.SQL)

    made.cycles(3)

    assert rounds(made)[0]["mql_at"] is None


def test_the_same_move_on_the_other_side_that_was_taken_back_too_reaches_nothing() -> None:
    made = linked(rules=AT_ONCE, budget_confirmed__c=False)
    made.hs.move("101", Stage.SQL)
    made.time.sleep(MINUTE)
    made.sf.move("00Q1", Stage.SQL)

    made.cycles(3)

    assert rounds(made)[0]["sql_at"] is None


def test_a_move_in_its_grace_is_not_counted_yet_and_then_from_when_it_was_made() -> None:
    made = linked(budget_confirmed__c=False)
    made.sf.move("00Q1", Stage.SQL)
    moved_at = made.time.now()
    made.cycle()
    waiting = rounds(made)[0]["sql_at"]
    made.sf.edit("00Q1", budget_confirmed__c=True)

    made.cycle(minutes=1)

    assert waiting is None
    assert rounds(made)[0]["sql_at"] == moved_at


def test_a_move_that_is_let_through_unmet_is_flagged_or_observed() -> None:
    treatments = set()
    for mode in (Mode.FLAG, Mode.OBSERVE):
        rules = policy(mql=mode, sql=mode, grace=timedelta())
        made = linked(rules=rules, budget_confirmed__c=False)
        made.sf.move("00Q1", Stage.SQL)
        made.cycles(2)
        treatments.add((mode, next(x["treatment"] for x in moves(made) if x["gate"] == "sql")))
        assert rounds(made)[0]["sql_at"] is not None

    assert treatments == {(Mode.FLAG, Treatment.FLAGGED), (Mode.OBSERVE, Treatment.OBSERVED)}


def test_a_lead_that_was_turned_down_and_comes_back_has_two_rounds() -> None:
    made = linked(rules=replace(AT_ONCE, recycle=replace(POLICY.recycle, most_cycles=5)))
    made.hs.move("101", Stage.MQL)
    made.cycles(2)
    made.sf.move("00Q1", Stage.NURTURE)
    made.cycles(2)
    made.time.sleep(60 * DAY)
    made.cycles(1)
    made.hs.move("101", Stage.MQL)
    again = made.time.now()

    made.cycles(3)

    first, second = rounds(made)
    assert first["state"] == HandoffState.REJECTED
    assert first["mql_at"] < second["mql_at"] == again
    assert [x["cycle"] for x in moves(made)] == [1, 2]


def test_the_owners_and_the_systems_delay_are_counted_apart_in_business_time() -> None:
    made = linked(owner__c=None)
    made.hs.move("101", Stage.MQL)
    made.cycle(minutes=1)
    made.time.sleep(HOUR)
    made.sf.edit("00Q1", owner__c="005R")
    made.cycle(minutes=1)
    made.time.sleep(DAY)
    made.sf.move("00Q1", Stage.SAL)

    made.cycles(2)

    (row,) = rounds(made)
    assert row["assigned_at"] - row["offered_at"] == timedelta(seconds=row["assign_business_s"])
    assert timedelta(seconds=row["accept_business_s"]) == timedelta(hours=8, minutes=1)


def test_a_promise_is_missed_once_its_deadline_is_over_and_kept_when_it_was_in_time() -> None:
    made = linked()
    made.hs.move("101", Stage.MQL)
    made.cycles(2)
    before = rounds(made)[0]

    made.cycles(30, minutes=60)

    after = rounds(made)[0]
    assert (before["accept_missed"], after["accept_missed"]) == (None, True)
    assert before["accept_due_at"] == after["accept_due_at"]
    assert after["assign_missed"] is None
    assert after["accepted_at"] is after["accept_business_s"] is None


def test_a_lead_is_won_when_a_deal_of_it_is() -> None:
    won_at = NOW + 5 * DAY
    made = sold(
        deal(1, is_closed=True, is_won=True, closes_at=won_at),
        deal(2, is_closed=True, closes_at=NOW + 9 * DAY, lost_reason="price"),
        deal(3),
    )

    (row,) = rounds(made)

    assert (row["won_at"], row["won_amount"], row["open_amount"]) == (won_at, 100.0, 100.0)
    assert (row["lost_at"], row["lost_reason"]) == (None, None)
    assert (row["opportunity_at"], row["customer_at"]) == (NOW + DAY, won_at)
    assert row["influenced"] is True


def test_a_lead_is_lost_when_all_its_deals_are() -> None:
    made = sold(
        deal(1, is_closed=True, closes_at=NOW + 5 * DAY, lost_reason="time"),
        deal(2, is_closed=True, closes_at=NOW + 9 * DAY, lost_reason="price"),
    )

    (row,) = rounds(made)

    assert (row["lost_at"], row["lost_reason"]) == (NOW + 9 * DAY, "price")
    assert row["won_at"] is row["won_amount"] is None


def test_a_deal_that_was_over_before_anything_is_known_of_the_lead_is_another_story() -> None:
    made = sold(deal(1, is_closed=True, is_won=True, closes_at=NOW - DAY, made_at=NOW - 9 * DAY))

    (row,) = rounds(made)

    assert row["won_at"] is row["opportunity_at"] is None


def test_deals_are_asked_for_once_an_hour() -> None:
    made = sold(deal(1))
    told = made.pair.deals[System.HUBSPOT]
    assert isinstance(told, Sold)
    told.deals_told = ()
    made.cycle(minutes=30)
    before = rounds(made)[0]["opportunity_at"]

    made.cycle(minutes=40)

    assert before is not None
    assert rounds(made)[0]["opportunity_at"] is None


def test_two_leads_that_became_one_are_counted_once() -> None:
    made = house()
    made.hs.add("101", Stage.MQL, email="one@x.example")
    made.hs.add("102", Stage.LEAD, email="two@x.example")
    made.cycle(minutes=1)
    made.hs.move("101", Stage.SAL)
    moved_at = made.time.now()
    made.cycle(minutes=1)
    before = len(made.store._now.facts)
    made.time.sleep(MINUTE)
    made.hs.delete("101", merged_into="102")
    made.hs.edit("102", phone__c="1")

    made.cycles(3)

    assert (before, len(made.store._now.facts)) == (2, 1)
    (row,) = rounds(made, "102")
    assert row["sal_at"] == moved_at


def test_a_move_that_passes_by_an_exception_names_who_granted_it_and_why() -> None:
    made = linked(rules=AT_ONCE, budget_confirmed__c=False)
    granted = replace(waiver("budget-confirmed"), lead_id=made.lead().id, reason="Board agreed")
    waive = GrantWaiver(waiver=granted)
    made.store.place(Order(id="o1", what=waive, by="vera", placed_at=made.time.now()))
    made.cycle()
    made.sf.move("00Q1", Stage.SQL)

    made.cycles(2)

    (judged,) = (x for x in moves(made) if x["gate"] == "sql")
    assert judged["treatment"] == Treatment.WAIVED
    assert (judged["waived_by"], judged["waived_why"]) == ("vera", "Board agreed")
    assert judged["unmet"] == ["budget-confirmed"]


def test_a_new_source_is_counted_by_without_any_move() -> None:
    made = linked()
    made.hs.edit("101", **{f"{SOURCE}__c": "Webinar"})

    made.cycles(2)

    assert rounds(made)[0]["source"] == "Webinar"


def test_no_more_leads_are_counted_in_one_go_than_may_be() -> None:
    made = house()
    for number in range(1, 8):
        add_person(made, number=number)
    made.cycle()
    by = made.pair.rules.counted_by()
    made.store._now.uncount(made.store._now.leads)

    assert count(made.store, by, most=0) == 0
    assert count(made.store, by) == 7
    assert count(made.store, by) == 0


def test_a_lead_that_was_made_while_syncd_watched_began_with_its_record() -> None:
    made = house()
    made_at = made.time.now()
    for crm, record in ((made.sf, "00Q1"), (made.hs, "101")):
        crm.add(record, email="new@x.example", at=made_at)
    made.cycle(minutes=1)
    made.hs.move("101", Stage.MQL)
    moved_at = made.time.now()

    made.cycles(2)

    (row,) = rounds(made)
    assert (row["lead_at"], row["mql_at"]) == (made_at, moved_at)


def test_a_lead_that_was_made_straight_into_a_guarded_stage_moved_there() -> None:
    made = house(rules=AT_ONCE)
    for number, budget in ((1, True), (2, False)):
        made.sf.add(f"00Q{number}", Stage.SQL, at=made.time.now(), budget_confirmed__c=budget)
    made_at = made.time.now()

    made.cycles(3)

    passed, blocked = rounds(made, "00Q1")[0], rounds(made, "00Q2")[0]
    assert passed["lead_at"] == passed["mql_at"] == passed["sql_at"] == made_at
    assert (blocked["lead_at"], blocked["mql_at"], blocked["sql_at"]) == (made_at, None, None)


def test_a_record_that_joins_a_lead_later_does_not_tell_when_it_began() -> None:
    made = house()
    made.hs.add("101", Stage.LEAD, email="old@x.example")
    made.cycle(minutes=1)
    made.sf.add("00Q1", Stage.LEAD, email="old@x.example", at=made.time.now())

    made.cycles(2)

    assert made.lead("101").id == made.lead("00Q1").id
    assert rounds(made)[0]["lead_at"] is None
