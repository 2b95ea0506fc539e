"""Rows as records, activities and changes."""

from datetime import UTC, datetime
from typing import Any

import pytest

from syncd.adapters.salesforce.rows import (
    change_of,
    moment,
    record_of,
    united,
    with_former,
)

US = "005000000000001AAA"
REP = "005000000000002AAA"
ROBOT = "005000000000003AAA"


def lead(**values: Any) -> dict[str, Any]:
    return {
        "attributes": {"type": "Lead", "url": "/x"},
        "Id": "00Q000000000001AAA",
        "CreatedDate": "2026-03-01T08:00:00.000+0000",
        "SystemModstamp": "2026-03-02T08:00:00.000+0000",
        "IsDeleted": False,
        "MasterRecordId": None,
        "IsConverted": False,
        "Status": "Open",
        **values,
    }


def history(**values: Any) -> dict[str, Any]:
    return {
        "LeadId": "00Q000000000001AAA",
        "Field": "Status",
        "OldValue": "Open",
        "NewValue": "Working",
        "CreatedDate": "2026-03-02T08:00:00.000+0000",
        "CreatedById": REP,
        **values,
    }


def test_a_stamp_is_an_aware_instant() -> None:
    assert moment("2026-03-02T08:00:00.000+0000") == datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_a_lead_is_its_row() -> None:
    record = record_of(lead(), kind="Lead")

    assert record.properties["Status"] == "Open"
    assert "attributes" not in record.properties
    assert (record.locked, record.deleted, record.merged_into) == (None, False, None)


def test_a_converted_lead_takes_no_writes() -> None:
    assert record_of(lead(IsConverted=True), kind="Lead").locked == "converted"


def test_a_merged_lead_names_the_winner() -> None:
    record = record_of(lead(IsDeleted=True, MasterRecordId="00Q000000000002AAA"), kind="Lead")

    assert (record.deleted, record.merged_into) == (True, "00Q000000000002AAA")


@pytest.mark.parametrize(
    ("actor", "by_person", "by_syncd"),
    [(REP, True, False), (ROBOT, False, False), (US, False, True), ("005unknown", None, False)],
    ids=["a rep", "an automation", "syncd", "nobody known"],
)
def test_history_tells_who(actor: str, by_person: bool | None, by_syncd: bool) -> None:
    people = {REP: True, ROBOT: False, US: True}

    change = change_of(history(CreatedById=actor), us=US, people=people)

    assert (change.by_person, change.by_syncd) == (by_person, by_syncd)


@pytest.mark.parametrize(
    ("row", "name", "value"),
    [
        (history(), "Status", "Working"),
        (history(NewValue=None), "Status", ""),
        (history(Field="Ready__c", NewValue=True), "Ready__c", "true"),
        (history(Field="leadConverted", NewValue=None), "IsConverted", "true"),
    ],
)
def test_history_tells_values_as_stage_lines_spell_them(
    row: dict[str, Any], name: str, value: str
) -> None:
    change = change_of(row, us=US, people={})

    assert (change.name, change.value) == (name, value)


# --- contacts ----------------------------------------------------------------------------

LEAD, CONTACT = "00Q000000000001AAA", "003000000000001AAA"


def converted(**values: Any) -> dict[str, Any]:
    contact = {
        "Id": CONTACT,
        "SystemModstamp": "2026-03-03T08:00:00.000+0000",
        "IsDeleted": False,
        "Title": "CEO",
    }
    return lead(IsConverted=True, ConvertedContactId=CONTACT, ConvertedContact=contact, **values)


def test_a_converted_lead_is_the_contact_it_became() -> None:
    record = record_of(converted(), kind="Lead", converted_kind="Contact")

    assert (record.id, record.kind, record.former) == (CONTACT, "Contact", (LEAD,))
    assert (record.locked, record.merged_into) == (None, None)
    assert record.modified_at == datetime(2026, 3, 3, 8, tzinfo=UTC)


def test_a_contact_nobody_shows_us_leaves_a_lead_that_takes_no_writes() -> None:
    row = converted() | {"ConvertedContact": None}

    record = record_of(row, kind="Lead", converted_kind="Contact")

    assert (record.id, record.kind, record.locked) == (LEAD, "Lead", "converted")


@pytest.mark.parametrize("where", ["lead", "contact"])
def test_a_contact_is_followed_no_longer_when_it_or_its_lead_is_deleted(where: str) -> None:
    row = converted(IsDeleted=where == "lead")
    row["ConvertedContact"]["IsDeleted"] = where == "contact"

    assert record_of(row, kind="Lead", converted_kind="Contact").deleted


def test_of_several_leads_that_became_one_contact_the_last_changed_tells_its_story() -> None:
    later = {"Id": "00Q000000000002AAA", "SystemModstamp": "2026-03-02T09:00:00.000+0000"}
    rows = [converted(), converted(**later)]

    for ordered in (rows, rows[::-1]):
        records = [record_of(dict(r), kind="Lead", converted_kind="Contact") for r in ordered]
        (record,) = united(records)
        assert record.properties["Id"] == later["Id"]
        assert record.former == (LEAD, later["Id"])


def test_whoever_knows_the_lead_learns_which_contact_it_is() -> None:
    record = record_of(converted(), kind="Lead", converted_kind="Contact")

    contact, left = with_former(record, kind="Lead")

    assert contact is record
    assert (left.id, left.kind, left.merged_into, left.former) == (LEAD, "Lead", CONTACT, ())
