"""The store is of one org and one portal; when another answers nothing is touched."""

from dataclasses import replace

import pytest
from decide_cases import HUBSPOT, SALESFORCE
from fakes import House, house, linked

from syncd.domain.alert import AlertKind
from syncd.domain.names import System
from syncd.errors import TransientError, WrongAccount
from syncd.jobs.recent import Recent


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


def test_a_message_that_cannot_be_sent_hides_nothing() -> None:
    made = linked()
    made.sf.account_id = "org-2"
    made.slack.fails = TransientError("503")

    assert "organisation org-2" in refused(made, minutes=61)
