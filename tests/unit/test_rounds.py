"""Rounds of leads whose story is not all seen: they were there before, or are other records now."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core_cases import EVERYBODY, NOW, POLICY
from counted_cases import Sold, deal, rounds
from decide_cases import DAY, HOUR, MINUTE, policy
from fakes import add_person, house, linked

from syncd.domain.calendar import BusinessHours
from syncd.domain.handoff import HandoffState
from syncd.domain.names import RecordId, System
from syncd.domain.stage import Stage

AT_ONCE = policy(grace=timedelta())
TOUCHING = replace(
    AT_ONCE, segments=(replace(EVERYBODY, touch_within=BusinessHours(timedelta(hours=12))),)
)


def test_a_stage_at_which_a_lead_was_first_seen_is_not_reached_by_coming_back() -> None:
    made = linked(Stage.MQL)
    made.hs.move("101", Stage.LEAD)
    made.cycles(2)
    made.hs.move("101", Stage.SAL)
    moved_at = made.time.now()

    made.cycles(3)

    (row,) = rounds(made)
    assert row["lead_at"] is row["mql_at"] is None
    assert row["sal_at"] == moved_at


def test_who_stood_at_mql_before_its_first_deal_was_influenced_though_nobody_saw_when() -> None:
    made = linked(Stage.SQL)
    made.pair = replace(made.pair, deals={System.HUBSPOT: Sold(deal(1))})

    made.cycles(2, minutes=61)

    (row,) = rounds(made)
    assert (row["mql_at"], row["influenced"]) == (None, True)


def test_a_deal_that_was_there_first_was_influenced_by_nobody() -> None:
    made = linked(Stage.SQL)
    made.pair = replace(made.pair, deals={System.HUBSPOT: Sold(deal(1, made_at=NOW - DAY))})

    made.cycles(2, minutes=61)

    assert rounds(made)[0]["influenced"] is False


def test_who_became_an_mql_after_its_first_deal_was_made_was_not_influenced() -> None:
    made = linked()
    made.pair = replace(made.pair, deals={System.HUBSPOT: Sold(deal(1, made_at=NOW + HOUR))})
    made.time.sleep(2 * HOUR)
    made.hs.move("101", Stage.SQL)

    made.cycles(2, minutes=61)

    (row,) = rounds(made)
    assert row["mql_at"] is not None
    assert row["influenced"] is False


def test_a_deal_of_several_leads_brings_each_its_part() -> None:
    made = house(rules=AT_ONCE)
    for number in (1, 2):
        add_person(made, Stage.SQL, number)
    won = deal(1, is_closed=True, is_won=True, closes_at=NOW + 5 * DAY)
    made.pair = replace(made.pair, deals={System.HUBSPOT: Sold(won)})

    made.cycles(2)

    assert [rounds(made, x)[0]["won_amount"] for x in ("00Q1", "00Q2")] == [50.0, 50.0]


def test_the_day_on_which_salesforce_says_a_deal_was_closed_ends_where_the_team_is() -> None:
    made = linked(Stage.SQL)
    told = datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC)
    won = deal(1, is_closed=True, is_won=True, closes_at=told)
    made.pair = replace(made.pair, deals={System.SALESFORCE: Sold(won, ids="00Q")})

    made.cycles(2, minutes=61)

    assert POLICY.calendar.time_zone == "Europe/Berlin"
    assert rounds(made)[0]["won_at"] == datetime(2026, 3, 31, 21, 59, 59, tzinfo=UTC)


def test_a_lead_began_when_its_record_was_made_also_once_it_is_converted() -> None:
    made = house()
    made_at = made.time.now()
    made.sf.add("00Q1", email="new@x.example", at=made_at)
    made.time.sleep(MINUTE)
    made.cycle()
    lead, contact = RecordId("00Q1"), RecordId("003C")
    made.time.sleep(MINUTE)
    became = replace(
        made.sf.records[lead],
        id=contact,
        kind="Contact",
        former=(lead,),
        modified_at=made.time.now(),
    )
    made.sf.records |= {lead: became, contact: became}

    made.cycles(2)

    assert made.lead(contact).sides[System.SALESFORCE].former == (lead,)
    assert rounds(made, contact)[0]["lead_at"] == made_at


def test_a_promise_that_was_called_off_before_its_time_is_neither_kept_nor_missed() -> None:
    made = linked()
    made.hs.move("101", Stage.MQL)
    made.cycles(2)
    for crm, record in ((made.sf, "00Q1"), (made.hs, "101")):
        crm.delete(record)

    made.cycles(2)

    (row,) = rounds(made)
    assert row["state"] == HandoffState.SUPERSEDED
    assert row["accept_due_at"] is row["accept_missed"] is None


def test_nobody_was_in_touch_in_time_where_a_lead_was_given_back_before() -> None:
    made = linked(rules=TOUCHING)
    made.hs.move("101", Stage.MQL)
    made.cycles(2)
    made.sf.move("00Q1", Stage.NURTURE)

    made.cycles(2)

    (row,) = rounds(made)
    assert row["state"] == HandoffState.REJECTED
    assert row["accept_missed"] is False
    assert row["touch_due_at"] is row["touch_missed"] is None


def test_a_promise_whose_owner_lost_the_lead_to_nobody_is_neither_kept_nor_missed() -> None:
    made = linked()
    made.hs.move("101", Stage.MQL)
    made.cycles(2)
    made.sf.edit("00Q1", owner__c=None)
    made.hs.edit("101", owner__c=None)

    made.cycles(2)

    (row,) = rounds(made)
    assert row["accept_due_at"] is row["accept_missed"] is None
    assert (row["assign_due_at"] is None, row["assign_missed"]) == (False, None)
