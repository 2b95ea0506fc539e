"""A glance at a few fields says the same of them as taking the whole record in."""

from core_cases import BUDGET, COMPANY, CRM, NOW, SOURCE
from hypothesis import given
from hypothesis import strategies as st

from syncd.core.glance import glancer
from syncd.core.normalise import normalise
from syncd.domain.names import STAGE, FieldName, RecordId, System
from syncd.domain.record import Directory, Record, Snapshot

NOBODY = Directory(by_id={}, by_user_id={}, by_owner={})
RAW = st.none() | st.sampled_from(["", "mql", "Acme ", "12", "12.5", "no number"]) | st.integers()


def glance(shown: Record, fields: set[FieldName]) -> Snapshot:
    return glancer(fields, CRM, System.HUBSPOT, NOBODY)(shown)


def record(properties: dict[str, object]) -> Record:
    return Record(
        system=System.HUBSPOT,
        kind="contact",
        id=RecordId("101"),
        properties=properties,
        created_at=NOW,
        modified_at=NOW,
    )


def test_a_glance_reads_just_the_fields_asked_for() -> None:
    shown = record({"status": "mql", "company__c": "Acme", "source__c": "Webinar"})

    snapshot = glance(shown, {COMPANY})

    assert snapshot.values == {COMPANY: "Acme"}
    assert (snapshot.record_id, snapshot.modified_at) == ("101", NOW)


def test_a_field_that_is_mapped_no_more_is_not_shown() -> None:
    assert glance(record({}), {FieldName("dropped")}).values == {}


@given(st.dictionaries(st.sampled_from(CRM.properties(System.HUBSPOT)), RAW))
def test_a_glance_says_what_the_whole_snapshot_says(properties: dict[str, object]) -> None:
    fields = {COMPANY, SOURCE, BUDGET, STAGE}
    whole = normalise(record(properties), CRM, NOBODY)

    assert glance(record(properties), fields).values == {
        name: value for name, value in whole.values.items() if name in fields
    }


def test_a_glance_needs_no_other_properties_than_those_of_its_fields() -> None:
    fields = {COMPANY, STAGE}
    everything: dict[str, object] = dict.fromkeys(CRM.properties(System.HUBSPOT), "mql")
    asked_for = CRM.properties_of(fields, System.HUBSPOT)
    only: dict[str, object] = {name: x for name, x in everything.items() if name in asked_for}

    assert glance(record(only), fields).values == glance(record(everything), fields).values
    assert len(only) < len(everything)
