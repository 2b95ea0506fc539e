"""The sandbox org's answers have the keys, JSON types, codes and statuses of recorded ones.

Recordings are found beside the project; without them there is nothing to hold against.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from syncd.sandbox.clock import WorldClock
from syncd.sandbox.journal import Journal
from syncd.sandbox.salesforce.org import Org
from syncd.sandbox.salesforce.rest import org_app
from syncd.sandbox.server import Request, Response


def _recordings() -> Path | None:
    for parent in Path(__file__).resolve().parents:
        if (parent / "shared" / "recordings" / "salesforce").is_dir():
            return parent / "shared" / "recordings" / "salesforce"
    return None


RECORDINGS = _recordings()
pytestmark = pytest.mark.skipif(RECORDINGS is None, reason="no recordings beside the project")

V = "/services/data/v59.0"


class Client:
    """Talks to a fresh org's front without a socket."""

    def __init__(self) -> None:
        clock = WorldClock()
        self.org = Org(clock, Journal(clock))
        self.app = org_app(self.org)
        self.token = self.org.sessions.issue()

    def call(self, method: str, path: str, body: Any = None, **query: str) -> Response:
        request = Request(
            method=method,
            path=path,
            query=list(query.items()),
            headers={"authorization": f"Bearer {self.token}"},
            body=b"" if body is None else orjson.dumps(body),
        )
        return self.app(request)

    def account(self) -> str:
        return self.org.create("Account", {"Name": "Sitwell-Bluth"}, self.org.integration)

    def contact(self, email: str = "lindsay@example.com") -> str:
        values = {"LastName": "Bluth", "Email": email}
        return self.org.create("Contact", values, self.org.integration)


Ask = Callable[[Client], Response]


@dataclass(frozen=True)
class Recorded:
    """One recorded exchange: the normalised file, and which of its exchanges."""

    file: str
    source: str = ""  # for body-only sources: the file the body came from
    method: str = ""
    path_has: str = ""
    status: int | None = None  # believed where the recording's own is doubtful

    def response(self) -> dict[str, Any]:
        assert RECORDINGS is not None
        for exchange in json.loads((RECORDINGS / self.file).read_text()):
            if self._is(exchange):
                found: dict[str, Any] = exchange["response"]
                return found
        raise LookupError(f"{self} is not among the recordings")

    def _is(self, exchange: dict[str, Any]) -> bool:
        return (
            exchange.get("file", "").endswith(self.source)
            and self.method in exchange["request"]["method"]
            and self.path_has in exchange["request"]["path"]
        )


def _amp(source: str, status: int | None = None) -> Recorded:
    return Recorded("amp-labs/normalized.json", source=source, status=status)


def _restforce(source: str, status: int | None = None) -> Recorded:
    return Recorded("restforce/normalized.json", source=source, status=status)


def _cci(test: str, method: str, path_has: str) -> Recorded:
    return Recorded(f"cumulusci/{test}.normalized.json", method=method, path_has=path_has)


def _batch(kind: str, *records: dict[str, Any], all_or_none: bool = False) -> dict[str, Any]:
    typed = [{"attributes": {"type": kind}, **record} for record in records]
    return {"allOrNone": all_or_none, "records": typed}


def _query(client: Client) -> Response:
    client.account()
    return client.call("GET", f"{V}/query/", q="SELECT Id, Name FROM Account")


def _first_page(client: Client) -> Response:
    for number in range(201):
        client.contact(f"p{number}@example.com")
    request = Request(
        method="GET",
        path=f"{V}/query",
        query=[("q", "SELECT Name FROM Contact")],
        headers={
            "authorization": f"Bearer {client.token}",
            "sforce-query-options": "batchSize=200",
        },
    )
    return client.app(request)


def _update(client: Client) -> Response:
    record = {"Id": client.account(), "NumberOfEmployees": "10000"}
    return client.call("PATCH", f"{V}/composite/sobjects", _batch("Account", record))


def _upsert(client: Client) -> Response:
    client.contact("lindsay@example.com")
    records = ({"LastName": "Sitwell", "Email": f"{name}@example.com"} for name in ("lindsay", "x"))
    return client.call(
        "PATCH", f"{V}/composite/sobjects/Contact/Email", _batch("Contact", *records)
    )


