"""Whatever is sent to the sandbox, it answers as a vendor would: nothing is a bug of its own.

The apps are called without the server around them, so an exception fails the test.
"""

import copy
from dataclasses import replace
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.sandbox.clock import WorldClock
from syncd.sandbox.hubspot import rest as hubspot
from syncd.sandbox.hubspot.apps import DEFAULT_TOKEN
from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.hubspot.ledger import FIRST_ID
from syncd.sandbox.journal import Journal
from syncd.sandbox.salesforce.org import Org
from syncd.sandbox.salesforce.rest import org_app
from syncd.sandbox.server import Request, Response
from syncd.sandbox.slack import rest as slack
from syncd.sandbox.slack.things import Post
from syncd.sandbox.slack.workspace import DEFAULT_TOKEN as BOT
from syncd.sandbox.world import World

V = "/services/data/v59.0"
CONTACTS = "/crm/v3/objects/contacts"

SALESFORCE: tuple[tuple[str, str, Any], ...] = (
    ("POST", f"{V}/sobjects/Lead", {"LastName": "Doe", "Company": "Acme", "OwnerId": "005"}),
    (
        "POST",
        f"{V}/tooling/sobjects/CustomField",
        {
            "FullName": "Lead.Why__c",
            "Metadata": {
                "label": "Why",
                "type": "Picklist",
                "valueSet": {"valueSetDefinition": {"value": [{"fullName": "So"}]}},
            },
        },
    ),
    ("POST", f"{V}/sobjects/FieldPermissions", {"SobjectType": "Lead", "Field": "Lead.Why__c"}),
    ("PATCH", f"{V}/sobjects/Lead/Syncd_Id__c/1", {"LastName": "Doe", "AnnualRevenue": 1.5}),
    (
        "POST",
        f"{V}/composite/sobjects",
        {"allOrNone": True, "records": [{"attributes": {"type": "Lead"}, "LastName": "Doe"}]},
    ),
    (
        "PATCH",
        f"{V}/composite/sobjects",
        {"records": [{"attributes": {"type": "Lead"}, "id": "00Q", "IsConverted": True}]},
    ),
    (
        "PATCH",
        f"{V}/composite/sobjects/Lead/Email",
        {"records": [{"attributes": {"type": "Lead"}, "Email": "a@b.example"}]},
    ),
    ("POST", f"{V}/composite/sobjects/Lead", {"ids": ["00Q"], "fields": ["Id"]}),
    (
        "POST",
        f"{V}/composite",
        {
            "allOrNone": False,
            "compositeRequest": [
                {"method": "GET", "url": f"{V}/limits", "referenceId": "a", "httpHeaders": {}}
            ],
        },
    ),
    ("POST", f"{V}/jobs/query", {"operation": "query", "query": "SELECT Id FROM Lead"}),
    (
        "POST",
        f"{V}/jobs/ingest",
        {"operation": "upsert", "object": "Lead", "externalIdFieldName": "Email"},
    ),
)

ONE, TWO, FIRM = (str(FIRST_ID + place) for place in range(3))
_LINK = {"to": {"id": ONE}, "types": [{"associationTypeId": 202}]}
_PAIR = {"from": {"id": ONE}, "to": {"id": FIRM}, "types": [{"associationTypeId": 279}]}
_OPTION = {"value": "a", "label": "A", "displayOrder": 1, "hidden": False}
_PROPERTY = {"name": "x", "type": "enumeration", "options": [_OPTION], "hasUniqueValue": True}
_FILTER = {"propertyName": "email", "operator": "IN", "values": ["a"], "highValue": "2"}

HUBSPOT: tuple[tuple[str, str, Any], ...] = (
    ("POST", CONTACTS, {"properties": {"email": "c@example.com", "budget_amount": 5}}),
    ("PATCH", f"{CONTACTS}/{ONE}", {"properties": {"last_engaged_at": 1_700_000_000_000}}),
    ("POST", f"{CONTACTS}/merge", {"primaryObjectId": ONE, "objectIdToMerge": TWO}),
    ("POST", f"{CONTACTS}/gdpr-delete", {"objectId": "a@example.com", "idProperty": "email"}),
    (
        "POST",
        f"{CONTACTS}/search",
        {
            "filterGroups": [{"filters": [_FILTER]}],
            "sorts": [{"propertyName": "email", "direction": "ASCENDING"}],
            "properties": ["email"],
            "limit": 5,
            "after": "0",
            "query": "a",
        },
    ),
    (
        "POST",
        f"{CONTACTS}/batch/read",
        {"inputs": [{"id": ONE}], "properties": ["email"], "propertiesWithHistory": ["email"]},
    ),
    (
        "POST",
        f"{CONTACTS}/batch/update",
        {"inputs": [{"id": ONE, "properties": {"email": "d@e.f"}}]},
    ),
    (
        "POST",
        f"{CONTACTS}/batch/upsert",
        {"inputs": [{"id": "x@y.example", "idProperty": "email", "properties": {}}]},
    ),
    ("POST", f"{CONTACTS}/batch/archive", {"inputs": [{"id": ONE}]}),
    (
        "POST",
        "/crm/v3/objects/notes/batch/create",
        {
            "inputs": [
                {
                    "properties": {"hs_timestamp": "1700000000000"},
                    "associations": [_LINK],
                    "objectWriteTraceId": "n",
                }
            ]
        },
    ),
    ("POST", "/crm/v4/associations/contacts/companies/batch/create", {"inputs": [_PAIR]}),
    ("POST", "/crm/v4/associations/contacts/companies/batch/read", {"inputs": [{"id": ONE}]}),
    (
        "POST",
        "/crm/v4/associations/contacts/companies/batch/archive",
        {"inputs": [{"from": {"id": ONE}, "to": [{"id": FIRM}]}]},
    ),
    (
        "PUT",
        f"/crm/v4/objects/contacts/{ONE}/associations/companies/{FIRM}",
        [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1}],
    ),
    ("POST", "/crm/v3/properties/contacts", _PROPERTY),
    ("PATCH", "/crm/v3/properties/contacts/need", _PROPERTY),
    ("POST", "/crm/v3/properties/contacts/batch/create", {"inputs": [_PROPERTY]}),
    ("POST", "/crm/v3/properties/contacts/groups", {"name": "g", "label": "G"}),
    ("POST", "/crm/v3/lists", {"name": "L", "objectTypeId": "0-1", "processingType": "MANUAL"}),
    ("POST", "/crm/v3/lists/search", {"query": "L", "offset": 0, "count": 5}),
    ("PUT", "/crm/v3/lists/1/memberships/add", [ONE]),
    (
        "PUT",
        "/crm/v3/lists/1/memberships/add-and-remove",
        {"recordIdsToAdd": [ONE], "recordIdsToRemove": [TWO]},
    ),
    ("POST", "/oauth/v2/private-apps/get/access-token-info", {"tokenKey": "t"}),
)

