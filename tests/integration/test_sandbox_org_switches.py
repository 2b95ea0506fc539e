"""What orgs differ in, and what they do only sometimes: assignment, locks, replication."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sandbox_org import Sandbox, first_error
from simple_salesforce.exceptions import (
    SalesforceGeneralError,
    SalesforceMalformedRequest,
    SalesforceResourceNotFound,
)

from syncd.sandbox.salesforce.ids import with_checksum
from syncd.sandbox.salesforce.rules import DuplicateRule

NOBODY = with_checksum("00Qbx0000000099")
STAMP = "%Y-%m-%dT%H:%M:%S.000+0000"


@pytest.fixture
def box() -> Iterator[Sandbox]:
    sandbox = Sandbox()
    yield sandbox
    sandbox.close()


# -- assignment rules ------------------------------------------------------------


@pytest.fixture
def queue(box: Sandbox) -> str:
    """Where the active rule sends every German lead."""
    queue_id = box.org.add_queue("DACH")
    box.org.assignments.add("by country", (lambda row: row.get("Country") == "DE", queue_id))
    return queue_id


def update(box: Sandbox, lead_id: str, **headers: str) -> str:
    """Change a lead's title through REST; who owns it then."""
    box.client.restful(
        f"sobjects/Lead/{lead_id}", method="PATCH", json={"Title": "CEO"}, headers=headers
    )
    return str(box.org.record(lead_id)["OwnerId"])


@pytest.mark.parametrize("header", [{}, {"Sforce-Auto-Assign": "true"}])
def test_an_update_through_the_api_is_assigned_by_the_active_rule(
    box: Sandbox, queue: str, header: dict[str, str]
) -> None:
    lead_id = box.lead(Country="DE")

    assert update(box, lead_id, **header) == queue


def test_an_update_that_wants_no_assignment_keeps_the_owner(box: Sandbox, queue: str) -> None:
    lead_id = box.lead(Country="DE")

    assert update(box, lead_id, **{"Sforce-Auto-Assign": "False"}) == box.rep.id


def test_a_lead_that_matches_no_entry_keeps_its_owner(box: Sandbox, queue: str) -> None:
    lead_id = box.lead(Country="FR")

    assert update(box, lead_id) == box.rep.id


def test_people_edit_without_being_assigned(box: Sandbox, queue: str) -> None:
    lead_id = box.lead(Country="DE")

    box.org.edit(lead_id, {"Title": "CEO"}, box.rep)

    assert box.org.record(lead_id)["OwnerId"] == box.rep.id


def test_collections_are_assigned_like_single_rows(box: Sandbox, queue: str) -> None:
    lead_id = box.lead(Country="DE")

    box.save_all("PATCH", {"id": lead_id, "Title": "CEO"})

    assert box.org.record(lead_id)["OwnerId"] == queue


def test_a_rule_named_in_the_header_assigns_new_leads_only(box: Sandbox) -> None:
    queue_id = box.org.add_queue("Named")
    rule = box.org.assignments.add("named", (lambda row: True, queue_id), active=False)
    header = {"Sforce-Auto-Assign": rule.id}
    old = box.lead()

    made = box.client.Lead.create({"LastName": "Doe", "Company": "Acme"}, headers=header)

    assert box.org.record(made["id"])["OwnerId"] == queue_id
    assert update(box, old, **header) == box.rep.id


def test_an_unknown_rule_is_refused(box: Sandbox) -> None:
    with pytest.raises(SalesforceMalformedRequest) as caught:
        update(box, box.lead(), **{"Sforce-Auto-Assign": "01Q000000000001AAA"})

    assert first_error(caught)["errorCode"] == "MALFORMED_ID"


def test_an_assignment_is_part_of_the_save_in_history_and_journal(box: Sandbox, queue: str) -> None:
    lead_id = box.lead(Country="DE")

    update(box, lead_id)

    rows = [row for row in box.org.rows("LeadHistory") if row["Field"] == "Owner"]
    assert {row["CreatedById"] for row in rows} == {box.org.integration.id}
    entry = [e for e in box.world.journal.after(0) if e.field == "OwnerId"][-1]
    assert (entry.before, entry.after) == (box.rep.id, queue)


# -- getUpdated, getDeleted --------------------------------------------------------


def span(box: Sandbox, what: str, *, minutes: int = 60) -> Any:
    """What the org lists of the last minutes and the next one."""
    now = box.world.now()
    end = now + timedelta(minutes=1)
    return getattr(box.client.Lead, what)(end - timedelta(minutes=minutes + 1), end)


