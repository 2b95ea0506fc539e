"""Scripts of what counts as having done something for a lead, and what never does."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from scripts import Play, play

from syncd.domain.stage import Stage
from syncd.sandbox.journal import Actor, ActorKind

NO_ANSWER = "73a0d17f-1163-4015-bdd5-ec830791da20"
HOUR = timedelta(hours=1)


def working(script: Play, country: str) -> Any:
    """Offered at 09:00 and accepted at 10:00; nobody did anything yet."""
    script.at("Mon 09:00")
    ana = script.offered("ana", country)
    script.at("Mon 10:00").sees("sales", "New MQL for sales: Ana")
    script.rep_sets(ana, Status="Working")
    script.at("Mon 10:30")
    return ana


def test_saying_yes_alone_does_not_keep_a_promise_that_wants_an_activity(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        ana = working(script, "Austria")
        script.at("Mon 13:05").sees("sales", "Ana … is waiting to be accepted")
        script.sees("managers", "Ana … was not accepted in time")
        script.at("Mon 16:10").sees("marketing", "Ana … went back to Nurture")
        script.stands(ana, Stage.NURTURE)


@pytest.mark.parametrize("way", ["a call", "a mail", "a meeting", "a call in hubspot"])
def test_saying_yes_and_doing_something_keeps_it(tmp_path: Path, way: str) -> None:
    with play(tmp_path) as script:
        ana = working(script, "Austria")
        with script.world.lock:
            match way:
                case "a call":
                    script.world.salesforce.log_call(ana.sf, "Hello", script.rep)
                case "a mail":
                    script.world.salesforce.send_email(ana.sf, "Hello", script.rep)
                case "a meeting":
                    now = script.world.now()
                    script.world.salesforce.create_event(ana.sf, "Hello", now, script.rep)
                case _:
                    script.rita_in_hubspot.log_call(ana.hs, "Hello")
        script.at("Tue 17:00").stands(ana, Stage.SAL)


def test_a_call_before_accepting_counts_as_well(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        ana = script.offered("ana", "Austria")
        script.at("Mon 09:30").call(ana)
        script.at("Mon 10:00").rep_sets(ana, Status="Working")
        script.at("Tue 17:00").sees("sales", "New MQL for sales: Ana")
        script.stands(ana, Stage.SAL)


def test_nobody_in_touch_in_time_is_told_though_it_was_accepted(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        ana = working(script, "France")
        script.at("Mon 15:05").sees("sales", "Ana … is waiting for a first touch")
        script.sees("managers", "Nobody got in touch with Ana")
        script.at("Tue 09:30").sees("managers", "Nobody got in touch … and it still waits")
        script.stands(ana, Stage.SAL)


def test_a_call_in_time_is_the_first_touch(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        ana = working(script, "France")
        script.at("Mon 11:00").call(ana)
        script.at("Mon 17:00")

        assert script.handoff(ana).first_touch_at is not None


def test_a_voicemail_is_recorded_as_an_attempt_and_is_no_touch(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        ana = working(script, "France")
        script.call(ana, "Left voicemail")
        script.at("Mon 15:05").sees("sales", "Ana … is waiting for a first touch")
        script.sees("managers", "Nobody got in touch with Ana")
        handoff = script.handoff(ana)

        assert handoff.first_attempt_at is not None
        assert handoff.first_touch_at is None


def test_a_call_in_hubspot_that_nobody_answered_is_an_attempt(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        ana = working(script, "France")
        script.rita_in_hubspot.log_call(ana.hs, "Hello", hs_call_disposition=NO_ANSWER)
        script.at("Mon 14:00").sees("sales", "Ana … is waiting for a first touch")
        handoff = script.handoff(ana)

        assert (handoff.first_attempt_at is None, handoff.first_touch_at) == (False, None)
        script.call(ana)
        script.at("Mon 17:00")


def by_a_sequence(script: Play, ana: Any) -> None:
    script.rita_in_hubspot.log_email(ana.hs, "Step 1", hs_sequence_id="7")


def by_a_flow(script: Play, ana: Any) -> None:
    flow = Actor(kind=ActorKind.AUTOMATION, id="flow", name="Welcome flow")
    script.world.salesforce.send_email(ana.sf, "Welcome", flow)


def by_the_lead(script: Play, ana: Any) -> None:
    script.world.salesforce.send_email(ana.sf, "When do you call?", script.rep, Incoming=True)


def by_a_booking(script: Play, ana: Any) -> None:
    script.rita_in_hubspot.log_meeting(ana.hs, "Demo", hs_meeting_outcome="SCHEDULED")


def for_later(script: Play, ana: Any) -> None:
    to_come = script.world.now() + 24 * HOUR
    script.world.salesforce.create_event(ana.sf, "Demo", to_come, script.rep)


def on_a_list_of_things_to_do(script: Play, ana: Any) -> None:
    script.world.salesforce.create_task(ana.sf, "Call Ana", script.rep)


@pytest.mark.parametrize(
    "happening",
    [by_a_sequence, by_a_flow, by_the_lead, by_a_booking, for_later, on_a_list_of_things_to_do],
)
def test_what_no_person_did_for_the_lead_by_then_is_no_touch(
    tmp_path: Path, happening: Any
) -> None:
    with play(tmp_path) as script:
        ana = working(script, "France")
        with script.world.lock:
            happening(script, ana)
        script.at("Mon 15:05").sees("sales", "Ana … is waiting for a first touch")
        script.sees("managers", "Nobody got in touch with Ana")

        assert script.handoff(ana).first_touch_at is None


def test_a_meeting_that_was_only_booked_counts_once_its_outcome_is_told(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        ana = working(script, "France")
        hands = script.rita_in_hubspot
        demo = hands.log_meeting(ana.hs, "Demo", hs_meeting_outcome="SCHEDULED")
        script.at("Mon 12:00")
        hands.tell_outcome(demo, "COMPLETED")
        script.at("Mon 17:00")

        assert script.handoff(ana).first_touch_at is not None


def test_what_was_done_before_the_lead_was_offered_is_no_touch(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.at("Mon 08:30")
        ana = script.new("ana", "France")
        script.call(ana)
        script.at("Mon 09:00").qualify(ana)
        script.at("Mon 10:00").rep_sets(ana, Status="Working")
        script.at("Mon 15:05").sees("sales", "New MQL", "Ana … is waiting for a first touch")
        script.sees("managers", "Nobody got in touch with Ana")


def test_a_call_a_minute_before_the_deadline_is_in_time_though_it_is_seen_after(
    tmp_path: Path,
) -> None:
    with play(tmp_path) as script:
        ana = working(script, "France")
        script.at("Mon 14:59").sees("sales", "Ana … is waiting for a first touch")
        script.call(ana)
        script.at("Tue 08:00")


def test_a_lead_in_touch_that_is_not_settled_is_told_of_in_the_end(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        ana = working(script, "France")
        script.call(ana)
        script.at("Wed 09:55").sees("sales", "Ana … is waiting to be settled")
        script.at("Wed 10:05").sees("managers", "Ana … was not settled in time")
        script.at("Wed 11:05").sees("managers", "Ana … was not settled in time, and it still")
        script.at("Fri 17:00").stands(ana, Stage.SAL)


def test_a_lead_that_meets_the_standard_and_moves_on_is_qualified(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        ana = working(script, "France")
        script.call(ana)
        script.at("Mon 12:00")
        script.rep_sets(ana, Need__c="Speed", Budget_Confirmed__c=True, Status="Sales Qualified")
        script.at("Fri 17:00").stands(ana, Stage.SQL)
        script.shows("New MQL for sales: Ana", "Qualified by rita@example.com")


def test_a_refused_move_to_sql_shows_that_the_owner_took_it_on(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        ana = script.offered("ana")
        script.at("Mon 10:00").rep_sets(ana, Status="Sales Qualified")
        script.at("Mon 10:30").sees("sales", "New MQL for sales: Ana", "Ana … is not SQL yet")
        script.at("Tue 17:00").stands(ana, Stage.MQL)
