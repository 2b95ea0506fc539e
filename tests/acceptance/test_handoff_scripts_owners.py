"""Scripts of who has a lead: the routing delay, a new owner, the ladder that passes it on."""

from pathlib import Path

from scripts import MONA, OTTO, PAUL, Play, play

from syncd.domain.handoff import ClockName
from syncd.domain.stage import Stage


def in_queue(script: Play) -> str:
    """A queue that leads wait in until somebody takes them."""
    with script.world.lock:
        return script.world.salesforce.add_queue("Inbound")


def test_a_lead_nobody_owns_is_the_routings_delay_and_no_reps(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        ana = script.offered("ana", OwnerId=in_queue(script))
        script.at("Mon 10:05").sees("sales", "New MQL for sales: Ana", "is waiting for an owner")
        script.sees("managers", "Ana … was not assigned in time")
        script.at("Mon 10:30").give(ana, PAUL)
        script.at("Mon 13:25").sees("sales", "Ana … is paul@example.com's now")
        script.sees("managers")
        script.at("Mon 14:35").sees("sales", "Ana … is waiting to be accepted")
        script.sees("managers", "Ana … was not accepted in time")


def test_what_is_told_of_a_breach_keeps_routing_and_rep_apart(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        ana = script.offered("ana", OwnerId=in_queue(script))
        script.at("Mon 09:30").give(ana, PAUL)
        script.at("Mon 13:40").sees("sales", "New MQL", "paul@example.com's now", "is waiting to")
        script.sees("managers", "Ana … was not accepted in time")
        script.shows("not accepted in time", "30 minutes")


def test_a_new_owner_has_the_whole_time_from_when_they_got_it(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        ana = script.offered("ana")
        script.at("Mon 11:30").sees("sales", "New MQL for sales: Ana")
        script.give(ana, PAUL)
        script.at("Mon 15:25").sees("sales", "Ana … is paul@example.com's now", "is waiting to")
        script.sees("managers")
        script.at("Mon 15:35").sees("managers", "Ana … was not accepted in time")


def test_a_lead_of_a_queue_that_is_taken_in_the_crm_is_accepted_at_once(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        ana = script.offered("ana", OwnerId=in_queue(script))
        script.at("Mon 09:20").sees("sales", "New MQL for sales: Ana")
        script.rep_sets(ana, OwnerId=script.rep.id, Status="Working")
        script.at("Tue 17:00").stands(ana, Stage.SAL)
        script.sees("sales", "Ana … is rita@example.com's now")


def test_the_ladder_passes_over_who_is_away_and_gives_it_to_the_next(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        ana = script.offered("ana", "Spain")
        script.at("Mon 11:05").sees("sales", "New MQL for sales: Ana", "is waiting to be accepted")
        script.sees("managers", "Ana … was not accepted in time")
        script.at("Mon 12:05").sees("sales", "Ana … is paul@example.com's now")
        script.at("Mon 13:00")
        assert script.lead(ana)["OwnerId"] == script.colleagues[PAUL][0].id
        assert script.contact(ana)["hubspot_owner_id"] == str(script.colleagues[PAUL][1].id)


def test_whoever_got_a_lead_by_the_ladder_has_a_clock_of_their_own(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        script.offered("ana", "Spain")
        script.at("Mon 13:00").sees("sales", "New MQL", "is waiting to", "paul@example.com's now")
        script.sees("managers", "Ana … was not accepted in time")
        script.at("Mon 13:40").sees("sales", "Ana … is waiting to be accepted")
        script.at("Mon 14:10").sees("managers", "Ana … was not accepted in time")


def test_a_lead_is_passed_on_once_and_no_more(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        ana = script.offered("ana", "Spain")
        script.at("Mon 16:55")
        turns = [c.turn for c in script.handoff(ana).clocks if c.name is ClockName.ACCEPT]
        script.sees("sales", "New MQL", "is waiting to", "paul@example.com's now", "is waiting to")
        script.sees("managers", "was not accepted in time", "was not accepted in time")

        assert turns == [1, 2]


def test_with_nobody_there_the_lead_stays_and_the_manager_is_told(tmp_path: Path) -> None:
    away = {"otto@example.com: [2026": "paul@example.com: [2026-03-02]\n  otto@example.com: [2026"}
    with play(tmp_path, changes=away) as script:
        script.at("Mon 09:00")
        ana = script.offered("ana", "Spain")
        script.at("Mon 12:05").sees("sales", "New MQL", "is waiting to", "could not be passed on")
        script.sees("managers", "was not accepted in time")

        assert script.lead(ana)["OwnerId"] == script.rep.id


def test_while_the_manager_is_away_a_breach_is_told_to_the_owner(tmp_path: Path) -> None:
    away = {"otto@example.com: [2026": "mona@example.com: [2026-03-02]\n  otto@example.com: [2026"}
    with play(tmp_path, changes=away) as script:
        script.at("Mon 09:00")
        script.offered("ana")
        script.at("Mon 13:05").sees("sales", "New MQL for sales: Ana", "is waiting to be accepted")
        script.sees("managers", "Ana … was not accepted in time")
        rita = script.world.slack.user_by_email("rita@example.com")
        script.shows("not accepted in time", f"<@{rita.id}>")


def test_a_breach_is_told_to_the_manager_by_name(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        script.offered("ana")
        script.at("Mon 13:05").sees("sales", "New MQL for sales: Ana", "is waiting to be accepted")
        script.sees("managers", "Ana … was not accepted in time")
        mona = script.world.slack.user_by_email(MONA)
        script.shows("not accepted in time", f"<@{mona.id}>")


def test_an_owner_on_leave_who_gets_a_lead_keeps_it_until_they_are_back(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        ana = script.offered("ana")
        script.at("Mon 10:00").give(ana, OTTO)
        script.at("Mon 12:59").sees("sales", "New MQL", "otto@example.com's now")
        script.at("2026-03-09 12:00").sees("sales")
        script.at("Mon 12:10").sees("sales", "is waiting to be accepted")
