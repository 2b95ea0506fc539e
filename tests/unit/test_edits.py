"""Which fields are worth asking history about, and what its answer is good for."""

from dataclasses import replace
from datetime import datetime

from core_cases import COMPANY, NOW
from decide_cases import (
    EMAIL,
    HUBSPOT,
    MINUTE,
    PHONE,
    SALESFORCE,
    THE_MAP,
    TITLE,
    known,
    look,
    shows,
    side,
)
from fakes import DIRECTORY

from syncd.core.edits import contested, edits_of
from syncd.domain.decision import Observation
from syncd.domain.lead import Lead
from syncd.domain.names import OWNER, FieldName
from syncd.domain.record import Edit, PropertyChange
from syncd.domain.stage import Stage
from syncd.domain.values import FieldSpec, Unreadable


def asked(lead: Lead, *seen: Observation) -> list[FieldName]:
    specs, _ = contested(lead, {x.snapshot.system: x.snapshot for x in seen}, THE_MAP)
    return [spec.name for spec in specs]


def change(name: str, value: str, *, at: datetime = NOW, by: str = "005R") -> PropertyChange:
    return PropertyChange(
        name=name, value=value, at=at, actor_id=by, by_person=True, by_syncd=False, label="a form"
    )


def told(
    *changes: PropertyChange, field: FieldName = PHONE, value: str = "2"
) -> dict[FieldName, Edit]:
    shown = side(SALESFORCE)
    shown = replace(shown, seen=replace(shown.seen, values={**shown.seen.values, field: value}))
    spec: FieldSpec = THE_MAP.fields[field]
    return {**edits_of(changes, shown, [spec], THE_MAP, DIRECTORY)}


# --- what is asked about -----------------------------------------------------------------


def test_a_field_that_both_changed_differently_is_asked_about() -> None:
    lead = known(phone="1")

    found = asked(lead, shows(lead, SALESFORCE, phone="2"), shows(lead, HUBSPOT, phone="3"))

    assert found == [PHONE]


def test_a_change_on_one_side_alone_or_the_same_on_both_is_not_asked_about() -> None:
    lead = known(phone="1", title="CFO")
    one = shows(lead, SALESFORCE, phone="2", title="CEO")

    assert asked(lead, one) == []
    assert asked(lead, one, shows(lead, HUBSPOT, title="CEO")) == []


def test_an_old_disagreement_is_not_asked_about() -> None:
    lead = known(Stage.LEAD, side(SALESFORCE, phone="1"), side(HUBSPOT, phone="2"))

    assert asked(lead, shows(lead, SALESFORCE), shows(lead, HUBSPOT, phone="3")) == []


def test_fields_that_flow_nowhere_or_cannot_be_read_are_not_asked_about() -> None:
    lead = known(email="a@x.example", phone="1")
    seen = shows(lead, SALESFORCE, email="b@x.example", phone=Unreadable("hidden"))

    assert asked(lead, seen, shows(lead, HUBSPOT, email="c@x.example", phone="3")) == []
    assert EMAIL in THE_MAP.fields


def test_first_sight_is_no_edit() -> None:
    lead = known(Stage.LEAD, side(SALESFORCE, phone="1"))

    assert asked(lead, shows(known(), HUBSPOT, phone="2")) == []


def test_an_edit_over_a_write_under_way_is_asked_about_though_its_source_is_not_shown() -> None:
    before = known(phone="1")
    lead = look(before, shows(before, HUBSPOT, phone="2")).lead

    assert asked(lead, shows(lead, SALESFORCE, at=NOW + MINUTE, phone="3")) == [PHONE]


def test_a_dispute_is_asked_about_when_one_side_of_it_changes() -> None:
    before = known(title="CFO")
    lead = look(
        before, shows(before, SALESFORCE, title="CEO"), shows(before, HUBSPOT, title="COO")
    ).lead

    assert asked(lead, shows(lead, SALESFORCE, at=NOW + MINUTE)) == []
    assert asked(lead, shows(lead, SALESFORCE, at=NOW + MINUTE, title="CTO")) == [TITLE]


def test_a_snapshot_older_than_the_one_known_raises_no_question() -> None:
    before = known(company="Acme")
    lead = look(before, shows(before, HUBSPOT, company="ACME")).lead
    late = replace(shows(lead, SALESFORCE, company="A").snapshot, modified_at=NOW - 90 * MINUTE)

    specs, _ = contested(lead, {SALESFORCE: late}, THE_MAP)

    assert specs == ()
    assert COMPANY in lead.sides[SALESFORCE].pending


# --- what the answer is good for ---------------------------------------------------------


def test_the_last_change_tells_when_and_by_whom() -> None:
    found = told(change("phone__c", "1", at=NOW - MINUTE), change("phone__c", "2"))

    assert found == {PHONE: Edit(at=NOW, by="Rita Rep")}


def test_whoever_is_not_in_the_directory_is_told_by_the_vendors_label() -> None:
    assert told(change("phone__c", "2", by="77"))[PHONE].by == "a form"


def test_a_history_that_ends_with_another_value_tells_nothing() -> None:
    assert told(change("phone__c", "2", at=NOW - MINUTE), change("phone__c", "3")) == {}
    assert told(change("phone__c", "")) == {}


def test_changes_of_other_properties_tell_nothing() -> None:
    assert told(change("title__c", "2")) == {}


def test_of_the_two_entries_of_a_look_up_the_one_with_the_id_counts() -> None:
    names, ids = change("owner__c", "Rita Rep"), change("owner__c", "005R")

    found = told(names, ids, field=OWNER, value="rep@corp.example")

    assert found == {OWNER: Edit(at=NOW, by="Rita Rep")}
