"""From HubSpot's JSON to Records and activities."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from syncd.adapters.hubspot.records import (
    asked_properties,
    batches,
    contact,
    instant,
    last_contact,
    with_merged,
)

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def raw(**properties: Any) -> dict[str, Any]:
    return {
        "id": "101",
        "properties": {"email": "bo@example.com", **properties},
        "createdAt": "2026-03-01T00:00:00Z",
        "updatedAt": "2026-03-02T07:00:00.500Z",
        "archived": False,
    }


@pytest.mark.parametrize(
    "text", ["2026-03-02T08:00:00Z", "2026-03-02T08:00:00.000Z", "2026-03-02T03:00:00-05:00"]
)
def test_instants_come_in_iso(text: str) -> None:
    assert instant(text) == AT


def test_instants_come_in_epoch_milliseconds_too() -> None:
    assert instant("1772438400123") == AT + timedelta(milliseconds=123)


def test_a_contacts_own_stamp_counts_before_the_objects() -> None:
    stamped = contact(raw(lastmodifieddate="2026-03-02T08:00:00.000Z"), "contact")
    bare = contact(raw(), "contact")

    assert stamped.modified_at == AT
    assert bare.modified_at == AT - timedelta(hours=1) + timedelta(milliseconds=500)


def test_each_id_merged_into_a_contact_is_told_as_gone() -> None:
    record = contact(raw(hs_merged_object_ids="7;8;101"), "contact")

    found = list(with_merged(record))

    assert found[0] == record
    assert [(r.id, r.deleted, r.merged_into) for r in found[1:]] == [
        ("7", True, "101"),
        ("8", True, "101"),
    ]


def test_a_contact_carries_on_for_those_merged_into_it() -> None:
    assert contact(raw(hs_merged_object_ids="7;8;7;101"), "contact").former == ("7", "8")
    assert contact(raw(hs_merged_object_ids=None), "contact").former == ()


def test_a_contact_never_merged_stands_alone() -> None:
    record = contact(raw(hs_merged_object_ids=None), "contact")

    assert list(with_merged(record)) == [record]


def test_a_meeting_to_come_is_no_contact_yet() -> None:
    record = contact(raw(notes_last_contacted="2026-03-02T08:00:00Z"), "contact")

    assert last_contact(record, by=AT - timedelta(seconds=1)) is None
    assert last_contact(record, by=AT) is not None


def test_a_contact_nobody_reached_out_to_has_no_activity() -> None:
    assert last_contact(contact(raw(notes_last_contacted=None), "contact"), by=AT) is None


def test_what_the_adapter_needs_is_asked_for_beside_what_is_wanted() -> None:
    asked = asked_properties(["need", "email", "hs_object_id"])

    assert list(asked) == sorted(set(asked))
    assert {"need", "email", "lastmodifieddate", "hs_merged_object_ids"} <= set(asked)


def test_batches_hold_everything_once_and_in_order() -> None:
    assert list(batches(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(batches([], 2)) == []
