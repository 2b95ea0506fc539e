"""Who changed a property, and when, as HubSpot's history tells it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from syncd.adapters.hubspot.history import changes

APP = "19083857"


def entry(value: str | None, source: str | None, minute: int = 0, **more: Any) -> dict[str, Any]:
    at = f"2026-03-02T08:{minute:02d}:00.000Z"
    return {"value": value, "timestamp": at, "sourceType": source, **more}


def one(source: str | None, **more: Any) -> Any:
    [change] = changes({"lifecyclestage": [entry("lead", source, **more)]}, own_app=APP)
    return change


@pytest.mark.parametrize(
    "source", ["CRM_UI", "CRM_UI_BULK_ACTION", "MOBILE_IOS", "MOBILE_ANDROID", "LIST_BULK_ACTION"]
)
def test_what_is_done_in_hubspots_pages_is_done_by_a_person(source: str) -> None:
    assert one(source, sourceId="userId:28604240").by_person is True


@pytest.mark.parametrize(
    "source",
    ["INTEGRATION", "API", "SALESFORCE", "AUTOMATION_PLATFORM", "IMPORT", "FORM", "CALCULATED"],
)
def test_what_runs_by_itself_is_no_person_even_with_a_user_beside_it(source: str) -> None:
    assert one(source, updatedByUserId=28604240).by_person is False


def test_a_source_nobody_knows_is_automation_unless_a_user_is_named() -> None:
    assert one("BRAND_NEW").by_person is False
    assert one("BRAND_NEW", updatedByUserId=7).by_person is True


def test_without_any_source_nobody_can_tell() -> None:
    assert one(None).by_person is None


@pytest.mark.parametrize(
    ("more", "actor"),
    [
        ({"updatedByUserId": 28604240, "sourceId": "userId:1"}, "28604240"),
        ({"sourceId": "userId:28604240"}, "28604240"),
        ({"sourceId": "Salesforce Connector"}, "Salesforce Connector"),
        ({"sourceId": None}, ""),
    ],
)
def test_the_actor_is_the_user_else_the_source(more: dict[str, Any], actor: str) -> None:
    assert one("CRM_UI", **more).actor_id == actor


def test_the_native_connectors_writes_are_told_apart() -> None:
    assert one("SALESFORCE", sourceId=None).by_connector
    assert not one("INTEGRATION", sourceId="Salesforce Connector").by_connector


def test_only_an_integration_with_our_own_app_id_is_us() -> None:
    assert one("INTEGRATION", sourceId=APP).by_syncd
    assert not one("INTEGRATION", sourceId="1160452").by_syncd
    assert not one("FORM", sourceId=APP).by_syncd


def test_without_an_app_id_nothing_is_us() -> None:
    history = {"lifecyclestage": [entry("lead", "INTEGRATION", sourceId=APP)]}

    [change] = changes(history, own_app=None)

    assert not change.by_syncd


def test_what_moved_it_is_named_in_words() -> None:
    assert one("SALESFORCE").label == "the Salesforce connector"
    assert one("FORM", sourceLabel="Contact us").label == "Contact us"
    assert one("BRAND_NEW").label == "BRAND_NEW"


def test_entries_of_all_properties_come_oldest_first() -> None:
    history = {
        "lifecyclestage": [entry("salesqualifiedlead", "CRM_UI", 9), entry("lead", "CRM_UI", 1)],
        "hs_lead_status": [entry("OPEN", "CRM_UI", 5)],
    }

    found = changes(history, own_app=APP)

    assert [change.value for change in found] == ["lead", "OPEN", "salesqualifiedlead"]
    assert found[0].at == datetime(2026, 3, 2, 8, 1, tzinfo=UTC)


def test_a_rewrite_of_the_same_value_is_no_change_but_a_cleared_one_is() -> None:
    history = {
        "lifecyclestage": [
            entry("lead", "CRM_UI", 4),
            entry("", "CRM_UI", 3),
            entry("lead", "CRM_UI", 2),
            entry("lead", "CRM_UI", 1),
        ]
    }

    found = changes(history, own_app=APP)

    assert [(change.value, change.at.minute) for change in found] == [
        ("lead", 1),
        ("", 3),
        ("lead", 4),
    ]


def test_a_timestamp_in_epoch_milliseconds_is_read_too() -> None:
    raw = {**entry("lead", "CRM_UI"), "timestamp": "1772438460000"}

    [change] = changes({"lifecyclestage": [raw]}, own_app=APP)

    assert change.at == datetime(2026, 3, 2, 8, 1, tzinfo=UTC)
