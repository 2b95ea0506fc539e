"""What the sandbox lets be set up, and how it refuses what a real org or portal would."""

from typing import Any

import orjson
import pytest

from syncd.sandbox.hubspot import rest as hubspot
from syncd.sandbox.hubspot.apps import DEFAULT_TOKEN, PrivateApp
from syncd.sandbox.hubspot.kinds import CONTACT
from syncd.sandbox.salesforce import rest as salesforce
from syncd.sandbox.server import App, Request, Response
from syncd.sandbox.world import World

PROPERTIES = "/crm/v3/properties/contacts"
GROUPS = f"{PROPERTIES}/groups"
SOBJECTS = "/services/data/v62.0/sobjects"
CUSTOM_FIELD = "/services/data/v62.0/tooling/sobjects/CustomField"
LINE: dict[str, Any] = {"type": "Text", "label": "Why", "length": 80}


def send(app: App, token: str, path: str, body: Any = None, method: str = "POST") -> Response:
    headers = {"authorization": f"Bearer {token}"}
    sent = b"" if body is None else orjson.dumps(body)
    return app(Request(method=method, path=path, headers=headers, body=sent))


class Org:
    def __init__(self) -> None:
        self.org = World().salesforce
        self._app = salesforce.org_app(self.org)
        self._token = self.org.sessions.issue()

    def post(self, path: str, body: Any) -> tuple[int, Any]:
        answer = send(self._app, self._token, path, body)
        return answer.status, answer.body

    def made(self, kind: str, **values: Any) -> str:
        status, body = self.post(f"{SOBJECTS}/{kind}", values)
        assert status == 201, body
        return str(body["id"])

    def field(self, name: str = "Lead.Why__c", **changes: Any) -> tuple[int, Any]:
        return self.post(CUSTOM_FIELD, {"FullName": name, "Metadata": {**LINE, **changes}})

    @property
    def seen(self) -> frozenset[str]:
        return frozenset(self.org.store.table("Lead").kind.fields)


@pytest.fixture
def org() -> Org:
    return Org()


def test_a_field_made_by_api_is_seen_once_its_reader_has_a_permission_set_with_it(
    org: Org,
) -> None:
    assert org.field()[0] == 201
    before = org.seen
    parent = org.made("PermissionSet", Name="x", Label="x")
    right = {"SobjectType": "Lead", "Field": "Lead.Why__c", "PermissionsRead": True}
    org.made("FieldPermissions", ParentId=parent, **right)
    granted = org.seen
    org.made("PermissionSetAssignment", PermissionSetId=parent, AssigneeId=org.org.integration.id)

    assert "Why__c" not in before | granted
    assert "Why__c" in org.seen
    assert not org.org.store.table("Lead").kind.fields["Why__c"].updateable


def test_a_second_field_of_a_name_is_refused_though_nobody_sees_the_first(org: Org) -> None:
    org.field()

    status, (problem,) = org.field()

    assert (status, problem["errorCode"]) == (400, "DUPLICATE_DEVELOPER_NAME")


@pytest.mark.parametrize(
    ("name", "changes", "code"),
    [
        (f"Lead.{'W' * 41}__c", {}, "STRING_TOO_LONG"),
        ("Lead.Why", {}, "FIELD_INTEGRITY_EXCEPTION"),
        ("Lead.Why___c", {}, "FIELD_INTEGRITY_EXCEPTION"),
        ("Lead.Why__c", {"label": "W" * 41}, "STRING_TOO_LONG"),
        ("Lead.Why__c", {"length": 256}, "FIELD_INTEGRITY_EXCEPTION"),
        ("Lead.Why__c", {"type": "Poem"}, "FIELD_INTEGRITY_EXCEPTION"),
        ("Lead.Why__c", {"type": "Currency"}, "REQUIRED_FIELD_MISSING"),
        ("Poem.Why__c", {}, "NOT_FOUND"),
    ],
)
def test_what_is_no_field_is_refused(
    org: Org, name: str, changes: dict[str, Any], code: str
) -> None:
    _, (problem,) = org.field(name, **changes)

    assert problem["errorCode"] == code


