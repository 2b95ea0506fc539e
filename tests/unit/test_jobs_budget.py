"""What a cycle's calls come to: sums that survive a restart, levels, and one alert in time."""

from dataclasses import replace
from datetime import timedelta

import pytest
from decide_cases import HUBSPOT, PHONE, SALESFORCE
from fakes import FakeCrm, House, linked

from syncd.domain.action import WriteKind
from syncd.domain.alert import AlertKind
from syncd.domain.order import Level
from syncd.domain.stage import Stage
from syncd.jobs.meter import Meter
from syncd.ports import Usage

HOUR = timedelta(hours=1)
SHARE = 3_000


@pytest.fixture
def home() -> House:
    """One person known on both sides; Salesforce allows 10,000 calls, of which 30 % are ours."""
    made = linked()
    made.sf.allowed = 10_000
    made.cycle()
    return made


def spent(home: House) -> int:
    return sum(calls for _, calls in home.store.sides()[SALESFORCE].spent)


def spend(home: House, until: int) -> None:
    """Let our calls of the last day be at least this many once a cycle is over."""
    home.sf.calls_before += until - spent(home)
    home.cycle(minutes=1)


def level(home: House) -> Level:
    return home.store.sides()[SALESFORCE].level


def new_phone(home: House, number: str = "+1 555 0100") -> None:
    home.hs.edit("101", **{f"{PHONE}__c": number})


def phone(crm: FakeCrm, record: str) -> object:
    return crm.value(record, f"{PHONE}__c")


def restarted(home: House) -> House:
    """The same store with new connections, which count from nought."""
    home.sf.calls.clear()
    home.hs.calls.clear()
    home.sf.calls_before = home.hs.calls_before = 0
    home.pair = replace(home.pair, meter=Meter())
    return home


# --- sums ------------------------------------------------------------------------------------


def test_every_call_is_put_down_once(home: House) -> None:
    home.cycles(3)

    assert spent(home) == sum(home.sf.calls.values())


def test_a_restart_forgets_nothing(home: House) -> None:
    before = spent(home)

    restarted(home).cycle(minutes=1)

    assert spent(home) == before + sum(home.sf.calls.values())


def test_calls_of_the_cycle_under_way_count_before_they_are_put_down(home: House) -> None:
    home.sf.calls_before += SHARE

    assert home.pair.level(SALESFORCE, now=home.time.now()) is Level.ESSENTIAL


def test_an_allowance_once_told_is_remembered(home: House) -> None:
    home.sf.allowed = None

    home.cycle(minutes=1)

    assert home.store.sides()[SALESFORCE].calls_allowed == 10_000


def test_refused_calls_are_reported_once(home: House) -> None:
    home.sf.limited = 2

    first, second = home.cycle(minutes=1), home.cycle(minutes=1)

    assert (first.limited[SALESFORCE], second.limited[SALESFORCE]) == (2, 0)


def test_a_crm_never_asked_may_do_everything() -> None:
    meter = Meter()

    assert meter.calls_since(HUBSPOT, Usage(calls=7, used=None, allowed=None)) == 7


# --- levels ----------------------------------------------------------------------------------


def test_reconciliation_stops_before_field_sync(home: House) -> None:
    spend(home, SHARE * 85 // 100)

    assert not home.pair.may_sweep(SALESFORCE, now=home.time.now())
    assert home.pair.held_back(now=home.time.now()) == frozenset()
    assert home.pair.may_sweep(HUBSPOT, now=home.time.now())


def test_field_sync_waits_while_the_share_is_used_up(home: House) -> None:
    spend(home, SHARE)
    new_phone(home)

    home.cycles(3)

    assert phone(home.sf, "00Q1") is None
    assert home.outbox()["pending"] == 1


def test_what_waited_is_carried_out_once_there_are_calls_again(home: House) -> None:
    spend(home, SHARE)
    new_phone(home)
    home.cycles(3)
    home.time.sleep(26 * HOUR)

    home.cycles(3, minutes=1)

    assert phone(home.sf, "00Q1") == "+1 555 0100"
    assert level(home) is Level.FULL


def test_an_edit_made_while_it_waited_is_not_lost(home: House) -> None:
    spend(home, SHARE)
    new_phone(home)
    home.cycle(minutes=1)
    new_phone(home, "+1 555 0200")
    home.cycle(minutes=1)
    home.time.sleep(26 * HOUR)

    home.cycles(4, minutes=1)

    assert phone(home.sf, "00Q1") == "+1 555 0200"


def test_stages_travel_and_are_enforced_all_the_same(home: House) -> None:
    spend(home, SHARE)
    new_phone(home)
    home.hs.move("101", Stage.MQL)

    home.cycles(2, minutes=1)

    assert home.sf.stage("00Q1") == Stage.MQL
    assert home.store.spent(home.time.now() - HOUR)[WriteKind.PROPAGATE] == 1
    assert phone(home.sf, "00Q1") is None


def test_many_waiting_writes_do_not_starve_one_that_must_go(home: House) -> None:
    spend(home, SHARE)
    for number in range(600):
        new_phone(home, f"+1 555 {number:04}")
        home.cycle(minutes=0.01)
    home.hs.move("101", Stage.MQL)

    home.cycle(minutes=1)

    assert home.sf.stage("00Q1") == Stage.MQL


def test_the_other_crm_is_written_as_ever(home: House) -> None:
    spend(home, SHARE)
    home.sf.edit("00Q1", **{f"{PHONE}__c": "+1 555 0300"})

    home.cycles(2, minutes=1)

    assert phone(home.hs, "101") == "+1 555 0300"


# --- alerts ----------------------------------------------------------------------------------


def told(home: House) -> int:
    return home.slack.kinds().count(AlertKind.BUDGET)


def test_people_are_told_before_anything_waits(home: House) -> None:
    spend(home, SHARE * 60 // 100)
    home.cycle(minutes=1)

    assert level(home) is Level.FULL
    assert told(home) == 1


def test_a_rate_that_lasts_is_not_told(home: House) -> None:
    spend(home, SHARE * 40 // 100)

    home.cycles(3)

    assert told(home) == 0


def test_people_are_told_once_a_day(home: House) -> None:
    spend(home, SHARE * 60 // 100)
    spend(home, SHARE * 85 // 100)
    spend(home, SHARE)

    home.cycles(3, minutes=1)

    assert told(home) == 1
