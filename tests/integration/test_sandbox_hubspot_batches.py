"""Batches of the sandbox portal: what refuses the whole, what costs one place, and no half work."""

from typing import Any

import orjson
import pytest

from syncd.sandbox.hubspot import rest
from syncd.sandbox.hubspot.apps import DEFAULT_TOKEN
from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.hubspot.kinds import COMPANY, CONTACT, NOTE
from syncd.sandbox.hubspot.lifecycle import Backward
from syncd.sandbox.hubspot.source import UI
from syncd.sandbox.journal import Origin
from syncd.sandbox.server import Request, Response
from syncd.sandbox.world import World

NOBODY = "99"
CONTACTS = "/crm/v3/objects/contacts"
NOTES = "/crm/v3/objects/notes/batch/create"


class Desk:
    """A portal asked without a network between, and a person in it."""

    def __init__(self) -> None:
        self.world = World()
        self.portal = self.world.hubspot
        ann = self.portal.hire("ann@example.com", "Ann", "Lee")
        self.hands = Hands(self.portal, ann.actor)
        self.by_ann = Origin(ann.actor, UI)
        self._app = rest.app(self.world)

    def ask(self, path: str, body: Any, **more: Any) -> Response:
        headers = {"authorization": f"Bearer {DEFAULT_TOKEN}"}
        sent = orjson.dumps(body)
        return self._app(Request(method="POST", path=path, headers=headers, body=sent, **more))

    def post(self, path: str, body: Any, **more: Any) -> tuple[int, Any]:
        answer = self.ask(path, body, **more)
        return answer.status, answer.body

    def batch(self, what: str, *inputs: dict[str, Any]) -> tuple[int, Any]:
        return self.post(f"{CONTACTS}/batch/{what}", {"inputs": list(inputs)})

    def contact(self, email: str = "one@example.com", **values: str) -> str:
        return str(self.hands.create_contact({"email": email, **values}))

    def value(self, contact: str, name: str) -> str | None:
        return self.portal.contact(int(contact)).get(name)

    def notes(self) -> int:
        return len(self.portal.tables[NOTE].records)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def note(contact: str, **more: Any) -> dict[str, Any]:
    kind = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 202}
    return {
        "properties": {"hs_timestamp": "1772438400000"},
        "associations": [{"to": {"id": contact}, "types": [kind]}],
        **more,
    }


# -- creating --------------------------------------------------------------------


def test_untraced_notes_of_which_one_has_no_contact_are_refused_together(desk: Desk) -> None:
    inputs = [note(desk.contact()), note(NOBODY)]

    status, body = desk.post(NOTES, {"inputs": inputs})

    assert (status, body["category"], desk.notes()) == (404, "OBJECT_NOT_FOUND", 0)


def test_traced_notes_are_made_but_for_the_one_that_has_no_contact(desk: Desk) -> None:
    first = note(desk.contact(), objectWriteTraceId="a")
    last = note(desk.contact("two@example.com"), objectWriteTraceId="c")
    inputs = [first, note(NOBODY, objectWriteTraceId="b"), last]

    status, body = desk.post(NOTES, {"inputs": inputs})

    assert (status, len(body["results"]), body["numErrors"], desk.notes()) == (207, 2, 1, 2)
    (error,) = body["errors"]
    assert (error["category"], error["context"]) == (
        "OBJECT_NOT_FOUND",
        {"objectWriteTraceId": ["b"]},
    )


def test_untraced_notes_of_which_one_lacks_its_time_are_refused_together(desk: Desk) -> None:
    contact = desk.contact()

    status, body = desk.post(NOTES, {"inputs": [note(contact), note(contact, properties={})]})

    assert (status, body["context"], desk.notes()) == (400, {"properties": ["hs_timestamp"]}, 0)


def test_two_new_contacts_with_one_email_refuse_an_untraced_batch(desk: Desk) -> None:
    given = {"properties": {"email": "new@example.com"}}

    status, body = desk.batch("create", given, given)

    assert (status, body["message"]) == (409, "Contact already exists")
    assert desk.portal.contact_by_email("new@example.com") is None


def test_two_new_contacts_with_one_email_cost_a_traced_batch_the_second(desk: Desk) -> None:
    given = {"properties": {"email": "new@example.com"}}

    status, body = desk.batch(
        "create", {**given, "objectWriteTraceId": "a"}, {**given, "objectWriteTraceId": "b"}
    )

    assert (status, len(body["results"])) == (207, 1)
    made = body["results"][0]["id"]
    assert body["errors"][0]["context"] == {"objectWriteTraceId": ["b"], "existingId": [made]}


