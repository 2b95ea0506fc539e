"""The sandbox org as the real simple-salesforce client meets it, over plain HTTP."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import requests
from sandbox_org import Sandbox, V, first_error
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceExpiredSession,
    SalesforceGeneralError,
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceRefusedRequest,
    SalesforceResourceNotFound,
)

from syncd.sandbox.journal import CONVERTED, CREATED, ActorKind, System
from syncd.sandbox.salesforce.convert import convert_lead
from syncd.sandbox.salesforce.ids import with_checksum
from syncd.sandbox.salesforce.merge import merge_leads
from syncd.sandbox.salesforce.rules import DuplicateRule, ValidationRule
from syncd.sandbox.world import World


@pytest.fixture
def box() -> Iterator[Sandbox]:
    sandbox = Sandbox()
    yield sandbox
    sandbox.close()


def test_a_record_is_created_read_changed_and_deleted(box: Sandbox) -> None:
    made = box.client.Lead.create({"LastName": "Doe", "Company": "Acme", "Syncd_Recycles__c": 2})

    box.client.Lead.update(made["id"], {"Status": "Working"})
    seen = box.client.Lead.get(made["id"])
    box.client.Lead.delete(made["id"])

    assert (seen["Status"], seen["Syncd_Recycles__c"], seen["IsConverted"]) == (
        "Working",
        2.0,
        False,
    )
    with pytest.raises(SalesforceResourceNotFound) as caught:
        box.client.Lead.update(made["id"], {"Status": "Open"})
    assert first_error(caught)["errorCode"] == "ENTITY_IS_DELETED"


def test_a_long_result_comes_in_pages_fixed_when_the_query_ran(box: Sandbox) -> None:
    ids = box.leads(450)
    headers = {"Sforce-Query-Options": "batchSize=200"}
    query = "SELECT Id, Status FROM Lead ORDER BY Id"
    page = box.client.restful("query", params={"q": query}, headers=headers)
    box.org.edit(ids[-1], {"Status": "Working"}, box.rep)

    rest = box.client.query_more(page["nextRecordsUrl"], True)
    last = box.client.query_more(rest["nextRecordsUrl"], True)

    assert (page["totalSize"], page["done"], len(rest["records"]), last["done"]) == (
        450,
        False,
        200,
        True,
    )
    assert last["records"][-1]["Status"] == "Open"
    assert "nextRecordsUrl" not in last


def test_a_locator_dies_after_two_days(box: Sandbox) -> None:
    box.leads(201)
    headers = {"Sforce-Query-Options": "batchSize=200"}
    page = box.client.restful("query", params={"q": "SELECT Id FROM Lead"}, headers=headers)
    box.world.advance(timedelta(days=2, seconds=1))
    again = box.login()

    with pytest.raises(SalesforceMalformedRequest) as caught:
        again.query_more(page["nextRecordsUrl"], True)

    assert first_error(caught)["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_five_queries_in_one_composite_count_as_one_call(box: Sandbox) -> None:
    box.lead()
    before = box.org.usage.used()
    queries = [
        {
            "method": "GET",
            "url": f"{V}/query?q={quote('SELECT Id, Email FROM ' + name)}",
            "referenceId": name,
        }
        for name in ("Lead", "Contact", "Task", "Event", "Nope")
    ]

    answer = box.client.restful("composite", method="POST", json={"compositeRequest": queries})

    told = {each["referenceId"]: each for each in answer["compositeResponse"]}
    assert box.org.usage.used() == before + 1
    assert told["Lead"]["body"]["totalSize"] == 1
    assert told["Lead"]["httpStatusCode"] == 200
    assert told["Nope"]["httpStatusCode"] == 400
    assert told["Nope"]["body"][0]["errorCode"] == "INVALID_TYPE"


def test_a_composite_refuses_a_sixth_query(box: Sandbox) -> None:
    query = {"method": "GET", "url": f"{V}/query?q=SELECT+Id+FROM+Lead"}
    asked = [{**query, "referenceId": str(number)} for number in range(6)]

    with pytest.raises(SalesforceMalformedRequest):
        box.client.restful("composite", method="POST", json={"compositeRequest": asked})


def test_a_collection_reports_each_record_in_order(box: Sandbox) -> None:
    good, converted, locked = box.leads(3)
    convert_lead(box.org, converted, box.rep)
    box.org.store.lock(locked, until=box.world.now() + timedelta(seconds=10))
    ids = (good, converted, locked, with_checksum("00Qbx0000000ZZZ"))

    results = box.save_all("PATCH", *({"id": each, "Need__c": "x"} for each in ids))

    codes = [each["errors"][0]["statusCode"] if each["errors"] else "" for each in results]
    assert codes == [
        "",
        "CANNOT_UPDATE_CONVERTED_LEAD",
        "UNABLE_TO_LOCK_ROW",
        "INVALID_CROSS_REFERENCE_KEY",
    ]
    assert [each["success"] for each in results] == [True, False, False, False]
    assert "id" not in results[1]


def test_all_or_none_writes_nothing_when_one_record_fails(box: Sandbox) -> None:
    first, second = box.leads(2)

    results = box.save_all(
        "PATCH",
        {"id": first, "Need__c": "x"},
        {"id": second, "Buying_Role__c": "Emperor"},
        all_or_none=True,
    )

    codes = [each["errors"][0]["statusCode"] for each in results]
    assert codes == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"]
    assert "Need__c" not in box.org.record(first)


def test_a_collection_of_more_than_200_is_refused_whole(box: Sandbox) -> None:
    with pytest.raises(SalesforceMalformedRequest):
        box.save_all("POST", *({"LastName": "A", "Company": "B"} for _ in range(201)))

    assert list(box.org.rows("Lead")) == []


def test_an_upsert_creates_once_and_then_updates(box: Sandbox) -> None:
    values = {"LastName": "Doe", "Company": "Acme"}

    created = box.client.Lead.upsert("Syncd_Id__c/a%2Fb", values, raw_response=True)
    updated = box.client.Lead.upsert("Syncd_Id__c/a%2Fb", values, raw_response=True)

    assert (created.status_code, created.json()["created"]) == (201, True)
    assert (updated.status_code, updated.json()["created"]) == (200, False)
    assert box.org.record(updated.json()["id"])["Syncd_Id__c"] == "a/b"


def test_an_upsert_that_matches_several_answers_300_and_writes_nothing(box: Sandbox) -> None:
    twins = [box.lead(Email="twin@acme.example") for _ in range(2)]

    with pytest.raises(SalesforceMoreThanOneRecord) as caught:
        box.client.Lead.upsert("Email/twin@acme.example", {"Need__c": "x"})

    content: Any = caught.value.content
    assert content == [f"{V}/sobjects/Lead/{each}" for each in twins]
    assert all("Need__c" not in box.org.record(each) for each in twins)


@pytest.mark.parametrize(
    ("values", "code", "message", "fields"),
    [
        ({"Company": "A"}, "REQUIRED_FIELD_MISSING", "[LastName]", ["LastName"]),
        ({"Need__c": "x" * 256}, "STRING_TOO_LONG", "(max length=255)", ["Need__c"]),
        ({"Buying_Role__c": "X"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "Buying Role:", None),
        ({"IsConverted": True}, "INVALID_FIELD_FOR_INSERT_UPDATE", "IsConverted", ["IsConverted"]),
        ({"OwnerId": "005bx0000000099AAA"}, "INVALID_CROSS_REFERENCE_KEY", "invalid", ["OwnerId"]),
        ({"Demo_Attended_On__c": "soon"}, "JSON_PARSER_ERROR", "instance of date", None),
        ({"Email": "nobody"}, "INVALID_EMAIL_ADDRESS", "invalid email address: nobody", ["Email"]),
    ],
)
def test_values_that_do_not_fit_are_refused(
    box: Sandbox, values: dict[str, Any], code: str, message: str, fields: list[str] | None
) -> None:
    person = {} if code == "REQUIRED_FIELD_MISSING" else {"LastName": "Doe", "Company": "Acme"}

    with pytest.raises(SalesforceMalformedRequest) as caught:
        box.client.Lead.create({**person, **values})

    error = first_error(caught)
    assert error["errorCode"] == code
    assert message in error["message"]
    assert fields in (None, error.get("fields"))


def test_an_unrestricted_picklist_takes_any_value(box: Sandbox) -> None:
    lead_id = box.lead()

    box.client.Lead.update(lead_id, {"Status": "Half qualified"})

    assert box.org.record(lead_id)["Status"] == "Half qualified"


def test_a_validation_rule_speaks_its_own_words(box: Sandbox) -> None:
    box.org.saver.validation_rules.append(
        ValidationRule(
            name="Budget_First",
            object="Lead",
            message="Confirm the budget first.",
            field="Budget_Confirmed__c",
            formula=lambda new, old: (
                new["Status"] == "Sales Qualified" and not new["Budget_Confirmed__c"]
            ),
        )
    )
    lead_id = box.lead()

    with pytest.raises(SalesforceMalformedRequest) as caught:
        box.client.Lead.update(lead_id, {"Status": "Sales Qualified"})

    assert first_error(caught) == {
        "message": "Confirm the budget first.",
        "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "fields": ["Budget_Confirmed__c"],
    }


def test_a_duplicate_is_told_in_the_vendors_spelling_and_let_through_by_header(
    box: Sandbox,
) -> None:
    box.org.saver.duplicate_rules.append(DuplicateRule())
    twin = box.lead(Email="ann@acme.example")
    person = {"LastName": "Doe", "Company": "Acme", "Email": "Ann@acme.example"}

    with pytest.raises(SalesforceMalformedRequest) as caught:
        box.client.Lead.create(person)
    made = box.client.Lead.create(
        person, headers={"Sforce-Duplicate-Rule-Header": "allowSave=true"}
    )

    result = first_error(caught)["duplicateResut"]["matchResults"][0]
    assert result["matchRecords"][0]["record"]["Id"] == twin
    assert made["success"]


def test_a_unique_key_can_be_taken_once(box: Sandbox) -> None:
    box.lead(Syncd_Id__c="k1")

    with pytest.raises(SalesforceMalformedRequest) as caught:
        box.client.Lead.create({"LastName": "A", "Company": "B", "Syncd_Id__c": "K1"})

    assert first_error(caught)["errorCode"] == "DUPLICATE_VALUE"


def test_a_person_is_in_a_campaign_once(box: Sandbox) -> None:
    (lead,) = box.leads(1)
    campaign = box.org.create("Campaign", {"Name": "Nurture"}, box.rep)
    member = {"CampaignId": campaign, "LeadId": lead}
    box.client.CampaignMember.create(member)

    with pytest.raises(SalesforceMalformedRequest) as caught:
        box.client.CampaignMember.create(member)

    error = first_error(caught)
    assert (error["errorCode"], error["message"]) == (
        "DUPLICATE_VALUE",
        "Already a campaign member.",
    )


def test_nothing_can_refer_to_a_deleted_record(box: Sandbox) -> None:
    (lead,) = box.leads(1)
    box.org.delete(lead, box.rep)

    with pytest.raises(SalesforceMalformedRequest) as caught:
        box.client.Task.create({"WhoId": lead, "Subject": "Call"})

    assert first_error(caught)["errorCode"] == "INVALID_CROSS_REFERENCE_KEY"


def test_conversion_leaves_a_read_only_lead_that_names_what_it_became(box: Sandbox) -> None:
    lead_id = box.lead(Email="ann@acme.example")
    task = box.org.create_task(lead_id, "Call back", box.rep)

    became = convert_lead(box.org, lead_id, box.rep)

    query = "SELECT IsConverted, ConvertedDate, ConvertedContact.Email, Status FROM Lead"
    lead = box.client.query(query)["records"][0]
    assert (lead["IsConverted"], lead["ConvertedDate"]) == (True, "2026-03-02")
    assert lead["ConvertedContact"]["Email"] == "ann@acme.example"
    assert box.org.record(task)["WhoId"] == became.contact_id
    fields = [row["Field"] for row in box.org.rows("LeadHistory")]
    assert fields == ["created", "Status", "leadConverted"]
    assert box.world.journal.of(System.SALESFORCE, lead_id, CONVERTED)[0].actor == box.rep
    with pytest.raises(SalesforceMalformedRequest) as caught:
        box.client.Lead.update(lead_id, {"Status": "Open"})
    assert first_error(caught)["errorCode"] == "CANNOT_UPDATE_CONVERTED_LEAD"


def test_the_loser_of_a_merge_is_deleted_and_points_at_the_winner(box: Sandbox) -> None:
    winner, loser = box.leads(2)
    box.world.advance(timedelta(minutes=1))

    merge_leads(box.org, winner, [loser], box.rep)

    rows = box.client.query(
        "SELECT Id, IsDeleted, MasterRecordId FROM Lead "
        "WHERE SystemModstamp >= 2026-03-02T08:01:00Z ORDER BY Id",
        include_deleted=True,
    )["records"]
    told = [(row["Id"], row["IsDeleted"], row["MasterRecordId"]) for row in rows]
    assert told == [(winner, False, None), (loser, True, winner)]


def test_an_uncommitted_row_is_locked_and_shows_its_old_values(box: Sandbox) -> None:
    lead_id = box.lead()
    box.org.edit(lead_id, {"Status": "Working"}, box.rep, commit_after=timedelta(seconds=30))

    before = box.client.Lead.get(lead_id)["Status"]
    with pytest.raises(SalesforceMalformedRequest) as caught:
        box.client.Lead.update(lead_id, {"Need__c": "x"})
    box.world.advance(timedelta(seconds=30))

    assert first_error(caught)["errorCode"] == "UNABLE_TO_LOCK_ROW"
    assert (before, box.client.Lead.get(lead_id)["Status"]) == ("Open", "Working")


def test_an_expired_session_is_renewed_by_the_client(box: Sandbox) -> None:
    box.world.advance(timedelta(hours=3))

    answer = box.client.query("SELECT Id FROM Lead")

    assert answer["totalSize"] == 0
    assert box.world.requests.count(System.SALESFORCE, "POST /services/oauth2/token") == 2


def test_a_session_that_stays_expired_ends_in_an_error(box: Sandbox) -> None:
    box.arm(match="^GET .*/query", kind="expire_session", times=None)

    with pytest.raises(SalesforceExpiredSession):
        box.client.query("SELECT Id FROM Lead")


def test_an_unknown_client_is_not_let_in(box: Sandbox) -> None:
    box.org.sessions.clients["key"] = "secret"

    with pytest.raises(SalesforceAuthenticationFailed) as caught:
        box.login("other")

    assert caught.value.code == "invalid_client_id"


def test_a_spent_allowance_answers_403(box: Sandbox) -> None:
    box.org.usage.limit = box.org.usage.used()

    with pytest.raises(SalesforceRefusedRequest) as caught:
        box.client.query("SELECT Id FROM Lead")

    assert first_error(caught)["errorCode"] == "REQUEST_LIMIT_EXCEEDED"


def test_every_answer_tells_the_usage_and_the_worlds_time(box: Sandbox) -> None:
    box.client.limits()

    answer = box.session.get(
        f"{box.url}{V}/limits",
        headers={"Authorization": f"Bearer {box.client.session_id}"},
        timeout=5,
    )

    assert answer.headers["Sforce-Limit-Info"] == "api-usage=2/100000; api-bursts=1/750"
    assert answer.headers["Date"] == "Mon, 02 Mar 2026 08:00:00 GMT"


@pytest.mark.parametrize(("padding", "status"), [(16_400, 414), (16_200, 431)])
def test_a_query_too_long_for_a_uri_is_refused(box: Sandbox, padding: int, status: int) -> None:
    with pytest.raises(SalesforceGeneralError) as caught:
        box.client.query("SELECT Id FROM Lead".ljust(padding, "x"))

    assert caught.value.status == status


def test_a_lost_response_hides_a_write_that_was_done(box: Sandbox) -> None:
    lead_id = box.lead()
    box.arm(match="^PATCH", kind="lost_response")

    with pytest.raises(requests.ConnectionError):
        box.client.Lead.update(lead_id, {"Need__c": "x"})

    assert box.org.record(lead_id)["Need__c"] == "x"


@pytest.mark.parametrize("kind", ["reset", "truncate"])
def test_a_broken_connection_reaches_the_client_as_one(box: Sandbox, kind: str) -> None:
    box.arm(match="/limits", kind=kind)

    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        box.client.limits()

    assert box.client.limits()["DailyApiRequests"]["Max"] == 100_000


def test_a_fault_may_skip_matches_and_answer_any_status(box: Sandbox) -> None:
    box.arm(match="/limits", kind="status", status=503, body="<html>down</html>", skip=1)

    first = box.client.limits()
    with pytest.raises(SalesforceGeneralError) as caught:
        box.client.limits()

    assert first["DailyApiRequests"]
    content: Any = caught.value.content
    assert (caught.value.status, content) == (503, "<html>down</html>")


def test_an_automation_fights_back_and_is_journaled_as_itself(box: Sandbox) -> None:
    def insist(world: World, entry: Any) -> None:
        if entry.field == "Status" and entry.after == "Open":
            again = {"Status": "Sales Qualified"}
            world.after(
                timedelta(seconds=5),
                lambda: world.salesforce.edit(entry.record_id, again, box.robot, via="rule"),
            )

    lead_id = box.lead(Status="Sales Qualified")
    box.world.automation(insist)
    box.client.Lead.update(lead_id, {"Status": "Open"})
    box.world.advance(timedelta(seconds=5))

    story = box.world.journal.of(System.SALESFORCE, lead_id, "Status")
    assert [(entry.after, entry.actor.kind) for entry in story] == [
        ("Open", ActorKind.API),
        ("Sales Qualified", ActorKind.AUTOMATION),
    ]
    assert box.world.journal.of(System.SALESFORCE, lead_id, CREATED)[0].actor == box.rep


def test_a_missing_custom_field_is_refused_and_may_be_added(box: Sandbox) -> None:
    field = box.org.store.table("Lead").kind.fields["Syncd_Verdict__c"]
    box.org.remove_field("Lead", "Syncd_Verdict__c")
    lead_id = box.lead()

    with pytest.raises(SalesforceMalformedRequest) as caught:
        box.client.Lead.update(lead_id, {"Syncd_Verdict__c": "passes"})
    box.org.define_field("Lead", field)
    box.client.Lead.update(lead_id, {"Syncd_Verdict__c": "passes"})

    assert first_error(caught)["errorCode"] == "INVALID_FIELD"
    assert box.client.Lead.get(lead_id)["Syncd_Verdict__c"] == "passes"


def test_a_closed_task_carries_when_it_was_completed(box: Sandbox) -> None:
    lead_id = box.lead()
    task = box.org.create_task(lead_id, "Call", box.rep, ActivityDate="2026-03-05")
    box.world.advance(timedelta(hours=1))

    box.org.complete_task(task, box.rep)

    rows = box.client.query(f"SELECT IsClosed, CompletedDateTime FROM Task WHERE WhoId='{lead_id}'")
    assert rows["records"][0]["CompletedDateTime"] == "2026-03-02T09:00:00.000+0000"
    lead = box.org.record(lead_id)
    assert lead["LastActivityDate"] == "2026-03-05"
    assert lead["SystemModstamp"] == "2026-03-02T08:00:00.000+0000"


def test_a_bulk_query_comes_as_csv_in_pages(box: Sandbox) -> None:
    ids = box.leads(3)
    job = box.client.restful(
        "jobs/query",
        method="POST",
        json={"operation": "query", "query": "SELECT Id FROM Lead ORDER BY Id"},
    )
    states = [box.client.restful(f"jobs/query/{job['id']}")["state"] for _ in range(2)]
    headers = {"Authorization": f"Bearer {box.client.session_id}"}
    results = f"{box.url}{V}/jobs/query/{job['id']}/results?maxRecords=2"

    first = box.session.get(results, headers=headers, timeout=5)
    more = f"{results}&locator={first.headers['Sforce-Locator']}"
    last = box.session.get(more, headers=headers, timeout=5)

    assert states == ["InProgress", "JobComplete"]
    assert first.text == f'"Id"\n"{ids[0]}"\n"{ids[1]}"\n'
    assert (last.text, last.headers["Sforce-Locator"]) == (f'"Id"\n"{ids[2]}"\n', "null")