def _upsert_by_null_id(client: Client) -> Response:
    record = {"Name": "Sitwell-Bluth", "Id": None}
    return client.call("PATCH", f"{V}/composite/sobjects/Account/Id", _batch("Account", record))


def _rolled_back(client: Client) -> Response:
    good = {"id": client.contact(), "LastName": "Dyer"}
    bad = {"id": client.contact("b@example.com"), "unknownField_LastName": "Blevins"}
    body = _batch("Contact", good, bad, all_or_none=True)
    return client.call("PATCH", f"{V}/composite/sobjects", body)


def _deleted_twice(client: Client) -> Response:
    account = client.account()
    client.call("DELETE", f"{V}/sobjects/Account/{account}")
    return client.call("DELETE", f"{V}/sobjects/Account/{account}")


def _several(client: Client) -> Response:
    client.contact()
    client.contact()
    path = f"{V}/sobjects/Contact/Email/lindsay@example.com"
    return client.call("PATCH", path, {"LastName": "Sitwell"})


def _expired(client: Client) -> Response:
    client.org.sessions.expire_all()
    return client.call("GET", f"{V}/limits")


def _token(client: Client) -> Response:
    form = b"grant_type=client_credentials&client_id=key&client_secret=secret"
    return client.app(Request(method="POST", path="/services/oauth2/token", body=form))


def _no_ids(client: Client) -> Response:
    body = _batch("Contact", {"LastName": "A"}, {"LastName": "B"})
    return client.call("PATCH", f"{V}/composite/sobjects", body)


def _ingest(client: Client, sheet: str = "", **asked: str) -> str:
    """The id of a job, closed if it was given a sheet."""
    body = {"operation": "upsert", "object": "Account", "externalIdFieldName": "Id", **asked}
    job = str(client.call("POST", f"{V}/jobs/ingest", body).body["id"])
    if sheet:
        path, token = f"{V}/jobs/ingest/{job}/batches", f"Bearer {client.token}"
        headers = {"authorization": token}
        client.app(Request(method="PUT", path=path, headers=headers, body=sheet.encode()))
        client.call("PATCH", f"{V}/jobs/ingest/{job}", {"state": "UploadComplete"})
    return job


def _looked(client: Client, sheet: str, *, times: int) -> Response:
    job = _ingest(client, sheet)
    *_, last = [client.call("GET", f"{V}/jobs/ingest/{job}") for _ in range(times)]
    return last


def _since(client: Client, what: str) -> Response:
    account = client.account()
    if what == "deleted":
        client.call("DELETE", f"{V}/sobjects/Account/{account}")
    start, end = "2026-03-02T07:00:00+00:00", "2026-03-02T08:30:00+00:00"
    return client.call("GET", f"{V}/sobjects/Account/{what}/", start=start, end=end)


