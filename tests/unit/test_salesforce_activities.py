"""Rows of tasks and events as activities: who did them, and whether anybody was reached."""

from typing import Any

import pytest

from syncd.adapters.salesforce.activities import event_of, task_of
from syncd.adapters.salesforce.people import People
from syncd.domain.record import Directory

US = "005000000000001AAA"
REP = "005000000000002AAA"
FLOW = "005000000000003AAA"
PEOPLE = People(
    directory=Directory(by_id={}, by_user_id={}, by_owner={}),
    persons={US: True, REP: True, FLOW: False},
    us=US,
)


def row(**values: Any) -> dict[str, Any]:
    return {
        "Id": "00T000000000001AAA",
        "WhoId": "00Q000000000001AAA",
        "OwnerId": REP,
        "CreatedById": REP,
        "LastModifiedById": REP,
        "TaskSubtype": "Call",
        "Status": "Completed",
        "CallDisposition": None,
        "CompletedDateTime": "2026-03-02T08:00:00.000+0000",
        **values,
    }


def test_a_task_was_done_when_it_was_completed() -> None:
    activity = task_of(row(), PEOPLE)

    assert (activity.kind, activity.at.hour) == ("call", 8)
    assert (activity.reached, activity.by_syncd, activity.automated) == (True, False, False)


def test_our_own_task_is_known_as_ours_whoever_changed_it_later() -> None:
    assert task_of(row(CreatedById=US), PEOPLE).by_syncd


def test_an_event_happens_when_it_begins() -> None:
    activity = event_of(row(ActivityDateTime="2026-03-02T09:00:00.000+0000"), PEOPLE)

    assert (activity.kind, activity.at.hour) == ("event", 9)


@pytest.mark.parametrize(
    "told",
    [
        {"CallDisposition": "No Answer"},
        {"CallDisposition": "1 - left voicemail"},
        {"CallDisposition": "BUSY"},
        {"Status": "Closed - Wrong Number"},
    ],
)
def test_what_the_org_calls_an_attempt_reached_nobody(told: dict[str, Any]) -> None:
    assert not task_of(row(**told), PEOPLE).reached


@pytest.mark.parametrize("result", [None, "", "Connected", "Spoke, wants a demo"])
def test_any_other_result_of_a_call_is_a_contact(result: str | None) -> None:
    assert task_of(row(CallDisposition=result), PEOPLE).reached


@pytest.mark.parametrize(
    ("hands", "automated"),
    [
        ({"CreatedById": FLOW, "LastModifiedById": FLOW}, True),
        ({"CreatedById": FLOW, "LastModifiedById": REP}, False),
        ({"CreatedById": REP, "LastModifiedById": FLOW}, False),
        ({"CreatedById": "005unknown", "LastModifiedById": FLOW}, False),
    ],
    ids=["a flow alone", "a rep did a flow's task", "a flow touched a rep's task", "unknown"],
)
def test_what_no_person_saved_is_automated(hands: dict[str, str], automated: bool) -> None:
    assert task_of(row(**hands), PEOPLE).automated is automated


def test_a_mail_to_a_list_is_no_mail_to_the_lead() -> None:
    assert task_of(row(TaskSubtype="ListEmail"), PEOPLE).automated


def test_a_mail_that_bounced_reached_nobody() -> None:
    assert not task_of(row(TaskSubtype="Email"), PEOPLE, bounced=True).reached
