"""Delivery while records are converted, merged and deleted under its hands, over fakes."""

from dataclasses import replace

import pytest
from decide_cases import AT_ONCE, SALESFORCE, TITLE
from fakes import House, add_person, house, linked

from syncd.domain.audit import AuditKind
from syncd.domain.names import RecordId
from syncd.domain.stage import Stage
from syncd.errors import TransientError

LOST = TransientError("no answer")
LEAD, CONTACT = RecordId("00Q1"), RecordId("003C")


def convert(made: House) -> None:
    """The lead becomes a contact: asked for by the old id, the new record comes."""
    contact = replace(
        made.sf.records[LEAD],
        id=CONTACT,
        kind="Contact",
        former=(LEAD,),
        modified_at=made.time.now(),
    )
    made.sf.records |= {LEAD: contact, CONTACT: contact}


def converted_unread(made: House) -> None:
    """Converted after the decision; Salesforce cannot be polled, only be read by id."""
    made.sf.fails["update"] = LOST
    made.hs.edit("101", title__c="CEO")
    made.cycle()
    convert(made)
    made.sf.fails = {"poll": LOST}


def test_nothing_is_written_to_a_record_that_carried_on_before_that_was_read() -> None:
    made = linked()
    converted_unread(made)
    before = made.sf.calls["update"]

    made.cycles(3)

    assert made.sf.calls["update"] == before
    assert made.lead().sides[SALESFORCE].pending[TITLE].writes == "CEO"


def test_what_was_to_be_written_arrives_where_the_record_is_now() -> None:
    made = linked()
    converted_unread(made)
    made.cycles(20)
    made.sf.fails.clear()

    made.cycles(20)

    assert made.sf.value(CONTACT, "title__c") == "CEO"
    assert made.lead(CONTACT).sides[SALESFORCE].former == (LEAD,)
    assert (made.outbox(), made.lead(CONTACT).sides[SALESFORCE].pending) == ({}, {})


def test_a_note_follows_its_record() -> None:
    made = linked(Stage.MQL, rules=AT_ONCE, budget_confirmed__c=False)
    made.sf.move(LEAD, Stage.SQL)
    made.sf.fails["add_notes"] = LOST
    made.cycle()
    convert(made)
    made.sf.fails.clear()

    made.cycles(3)

    assert [x.record_id for x in made.sf.notes] == [CONTACT]


def test_a_lead_whose_write_found_nobody_goes_on_when_the_record_is_back() -> None:
    made = linked()
    made.sf.fails["update"] = LOST
    made.hs.edit("101", title__c="CEO")
    made.cycle()
    made.sf.fails = {"poll": LOST}
    made.sf.delete(LEAD)
    made.cycle(minutes=5)
    gone = made.lead().sides[SALESFORCE].gone
    made.sf.records[LEAD] = replace(made.sf.records[LEAD], deleted=False)
    made.sf.fails.clear()

    made.cycles(3)

    assert gone == "deleted"
    assert made.sf.value(LEAD, "title__c") == "CEO"
    assert AuditKind.CARRIED_ON in made.audit()


def two_people() -> House:
    """Two linked people, the second one known longer."""
    made = house()
    for number in (2, 1):
        add_person(made, number=number, at=made.time.now())
        made.cycle(minutes=1)
    return made


def become_one(made: House, *, reverse: bool = False) -> None:
    """Both leads become one contact, read as the adapter tells it: the leads, and the contact."""
    ids = (LEAD, RecordId("00Q2"))
    contact = replace(
        made.sf.records[LEAD], id=CONTACT, kind="Contact", former=ids, modified_at=made.time.now()
    )
    left = {
        x: replace(contact, id=x, kind="Lead", deleted=True, merged_into=CONTACT, former=())
        for x in (reversed(ids) if reverse else ids)
    }
    for lead in ids:
        del made.sf.records[lead]
    made.sf.records |= {**left, CONTACT: contact}


@pytest.mark.parametrize("reverse", [False, True])
def test_of_two_leads_that_became_one_contact_the_one_known_longer_carries_on(
    reverse: bool,
) -> None:
    made = two_people()

    become_one(made, reverse=reverse)
    made.cycle()

    assert made.lead("102").sides[SALESFORCE].record_id == CONTACT
    assert made.lead("101").sides[SALESFORCE].gone == f"merged into {CONTACT}"


def test_a_write_ends_where_its_record_became_another_persons() -> None:
    made = two_people()
    made.sf.fails["update"] = LOST
    made.hs.edit("101", title__c="CEO")
    made.cycle()
    made.sf.fails.clear()

    become_one(made)
    made.cycles(3, minutes=10)

    assert made.outbox() == {}
    assert made.sf.value(CONTACT, "title__c") is None


def test_leads_that_became_one_while_something_was_open_are_united_once_it_is_over() -> None:
    made = linked(Stage.LEAD)
    made.sf.add("00Q2", email="two@x.example", at=made.time.now())
    made.hs.move("101", Stage.MQL)
    made.cycles(2, minutes=1)
    become_one(made)
    made.cycle()
    waiting = [x.record_id for x in made.store.parked()]
    made.sf.records |= dict.fromkeys((LEAD, RecordId("00Q2")), made.sf.records[CONTACT])

    made.cycles(15)  # the conversion has ended the handoff

    assert waiting == ["00Q2"]
    assert made.store.parked() == []
    assert made.store.status(made.time.now()).leads == 1
