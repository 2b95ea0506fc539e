"""Delivery over fakes: overtaken, misfit, refused, vanished, not held, answers lost; telling."""

from dataclasses import replace

import pytest
from decide_cases import AT_ONCE, MARKS, SALESFORCE, TITLE
from fakes import FLOW_ID, House, add_person, house, linked

from syncd.domain.action import Failed, Refused, Vanished, WriteOutcome
from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.lead import Side
from syncd.domain.mapping import Mark
from syncd.domain.names import STAGE, RecordId
from syncd.domain.stage import Evidence, Stage
from syncd.errors import PermanentError, TransientError

LOST = TransientError("no answer")
SF = RecordId("00Q1")


def target(made: House) -> Side:
    return made.lead().sides[SALESFORCE]


def blocked() -> House:
    """A failing move, refused at once, its revert not yet delivered."""
    made = linked(Stage.MQL, rules=AT_ONCE, budget_confirmed__c=False)
    made.sf.move("00Q1", Stage.SQL)
    made.sf.fails["update"] = LOST
    made.cycle()
    made.sf.fails.clear()
    return made


# --- overtaken ---------------------------------------------------------------------------


def test_a_person_who_was_faster_is_not_written_over_and_wins_by_the_rule() -> None:
    made = linked()
    made.sf.fails["update"] = LOST
    made.hs.edit("101", title__c="CEO")
    made.cycle()
    made.sf.fails.clear()

    made.sf.fails["poll"] = LOST  # the edit is there, but was not polled yet
    made.sf.edit("00Q1", title__c="COO")
    made.cycle(minutes=1)
    between = made.sf.value("00Q1", "title__c")
    made.sf.fails.clear()
    made.cycles(3, minutes=1)

    assert between == made.sf.value("00Q1", "title__c") == "COO"
    assert AuditKind.CONFLICT in made.audit()
    assert made.outbox() == {}
    assert not target(made).pending


def test_what_nobody_decides_anew_within_the_hour_is_called_off() -> None:
    made = linked()
    made.sf.fails["update"] = LOST
    made.hs.edit("101", title__c="CEO")
    made.cycle()
    made.sf.fails = {"poll": LOST}
    made.sf.edit("00Q1", title__c="COO")

    made.cycles(20)

    assert made.outbox() == {}
    assert not target(made).pending
    assert AuditKind.OVERTAKEN in made.audit()


def test_a_write_whose_value_is_there_already_is_settled_and_is_nobodys_overwriting() -> None:
    made = linked()
    made.sf.fails["poll"] = LOST
    made.sf.edit("00Q1", title__c="CEO")
    made.hs.edit("101", title__c="CEO")

    made.cycle()

    assert made.sf.calls["update"] == 0
    assert target(made).baseline[TITLE] == "CEO"
    assert AuditKind.OVERWRITE not in made.audit()
    assert made.outbox() == {}


# --- refused, misfit, vanished -----------------------------------------------------------


def test_a_write_the_crm_refuses_is_given_up_and_told_once() -> None:
    made = linked()
    made.sf.answers[SF] = Refused(reason="FIELD_CUSTOM_VALIDATION_EXCEPTION")
    made.hs.edit("101", title__c="CEO")

    made.cycles(4)

    assert made.slack.kinds() == [AlertKind.GIVEN_UP]
    assert made.audit().count(AuditKind.GIVEN_UP) == 1
    assert not target(made).pending


def test_after_a_refusal_the_next_edit_travels_again() -> None:
    made = linked()
    made.sf.answers[SF] = Refused(reason="FIELD_CUSTOM_VALIDATION_EXCEPTION")
    made.hs.edit("101", title__c="CEO")
    made.cycles(2)
    made.sf.answers.clear()

    made.hs.edit("101", title__c="CTO")
    made.cycle(minutes=1)

    assert made.sf.value("00Q1", "title__c") == "CTO"