# -- updating and upserting --------------------------------------------------------


def test_where_backward_moves_are_errors_one_refuses_the_whole_batch(desk: Desk) -> None:
    desk.portal.settings.backward = Backward.ERROR
    forward, backward = desk.contact(), desk.contact("b@example.com", lifecyclestage="customer")
    change = {"lifecyclestage": "opportunity"}

    status, _ = desk.batch(
        "update",
        {"id": forward, "properties": change},
        {"id": backward, "properties": change},
    )

    assert (status, desk.value(forward, "lifecyclestage")) == (400, "lead")


def test_an_upsert_reports_what_it_cannot_do_and_does_the_rest(desk: Desk) -> None:
    known = desk.contact()
    desk.contact("taken@example.com")

    status, body = desk.batch(
        "upsert",
        {"id": known, "properties": {"email": "taken@example.com"}},
        {"id": NOBODY, "properties": {"firstname": "No"}},
        {"id": "new@example.com", "idProperty": "email", "properties": {"firstname": "Bo"}},
    )

    assert status == 207
    assert [error["category"] for error in body["errors"]] == ["CONFLICT", "OBJECT_NOT_FOUND"]
    assert [result["new"] for result in body["results"]] == [True]


def test_a_batch_archives_what_it_finds_and_minds_nothing_else(desk: Desk) -> None:
    contact = desk.contact()

    status, _ = desk.batch("archive", {"id": contact}, {"id": "x"}, {"id": NOBODY})

    assert status == 204
    assert desk.portal.tables[CONTACT].live(int(contact)) is None


# -- bodies that lack something ------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body", "missing"),
    [
        (f"{CONTACTS}/batch/read", {}, "inputs"),
        (f"{CONTACTS}/batch/update", {"inputs": [{"properties": {}}]}, "id"),
        (f"{CONTACTS}/merge", {"primaryObjectId": "1"}, "objectIdToMerge"),
        (f"{CONTACTS}/gdpr-delete", {}, "objectId"),
        (NOTES, {"inputs": [note("1", associations=[{"types": []}])]}, "to"),
        (
            "/crm/v4/associations/contacts/companies/batch/create",
            {"inputs": [{"from": {"id": "1"}}]},
            "to",
        ),
        ("/crm/v3/properties/contacts", {"label": "X"}, "name"),
        ("/crm/v3/lists", {}, "name"),
    ],
)
def test_a_body_without_something_required_is_the_callers_mistake(
    desk: Desk, path: str, body: Any, missing: str
) -> None:
    status, answer = desk.post(path, body)

    assert (status, answer["category"]) == (400, "VALIDATION_ERROR")
    assert answer["message"].endswith(f"some of required attributes are not set [{missing}]")


def test_a_uri_beyond_the_edges_length_never_reaches_the_portal(desk: Desk) -> None:
    status, body = desk.post(f"{CONTACTS}/search", {}, uri_size=20_000)

    assert status == 414
    assert b"<html" in body


# -- limits and stages that flow ------------------------------------------------------


@pytest.mark.parametrize(("named", "retry_after"), [(True, None), (False, None), (True, 10)])
def test_the_daily_limit_is_told_as_the_account_is_set_to(
    desk: Desk, named: bool, retry_after: int | None
) -> None:
    limits = desk.portal.limits
    limits.daily, limits.named_policy, limits.retry_after = (
        1,
        named,
        retry_after and int(retry_after),
    )
    desk.batch("read")

    answer = desk.ask(f"{CONTACTS}/batch/read", {"inputs": []})

    assert (answer.status, answer.body["message"]) == (429, "You have reached your daily limit.")
    assert answer.body.get("policyName") == ("DAILY" if named else None)
    assert answer.headers.get("Retry-After") == (None if retry_after is None else str(retry_after))


def test_a_companys_stage_flows_to_its_contacts_if_the_account_says_so(desk: Desk) -> None:
    desk.portal.settings.company_stage_flows_to_contacts = True
    contact = desk.contact()
    company = desk.hands.create_company({"name": "Acme"}, [int(contact)])

    desk.portal.update(COMPANY, company, {"lifecyclestage": "customer"}, desk.by_ann)

    assert desk.value(contact, "lifecyclestage") == "customer"


def test_a_new_deal_makes_its_contact_an_opportunity_if_the_account_says_so(desk: Desk) -> None:
    desk.portal.settings.deal_created_makes_opportunity = True
    contact = desk.contact()

    desk.hands.create_deal({"dealname": "Acme"}, [int(contact)])

    assert desk.value(contact, "lifecyclestage") == "opportunity"
