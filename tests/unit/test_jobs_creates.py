"""Making the records that leads lack, end to end in memory: once, and never on a guess."""

from dataclasses import replace
from typing import Any

import pytest
from decide_cases import AT_ONCE, HUBSPOT, SALESFORCE, few_at_once
from fakes import FLOW_ID, House, add_person, house

from syncd.core.normalise import normalise
from syncd.domain.action import Failed, Refused, Twin, WriteKind
from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.names import ActionKey, RecordId
from syncd.domain.order import ApplyPlan, Order
from syncd.domain.policy import Limit, Policy
from syncd.domain.stage import Stage
from syncd.errors import TransientError


def office(rules: Policy = AT_ONCE) -> House:
    """Records are made in Salesforce from MQL on."""
    made = house(rules=rules)
    rules_ = made.pair.rules
    crm = replace(rules_.crm, create_in={SALESFORCE: Stage.MQL})
    made.pair = replace(made.pair, rules=replace(rules_, crm=crm))
    return made


def qualified(rules: Policy = AT_ONCE, **values: Any) -> House:
    """A contact that has just become an MQL, and no lead of it in Salesforce."""
    made = office(rules)
    made.hs.add("101", Stage.LEAD, email="jane@x.example", **values)
    made.cycle()
    made.hs.move("101", Stage.MQL)
    return made


def key(made: House, record: str = "101") -> ActionKey:
    return ActionKey(f"create:salesforce:{made.lead(record).id}")


def twins(made: House) -> list[RecordId]:
    return [i for i, record in made.sf.records.items() if not record.deleted]


def test_a_lead_that_reaches_the_stage_is_made_linked_and_told_apart_from_a_move() -> None:
    made = qualified(company__c="Acme")

    made.cycles(3, minutes=1)

    (twin,) = twins(made)
    lead = made.lead("101")
    assert lead.sides[SALESFORCE].record_id == twin
    assert lead.sides[SALESFORCE].why_linked == "the syncd id"
    assert (made.sf.stage(twin), made.sf.value(twin, "company__c")) == ("mql", "Acme")
    assert [x.system for x in made.story("101").transitions] == [HUBSPOT]
    assert made.sf.calls["update"] == 0
    assert made.audit("101").count(AuditKind.CREATED) == 1


def test_what_is_edited_right_after_travels_to_the_new_record() -> None:
    made = qualified(phone__c="1")
    made.cycle(minutes=1)

    made.hs.edit("101", phone__c="2")
    made.cycle(minutes=1)

    assert made.sf.value(twins(made)[0], "phone__c") == "2"


def test_nothing_is_made_on_the_first_run() -> None:
    made = office()
    for number in range(5):
        made.hs.add(f"10{number}", Stage.SQL)

    made.cycles(3)

    assert (twins(made), made.outbox()) == ([], {})


def test_a_record_that_a_person_deletes_is_not_made_again() -> None:
    made = qualified()
    made.cycles(2, minutes=1)
    made.sf.delete(twins(made)[0])

    made.hs.move("101", Stage.SQL)
    made.cycles(5, minutes=61)

    assert twins(made) == []
    assert made.sf.calls["create"] == 1


def test_a_record_made_by_hand_at_the_same_time_is_linked_and_not_doubled() -> None:
    made = qualified()
    made.sf.fails["poll"] = TransientError("not now")
    made.sf.add("00Q1", email="jane@x.example", at=made.time.now())
    made.cycle(minutes=1)
    del made.sf.fails["poll"]

    made.cycles(3, minutes=11)

    assert twins(made) == ["00Q1"]
    assert made.lead("101").sides[SALESFORCE].record_id == "00Q1"
    assert made.slack.kinds() == [AlertKind.HANDOFF]


