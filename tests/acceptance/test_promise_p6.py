"""P6: no write when config, standard or lease is invalid; alerts fail open."""

from dataclasses import replace
from datetime import timedelta

import pytest
from core_cases import unsigned
from decide_cases import AT_ONCE, GATES
from fakes import add_person, house, linked

from syncd.domain.alert import AlertKind
from syncd.domain.stage import Stage
from syncd.errors import LeaseLost, TransientError


def test_p6_a_worker_that_lost_its_lease_writes_nothing() -> None:
    made = linked()
    made.hs.move("101", Stage.MQL)
    other = type(made.store)(made.store._memory)
    other.acquire(holder="other", now=made.time.now() + timedelta(days=400), span=timedelta(days=9))

    with pytest.raises(LeaseLost):
        made.cycle()

    assert made.sf.calls["update"] == made.hs.calls["update"] == 0
    assert made.slack.sent == []


def test_p6_an_unsigned_standard_moves_nobody_back() -> None:
    made = house(rules=AT_ONCE, gates=unsigned(GATES))
    add_person(made, Stage.MQL, budget_confirmed__c=False)
    made.cycle(minutes=1)

    made.sf.move("00Q1", Stage.SQL)
    made.cycles(3)

    assert made.sf.stage("00Q1") == "sql"
    assert made.slack.kinds() == [AlertKind.UNSIGNED, AlertKind.FLAGGED]


def test_p6_a_standard_past_its_review_moves_nobody_back() -> None:
    made = house(rules=AT_ONCE, gates=replace(GATES, review_by=GATES.review_by.replace(year=2025)))
    add_person(made, Stage.MQL, budget_confirmed__c=False)
    made.cycle(minutes=1)

    made.sf.move("00Q1", Stage.SQL)
    made.cycles(3)

    assert made.sf.stage("00Q1") == "sql"


def test_p6_alerts_fail_open() -> None:
    made = linked()
    made.slack.fails = TransientError("503")

    made.hs.move("101", Stage.MQL)
    made.cycle()

    assert made.sf.stage("00Q1") == "mql"