def test_a_revert_the_crm_refuses_is_told_and_not_tried_for_ever() -> None:
    made = linked(Stage.MQL, rules=AT_ONCE, budget_confirmed__c=False)
    made.sf.answers[SF] = Refused(reason="FIELD_CUSTOM_VALIDATION_EXCEPTION")

    made.sf.move("00Q1", Stage.SQL)
    made.cycles(6)

    kinds = made.slack.kinds()
    assert kinds.count(AlertKind.BLOCKED) == 1
    assert kinds.count(AlertKind.GIVEN_UP) >= 1
    assert AlertKind.CONTESTED not in kinds
    assert not target(made).pending


def test_a_field_the_crm_does_not_take_is_left_alone_with_a_finding_and_the_rest_goes_on() -> None:
    made = linked()
    made.sf.unwritable.add("title__c")

    made.hs.edit("101", title__c="CEO", phone__c="1")
    made.cycles(3)

    assert made.sf.value("00Q1", "phone__c") == "1"
    assert made.sf.value("00Q1", "title__c") is None
    assert made.audit().count(AuditKind.FINDING) == 1
    assert (made.slack.kinds(), made.outbox()) == ([], {})
    assert not target(made).pending


def test_a_stage_that_cannot_be_written_is_given_up_with_whatever_was_to_go_with_it() -> None:
    made = linked()
    made.hs.move("101", Stage.MQL)
    made.cycle()
    made.sf.unwritable.add("status")

    made.cycles(10, minutes=6 * 60)

    assert AlertKind.GIVEN_UP in made.slack.kinds()
    assert (made.sf.stage("00Q1"), made.sf.value("00Q1", "owner__c")) == ("mql", "005R")
    assert made.hs.stage("101") == "nurture"
    assert not target(made).pending


def test_a_record_that_vanished_takes_no_write_and_waits_for_nothing() -> None:
    made = linked()
    made.sf.answers[SF] = Vanished("the lead was converted")

    made.hs.edit("101", title__c="CEO")
    made.cycle()

    assert made.outbox() == {}
    assert not target(made).pending


@pytest.mark.parametrize("gone", ["deleted", "missing"])
def test_a_record_that_is_gone_when_it_is_looked_at_ends_the_write(gone: str) -> None:
    made = linked()
    made.sf.fails["poll"] = LOST
    made.hs.edit("101", title__c="CEO")
    if gone == "deleted":
        made.sf.delete("00Q1")
    else:
        del made.sf.records[SF]

    made.cycle()

    assert made.outbox() == {}
    assert made.lead("101").sides[SALESFORCE].gone == "deleted"


# --- later -------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [Failed(reason="UNABLE_TO_LOCK_ROW"), None])
def test_a_write_that_may_work_later_is_made_later(answer: WriteOutcome | None) -> None:
    made = linked()
    if answer:
        made.sf.answers[SF] = answer
    else:
        made.sf.fails["update"] = LOST
    made.hs.edit("101", title__c="CEO")
    made.cycle()
    first = made.sf.value("00Q1", "title__c")
    made.sf.answers.clear()
    made.sf.fails.clear()

    made.cycle(minutes=1)

    assert (first, made.sf.value("00Q1", "title__c")) == (None, "CEO")


def test_a_write_that_makes_syncd_crash_is_postponed_and_stops_nothing_else() -> None:
    made = linked()
    made.sf.fails["update"] = RuntimeError("a bug")
    made.hs.move("101", Stage.MQL)

    made.cycle()
    told = made.slack.kinds()
    made.sf.fails.clear()
    made.cycle(minutes=1)

    assert told == [AlertKind.HANDOFF]
    assert made.sf.stage("00Q1") == "mql"


def test_a_lost_answer_repeats_nothing_and_records_the_move_once() -> None:
    made = blocked()
    made.sf.fails["lost"] = LOST
    made.sf.lost = True
    made.cycle(minutes=1)
    made.sf.fails.clear()

    made.cycles(4, minutes=1)

    ours = [x for x in made.story().transitions if x.evidence is Evidence.WRITTEN]
    assert len(ours) == 1
    assert made.sf.stage("00Q1") == "mql"
    assert len(made.sf.notes) == 1
    assert made.lead().refusal