def test_a_record_with_the_address_that_does_not_join_is_left_and_told_once() -> None:
    made = qualified()
    made.sf.add("00Q1", email="jane@x.example", at=made.time.now())
    made.sf.fails["poll"] = TransientError("not now")

    made.cycles(6, minutes=11)

    twin = made.lead("101").twin
    assert twin
    assert twin.like == ("00Q1",)
    assert made.slack.kinds().count(AlertKind.TWIN) == 1
    assert made.sf.calls["create"] == 0


def test_a_duplicate_rule_leaves_it_to_a_person_who_is_told_once() -> None:
    made = qualified()
    made.sf.refusals[key(made)] = Twin(
        reason="a duplicate rule found similar records", records=(RecordId("00Q7"),)
    )

    made.cycles(5, minutes=61)

    twin = made.lead("101").twin
    assert twin
    assert (twin.refused, twin.like) == ("a duplicate rule found similar records", ("00Q7",))
    assert made.slack.kinds() == [AlertKind.HANDOFF, AlertKind.TWIN]
    assert (twins(made), made.outbox()) == ([], {})


def test_a_lost_answer_is_found_out_and_doubles_nothing() -> None:
    made = qualified()
    made.sf.fails["lost"] = TransientError("lost")
    made.sf.lost = True

    made.cycles(4, minutes=11)

    assert len(twins(made)) == 1
    assert made.store.linked() == 1


def test_a_refusal_is_given_up_and_told() -> None:
    made = qualified()
    made.sf.refusals[key(made)] = Refused(reason="a validation rule refused it")

    made.cycles(3, minutes=11)

    assert AlertKind.GIVEN_UP in made.slack.kinds()
    assert made.lead("101").twin


def test_trouble_is_tried_again() -> None:
    made = qualified()
    made.sf.refusals[key(made)] = Failed(reason="locked")
    made.cycle(minutes=1)
    made.sf.refusals.clear()

    made.cycles(3, minutes=30)

    assert len(twins(made)) == 1


def test_a_required_value_is_waited_for_with_one_finding() -> None:
    made = qualified(company__c=None)
    made.sf.required.add("company__c")
    made.cycles(3, minutes=61)
    before = twins(made)

    made.hs.edit("101", company__c="Acme")
    made.cycles(2, minutes=61)

    assert (before, len(twins(made))) == ([], 1)
    assert made.audit("101").count(AuditKind.FINDING) == 1


def test_waiting_is_no_attempt_so_one_failure_after_a_long_wait_gives_nothing_up() -> None:
    made = qualified(company__c=None)
    made.sf.required.add("company__c")
    made.cycle(minutes=1)
    made.hs.move("101", Stage.SAL)
    made.cycles(60, minutes=61)
    made.hs.edit("101", company__c="Acme")
    made.sf.fails["create"] = TransientError("down")
    made.cycles(2, minutes=61)

    del made.sf.fails["create"]
    made.cycles(3, minutes=61)

    assert len(twins(made)) == 1
    assert AlertKind.GIVEN_UP not in made.slack.kinds()


def test_a_record_made_by_hand_during_a_long_wait_is_given_time_to_be_read() -> None:
    made = qualified(company__c=None)
    made.sf.required.add("company__c")
    made.cycles(3, minutes=61)
    made.hs.edit("101", company__c="Acme")
    made.sf.fails["poll"] = TransientError("not now")
    made.sf.add("00Q1", email="jane@x.example", at=made.time.now())
    made.cycle(minutes=61)
    del made.sf.fails["poll"]

    made.cycles(3, minutes=11)

    assert made.lead("101").sides[SALESFORCE].record_id == "00Q1"
    assert AlertKind.TWIN not in made.slack.kinds()


def test_what_is_lacking_is_told_again_only_when_it_changes() -> None:
    made = qualified(company__c=None)
    made.sf.required.add("company__c")
    made.cycles(3, minutes=61)

    made.sf.required.add("title__c")
    made.cycles(3, minutes=61)

    fields = [x.facts["field"] for x in made.story("101").audit if x.kind is AuditKind.FINDING]
    assert fields == ["company", "company", "title"]


