"""Scripts of what people answer in Slack, and what comes of it in both CRMs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from box import Person
from scripts import MONA, PAUL, RITA, VERA, Play, listening, play

from syncd.domain.alert import Act
from syncd.domain.handoff import HandoffState
from syncd.domain.stage import Stage


@pytest.fixture
def script(tmp_path: Path) -> Iterator[Play]:
    with play(tmp_path) as made:
        yield listening(made).at("Mon 09:00")


@pytest.fixture
def ana(script: Play) -> Person:
    """Offered at 09:00, and told of."""
    ana = script.offered("ana")
    script.at("Mon 10:00").sees("sales", "New MQL for sales: Ana")
    return ana


def test_accepted_in_slack_it_is_accepted_in_both_crms(script: Play, ana: Person) -> None:
    script.clicks(RITA, Act.ACCEPT, ana)
    script.at("Mon 10:10").stands(ana, Stage.SAL)
    script.shows("New MQL for sales: Ana", "Accepted by rita@example.com")
    script.at("Fri 17:00")


def test_accepted_in_slack_and_in_the_crm_at_once_it_is_accepted_once(
    script: Play, ana: Person
) -> None:
    script.clicks(RITA, Act.ACCEPT, ana)
    script.rep_sets(ana, Status="Working")
    script.at("Mon 11:00").stands(ana, Stage.SAL)
    states = [change.to for change in script.handoff(ana).changes]

    assert states.count(HandoffState.ACCEPTED) == 1


def test_a_double_click_accepts_once_and_says_nothing_more(script: Play, ana: Person) -> None:
    script.clicks(RITA, Act.ACCEPT, ana)
    script.clicks(RITA, Act.ACCEPT, ana)
    script.at("Mon 11:00").stands(ana, Stage.SAL)
    states = [change.to for change in script.handoff(ana).changes]

    assert states.count(HandoffState.ACCEPTED) == 1


def test_a_manager_may_answer_for_their_rep(script: Play, ana: Person) -> None:
    script.clicks(MONA, Act.ACCEPT, ana)
    script.at("Mon 11:00").stands(ana, Stage.SAL)
    script.shows("New MQL for sales: Ana", "Accepted by mona@example.com")


def test_somebody_else_may_not_and_is_told_so(script: Play, ana: Person) -> None:
    script.clicks(PAUL, Act.ACCEPT, ana)
    script.at("Mon 10:10").stands(ana, Stage.MQL)
    script.sees("sales", "Not done (accept)")
    script.shows("Not done", "Only rita@example.com or mona@example.com may answer")


def test_rejected_as_not_ready_it_goes_back_to_marketing(script: Play, ana: Person) -> None:
    script.clicks(RITA, Act.REJECT, ana)
    script.fills_in(reason="not-ready", note="Wants a demo of something else")
    script.at("Mon 10:10").stands(ana, Stage.NURTURE)
    script.sees("marketing", "Ana … was rejected by rita@example.com")
    script.shows("was rejected by", "Wants a demo of something else")
    script.shows("New MQL for sales: Ana", "Rejected by rita@example.com")


def test_rejected_as_the_wrong_fit_it_is_out(script: Play, ana: Person) -> None:
    script.clicks(RITA, Act.REJECT, ana)
    script.fills_in(reason="wrong-fit")
    script.at("Mon 10:10").stands(ana, Stage.DISQUALIFIED)
    script.sees("marketing", "Ana … was rejected by rita@example.com")


def test_rejected_for_the_time_being_it_sleeps_until_its_day(script: Play, ana: Person) -> None:
    script.clicks(RITA, Act.REJECT, ana)
    script.fills_in(reason="bad-timing", until="2026-03-10")
    script.at("Mon 10:10").stands(ana, Stage.NURTURE)
    script.sees("marketing", "Ana … was rejected by rita@example.com")
    script.shows("was rejected by", "Tue 10 Mar")


def test_what_was_missing_and_the_objection_stay_for_the_next_rep(
    script: Play, ana: Person
) -> None:
    script.clicks(RITA, Act.REJECT, ana)
    script.fills_in(reason="not-ready", missing=["need"], objection="Too expensive")
    script.at("Mon 10:10").sees("marketing", "Ana … was rejected")
    script.at("Thu 09:00").qualify(ana)
    script.at("Thu 10:00").sees("sales", "New MQL for sales: Ana")
    script.shows("New MQL for sales: Ana", "Too expensive")


def test_a_snooze_puts_the_deadline_off_once(script: Play, ana: Person) -> None:
    script.clicks(RITA, Act.SNOOZE, ana)
    script.at("Mon 14:55").sees("sales", "Ana … is waiting to be accepted")
    script.sees("managers")
    script.at("Mon 15:05").sees("managers", "Ana … was not accepted in time")


def test_the_second_snooze_is_not_granted(script: Play, ana: Person) -> None:
    script.clicks(RITA, Act.SNOOZE, ana)
    script.clicks(MONA, Act.SNOOZE, ana)
    script.at("Mon 10:20").sees("sales", "Not done (snooze)")
    script.at("Mon 15:05").sees("sales", "Ana … is waiting to be accepted")
    script.sees("managers", "Ana … was not accepted in time")


def test_an_answer_to_a_handoff_that_is_over_changes_nothing(script: Play, ana: Person) -> None:
    script.rep_sets(ana, Status="Disqualified")
    script.clicks(RITA, Act.ACCEPT, ana)
    script.at("Mon 10:20").stands(ana, Stage.DISQUALIFIED)
    script.sees("sales", "Not done (accept)")
    script.shows("Not done", "That handoff is over")


def test_whoever_says_not_useful_is_thanked_and_nothing_else_happens(
    script: Play, ana: Person
) -> None:
    script.clicks(MONA, Act.NOT_USEFUL, ana)
    script.at("Mon 10:20").stands(ana, Stage.MQL)
    script.sees("sales")


def test_rejected_and_qualified_again_within_the_cool_off_it_is_not_offered(
    tmp_path: Path,
) -> None:
    blocks = "{mql: {mode: block, previewed: mql-588fb79586-2c1006952f-ec2319},"
    with play(tmp_path, changes={"{mql: flag,": blocks}) as script:
        listening(script).at("Mon 09:00")
        ana = script.offered("ana")
        script.at("Mon 10:00").clicks(RITA, Act.REJECT, ana)
        script.fills_in(reason="not-ready")
        script.at("Tue 10:00").sees("sales", "New MQL for sales: Ana")
        script.sees("marketing", "Ana … was rejected")
        script.qualify(ana)
        script.at("Tue 11:00").stands(ana, Stage.NURTURE)
        script.sees("revops", "Ana … is not MQL yet")
        script.at("Thu 12:00").qualify(ana)
        script.at("Thu 13:00").sees("sales", "New MQL for sales: Ana")
        script.stands(ana, Stage.MQL)


def asked(script: Play) -> Person:
    """An MQL that misses something, for which Rita asked for a waiver at 10:00."""
    listening(script).at("Mon 09:00")
    ana = script.offered("ana", NumberOfEmployees=10)
    script.at("Mon 10:00").sees("sales", "New MQL for sales: Ana")
    script.clicks(RITA, Act.ASK_WAIVER, ana)
    script.fills_in(rules=["mql:employees-50-plus"], reason="A partner", until="2026-12-31")
    script.at("Mon 10:10").sees("managers", "rita@example.com asks for a waiver: Ana")
    script.sees("revops", "Ana … went to MQL with 1 thing missing")
    return ana


def test_a_waiver_that_is_approved_is_granted_and_the_asker_told(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        ana = asked(script)
        script.clicks(VERA, Act.APPROVE, ana)
        script.at("Mon 10:20").shows("asks for a waiver: Ana", "Approved by vera@example.com")
        script.sees("sales", "Waiver approved by vera@example.com: Ana")
        known = script.known(ana)

        assert known is not None
        assert [w.rules for w in known.waivers] == [("employees-50-plus",)]


def test_a_waiver_that_is_refused_is_not_granted(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        ana = asked(script)
        script.clicks(VERA, Act.REFUSE, ana)
        script.at("Mon 10:20").shows("asks for a waiver: Ana", "Refused by vera@example.com")
        script.sees("sales", "Waiver refused by vera@example.com: Ana")
        known = script.known(ana)

        assert known is not None
        assert known.waivers == ()


def test_only_an_approver_answers_a_request_for_a_waiver(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        ana = asked(script)
        script.clicks(PAUL, Act.APPROVE, ana)
        script.at("Mon 10:20").sees("sales", "Not done (answer a waiver): Ana")
        known = script.known(ana)

        assert known is not None
        assert known.waivers == ()