def test_a_note_waits_for_the_revert_it_tells_of() -> None:
    made = blocked()
    assert made.sf.notes == []

    made.cycles(2, minutes=1)

    assert (made.sf.stage("00Q1"), len(made.sf.notes)) == ("mql", 1)


def test_no_note_is_put_on_a_record_that_is_gone() -> None:
    made = blocked()
    made.sf.fails["poll"] = LOST
    made.sf.delete("00Q1")

    made.cycles(3, minutes=1)

    assert (made.sf.calls["add_notes"], made.outbox()) == (0, {})


def test_after_a_doubtful_note_the_record_is_asked_before_another_is_added() -> None:
    made = linked(Stage.MQL, rules=AT_ONCE, budget_confirmed__c=False)
    made.sf.move("00Q1", Stage.SQL)
    made.sf.fails["add_notes"] = LOST
    made.cycle()
    made.sf.fails.clear()
    (note,) = (x[0] for x in made.story().outbox if x[0].key.startswith("note:"))
    made.sf.notes.append(note)  # type: ignore[arg-type]  # it arrived after all

    made.cycle(minutes=1)

    assert len(made.sf.notes) == 1
    assert made.outbox() == {}


def test_what_never_works_is_given_up_after_about_a_day() -> None:
    made = linked()
    made.sf.fails["update"] = TransientError("503", retry_after=None)
    made.hs.edit("101", title__c="CEO")

    made.cycles(70, minutes=31)

    assert AlertKind.GIVEN_UP in made.slack.kinds()
    assert not target(made).pending
    assert made.store.status(made.time.now()).given_up


def test_a_write_that_did_not_hold_is_made_again_and_then_counts_as_somebodys() -> None:
    made = linked()
    made.sf.ignores.add("title__c")

    made.hs.edit("101", title__c="CEO")
    made.cycles(6, minutes=2)

    assert 2 <= made.sf.calls["update"] <= 4
    assert made.audit().count(AuditKind.OVERTAKEN) == 1
    assert (made.outbox(), target(made).pending) == ({}, {})


def test_a_write_that_cannot_be_read_back_is_not_settled() -> None:
    made = linked()
    seen = made.sf.records[SF]

    made.hs.edit("101", title__c="CEO")
    made.sf.fails["read"] = LOST
    made.cycle()

    assert target(made).pending
    assert made.sf.records[SF] == seen


def test_rows_of_one_record_become_one_write() -> None:
    made = linked(Stage.SAL)

    made.hs.edit("101", title__c="CEO")
    made.hs.move("101", Stage.SQL)
    made.cycle()

    assert made.sf.calls["update"] == 1
    assert (made.sf.stage("00Q1"), made.sf.value("00Q1", "title__c")) == ("sql", "CEO")
    assert target(made).baseline[STAGE] is Stage.SQL


def test_a_stage_that_is_set_back_at_once_is_told_to_a_person() -> None:
    made = linked(Stage.SAL)
    made.sf.ignores.add("status")

    made.hs.move("101", Stage.SQL)
    made.cycles(6, minutes=2)

    assert made.slack.kinds() == [AlertKind.GIVEN_UP]
    assert made.outbox() == {}


def test_a_move_made_again_by_syncd_is_marked_anew() -> None:
    made = linked(Stage.MQL, rules=replace(AT_ONCE, reapply=True), budget_confirmed__c=False)
    verdict = f"{MARKS[Mark.VERDICT]}__c"
    made.sf.move("00Q1", Stage.SQL, by=FLOW_ID)
    made.cycles(2, minutes=1)
    before = made.sf.value("00Q1", verdict)

    made.sf.edit("00Q1", budget_confirmed__c=True)
    made.cycles(2, minutes=1)

    assert (before, made.sf.value("00Q1", verdict)) == (
        "does not meet the SQL standard",
        "meets the SQL standard",
    )