def test_a_lead_that_falls_back_before_it_is_made_waits_until_it_qualifies_again() -> None:
    made = qualified()
    made.sf.fails["with_emails"] = TransientError("not now")
    made.cycle(minutes=1)
    made.hs.move("101", Stage.NURTURE, by=FLOW_ID)
    made.cycle(minutes=1)
    del made.sf.fails["with_emails"]
    made.cycles(3, minutes=61)
    before = twins(made)

    made.hs.move("101", Stage.MQL)
    made.cycles(3, minutes=61)

    assert (before, len(twins(made))) == ([], 1)


def test_the_candidate_of_a_parked_record_is_not_made() -> None:
    made = office()
    made.hs.add("101", Stage.LEAD, email="jane@x.example")
    made.hs.add("102", Stage.LEAD, email="jo@x.example", more_emails="jane@x.example")
    made.cycle()
    made.hs.move("101", Stage.MQL)

    made.cycles(2, minutes=1)

    assert [x.record_id for x in made.store.parked()] == ["102"]
    assert made.sf.calls["create"] == 0


def test_more_than_the_brake_allows_is_held_and_made_when_a_person_says_so() -> None:
    few = few_at_once(2)
    made = office(few)
    for number in range(4):
        made.hs.add(f"10{number}", Stage.LEAD)
    made.cycle()
    for number in range(4):
        made.hs.move(f"10{number}", Stage.MQL)
    made.cycles(2, minutes=1)
    held = twins(made)
    (plan,) = made.store.open_plans()

    made.store.place(
        Order(id="o-1", what=ApplyPlan(plan_id=plan.id), by="ops", placed_at=made.time.now())
    )
    made.cycles(2, minutes=1)

    assert (held, plan.kind) == ([], WriteKind.CREATE)
    assert len(twins(made)) == 4


def test_a_record_the_brake_holds_back_delays_neither_handoff_nor_gate() -> None:
    none = {**AT_ONCE.brake, WriteKind.CREATE: Limit(records=0, percent=0)}
    made = qualified(replace(AT_ONCE, brake=none))
    made.cycles(2, minutes=1)
    told, handoff = made.slack.kinds(), made.lead("101").handoff
    made.hs.edit("101", budget_confirmed__c=None)
    made.hs.move("101", Stage.SQL)

    made.cycles(2, minutes=1)

    assert (twins(made), sorted(told)) == ([], [AlertKind.HANDOFF, AlertKind.HELD_PLAN])
    assert handoff is not None
    assert made.hs.stage("101") == "mql"


def test_a_crm_that_is_down_costs_nothing_but_time() -> None:
    made = qualified()
    made.sf.fails["create"] = TransientError("down")
    made.cycles(2, minutes=1)
    del made.sf.fails["create"]

    made.cycles(3, minutes=30)

    assert len(twins(made)) == 1


@pytest.mark.parametrize("method", ["directory", "with_emails", "read"])
def test_whatever_question_fails_nothing_is_doubled(method: str) -> None:
    made = qualified()
    made.cycle(minutes=0)
    made.sf.fails[method] = TransientError("down")
    made.cycles(2, minutes=1)
    del made.sf.fails[method]

    made.cycles(4, minutes=30)

    assert len(twins(made)) == 1
    assert made.store.linked() == 1


def test_our_own_id_is_on_the_record() -> None:
    made = qualified()

    made.cycle(minutes=1)

    (twin,) = twins(made)
    record = made.sf.records[twin]
    directory = made.sf.directory()
    assert normalise(record, made.pair.rules.crm, directory).lead_id == made.lead("101").id


def test_people_known_on_both_sides_get_nothing_new() -> None:
    made = office()
    add_person(made, Stage.LEAD)
    made.cycle()
    made.hs.move("101", Stage.MQL)

    made.cycles(3, minutes=1)

    assert made.sf.calls["create"] == 0