SALES = World().slack.add_channel("sales").id  # the same in every new workspace
SLACK: tuple[tuple[str, str, Any], ...] = (
    ("POST", "/api/auth.test", {}),
    (
        "POST",
        "/api/chat.postMessage",
        {
            "channel": SALES,
            "text": "hello",
            "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x"}}],
            "metadata": {"event_type": "e", "event_payload": {}},
            "thread_ts": "1.0",
        },
    ),
    ("POST", "/api/chat.update", {"channel": SALES, "ts": "1772438400.000100", "text": "x"}),
    (
        "POST",
        "/api/conversations.history",
        {"channel": SALES, "oldest": "0", "latest": "9", "limit": 2, "cursor": "0"},
    ),
    ("POST", "/api/conversations.open", {"users": "U1"}),
    ("POST", "/api/users.lookupByEmail", {"email": "ann@example.com"}),
    ("POST", "/api/users.list", {"limit": 5, "cursor": "0"}),
)

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=4),
    st.sampled_from(["²", "1e999", "nan", "--5", "0", "9" * 30, "2026-13-45", "x@y.example"]),
    st.just([]),
    st.just({}),
    st.just([None]),
    st.just([[1]]),
    st.just({"id": {}}),
)


@st.composite
def spoilt(draw: st.DrawFn, body: Any) -> Any:
    """A good body with one place of it left out or put another value in."""
    body = copy.deepcopy(body)
    holder, key = draw(st.sampled_from([(None, None), *_places(body)]))
    if holder is None:
        return draw(ODD)
    if draw(st.booleans()):
        del holder[key]
    else:
        holder[key] = draw(ODD)
    return body


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) within a JSON value."""
    keys: list[Any] = []
    if isinstance(value, dict):
        keys = list(value)
    elif isinstance(value, list):
        keys = list(range(len(value)))
    return [(value, key) for key in keys] + [place for key in keys for place in _places(value[key])]


@st.composite
def requests(draw: st.DrawFn, calls: tuple[tuple[str, str, Any], ...]) -> Request:
    method, path, body = draw(st.sampled_from(calls))
    sent = draw(spoilt(body))
    return Request(
        method=method,
        path=path,
        body=orjson.dumps(sent, option=orjson.OPT_NON_STR_KEYS) if _sendable(sent) else b"{",
    )


def _sendable(value: Any) -> bool:
    try:
        orjson.dumps(value)
    except TypeError:
        return False
    return True


def ask_org(request: Request) -> Response:
    clock = WorldClock()
    org = Org(clock, Journal(clock))
    org.create_lead({"LastName": "Doe", "Company": "Acme"}, org.integration)
    headers = {"authorization": f"Bearer {org.sessions.issue()}"}
    return org_app(org)(replace(request, headers=headers))


def ask_portal(request: Request) -> Response:
    world = World()
    hands = Hands(world.hubspot, world.hubspot.hire("ann@example.com", "Ann", "Lee").actor)
    hands.create_contact({"email": "a@example.com"})
    hands.create_contact({"email": "b@example.com"})
    hands.create_company({"name": "Acme"})
    world.hubspot.add_list("L")
    headers = {"authorization": f"Bearer {DEFAULT_TOKEN}"}
    return hubspot.app(world)(replace(request, headers=headers))


def ask_slack(request: Request) -> Response:
    world = World()
    sales = world.slack.add_channel("sales")
    world.slack.post(sales.id, Post(text="hi"), world.slack.bot)
    headers = {"authorization": f"Bearer {BOT}", "content-type": "application/json"}
    return slack.app(world)(replace(request, headers=headers))


@settings(max_examples=300, deadline=None)
@given(requests(SALESFORCE))
def test_no_body_is_a_bug_of_the_org(request: Request) -> None:
    answer = ask_org(request)

    assert 200 <= answer.status < 500


@settings(max_examples=300, deadline=None)
@given(requests(HUBSPOT))
def test_no_body_is_a_bug_of_the_portal(request: Request) -> None:
    answer = ask_portal(request)

    assert 200 <= answer.status < 500


@settings(max_examples=300, deadline=None)
@given(requests(SLACK))
def test_no_body_is_a_bug_of_the_workspace(request: Request) -> None:
    answer = ask_slack(request)

    assert answer.status == 200
