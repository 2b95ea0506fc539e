"""What one call, email, meeting or task of HubSpot says."""

from datetime import UTC, datetime
from typing import Any

import pytest

from syncd.adapters.hubspot.engagement import KINDS, Who
from syncd.domain.names import RecordId
from syncd.domain.record import Activity, Directory, Person

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
STAMP = "2026-03-02T08:00:00Z"
ANN = Person(id="71", owner="ann@x.example", name="Ann", email="ann@x.example", active=True)
WHO = Who(
    directory=Directory(by_id={"71": ANN}, by_user_id={"9": ANN}, by_owner={ANN.owner: ANN}),
    own_app="4711",
)
CONTACT = RecordId("101")
DONE: dict[str, dict[str, str]] = {
    "call": {"hs_timestamp": STAMP, "hs_call_status": "COMPLETED"},
    "email": {
        "hs_timestamp": STAMP,
        "hs_email_direction": "EMAIL",
        "hs_email_status": "SENT",
    },
    "meeting": {"hs_meeting_start_time": STAMP, "hs_meeting_outcome": "COMPLETED"},
    "task": {"hs_task_status": "COMPLETED", "hs_task_completion_date": STAMP},
}


def read(kind: str, **values: str | None) -> Activity | None:
    shown: dict[str, Any] = {"hubspot_owner_id": "71", **DONE[kind], **values}
    found = next(k for k in KINDS if k.name == kind)
    return found.read({"id": "5", "properties": shown}, CONTACT, WHO)


def was(kind: str, **values: str | None) -> Activity:
    activity = read(kind, **values)
    assert activity is not None
    return activity


@pytest.mark.parametrize("kind", DONE)
def test_what_was_done_tells_who_and_when(kind: str) -> None:
    activity = was(kind)

    assert (activity.kind, activity.record_id, activity.at) == (kind, CONTACT, AT)
    assert (activity.owner_id, activity.reached) == ("71", True)
    assert (activity.by_syncd, activity.automated) == (False, False)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("call", {"hs_call_status": "QUEUED"}),
        ("call", {"hs_call_status": "IN_PROGRESS"}),
        ("call", {"hs_call_status": "CANCELED"}),
        ("call", {"hs_call_status": "MISSED"}),
        ("email", {"hs_email_direction": "INCOMING_EMAIL"}),
        ("email", {"hs_email_direction": "FORWARDED_EMAIL"}),
        ("email", {"hs_email_status": "SCHEDULED"}),
        ("email", {"hs_email_status": "FAILED"}),
        ("meeting", {"hs_meeting_outcome": "CANCELED"}),
        ("meeting", {"hs_meeting_outcome": "RESCHEDULED"}),
        ("task", {"hs_task_status": "NOT_STARTED", "hs_task_completion_date": None}),
        ("task", {"hs_task_completion_date": None}),
    ],
)
def test_what_was_not_done_is_nothing(kind: str, values: dict[str, str | None]) -> None:
    assert read(kind, **values) is None


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("call", {"hs_call_status": "NO_ANSWER"}),
        ("call", {"hs_call_status": "BUSY"}),
        ("call", {"hs_call_disposition": "73a0d17f-1163-4015-bdd5-ec830791da20"}),
        ("call", {"hs_call_disposition": "b2cf5968-551e-4856-9783-52b3da59a7d0"}),
        ("email", {"hs_email_status": "BOUNCED"}),
        ("meeting", {"hs_meeting_outcome": "NO_SHOW"}),
        ("meeting", {"hs_meeting_outcome": "SCHEDULED"}),
        ("meeting", {"hs_meeting_outcome": None}),
    ],
)
def test_an_attempt_reached_nobody(kind: str, values: dict[str, str | None]) -> None:
    assert not was(kind, **values).reached


@pytest.mark.parametrize("outcome", ["f240bbac-87c9-4f6e-bf70-924b57d47db7", "a-portals-own", None])
def test_a_call_with_any_other_outcome_reached_somebody(outcome: str | None) -> None:
    assert was("call", hs_call_disposition=outcome).reached


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("email", {"hs_sequence_id": "33"}),
        ("email", {"hs_object_source": "INTEGRATION", "hs_object_source_id": "1"}),
        ("email", {"hs_object_source": "AUTOMATION_PLATFORM"}),
        ("task", {"hs_object_source": "AUTOMATION_PLATFORM"}),
    ],
    ids=["a sequence", "a sequencer", "a workflow's mail", "a workflow's task"],
)
def test_what_nobody_did_by_hand_is_automated(kind: str, values: dict[str, str]) -> None:
    assert was(kind, **values).automated


def test_a_call_that_a_dialler_logged_is_a_persons() -> None:
    assert not was("call", hs_object_source="INTEGRATION", hs_object_source_id="1").automated


def test_what_syncd_logged_is_known_as_its_own() -> None:
    assert was("task", hs_object_source="INTEGRATION", hs_object_source_id="4711").by_syncd


@pytest.mark.parametrize(
    "told", [{"hs_created_by_user_id": "9"}, {"hs_email_from_email": "Ann@x.example"}]
)
def test_a_mail_without_an_owner_is_of_who_sent_it(told: dict[str, str]) -> None:
    assert was("email", hubspot_owner_id=None, **told).owner_id == "71"


def test_a_mail_nobody_is_known_to_have_sent_has_no_owner() -> None:
    assert was("email", hubspot_owner_id=None, hs_email_from_email="x@y.example").owner_id == ""
