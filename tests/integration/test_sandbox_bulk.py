"""Bulk API 2.0 ingest jobs of the sandbox org, mostly as simple-salesforce drives them."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sandbox_org import Sandbox, V, first_error
from simple_salesforce.exceptions import SalesforceMalformedRequest, SalesforceOperationError

from syncd.sandbox.salesforce.assignment import AssignmentRule

JOBS = f"{V}/jobs/ingest"


@pytest.fixture
def box() -> Iterator[Sandbox]:
    sandbox = Sandbox()
    yield sandbox
    sandbox.close()


def run(box: Sandbox, what: str, *records: dict[str, Any], **options: Any) -> Any:
    """One job from start to end; what the client says of it."""
    leads = box.client.bulk2.Lead
    (told,) = getattr(leads, what)(records=list(records), wait=0, **options)
    return told


def results(box: Sandbox, job_id: str, kind: str) -> list[dict[str, str]]:
    text = getattr(box.client.bulk2.Lead, f"get_{kind}_records")(job_id)
    return list(csv.DictReader(io.StringIO(text)))


def start(box: Sandbox, **asked: Any) -> str:
    body = {"operation": "update", "object": "Lead", "contentType": "CSV", **asked}
    return str(box.client.restful("jobs/ingest", method="POST", json=body)["id"])


def upload(box: Sandbox, job_id: str, sheet: str) -> int:
    headers = {"Authorization": f"Bearer {box.client.session_id}", "Content-Type": "text/csv"}
    answer = box.session.put(
        f"{box.url}{JOBS}/{job_id}/batches", data=sheet.encode(), headers=headers, timeout=5
    )
    return answer.status_code


def move(box: Sandbox, job_id: str, state: str) -> Any:
    return box.client.restful(f"jobs/ingest/{job_id}", method="PATCH", json={"state": state})


def look(box: Sandbox, job_id: str) -> Any:
    return box.client.restful(f"jobs/ingest/{job_id}")


def test_rows_are_inserted_and_told_by_id(box: Sandbox) -> None:
    told = run(box, "insert", {"LastName": "Zoë", "Company": "Acme"})

    (row,) = results(box, told["job_id"], "successful")
    assert (row["sf__Created"], row["LastName"]) == ("true", "Zoë")
    assert box.org.record(row["sf__Id"])["LastName"] == "Zoë"


def test_a_bad_row_costs_only_itself_and_the_job_is_complete_all_the_same(box: Sandbox) -> None:
    good, bad = {"LastName": "A", "Company": "X"}, {"LastName": "B" * 81, "Company": "X"}

    told = run(box, "insert", good, bad)

    assert (told["numberRecordsProcessed"], told["numberRecordsFailed"]) == (2, 1)
    (row,) = results(box, told["job_id"], "failed")
    assert row["sf__Error"].startswith("STRING_TOO_LONG:Last Name: data value too large")
    assert row["sf__Error"].endswith(":LastName --")
    assert row["sf__Id"] == ""


def test_a_cell_of_the_wrong_type_is_told_with_its_column(box: Sandbox) -> None:
    lead_id = box.lead()
    job = start(box)
    upload(box, job, f'Id,Purchase_Timeline__c\n{lead_id},"2003-04-99"\n')
    move(box, job, "UploadComplete")

    [look(box, job) for _ in range(2)]

    (row,) = results(box, job, "failed")
    assert row["sf__Error"] == (
        "INVALID_FIELD:Failed to deserialize field at col 1. Due to, '2003-04-99' is not a valid "
        "value for the type xsd:date:Purchase_Timeline__c --"
    )


def test_an_empty_cell_says_nothing_and_a_marked_one_clears(box: Sandbox) -> None:
    kept, cleared = box.lead(Title="CEO"), box.lead(Title="CEO")

    run(box, "update", {"Id": kept, "Title": None}, {"Id": cleared, "Title": "#N/A"})

    assert box.org.record(kept)["Title"] == "CEO"
    assert "Title" not in box.org.record(cleared)


def test_an_upsert_says_which_records_are_new(box: Sandbox) -> None:
    known = box.lead(Syncd_Id__c="k-1")
    rows = [{"Syncd_Id__c": key, "LastName": "Roe", "Company": "Acme"} for key in ("k-1", "k-2")]

    told = run(box, "upsert", *rows, external_id_field="Syncd_Id__c")

    created = {
        r["Syncd_Id__c"]: r["sf__Created"] for r in results(box, told["job_id"], "successful")
    }
    assert created == {"k-1": "false", "k-2": "true"}
    assert box.org.record(known)["LastName"] == "Roe"


def test_a_deleted_row_goes_to_the_bin_and_a_hard_deleted_one_does_not(box: Sandbox) -> None:
    soft, hard = box.leads(2)

    run(box, "delete", {"Id": soft})
    run(box, "hard_delete", {"Id": hard})

    left = {row["Id"]: row["IsDeleted"] for row in box.org.rows("Lead")}
    assert left == {soft: True}


def test_a_parent_is_named_by_its_own_key(box: Sandbox) -> None:
    lead_id = box.lead()
    owner = box.org.add_user("Kim Keys", "kim@acme.example")

    run(box, "update", {"Id": lead_id, "Owner.Email": "kim@acme.example"})

    assert box.org.record(lead_id)["OwnerId"] == owner.id


def test_results_are_not_in_the_order_of_the_sheet(box: Sandbox) -> None:
    rows = [{"LastName": f"L{number:02}", "Company": "Acme"} for number in range(20)]

    told = run(box, "insert", *rows)

    names = [row["LastName"] for row in results(box, told["job_id"], "successful")]
    assert names != sorted(names)
    assert sorted(names) == [row["LastName"] for row in rows]


def test_results_name_their_charset(box: Sandbox) -> None:
    told = run(box, "insert", {"LastName": "Zoë", "Company": "Acme"})
    headers = {"Authorization": f"Bearer {box.client.session_id}"}

    answer = box.session.get(
        f"{box.url}{JOBS}/{told['job_id']}/successfulResults", headers=headers, timeout=5
    )

    assert answer.headers["Content-Type"] == "text/csv;charset=UTF-8"


def test_a_sheet_with_an_unknown_column_fails_the_job_and_leaves_its_rows(box: Sandbox) -> None:
    with pytest.raises(SalesforceOperationError, match="Field name not found : Nope__c"):
        run(box, "insert", {"LastName": "A", "Company": "X", "Nope__c": "1"})

    assert list(box.org.rows("Lead")) == []


@pytest.mark.parametrize("spelling", ["unprocessedrecords", "unprocessedRecords"])
def test_the_rows_of_an_aborted_job_are_unprocessed_in_either_spelling(
    box: Sandbox, spelling: str
) -> None:
    job = start(box, operation="insert")
    upload(box, job, "LastName,Company\nDoe,Acme\n")
    move(box, job, "Aborted")
    headers = {"Authorization": f"Bearer {box.client.session_id}"}

    answer = box.session.get(f"{box.url}{JOBS}/{job}/{spelling}", headers=headers, timeout=5)

    assert answer.text == '"LastName","Company"\n"Doe","Acme"\n'
    assert list(box.org.rows("Lead")) == []


def test_a_job_goes_through_its_states_and_takes_its_time(box: Sandbox) -> None:
    box.org.settings.bulk_duration = timedelta(minutes=5)
    job = start(box, operation="insert")
    upload(box, job, "LastName,Company\nDoe,Acme\n")
    states = [move(box, job, "UploadComplete")["state"]]

    states += [look(box, job)["state"] for _ in range(3)]
    box.world.advance(timedelta(minutes=5))
    states.append(look(box, job)["state"])

    assert states == ["UploadComplete", *["InProgress"] * 3, "JobComplete"]


def test_rows_are_written_in_time_even_if_nobody_looks_at_the_job(box: Sandbox) -> None:
    box.org.settings.bulk_duration = timedelta(minutes=5)
    job = start(box, operation="insert")
    upload(box, job, "LastName,Company\nDoe,Acme\n")
    move(box, job, "UploadComplete")
    before = box.client.query("SELECT Id FROM Lead")["totalSize"]

    box.world.advance(timedelta(minutes=5))

    assert (before, box.client.query("SELECT Id FROM Lead")["totalSize"]) == (0, 1)


def test_a_locked_row_fails_alone(box: Sandbox) -> None:
    free, held = box.leads(2)
    box.session.post(f"{box.url}/_sandbox/locks", json={"id": held, "seconds": 60}, timeout=5)

    told = run(box, "update", {"Id": free, "Title": "x"}, {"Id": held, "Title": "x"})

    (row,) = results(box, told["job_id"], "failed")
    assert row["sf__Id"] == held
    assert row["sf__Error"] == (
        "UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record or 1 records: "
        f"{held}:--"
    )


def test_a_job_assigns_only_by_the_rule_it_names(box: Sandbox) -> None:
    queue, other = box.org.add_queue("Active"), box.org.add_queue("Named")
    box.org.assignments.add("active", (lambda row: True, queue))
    named: AssignmentRule = box.org.assignments.add(
        "named", (lambda row: True, other), active=False
    )
    plain, assigned = (
        start(box, operation="insert"),
        start(box, operation="insert", assignmentRuleId=named.id),
    )
    for job in (plain, assigned):
        upload(box, job, "LastName,Company\nDoe,Acme\n")
        move(box, job, "UploadComplete")

    [look(box, job) for _ in range(2) for job in (plain, assigned)]

    owners = [row["OwnerId"] for row in box.org.rows("Lead")]
    assert owners == [box.org.integration.id, other]


@pytest.mark.parametrize(
    "asked",
    [{"operation": "query"}, {"operation": "upsert"}, {"contentType": "XML"}, {"lineEnding": "CR"}],
)
def test_a_job_that_makes_no_sense_is_refused(box: Sandbox, asked: dict[str, str]) -> None:
    with pytest.raises(SalesforceMalformedRequest):
        start(box, **asked)


def test_a_job_takes_one_upload_while_it_is_open(box: Sandbox) -> None:
    job = start(box)

    statuses = [upload(box, job, "Id\n"), upload(box, job, "Id\n")]

    assert statuses == [201, 400]


@pytest.mark.parametrize("status", [412, 204])
def test_results_asked_for_too_early_are_refused_or_empty(box: Sandbox, status: int) -> None:
    box.org.settings.early_results_status = status
    job = start(box)
    headers = {"Authorization": f"Bearer {box.client.session_id}"}

    answer = box.session.get(f"{box.url}{JOBS}/{job}/failedResults", headers=headers, timeout=5)

    assert answer.status_code == status


def test_a_sheet_may_be_written_with_other_delimiters(box: Sandbox) -> None:
    lead_id = box.lead()
    job = start(box, columnDelimiter="SEMICOLON", lineEnding="CRLF")
    upload(box, job, f"Id;Title\r\n{lead_id};CEO, CFO\r\n")
    move(box, job, "UploadComplete")

    look(box, job)

    assert box.org.record(lead_id)["Title"] == "CEO, CFO"


def test_a_finished_job_can_be_deleted_and_an_open_one_cannot(box: Sandbox) -> None:
    job = start(box)
    with pytest.raises(SalesforceMalformedRequest) as caught:
        box.client.restful(f"jobs/ingest/{job}", method="DELETE")
    move(box, job, "Aborted")

    box.client.restful(f"jobs/ingest/{job}", method="DELETE")

    assert first_error(caught)["errorCode"] == "INVALIDJOBSTATE"
    with pytest.raises(Exception, match="NOT_FOUND"):
        look(box, job)
