"""Writes whose answer was lost, and which another decision took over before they were looked at:
what they replaced is told all the same."""

from collections.abc import Sequence

from decide_cases import HUBSPOT, MINUTE
from fakes import House, linked

from syncd.domain.action import Failed
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.names import RecordId
from syncd.errors import TransientError

LOST = TransientError("no answer")


def in_doubt() -> House:
    """`title` CFO → CEO was written to HubSpot, and the answer was lost."""
    made = linked(title__c="CFO")
    made.hs.fails["lost"], made.hs.lost = LOST, True
    made.sf.edit("00Q1", title__c="CEO")
    made.cycle()
    return made


def overwrites(made: House) -> Sequence[AuditEntry]:
    """What is told of HubSpot's values."""
    told = (x for x in made.story().audit if x.kind is AuditKind.OVERWRITE)
    return [x for x in told if x.facts["system"] == HUBSPOT]


def values(made: House) -> list[tuple[str, str]]:
    return [(x.personal["was"], x.personal["is"]) for x in overwrites(made)]


def test_the_next_decision_does_not_hide_what_was_replaced() -> None:
    made = in_doubt()

    made.sf.edit("00Q1", title__c="CTO")
    made.cycles(4, minutes=1)

    assert values(made) == [("CFO", "CEO"), ("CEO", "CTO")]
    assert (made.hs.value("101", "title__c"), made.outbox()) == ("CTO", {})


def test_a_person_who_edits_over_it_does_not_hide_it_either_and_it_is_told_as_a_perhaps() -> None:
    made = in_doubt()

    made.time.sleep(MINUTE / 2)
    made.hs.edit("101", title__c="COO")
    made.cycles(4, minutes=1)

    first = overwrites(made)[0]
    assert (first.personal["was"], first.personal["is"]) == ("CFO", "CEO")
    assert first.facts["landed"] == "perhaps"


def test_the_end_of_the_record_does_not_hide_it() -> None:
    made = in_doubt()

    made.hs.delete("101")
    made.cycles(4, minutes=1)

    (told,) = overwrites(made)
    assert (told.personal["was"], told.facts["landed"]) == ("CFO", "perhaps")


def test_an_attempt_that_never_arrived_replaced_nothing() -> None:
    made = linked(title__c="CFO")
    made.hs.fails["update"] = LOST
    made.sf.edit("00Q1", title__c="CEO")
    made.cycle()
    made.hs.fails.clear()

    made.sf.edit("00Q1", title__c="CTO")
    made.cycles(4, minutes=1)

    assert values(made) == [("CFO", "CTO")]


def test_a_write_a_person_was_faster_than_was_never_tried() -> None:
    made = linked(title__c="CFO")
    made.sf.edit("00Q1", title__c="CEO")
    made.hs.fails["poll"] = LOST  # the edit is there, but was not polled yet
    made.hs.edit("101", title__c="COO")
    made.cycle()
    made.hs.fails.clear()

    made.hs.edit("101", title__c="CEO")
    made.cycles(4, minutes=1)

    assert values(made) == []
    assert (made.hs.calls["update"], made.outbox()) == (0, {})


def test_what_was_told_when_the_crm_took_it_is_not_told_again() -> None:
    made = linked(title__c="CFO")
    made.hs.echoes = True
    made.sf.edit("00Q1", title__c="CEO")
    made.cycle()
    made.hs.fails["poll"] = LOST
    made.hs.answers[RecordId("101")] = Failed(reason="busy")

    made.sf.edit("00Q1", title__c="CTO")
    made.cycles(4, minutes=1)
    made.hs.fails.clear()
    made.hs.answers.clear()
    made.cycles(4, minutes=1)

    assert values(made) == [("CFO", "CEO"), ("CEO", "CTO")]
    assert made.outbox() == {}