def test_a_write_under_way_when_two_leads_were_united_settles_in_the_one_left() -> None:
    made = house(rules=AT_ONCE)
    made.hs.add("101")
    made.sf.add("00Q1", Stage.MQL, budget_confirmed__c=False)
    made.sf.fails["poll"] = LOST  # the contact is known first, and its lead is the one left
    made.cycle(minutes=1)
    made.sf.fails.clear()
    made.cycle(minutes=1)
    made.sf.move("00Q1", Stage.SQL)
    made.sf.fails["update"] = LOST
    made.cycle(minutes=1)
    made.sf.edit("00Q1", other_id="101")
    made.cycle(minutes=1)
    united = made.lead("101").id
    made.sf.fails.clear()

    made.cycles(2)

    ours = [x for x in made.story().transitions if x.evidence is Evidence.WRITTEN]
    assert (made.lead("00Q1").id, made.outbox()) == (united, {})
    assert not target(made).pending
    assert [x.lead_id for x in ours] == [united]


# --- telling -----------------------------------------------------------------------------


def many(count: int) -> House:
    """So many people handed over at once."""
    made = house()
    for number in range(1, count + 1):
        add_person(made, number=number)
    made.cycle(minutes=1)
    for number in range(1, count + 1):
        made.hs.move(f"10{number}", Stage.MQL)
    return made


def test_many_alerts_of_a_kind_become_one_message() -> None:
    made = many(5)

    made.cycle()

    assert [len(alerts) for _, alerts in made.slack.sent] == [5]


def test_a_few_are_told_one_by_one() -> None:
    made = many(4)

    made.cycle()

    assert [len(alerts) for _, alerts in made.slack.sent] == [1] * 4


def test_alerts_go_where_their_kind_is_routed() -> None:
    routed = replace(AT_ONCE, alerts=replace(AT_ONCE.alerts, routes={AlertKind.HANDOFF: "#sales"}))
    made = linked(rules=routed)

    made.hs.move("101", Stage.MQL)
    made.cycle()

    assert [channel for channel, _ in made.slack.sent] == ["#sales"]


def test_a_doubtful_message_is_looked_for_before_it_is_sent_again() -> None:
    made = linked()
    made.slack.loses = LOST
    made.hs.move("101", Stage.MQL)

    made.cycles(4)

    assert made.slack.kinds() == [AlertKind.HANDOFF]
    assert made.outbox() == {}


def test_slack_being_down_never_stops_the_work() -> None:
    made = linked()
    made.slack.fails = LOST
    made.hs.move("101", Stage.MQL)
    made.cycle()
    moved = made.sf.stage("00Q1")
    made.slack.fails = None

    made.cycles(3)

    assert (moved, made.slack.kinds()) == ("mql", [AlertKind.HANDOFF])


def test_a_message_slack_will_never_take_is_given_up_without_telling_for_ever() -> None:
    made = linked()
    made.slack.fails = PermanentError("msg_too_long")
    made.hs.move("101", Stage.MQL)

    made.cycles(4)

    waiting = {state for state in made.outbox() if state != "buried"}
    assert (made.sf.stage("00Q1"), waiting) == ("mql", set())


def test_who_lost_a_conflict_does_not_travel_because_the_winner_cannot_be_written() -> None:
    made = linked(need__c="old")
    made.sf.unwritable.add("need__c")
    made.hs.edit("101", need__c="winner")
    made.sf.edit("00Q1", need__c="loser")
    made.cycle()
    made.sf.edit("00Q1", phone__c="1")

    made.cycles(3)

    assert (made.hs.value("101", "need__c"), made.sf.value("00Q1", "need__c")) == (
        "winner",
        "loser",
    )
    assert made.hs.value("101", "phone__c") == "1"
    assert made.audit().count(AuditKind.FINDING) == 1
