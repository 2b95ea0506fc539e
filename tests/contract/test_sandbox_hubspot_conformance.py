"""The sandbox's HubSpot answers have the keys, JSON types and statuses of recorded real ones.

Values are not compared, and neither are the names within maps that are the
account's own (`properties`, `additionalProperties`). Skipped where the
recordings are not beside the project.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest

from syncd.sandbox.hubspot import rest
from syncd.sandbox.hubspot.apps import DEFAULT_TOKEN, PrivateApp
from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.server import Request
from syncd.sandbox.world import World

FREE_MAPS = frozenset({"properties", "additionalProperties"})
CONTACTS = "/crm/objects/2026-03/contacts"
PROPERTIES = "/crm/v3/properties/Contact"
GROUP = {"name": "integrationcreatedproperties", "label": "Integration Created Properties"}

Answer = tuple[int, Any]


class Portal:
    """A portal with two contacts of one company, asked without a network between."""

    def __init__(self) -> None:
        self.world = World()
        self._app = rest.app(self.world)
        ann = self.world.hubspot.hire("ann@example.com", "Ann", "Lee")
        hands = Hands(self.world.hubspot, ann.actor)
        self.one = str(hands.create_contact({"email": "one@example.com", "firstname": "Al"}))
        self.two = str(hands.create_contact({"email": "two@example.com", "lastname": "Bo"}))
        self.company = str(hands.create_company({"name": "Acme"}, [int(self.one)]))
        self.world.clock.sleep(60)

    def ask(self, method: str, path: str, body: Any = None) -> Answer:
        path, _, query = path.partition("?")
        request = Request(
            method=method,
            path=path,
            query=[tuple(pair.split("=")) for pair in query.split("&") if pair],  # type: ignore[misc]  # pairs
            headers={"authorization": f"Bearer {DEFAULT_TOKEN}"},
            body=b"" if body is None else orjson.dumps(body),
        )
        answer = self._app(request)
        return answer.status, orjson.loads(orjson.dumps(answer.body))

    def post(self, path: str, body: Any) -> Answer:
        return self.ask("POST", path, body)


def recordings() -> Path | None:
    for parent in Path(__file__).resolve().parents:
        candidate = parent / "shared" / "recordings"
        if candidate.is_dir():
            return candidate
    return None


FOUND = recordings()
pytestmark = pytest.mark.skipif(FOUND is None, reason="no recordings beside the project")


def recorded(name: str) -> Answer:
    """Status and body of one recording; a doubtful status gives way to the likelier one."""
    assert FOUND is not None
    wanted = f"hubspot/amp-labs/{name}.json"
    (entry,) = [e for e in orjson.loads((FOUND / "index.json").read_bytes()) if e["file"] == wanted]
    exchanges = orjson.loads((FOUND / entry["normalized"]).read_bytes())
    body = exchanges[entry["at"]]["response"]["body"]
    return entry.get("likely_status") or entry["status"], body


def payload(name: str) -> Any:
    """A recorded request body."""
    assert FOUND is not None
    return orjson.loads((FOUND / "hubspot" / "amp-labs" / f"{name}.json").read_bytes())


def shape(value: Any, name: str = "") -> Any:
    """What is left of a JSON value without its values; lists are the shapes they hold."""
    if isinstance(value, dict):
        if name in FREE_MAPS:
            return sorted({type(item).__name__ for item in value.values()} - {"NoneType"})
        return {key: shape(item, key) for key, item in sorted(value.items())}
    if isinstance(value, list):
        return sorted({orjson.dumps(shape(item)).decode() for item in value})
    return "number" if type(value) in (int, float) else type(value).__name__


def batch_create(portal: Portal, *emails: str, traced: bool = False) -> Answer:
    inputs = [
        {"properties": {"email": email}, **({"objectWriteTraceId": str(n)} if traced else {})}
        for n, email in enumerate(emails)
    ]
    return portal.post(f"{CONTACTS}/batch/create", {"inputs": inputs})


def invalid(portal: Portal, what: str) -> Answer:
    given = {"first000name": "x", "last000name": "y"}
    inputs = [{"id": portal.one, "properties": given}, {"id": portal.two, "properties": given}]
    return portal.post(f"{CONTACTS}/batch/{what}", {"inputs": inputs})


def batch_update(portal: Portal, *ids: str) -> Answer:
    given = {"firstname": "Al", "lastname": "Bo"}
    inputs = [{"id": contact, "properties": given} for contact in ids]
    return portal.post(f"{CONTACTS}/batch/update", {"inputs": inputs})


def search(portal: Portal, **body: Any) -> Answer:
    names = ["company", "email", "firstname", "lastname", "phone", "website"]
    return portal.post(f"{CONTACTS}/search", {"properties": names, **body})


def batch_read(portal: Portal) -> Answer:
    inputs = [{"id": portal.one}, {"id": portal.two}]
    names = ["email", "firstname", "lastname"]
    return portal.post(f"{CONTACTS}/batch/read", {"inputs": inputs, "properties": names})


def link(portal: Portal, kinds: str, *pairs: tuple[str, str]) -> Answer:
    inputs = [{"from": {"id": one}, "to": {"id": two}, "types": []} for one, two in pairs]
    return portal.post(f"/crm/associations/2026-03/{kinds}/batch/create", {"inputs": inputs})


def read_links(portal: Portal) -> Answer:
    inputs = [{"id": portal.one}, {"id": portal.two}]
    return portal.post(
        "/crm/associations/2026-03/contacts/companies/batch/read", {"inputs": inputs}
    )


def grouped(portal: Portal) -> Portal:
    portal.post(f"{PROPERTIES}/groups", GROUP)
    return portal


def with_custom_properties(portal: Portal) -> Portal:
    made = payload("test/custom/create/3-payload-batch-create-properties")
    grouped(portal).post(f"{PROPERTIES}/batch/create", made)
    return portal


def create_properties(portal: Portal) -> Answer:
    made = payload("test/custom/create/3-payload-batch-create-properties")
    return grouped(portal).post(f"{PROPERTIES}/batch/create", made)


def create_properties_again(portal: Portal) -> Answer:
    more = payload("test/custom/update/2-payload-batch-create-properties")
    return with_custom_properties(portal).post(f"{PROPERTIES}/batch/create", more)


def patch_property(portal: Portal, name: str, file: str) -> Answer:
    changed = payload(f"test/custom/update/{file}")
    return with_custom_properties(portal).ask("PATCH", f"{PROPERTIES}/{name}", changed)


def search_lists(portal: Portal, *, count: int) -> Answer:
    for name in ("Test List", "Test static list"):
        portal.world.hubspot.add_list(name)
    return portal.post("/crm/v3/lists/search", {"count": count})


def without_scope(portal: Portal) -> Answer:
    portal.world.hubspot.apps.install(DEFAULT_TOKEN, PrivateApp(scopes=()))
    return portal.ask("GET", CONTACTS)


EXCHANGES: Mapping[str, Callable[[Portal], Answer]] = {
    "associations/contact-to-company-resp": lambda p: link(
        p, "0-1/0-2", (p.two, p.company), (p.one, p.company)
    ),
    "associations/err-contact-to-contact": lambda p: link(
        p, "0-1/0-1", ("unknown_id", p.one), (p.one, p.one)
    ),
    "test/batch/create/contacts/err-conflict": lambda p: batch_create(p, "one@example.com"),
    "test/batch/create/contacts/err-many-invalid-properties": lambda p: invalid(p, "create"),
    "test/batch/create/contacts/err-partial-success": lambda p: batch_create(
        p, "one@example.com", "new@example.com", traced=True
    ),
    "test/batch/create/contacts/success": lambda p: batch_create(
        p, "a@example.com", "b@example.com"
    ),
    "test/batch/update/contacts/err-duplicate-ids": lambda p: batch_update(p, p.one, p.one),
    "test/batch/update/contacts/err-many-invalid-properties": lambda p: invalid(p, "update"),
    "test/batch/update/contacts/err-partial-success": lambda p: batch_update(p, p.one, "unknown"),
    "test/batch/update/contacts/success": lambda p: batch_update(p, p.one, p.two),
    "test/custom/create/2-response-create-property-group": lambda p: p.post(
        f"{PROPERTIES}/groups", GROUP
    ),
    "test/custom/create/4-response-batch-create-properties": create_properties,
    "test/custom/update/1-read-property-group": lambda p: grouped(p).ask(
        "GET", f"{PROPERTIES}/groups/{GROUP['name']}"
    ),
    "test/custom/update/3-response-batch-create-properties": create_properties_again,
    "test/custom/update/5-response-update-property-age": lambda p: patch_property(
        p, "age__c", "4-payload-update-property-age"
    ),
    "test/custom/update/7-response-update-property-interests": lambda p: patch_property(
        p, "interests__c", "6-payload-update-property-interests"
    ),
    "test/metadata-contacts-external-pipelines": lambda p: p.ask(
        "GET", "/crm/pipelines/2026-03/contacts"
    ),
    "test/metadata-deals-external-pipelines": lambda p: p.ask(
        "GET", "/crm/pipelines/2026-03/deals"
    ),
    "test/metadata-err-schemas-scope": without_scope,
    "test/post-auth/account-info": lambda p: p.ask("GET", "/account-info/2026-03/details"),
    "test/read-lists-1-first-page": lambda p: search_lists(p, count=1),
    "test/read-lists-2-second-page": lambda p: search_lists(p, count=2),
    "test/read-via-search/contacts-response": search,
    "test/read/objects-api/contacts-batch": batch_read,
    "test/search/contacts/1-first-page": lambda p: search(p, limit=1),
    "test/search/contacts/2-second-page": search,
    "test/search/contacts/contacts-to-companies": read_links,
    "test/search/error-invalid-object": lambda p: p.post(
        "/crm/objects/2026-03/butterflies/search", {}
    ),
}


@pytest.mark.parametrize("name", EXCHANGES)
def test_an_answer_has_the_shape_and_the_status_of_the_recorded_one(name: str) -> None:
    status, body = EXCHANGES[name](Portal())

    recorded_status, recorded_body = recorded(name)
    assert shape(body) == shape(recorded_body)
    assert status == recorded_status


def test_a_page_of_contacts_leads_to_the_next_as_recorded() -> None:
    _, body = Portal().ask("GET", "/crm/v3/objects/contacts?limit=1")

    _, recorded_body = recorded("test/read/objects-api/contacts-response")
    assert shape(body["paging"]) == shape(recorded_body["paging"])
    assert body["results"][0].keys() - {"url"} == recorded_body["results"][0].keys()


@pytest.mark.parametrize("name", ["mobilephone", "hs_lead_status"])
def test_a_property_definition_has_the_keys_of_the_recorded_one(name: str) -> None:
    _, body = Portal().ask("GET", f"/crm/v3/properties/contacts/{name}")

    _, recorded_body = recorded("test/metadata-contacts-properties-sampled")
    plain = next(entry for entry in recorded_body["results"] if entry["name"] == "mobilephone")
    assert body.keys() == plain.keys()
    assert body["modificationMetadata"].keys() == plain["modificationMetadata"].keys()


def test_every_recorded_property_of_a_created_contact_is_a_string_here_too() -> None:
    _, body = batch_create(Portal(), "new@example.com")

    _, recorded_body = recorded("test/batch/create/contacts/success")
    common = body["results"][0]["properties"].keys() & recorded_body["results"][0]["properties"]
    assert len(common) >= 15
    assert all(isinstance(body["results"][0]["properties"][name], str) for name in common)
