"""Writes whose answer shows what was written: the next poll is their read-back."""

from decide_cases import HUBSPOT, MINUTE, TITLE
from fakes import House, linked

from syncd.domain.audit import AuditKind
from syncd.domain.lead import Side
from syncd.domain.stage import Stage
from syncd.errors import TransientError

LOST = TransientError("no answer")
LATER = MINUTE / 2


def target(made: House) -> Side:
    return made.lead().sides[HUBSPOT]


def title(made: House) -> object:
    return made.hs.value("101", "title__c")


def sent() -> House:
    """`title` CFO → CEO was written to HubSpot, whose answer showed it."""
    made = linked(title__c="CFO")
    made.hs.echoes = True
    made.sf.edit("00Q1", title__c="CEO")
    made.cycle()
    return made


def test_an_echoed_write_is_in_flight_and_was_not_read_back() -> None:
    made = sent()

    assert (title(made), made.hs.calls["read"]) == ("CEO", 1)
    assert (set(target(made).pending), dict(made.outbox())) == ({TITLE}, {"sent": 1})


def test_the_poll_that_shows_an_echoed_write_settles_it_without_a_call() -> None:
    made = sent()
    before = made.hs.calls["read"]

    made.cycle(minutes=1)

    assert (target(made).baseline[TITLE], target(made).pending) == ("CEO", {})
    assert (made.outbox(), made.hs.calls["read"] - before) == ({}, 0)
    assert made.audit().count(AuditKind.OVERWRITE) == 1


def test_an_echoed_write_no_poll_shows_is_looked_at() -> None:
    made = sent()
    made.hs.fails["poll"] = LOST

    made.cycles(2, minutes=2)

    assert (target(made).baseline[TITLE], target(made).pending) == ("CEO", {})
    assert (made.outbox(), made.hs.calls["update"]) == ({}, 1)
    assert made.audit().count(AuditKind.OVERWRITE) == 1


def test_an_echo_that_lied_is_found_out() -> None:
    made = linked(title__c="CFO")
    made.hs.echoes = True
    made.hs.ignores.add("title__c")

    made.sf.edit("00Q1", title__c="CEO")
    made.cycles(12, minutes=2)

    assert made.hs.calls["update"] > 1
    assert (made.outbox(), target(made).pending) == ({}, {})
    assert made.sf.value("00Q1", "title__c") == title(made)


def test_an_edit_over_an_echoed_write_travels_back() -> None:
    made = sent()

    made.time.sleep(LATER)
    made.hs.edit("101", title__c="COO")
    made.cycles(3, minutes=1)

    assert (title(made), made.sf.value("00Q1", "title__c")) == ("COO", "COO")
    assert (made.outbox(), target(made).pending) == ({}, {})


def test_the_old_value_put_back_over_an_echoed_write_is_an_edit() -> None:
    made = sent()

    made.time.sleep(LATER)
    made.hs.edit("101", title__c="CFO")
    made.cycles(3, minutes=1)

    assert (title(made), made.sf.value("00Q1", "title__c")) == ("CFO", "CFO")


def test_the_old_value_put_back_unpolled_is_not_written_over() -> None:
    made = sent()
    made.hs.fails["poll"] = LOST

    made.time.sleep(LATER)
    made.hs.edit("101", title__c="CFO")
    made.cycles(2, minutes=2)

    assert (title(made), made.hs.calls["update"]) == ("CFO", 1)


def test_the_next_edit_does_not_wait_for_the_proof_of_the_last_one() -> None:
    made = sent()
    made.hs.fails["poll"] = LOST  # the first write is not seen yet

    made.sf.edit("00Q1", title__c="CTO")
    made.cycle(minutes=1)
    at_once = title(made)
    made.hs.fails.clear()
    made.cycles(3, minutes=2)

    assert at_once == title(made) == "CTO"
    assert (made.outbox(), target(made).pending) == ({}, {})
    assert made.audit().count(AuditKind.OVERWRITE) == 2


def test_a_stage_is_read_back_at_once_whatever_the_answer_shows() -> None:
    made = linked(Stage.SAL)
    made.hs.echoes = True

    made.sf.move("00Q1", Stage.SQL)
    made.cycle()

    assert made.hs.calls["read"] == 2
    assert (target(made).pending, made.outbox()) == ({}, {})


def test_a_write_whose_answer_was_lost_is_looked_at_and_told_once() -> None:
    made = linked(title__c="CFO")
    made.hs.echoes, made.hs.lost = True, True
    made.hs.fails["lost"] = LOST

    made.sf.edit("00Q1", title__c="CEO")
    made.cycles(3, minutes=1)

    assert (made.hs.calls["update"], made.outbox()) == (1, {})
    assert made.audit().count(AuditKind.OVERWRITE) == 1
