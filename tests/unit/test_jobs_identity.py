"""The store is of one org and one portal; when another answers nothing is touched."""

from dataclasses import replace
from datetime import timedelta

import pytest
from decide_cases import HUBSPOT, SALESFORCE
from fakes import House, house, linked

from syncd.domain.alert import AlertKind
from syncd.domain.names import System
from syncd.errors import AuthError, PermanentError, TransientError, WrongAccount
from syncd.jobs.backfill import backfill
from syncd.jobs.blind import SideDown
from syncd.jobs.recent import Recent
from syncd.jobs.rehearse import rehearse


def refused(made: House, *, minutes: float = 1) -> str:
    with pytest.raises(WrongAccount) as caught:
        made.cycle(minutes=minutes)
    return str(caught.value)


def restarted(made: House) -> House:
    made.recent = Recent()
    return made


def test_the_first_accounts_that_answer_are_remembered() -> None:
    made = house()
    made.hs.account_id, made.sf.account_id = "12345678", "00D1"

    made.cycle()
    made.cycle(minutes=1)

    sides = made.store.sides()
    assert (sides[HUBSPOT].account, sides[SALESFORCE].account) == ("12345678", "00D1")


@pytest.mark.parametrize("system", System)
def test_another_account_is_refused_before_anything_is_read_or_written(system: System) -> None:
    made = restarted(linked())
    crm = made.hs if system is HUBSPOT else made.sf
    crm.account_id = "org-2"
    made.hs.edit("101", title__c="CEO")
    before = made.hs.calls + made.sf.calls

    words = refused(made)

    asked = made.hs.calls + made.sf.calls - before
    assert set(asked) == {"account"}
    assert system.label in words
    assert "org-1" in words
    assert "org-2" in words
    assert "syncd backfill" in words


def test_an_account_the_configuration_does_not_name_is_refused() -> None:
    made = house()
    made.pair = replace(made.pair, rules=replace(made.pair.rules, accounts={HUBSPOT: "777"}))

    words = refused(made)

    assert "the configuration names portal 777" in words


def test_an_org_that_changes_under_a_running_daemon_is_noticed_within_the_hour() -> None:
    made = linked()
    made.sf.account_id = "org-2"
    made.cycle(minutes=30)

    refused(made, minutes=31)

    assert made.slack.kinds() == [AlertKind.CONFIG]


def test_a_daemon_that_cannot_go_on_tells_it_once_and_goes_on_when_it_can() -> None:
    made = linked()
    made.sf.account_id = "org-2"
    for _ in range(3):
        refused(made, minutes=61)
    made.sf.account_id = "org-1"

    made.cycle(minutes=1)

    assert made.slack.kinds() == [AlertKind.CONFIG]


def test_a_start_with_the_wrong_account_is_for_the_terminal_and_not_for_the_channel() -> None:
    made = restarted(linked())
    made.sf.account_id = "org-2"

    refused(made)

    assert made.slack.kinds() == []


def test_an_account_that_is_not_told_now_is_asked_for_again() -> None:
    made = house()
    made.hs.fails["account"] = TransientError("503")
    made.cycle()
    made.hs.fails.clear()

    made.cycle(minutes=1)

    assert made.store.sides()[HUBSPOT].account == "org-1"


def silent(made: House, system: System) -> House:
    crm = made.hs if system is HUBSPOT else made.sf
    crm.fails["account"] = PermanentError("403 missing scope")
    return made


def test_a_crm_that_does_not_say_whose_it_is_after_a_start_is_neither_read_nor_written() -> None:
    made = restarted(silent(linked(), HUBSPOT))
    made.hs.edit("101", title__c="CEO")  # a stranger's record, perhaps
    made.sf.edit("00Q1", first_name__c="Joan")
    before = made.hs.calls.copy()

    report = made.cycle(minutes=1)
    made.cycles(3, minutes=30)

    assert set(made.hs.calls - before) == {"account"}
    assert "which portal it is" in report.down[HUBSPOT]
    assert made.sf.value("00Q1", "title__c") is None


def test_a_crm_that_says_at_last_whose_it_is_goes_on_where_it_was() -> None:
    made = restarted(silent(linked(), HUBSPOT))
    made.hs.edit("101", title__c="CEO")
    made.sf.edit("00Q1", first_name__c="Joan")
    made.cycle(minutes=1)
    made.hs.fails.clear()

    made.cycles(3, minutes=30)

    assert made.sf.value("00Q1", "title__c") == "CEO"
    assert made.hs.value("101", "first_name__c") == "Joan"


def test_a_crm_that_once_said_whose_it_is_may_miss_an_hourly_question() -> None:
    made = silent(linked(), HUBSPOT)
    made.hs.edit("101", title__c="CEO")

    made.cycle(minutes=61)

    assert made.sf.value("00Q1", "title__c") == "CEO"


def test_new_settings_may_name_another_crm_so_it_is_asked_anew() -> None:
    made = silent(linked(), HUBSPOT)
    made.recent.forget()

    report = made.cycle(minutes=1)

    assert set(report.down) == {HUBSPOT}


def test_a_backfill_does_not_begin_before_both_say_whose_they_are() -> None:
    made = silent(house(), HUBSPOT)
    made.sf.add("00Q1")

    with pytest.raises(SideDown, match="which portal it is"):
        backfill(made.pair, made.time, lease=timedelta(days=1), told=lambda _: None)

    assert made.sf.calls["scan"] == 0


def test_refused_credentials_are_told_as_just_that() -> None:
    made = restarted(linked())
    made.hs.fails["account"] = AuthError("HubSpot refuses the token")

    report = made.cycle(minutes=1)

    assert report.down[HUBSPOT] == "HubSpot refuses the token"


def test_a_rehearsal_looks_past_a_crm_that_does_not_say_whose_it_is() -> None:
    made = silent(linked(), HUBSPOT)

    found = rehearse(made.pair, now=made.time.now())

    assert len(found.down) == 1
    assert found.down[0].startswith("HubSpot: HubSpot does not say which portal it is")


def test_a_message_that_cannot_be_sent_hides_nothing() -> None:
    made = linked()
    made.sf.account_id = "org-2"
    made.slack.fails = TransientError("503")

    assert "organisation org-2" in refused(made, minutes=61)