def test_who_may_not_customize_makes_no_field(org: Org) -> None:
    org.org.settings.forbidden.add("CustomizeApplication")

    status, (problem,) = org.field()

    assert (status, problem["errorCode"]) == (403, "INSUFFICIENT_ACCESS")


def test_a_right_to_no_field_is_refused(org: Org) -> None:
    parent = org.made("PermissionSet", Name="x", Label="x")
    right = {"ParentId": parent, "SobjectType": "Lead", "Field": "Lead.Nowhere__c"}

    _, (problem,) = org.post(f"{SOBJECTS}/FieldPermissions", right)

    assert problem["errorCode"] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"


def test_a_right_is_given_once(org: Org) -> None:
    parent = org.made("PermissionSet", Name="x", Label="x")
    right = {"PermissionSetId": parent, "AssigneeId": org.org.integration.id}
    org.made("PermissionSetAssignment", **right)

    status, (problem,) = org.post(f"{SOBJECTS}/PermissionSetAssignment", right)

    assert (status, problem["errorCode"]) == (400, "DUPLICATE_VALUE")


class Portal:
    def __init__(self) -> None:
        world = World()
        self.portal = world.hubspot
        self._app = hubspot.app(world)

    def post(self, path: str, body: Any) -> Response:
        return send(self._app, DEFAULT_TOKEN, path, body)

    def get(self, path: str) -> Response:
        return send(self._app, DEFAULT_TOKEN, path, method="GET")


@pytest.fixture
def portal() -> Portal:
    return Portal()


def test_a_property_group_is_made_once(portal: Portal) -> None:
    first = portal.post(GROUPS, {"name": "syncd", "label": "syncd"})
    second = portal.post(GROUPS, {"name": "syncd", "label": "syncd"})

    assert (first.status, second.status) == (201, 409)
    assert portal.get(f"{GROUPS}/syncd").status == 200


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"groupName": "nowhere"}, "group nowhere does not exist"),
        ({"name": "w" * 101}, "at most 100 characters"),
        ({"name": "Why"}, "lower case"),
    ],
)
def test_one_bad_property_refuses_the_whole_batch_and_makes_none(
    portal: Portal, change: dict[str, str], words: str
) -> None:
    why = {"name": "why", "label": "Why", "type": "string", "fieldType": "text"}

    answer = portal.post(f"{PROPERTIES}/batch/create", {"inputs": [why, {**why, **change}]})

    assert answer.status == 400
    assert isinstance(answer.body, dict)
    assert words in answer.body["message"]
    assert "why" not in portal.portal.tables[CONTACT].properties


def test_a_property_there_is_costs_its_own_place_in_a_batch_only(portal: Portal) -> None:
    inputs = [{"name": name, "label": "x"} for name in ("need", "why")]

    answer = portal.post(f"{PROPERTIES}/batch/create", {"inputs": inputs})

    assert isinstance(answer.body, dict)
    assert (answer.status, [x["name"] for x in answer.body["results"]]) == (207, ["why"])


def test_a_token_without_the_scope_makes_nothing(portal: Portal) -> None:
    portal.portal.apps.install(DEFAULT_TOKEN, PrivateApp(scopes=("crm.schemas.contacts.read",)))

    assert portal.post(GROUPS, {"name": "syncd", "label": "syncd"}).status == 403


def test_a_list_is_found_by_its_name_and_made_once(portal: Portal) -> None:
    made = portal.post("/crm/v3/lists", {"name": "Nurture us"})
    again = portal.post("/crm/v3/lists", {"name": "nurture US"})
    found = portal.get("/crm/v3/lists/object-type-id/0-1/name/Nurture%20us")

    assert (made.status, again.status, found.status) == (200, 400, 200)
    assert portal.get("/crm/v3/lists/object-type-id/0-1/name/nobody").status == 404