def test_changed_records_are_listed_and_deleted_ones_apart(box: Sandbox) -> None:
    kept, gone = box.leads(2)
    box.org.delete(gone, box.rep)

    changed, lost = span(box, "updated"), span(box, "deleted")

    assert changed["ids"] == [kept]
    assert lost["deletedRecords"] == [{"id": gone, "deletedDate": "2026-03-02T08:00:00.000+0000"}]


def test_records_emptied_from_the_bin_are_still_listed_as_deleted(box: Sandbox) -> None:
    gone = box.lead()
    box.org.delete(gone, box.rep)
    box.org.purge(gone)

    assert [each["id"] for each in span(box, "deleted")["deletedRecords"]] == [gone]


def test_an_open_transaction_holds_back_what_is_covered(box: Sandbox) -> None:
    opened = box.world.now()
    box.org.edit(box.lead(), {"Title": "CEO"}, box.rep, commit_after=timedelta(minutes=30))
    box.world.advance(timedelta(minutes=10))
    during = span(box, "updated")
    box.world.advance(timedelta(minutes=30))

    after = span(box, "updated")

    assert during["latestDateCovered"] == opened.strftime(STAMP)
    assert after["latestDateCovered"] == box.world.now().strftime(STAMP)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (timedelta(minutes=-1), timedelta()),
        (timedelta(days=-31), timedelta()),
        (timedelta(minutes=5), timedelta()),
    ],
)
def test_a_span_that_is_too_short_or_too_old_is_refused(
    box: Sandbox, start: timedelta, end: timedelta
) -> None:
    now = box.world.now()

    with pytest.raises(SalesforceMalformedRequest) as caught:
        box.client.Lead.updated(now + start, now + end)

    assert first_error(caught)["errorCode"] == "INVALID_REPLICATION_DATE"


def test_deletions_reach_back_fifteen_days_only(box: Sandbox) -> None:
    now = box.world.now()

    with pytest.raises(SalesforceMalformedRequest):
        box.client.Lead.deleted(now - timedelta(days=16), now)


# -- locks, and what sources disagree about -----------------------------------------


def test_a_lock_costs_only_the_locked_rows_of_a_collection(box: Sandbox) -> None:
    one, held, three = box.leads(3)
    box.session.post(f"{box.url}/_sandbox/locks", json={"id": held, "seconds": 60}, timeout=5)

    answers = box.save_all("PATCH", *({"id": each, "Title": "x"} for each in (one, held, three)))

    assert [answer["success"] for answer in answers] == [True, False, True]
    assert answers[1]["errors"][0]["statusCode"] == "UNABLE_TO_LOCK_ROW"


@pytest.mark.parametrize("status", [400, 500])
def test_the_status_of_a_lock_may_be_either(box: Sandbox, status: int) -> None:
    box.org.settings.lock_status = status
    lead_id = box.lead()
    box.org.store.lock(lead_id, until=box.world.now() + timedelta(minutes=1))

    with pytest.raises((SalesforceMalformedRequest, SalesforceGeneralError)) as caught:
        box.client.Lead.update(lead_id, {"Title": "CEO"})

    assert caught.value.status == status
    assert first_error(caught)["errorCode"] == "UNABLE_TO_LOCK_ROW"


@pytest.mark.parametrize("status", [200, 204])
def test_an_upsert_that_matches_may_answer_with_nothing(box: Sandbox, status: int) -> None:
    box.org.settings.upsert_match_status = status
    box.lead(Syncd_Id__c="k-1")

    answer = box.client.Lead.upsert("Syncd_Id__c/k-1", {"Title": "CEO"})

    assert answer == status


def test_the_spelling_of_a_duplicates_key_can_be_corrected(box: Sandbox) -> None:
    box.org.settings.duplicate_key = "duplicateResult"
    box.org.saver.duplicate_rules.append(DuplicateRule())
    box.lead(Email="a@acme.example")

    with pytest.raises(SalesforceMalformedRequest) as caught:
        box.client.Lead.create({"LastName": "D", "Company": "A", "Email": "a@acme.example"})

    assert "duplicateResult" in first_error(caught)


def test_all_or_none_deletes_nothing_when_one_record_is_missing(box: Sandbox) -> None:
    lead_id = box.lead()
    path = f"composite/sobjects?ids={lead_id},{NOBODY}&allOrNone=true"

    answers = box.client.restful(path, method="DELETE")

    assert [answer["success"] for answer in answers] == [False, False]
    assert box.org.record(lead_id)["IsDeleted"] is False


def test_a_missing_row_is_another_answer_than_a_deleted_one(box: Sandbox) -> None:
    with pytest.raises(SalesforceResourceNotFound) as caught:
        box.client.Lead.update(NOBODY, {"Title": "x"})

    assert first_error(caught)["errorCode"] == "INVALID_CROSS_REFERENCE_KEY"