CASES: dict[str, tuple[Recorded, Ask]] = {
    "query": (_cci("TestUpdatesIntegrationTests.test_updates_task", "GET", "query"), _query),
    "query page": (_restforce("query_paginated_first_page_response.json"), _first_page),
    "empty query": (
        _restforce("sobject/query_empty_response.json"),
        lambda client: client.call("GET", f"{V}/query", q="SELECT Id FROM Lead"),
    ),
    "collection create": (
        _cci("TestUpsert.test_upsert__rest", "POST", "composite/sobjects"),
        lambda client: client.call(
            "POST", f"{V}/composite/sobjects", _batch("Account", {"Name": "Sitwell-Bluth"})
        ),
    ),
    "collection update": (
        _cci("TestUpdatesIntegrationTests.test_updates_task", "PATCH", "composite/sobjects"),
        _update,
    ),
    "collection upsert": (_cci("TestUpsert.test_upsert__rest", "PATCH", "Contact/Email"), _upsert),
    "collection upsert by a null id": (
        _cci(
            "TestUpsert.test_upsert_complex_external_id_field_rest__duplicate_error",
            "PATCH",
            "Account/Id",
        ),
        _upsert_by_null_id,
    ),
    "single create": (
        _cci(
            "TestUpsert.test_upsert_complex_external_id_field_rest__duplicate_error",
            "POST",
            "sobjects/Account/",
        ),
        lambda client: client.call("POST", f"{V}/sobjects/Account/", {"Name": "xyzzy"}),
    ),
    "record count": (
        _cci("TestUpdatesIntegrationTests.test_updates_task", "GET", "recordCount"),
        lambda client: client.call("GET", f"{V}/limits/recordCount", sObjects="Account"),
    ),
    "empty collection": (
        _amp("create/contacts/err-bad-request.json"),
        lambda client: client.call("POST", f"{V}/composite/sobjects", {"records": []}),
    ),
    "update without ids": (_amp("update/contacts/err-each-no-ids.json", 200), _no_ids),
    "all or none": (_amp("update/contacts/partial-but-allOrNone.json"), _rolled_back),
    "delete twice": (_amp("crm/delete/not-found.json"), _deleted_twice),
    "read-only field": (
        _amp("test/invalid-field-upsert.json"),
        lambda client: client.call(
            "PATCH",
            f"{V}/sobjects/Account/{client.account()}",
            {"MasterRecordId": "001bx0000000001EAA"},
        ),
    ),
    "unknown field": (
        _amp("test/unknown-field.json"),
        lambda client: client.call(
            "PATCH", f"{V}/sobjects/Account/{client.account()}", {"AccountNumer": "1"}
        ),
    ),
    "unknown object": (
        _amp("test/unknown-object.json"),
        lambda client: client.call("GET", f"{V}/query", q="SELECT Name FROM Accout"),
    ),
    "several matches": (_restforce("sobject/upsert_multiple_error_response.json"), _several),
    "unknown key field": (
        _restforce("sobject/upsert_error_response.json"),
        lambda client: client.call("PATCH", f"{V}/sobjects/Lead/Nope__c/1", {"LastName": "A"}),
    ),
    "expired session": (_restforce("expired_session_response.json"), _expired),
    "token": (_restforce("auth_success_response.json"), _token),
    "bulk query job": (
        _amp("bulk/read-launch-job-account.json"),
        lambda client: client.call(
            "POST", f"{V}/jobs/query", {"operation": "query", "query": "SELECT Id FROM Account"}
        ),
    ),
    "ingest job": (
        _amp("bulk/delete/launch-job-opportunity.json"),
        lambda client: client.call(
            "POST", f"{V}/jobs/ingest", {"operation": "delete", "object": "Opportunity"}
        ),
    ),
    "upsert job": (
        _amp("bulk/write/launch-job-opportunity.json"),
        lambda client: client.call(
            "POST",
            f"{V}/jobs/ingest",
            {"operation": "upsert", "object": "Lead", "externalIdFieldName": "Syncd_Id__c"},
        ),
    ),
    "closed job": (
        _amp("bulk/write/update-job-opportunity.json"),
        lambda client: client.call(
            "PATCH", f"{V}/jobs/ingest/{_ingest(client)}", {"state": "UploadComplete"}
        ),
    ),
    "job at work": (
        _amp("bulk/info/in-progress.json"),
        lambda client: _looked(client, "Name\nA\n", times=1),
    ),
    "job done": (
        _amp("bulk/info/success.json"),
        lambda client: _looked(client, "Name\nA\n", times=2),
    ),
    "job failed": (
        _amp("bulk/info/complete-failure.json"),
        lambda client: _looked(client, "Name,StageName_invalid\nA,B\n", times=2),
    ),
    "updated": (
        _restforce("sobject/get_updated_success_response.json"),
        lambda client: _since(client, "updated"),
    ),
    "deleted": (
        _restforce("sobject/get_deleted_success_response.json"),
        lambda client: _since(client, "deleted"),
    ),
    "who am I": (
        _amp("metadata/write/user-info.json"),
        lambda client: client.call("GET", "/services/oauth2/userinfo"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_an_answer_has_the_shape_of_the_recorded_one(name: str) -> None:
    recorded, ask = CASES[name]
    expected = recorded.response()

    answer = ask(Client())

    assert answer.status == (recorded.status or expected["status"])
    body = orjson.loads(orjson.dumps(answer.body))
    assert not list(_departures(expected["body"], body))


def _departures(recorded: Any, seen: Any, where: str = "$") -> list[str]:
    """Where keys, types or error codes differ; a null on either side fits anything."""
    if recorded is None or seen is None:
        return []
    if isinstance(recorded, dict) and isinstance(seen, dict):
        lacking = [f"{where} lacks {key}" for key in recorded if key not in seen and _told(key)]
        shared = [key for key in recorded if key in seen]
        deeper = [_departures(recorded[key], seen[key], f"{where}.{key}") for key in shared]
        wrong = [
            f"{where}.{key} is {seen[key]!r}, recorded {recorded[key]!r}"
            for key in shared
            if key in _EXACT and seen[key] != recorded[key]
        ]
        return [*lacking, *wrong, *(each for found in deeper for each in found)]
    if isinstance(recorded, list) and isinstance(seen, list):
        if recorded and not seen:
            return [f"{where} is empty"]
        return [
            each
            for place, pair in enumerate(zip(recorded, seen, strict=False))
            for each in _departures(*pair, where=f"{where}[{place}]")
        ]
    numbers = (int, float)
    if isinstance(recorded, numbers) and isinstance(seen, numbers):
        return [] if isinstance(recorded, bool) is isinstance(seen, bool) else [f"{where} differs"]
    return [] if type(recorded) is type(seen) else [f"{where} is a {type(seen).__name__}"]


_EXACT = ("errorCode", "statusCode", "jobType", "state", "lineEnding", "columnDelimiter")


def _told(key: str) -> bool:
    """Keys of the records queried are the query's, not the vendor's."""
    return key != "Text_Label"


@pytest.mark.parametrize("kind", ["Lead", "Contact", "Account", "Opportunity", "Event"])
def test_describe_has_the_recorded_keys_and_the_recorded_facts_about_shared_fields(
    kind: str,
) -> None:
    file = f"cumulusci/GET_sobjects_{kind}_describe.normalized.json"
    recorded = Recorded(file).response()["body"]

    body = orjson.loads(orjson.dumps(Client().call("GET", f"{V}/sobjects/{kind}/describe").body))

    assert set(recorded) <= set(body)
    theirs = {field["name"]: field for field in recorded["fields"]}
    for field in body["fields"]:
        if field["name"] not in theirs:
            continue
        them = theirs[field["name"]]
        assert set(field) == set(them)
        told = {key: field[key] for key in ("type", "soapType", "length", "restrictedPicklist")}
        assert told == {key: them[key] for key in told}, field["name"]
        assert field["filterable"] == them["filterable"], field["name"]


def test_the_global_describe_lists_objects_with_the_recorded_keys() -> None:
    recorded = Recorded("cumulusci/GET_sobjects_Global_describe.normalized.json").response()["body"]

    body = Client().call("GET", f"{V}/sobjects").body

    assert set(recorded) == set(body)
    assert set(recorded["sobjects"][0]) == set(body["sobjects"][0])


def test_failed_rows_are_told_as_recorded() -> None:
    recorded = str(_amp("bulk/info/partial-failure.csv").response()["body"])
    header = "Name,StageName,CloseDate"
    client = Client()
    job = _ingest(
        client,
        f"{header}\nNoemi Miller,GENERATED,2003-04-987654321987654321\n",
        object="Opportunity",
        operation="insert",
    )
    for _ in range(2):
        client.call("GET", f"{V}/jobs/ingest/{job}")

    answer = client.call("GET", f"{V}/jobs/ingest/{job}/failedResults")

    head, row = answer.body.decode().splitlines()
    theirs_head, theirs = recorded.splitlines()
    assert head.startswith('"sf__Id","sf__Error",')
    assert theirs_head.startswith('"sf__Id","sf__Error",')
    # Columns count from 0 there; the recorded sheet had one more before the date.
    assert row.split('","')[1] == theirs.split('","')[1].replace("col 3", "col 2")
