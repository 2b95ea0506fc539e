"""The sandbox's HubSpot portal through the vendor's own client, over plain HTTP."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hubspot import HubSpot
from hubspot.crm import contacts, lists, properties

from syncd.sandbox.front import serve_front
from syncd.sandbox.hubspot import rest
from syncd.sandbox.hubspot.apps import DEFAULT_TOKEN, PrivateApp
from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.hubspot.kinds import CONTACT
from syncd.sandbox.hubspot.lifecycle import Backward
from syncd.sandbox.hubspot.owners import Owner
from syncd.sandbox.hubspot.portal import Portal
from syncd.sandbox.hubspot.source import CONNECTOR
from syncd.sandbox.hubspot.stamps import to_ms
from syncd.sandbox.journal import Actor, ActorKind, System
from syncd.sandbox.world import World

SQL, MQL = "salesqualifiedlead", "marketingqualifiedlead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A world, a person in it, and a client of its portal."""

    world: World
    ann: Owner
    url: str
    client: HubSpot

    @property
    def portal(self) -> Portal:
        return self.world.hubspot

    @property
    def hands(self) -> Hands:
        return Hands(self.portal, self.ann.actor)

    def pass_time(self, seconds: float = 60) -> None:
        self.world.advance(timedelta(seconds=seconds))

    def search(self, **body: Any) -> Any:
        return self.client.crm.contacts.search_api.do_search(public_object_search_request=body)

    def batch(self, what: str, **body: Any) -> Any:
        """A batch call as raw JSON, with its status."""
        return self.post(f"/crm/v3/objects/contacts/batch/{what}", body)

    def post(self, path: str, body: Any) -> tuple[int, Any]:
        answer = self.client.api_request({"method": "POST", "path": path, "body": body})
        return answer.status_code, answer.json() if answer.content else None


@pytest.fixture
def desk() -> Iterator[Desk]:
    world = World()
    ann = world.hubspot.hire("ann@example.com", "Ann", "Lee")
    running = serve_front(rest.app(world), world, System.HUBSPOT)
    client = HubSpot(access_token=DEFAULT_TOKEN, host=running.url, base_url=running.url)
    yield Desk(world=world, ann=ann, url=running.url, client=client)
    running.stop()


def refusal(error: Any) -> dict[str, Any]:
    """The parsed body of an ApiException, which is one class per package of the client."""
    parsed: dict[str, Any] = json.loads(error.value.body)
    return parsed


def since(instant: int) -> list[dict[str, Any]]:
    wanted = {"propertyName": "lastmodifieddate", "operator": "GTE", "value": str(instant)}
    return [{"filters": [wanted]}]


# -- one contact ---------------------------------------------------------------


def test_a_created_contact_is_a_lead_and_says_which_app_made_it(desk: Desk) -> None:
    made = desk.client.crm.contacts.basic_api.create(
        simple_public_object_input_for_create={"properties": {"email": "Bo@Example.com"}}
    )

    assert made.properties["email"] == "bo@example.com"
    assert made.properties["lifecyclestage"] == "lead"
    assert made.properties["hs_object_source_id"] == str(PrivateApp().app_id)


def test_a_create_echoes_calculated_instants_in_epoch_milliseconds(desk: Desk) -> None:
    made = desk.client.crm.contacts.basic_api.create(
        simple_public_object_input_for_create={"properties": {"email": "bo@example.com"}}
    )
    read = desk.client.crm.contacts.basic_api.get_by_id(
        made.id, properties=["hs_lifecyclestage_lead_date"]
    )

    assert made.properties["hs_lifecyclestage_lead_date"] == str(desk.portal.now_ms())
    assert read.properties["hs_lifecyclestage_lead_date"] == "2026-03-02T08:00:00.000Z"


def test_a_second_contact_with_the_same_email_is_a_conflict_naming_the_first(desk: Desk) -> None:
    first = desk.hands.create_contact({"email": "bo@example.com"})

    with pytest.raises(contacts.ApiException) as error:
        desk.client.crm.contacts.basic_api.create(
            simple_public_object_input_for_create={"properties": {"email": "BO@example.com"}}
        )

    assert refusal(error)["message"] == f"Contact already exists. Existing ID: {first}"
    assert refusal(error)["category"] == "CONFLICT"


def test_unset_properties_read_as_null_and_undefined_ones_are_absent(desk: Desk) -> None:
    contact = desk.hands.create_contact({"email": "bo@example.com"})

    read = desk.client.crm.contacts.basic_api.get_by_id(contact, properties=["need,phone", "nope"])

    assert read.properties["need"] is None
    assert "phone" in read.properties
    assert "nope" not in read.properties


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("nope", "x", "PROPERTY_DOESNT_EXIST"),
        ("buying_role", "boss", "INVALID_OPTION"),
        ("employees", "many", "INVALID_LONG"),
        ("email", "not-an-address", "INVALID_EMAIL"),
        ("purchase_timeline", "soon", "INVALID_DATE"),
        ("hubspot_owner_id", "1", "INVALID_OWNER_ID"),
        ("num_associated_deals", "3", "READ_ONLY_VALUE"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_code(
    desk: Desk, name: str, value: str, code: str
) -> None:
    contact = desk.hands.create_contact({"email": "bo@example.com"})

    with pytest.raises(contacts.ApiException) as error:
        desk.client.crm.contacts.basic_api.update(
            contact, simple_public_object_input={"properties": {name: value}}
        )

    assert refusal(error)["errors"][0]["code"] == code
    assert refusal(error)["errors"][0]["context"] == {"propertyName": [name]}


# -- the lifecycle stage -------------------------------------------------------


def test_a_backward_stage_is_silently_ignored_and_the_rest_is_written(desk: Desk) -> None:
    contact = desk.hands.create_contact({"email": "bo@example.com", "lifecyclestage": SQL})

    answer = desk.client.crm.contacts.basic_api.update(
        contact,
        simple_public_object_input={"properties": {"lifecyclestage": MQL, "need": "a crane"}},
    )

    assert answer.properties["lifecyclestage"] == SQL
    assert answer.properties["need"] == "a crane"


def test_clearing_and_then_setting_moves_a_stage_back_and_history_shows_both(desk: Desk) -> None:
    contact = desk.hands.create_contact({"email": "bo@example.com", "lifecyclestage": SQL})
    update = desk.client.crm.contacts.basic_api.update

    update(contact, simple_public_object_input={"properties": {"lifecyclestage": ""}})
    update(contact, simple_public_object_input={"properties": {"lifecyclestage": MQL}})

    read = desk.client.crm.contacts.basic_api.get_by_id(
        contact, properties_with_history=["lifecyclestage"]
    )
    told = read.properties_with_history["lifecyclestage"]
    assert [entry.value for entry in told] == [MQL, "", SQL]
    assert [entry.source_type for entry in told] == ["INTEGRATION", "INTEGRATION", "CRM_UI"]
    assert told[0].source_id == str(PrivateApp().app_id)
    assert told[2].updated_by_user_id == desk.ann.user_id


def test_a_person_may_move_a_stage_back_by_hand(desk: Desk) -> None:
    contact = desk.hands.create_contact({"email": "bo@example.com", "lifecyclestage": SQL})

    desk.hands.edit(contact, {"lifecyclestage": "lead"})

    assert desk.portal.contact(contact)["lifecyclestage"] == "lead"


def test_the_connector_moves_stages_forward_only_and_is_named_in_history(desk: Desk) -> None:
    contact = desk.hands.create_contact({"email": "bo@example.com", "lifecyclestage": MQL})
    connector = Hands(desk.portal, CONNECTOR, via="connector")

    connector.edit(contact, {"lifecyclestage": SQL})
    connector.edit(contact, {"lifecyclestage": "lead"})

    read = desk.client.crm.contacts.basic_api.get_by_id(
        contact, properties_with_history=["lifecyclestage"]
    )
    latest = read.properties_with_history["lifecyclestage"][0]
    assert (latest.value, latest.source_type) == (SQL, "SALESFORCE")


@pytest.mark.parametrize(("mode", "stage"), [(Backward.ALLOW, "lead"), (Backward.ERROR, SQL)])
def test_a_portal_can_be_told_to_allow_or_to_refuse_backward_moves(
    desk: Desk, mode: Backward, stage: str
) -> None:
    desk.portal.settings.backward = mode
    contact = desk.hands.create_contact({"email": "bo@example.com", "lifecyclestage": SQL})

    status, _ = desk.batch(
        "update", inputs=[{"id": str(contact), "properties": {"lifecyclestage": "lead"}}]
    )

    assert desk.portal.contact(contact)["lifecyclestage"] == stage
    assert status == (200 if mode is Backward.ALLOW else 400)


def test_a_won_deal_makes_its_contact_a_customer_if_the_portal_says_so(desk: Desk) -> None:
    desk.portal.settings.deal_won_makes_customer = True
    contact = desk.hands.create_contact({"email": "bo@example.com"})
    deal = desk.hands.create_deal({"dealname": "Crane", "dealstage": "contractsent"}, [contact])

    desk.hands.move_deal(deal, "closedwon")

    assert desk.portal.contact(contact)["lifecyclestage"] == "customer"
    assert desk.portal.contact(contact)["num_associated_deals"] == "1"


# -- search --------------------------------------------------------------------


def test_a_search_shows_the_portal_as_it_was_one_index_delay_ago(desk: Desk) -> None:
    contact = desk.hands.create_contact({"email": "bo@example.com", "need": "old"})
    desk.pass_time()
    changed = desk.portal.now_ms()
    desk.hands.edit(contact, {"need": "new"})

    at_once = desk.search(properties=["need"])
    at_once_since = desk.search(filterGroups=since(changed))
    desk.pass_time(5)
    later = desk.search(properties=["need"], filterGroups=since(changed))

    assert at_once.results[0].properties["need"] == "old"
    assert at_once_since.total == 0
    assert later.results[0].properties["need"] == "new"


def test_a_page_of_an_incremental_search_has_a_total_and_leads_to_the_next(desk: Desk) -> None:
    for number in range(5):
        desk.hands.create_contact({"email": f"p{number}@example.com"})
    desk.pass_time()
    body: dict[str, Any] = {
        "filterGroups": since(0),
        "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
    }

    first = desk.search(**body, limit=3)
    second = desk.search(**body, limit=3, after=first.paging.next.after)

    assert (first.total, len(first.results), len(second.results)) == (5, 3, 2)
    assert second.paging is None
    ids = [int(found.id) for found in (*first.results, *second.results)]
    assert ids == sorted(set(ids))


def test_ids_bound_a_search_so_that_it_can_go_on_past_the_cap(desk: Desk) -> None:
    made = [desk.hands.create_contact({"email": f"p{n}@example.com"}) for n in range(4)]
    desk.pass_time()
    past = {"propertyName": "hs_object_id", "operator": "GT", "value": str(made[1])}

    found = desk.search(filterGroups=[{"filters": [*since(0)[0]["filters"], past]}])

    assert [int(hit.id) for hit in found.results] == made[2:]


@pytest.mark.parametrize(
    ("name", "operator", "operand", "matches"),
    [
        ("employees", "GT", {"value": "9"}, True),
        ("employees", "BETWEEN", {"value": "60", "highValue": "9"}, False),
        ("firstname", "EQ", {"value": "BO"}, True),
        ("firstname", "IN", {"values": ["Bo"]}, False),
        ("firstname", "IN", {"values": ["bo"]}, True),
        ("lifecyclestage", "EQ", {"value": "LEAD"}, False),
        ("need", "HAS_PROPERTY", {}, False),
        ("need", "NOT_HAS_PROPERTY", {}, True),
        ("email", "CONTAINS_TOKEN", {"value": "*@example.com"}, True),
        ("createdate", "LTE", {"value": "2026-03-02T00:00:00-08:00"}, True),
        ("hs_lastmodifieddate", "GTE", {"value": "0"}, False),
    ],
)
def test_filters_compare_as_the_vendor_does(
    desk: Desk, name: str, operator: str, operand: dict[str, Any], matches: bool
) -> None:
    desk.hands.create_contact({"email": "bo@example.com", "firstname": "Bo", "employees": "50"})
    desk.pass_time()

    found = desk.search(
        filterGroups=[{"filters": [{"propertyName": name, "operator": operator, **operand}]}]
    )

    assert found.total == int(matches)


_ANY = {"propertyName": "email", "operator": "HAS_PROPERTY"}


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 201},
        {"limit": 200, "after": "9900"},
        {"after": "soon"},
        {"filterGroups": [{"filters": [_ANY]}] * 6},
        {"filterGroups": [{"filters": [_ANY] * 7}]},
        {"filterGroups": [{"filters": [_ANY] * 5}] * 4},
        {"sorts": [{"propertyName": "email"}, {"propertyName": "phone"}]},
        {"filterGroups": [{"filters": [{"propertyName": "nope", "operator": "HAS_PROPERTY"}]}]},
        {"filterGroups": [{"filters": [
            {"propertyName": "createdate", "operator": "GT", "value": "2020-11-15"}
        ]}]},
    ],
    ids=["page", "cap", "after", "groups", "filters", "in all", "sorts", "unknown", "bare date"],
)  # fmt: skip
def test_a_search_beyond_a_documented_limit_is_refused(desk: Desk, body: dict[str, Any]) -> None:
    status, _ = desk.post("/crm/v3/objects/contacts/search", body)

    assert status == 400


def test_archived_contacts_are_never_found(desk: Desk) -> None:
    contact = desk.hands.create_contact({"email": "bo@example.com"})
    desk.pass_time()

    desk.client.crm.contacts.basic_api.archive(contact)

    assert desk.search(filterGroups=since(0)).total == 0


def test_first_touches_are_found_by_association(desk: Desk) -> None:
    contact = desk.hands.create_contact({"email": "bo@example.com"})
    call = desk.hands.log_call(contact, "Intro")
    desk.pass_time()
    wanted = {"propertyName": "associations.contact", "operator": "EQ", "value": str(contact)}

    status, found = desk.post(
        "/crm/v3/objects/calls/search",
        {"filterGroups": [{"filters": [wanted]}], "sorts": ["hs_timestamp"], "limit": 1},
    )

    assert (status, found["results"][0]["id"]) == (200, str(call))
    assert desk.portal.contact(contact)["notes_last_contacted"] == "2026-03-02T08:00:00.000Z"


# -- batches -------------------------------------------------------------------


def test_history_is_read_for_fifty_at_most_with_the_vendors_words(desk: Desk) -> None:
    inputs = [{"id": str(number)} for number in range(51)]

    status, body = desk.batch("read", inputs=inputs, propertiesWithHistory=["lifecyclestage"])

    assert (status, body["message"]) == (
        400,
        "The maximum number of inputs supported in a batch request for property histories is 50. "
        "Please reduce the number of items and try again",
    )


def test_a_batch_update_answers_207_when_one_record_is_missing(desk: Desk) -> None:
    contact = desk.hands.create_contact({"email": "bo@example.com"})

    answer = desk.client.crm.contacts.batch_api.update(
        batch_input_simple_public_object_batch_input={
            "inputs": [
                {"id": str(contact), "properties": {"need": "a crane"}},
                {"id": "888", "properties": {"need": "a crane"}},
            ]
        }
    )

    assert [done.id for done in answer.results] == [str(contact)]
    assert (answer.num_errors, answer.errors[0].context) == (1, {"ids": ["888"]})


def test_one_invalid_value_refuses_the_whole_batch_and_writes_nothing(desk: Desk) -> None:
    one = desk.hands.create_contact({"email": "bo@example.com"})
    other = desk.hands.create_contact({"email": "cy@example.com"})

    status, body = desk.batch(
        "update",
        inputs=[
            {"id": str(one), "properties": {"need": "a crane"}},
            {"id": str(other), "properties": {"buying_role": "boss"}},
        ],
    )

    assert (status, body["category"]) == (400, "VALIDATION_ERROR")
    assert "need" not in desk.portal.contact(one)


def test_traced_creates_fail_one_by_one_and_untraced_ones_together(desk: Desk) -> None:
    existing = desk.hands.create_contact({"email": "bo@example.com"})
    inputs = [
        {"properties": {"email": "cy@example.com"}},
        {"properties": {"email": "bo@example.com"}},
    ]
    traced = [{**given, "objectWriteTraceId": str(n)} for n, given in enumerate(inputs)]

    together, _ = desk.batch("create", inputs=inputs)
    one_by_one, body = desk.batch("create", inputs=traced)

    assert (together, one_by_one) == (409, 207)
    assert body["errors"][0]["context"] == {
        "objectWriteTraceId": ["1"],
        "existingId": [str(existing)],
    }


def test_an_upsert_by_email_says_which_records_are_new(desk: Desk) -> None:
    desk.hands.create_contact({"email": "bo@example.com"})

    _, body = desk.batch(
        "upsert",
        inputs=[
            {"id": email, "idProperty": "email", "properties": {"need": "a crane"}}
            for email in ("bo@example.com", "cy@example.com")
        ],
    )

    assert [done["new"] for done in body["results"]] == [False, True]


# -- merged, archived, erased --------------------------------------------------


def test_a_merged_contacts_old_id_works_alone_but_not_in_a_batch(desk: Desk) -> None:
    winner = desk.hands.create_contact({"email": "bo@example.com"})
    loser = desk.hands.create_contact({"email": "bob@example.com", "need": "a crane"})

    desk.hands.merge(winner, loser)

    read = desk.client.crm.contacts.basic_api.get_by_id(loser, properties=["need"])
    status, _ = desk.batch("update", inputs=[{"id": str(loser), "properties": {}}])
    assert (read.id, read.properties["need"]) == (str(winner), "a crane")
    assert status == 207
    assert desk.portal.contact_by_email("bob@example.com") == winner


def test_a_merge_may_leave_a_third_id(desk: Desk) -> None:
    desk.portal.settings.merge_makes_new_record = True
    winner = desk.hands.create_contact({"email": "bo@example.com", "lifecyclestage": MQL})
    loser = desk.hands.create_contact({"email": "bob@example.com", "lifecyclestage": SQL})

    heir = desk.hands.merge(winner, loser)

    assert heir not in (winner, loser)
    assert desk.portal.contact(winner)["hs_merged_object_ids"] == f"{winner};{loser}"
    assert desk.portal.contact(loser)["lifecyclestage"] == SQL


def test_an_archived_contact_is_gone_until_asked_for_as_archived(desk: Desk) -> None:
    contact = desk.hands.create_contact({"email": "bo@example.com"})
    desk.hands.archive(contact)
    api = desk.client.crm.contacts.basic_api

    with pytest.raises(contacts.ApiException) as error:
        api.get_by_id(contact)

    assert refusal(error)["category"] == "OBJECT_NOT_FOUND"
    assert api.get_by_id(contact, archived=True).archived


def test_archived_contacts_are_listed_and_batch_read_apart_from_the_live_ones(desk: Desk) -> None:
    gone = desk.hands.create_contact({"email": "bo@example.com"})
    desk.hands.create_contact({"email": "cy@example.com"})
    desk.hands.archive(gone)

    page = desk.client.crm.contacts.basic_api.get_page(archived=True)
    batch = desk.client.crm.contacts.batch_api.read(
        batch_read_input_simple_public_object_id={"inputs": [{"id": str(gone)}]}, archived=True
    )

    assert [found.id for found in page.results] == [str(gone)]
    assert [found.id for found in batch.results] == [str(gone)]


def test_an_erased_contact_leaves_nothing_to_read(desk: Desk) -> None:
    contact = desk.hands.create_contact({"email": "bo@example.com"})

    status, _ = desk.post(
        "/crm/v3/objects/contacts/gdpr-delete",
        {"objectId": "bo@example.com", "idProperty": "email"},
    )

    assert status == 204
    assert contact not in desk.portal.tables[CONTACT].records


def test_an_erased_contact_takes_along_what_was_merged_into_it(desk: Desk) -> None:
    made = [desk.hands.create_contact({"email": f"{name}@example.com"}) for name in ("bo", "bob")]
    desk.hands.merge(*made)

    desk.hands.gdpr_delete(made[0])

    page = desk.client.crm.contacts.basic_api.get_page(archived=True)
    assert page.results == []


# -- notes and associations ----------------------------------------------------


def test_a_note_is_found_through_its_contact(desk: Desk) -> None:
    contact = desk.hands.create_contact({"email": "bo@example.com"})
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 202}]

    note = desk.client.crm.objects.notes.basic_api.create(
        simple_public_object_input_for_create={
            "properties": {"hs_timestamp": "2026-03-02T08:00:00Z", "hs_note_body": "moved back"},
            "associations": [{"to": {"id": str(contact)}, "types": types}],
        }
    )

    page = desk.client.crm.associations.v4.batch_api.get_page(
        "contacts", "notes", batch_input_public_fetch_associations_batch_request={
            "inputs": [{"id": str(contact)}]
        },
    )  # fmt: skip
    assert [link.to_object_id for link in page.results[0].to] == [note.id]
    assert desk.portal.contact(contact)["num_notes"] == "1"


def test_a_note_without_its_time_is_refused(desk: Desk) -> None:
    status, body = desk.post("/crm/v3/objects/notes", {"properties": {"hs_note_body": "x"}})

    assert (status, body["context"]) == (400, {"properties": ["hs_timestamp"]})


def test_a_lead_needs_a_contact(desk: Desk) -> None:
    status, _ = desk.post("/crm/v3/objects/leads", {"properties": {"hs_lead_name": "Crane"}})

    assert status == 400


def test_a_body_that_is_no_json_is_refused(desk: Desk) -> None:
    answer = desk.client.api_request(
        {
            "method": "POST",
            "path": "/crm/v3/objects/contacts",
            "body": "{",
            "defaultJson": False,
        }
    )

    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


def test_a_contacts_first_company_becomes_its_primary_one(desk: Desk) -> None:
    contact = desk.hands.create_contact({"email": "bo@example.com"})
    company = desk.hands.create_company({"name": "Acme"}, [contact])

    page = desk.client.crm.associations.v4.basic_api.get_page("contacts", contact, "companies")

    assert page.results[0].to_object_id == str(company)
    assert [label.type_id for label in page.results[0].association_types] == [1, 279]


# -- the account ---------------------------------------------------------------


def test_owners_have_two_numbers_and_lose_one_when_they_leave(desk: Desk) -> None:
    desk.portal.owners.archive(desk.ann.id, at=desk.portal.now_ms())

    page = desk.client.crm.owners.owners_api.get_page(archived=True)

    assert page.results[0].id == str(desk.ann.id)
    assert page.results[0].user_id is None
    assert page.results[0].user_id_including_inactive == desk.ann.user_id


def test_a_property_can_be_missing_and_is_then_a_404(desk: Desk) -> None:
    desk.portal.undefine("salesforceleadid")

    with pytest.raises(properties.ApiException) as error:
        desk.client.crm.properties.core_api.get_by_name("contacts", "salesforceleadid")

    assert refusal(error)["category"] == "OBJECT_NOT_FOUND"


def test_only_static_lists_take_members(desk: Desk) -> None:
    contact = desk.hands.create_contact({"email": "bo@example.com"})
    nurture = desk.portal.add_list("Nurture")
    dynamic = desk.portal.add_list("Everyone", processing="DYNAMIC")
    api = desk.client.crm.lists.memberships_api

    added = api.add(nurture.id, request_body=[str(contact), "888"])
    with pytest.raises(lists.ApiException) as error:
        api.add(dynamic.id, request_body=[str(contact)])

    assert (added.records_ids_added, added.record_ids_missing) == ([str(contact)], ["888"])
    assert refusal(error)["category"] == "VALIDATION_ERROR"


def test_a_token_tells_its_portal_its_app_and_its_scopes(desk: Desk) -> None:
    status, body = desk.post(
        "/oauth/v2/private-apps/get/access-token-info", {"tokenKey": DEFAULT_TOKEN}
    )

    assert status == 200
    assert body["hubId"] == desk.portal.settings.portal_id
    assert body["appId"] == PrivateApp().app_id
    assert "crm.objects.contacts.write" in body["scopes"]


def test_a_revoked_token_is_a_401(desk: Desk) -> None:
    desk.portal.apps.revoke(DEFAULT_TOKEN)

    status, body = desk.batch("read", inputs=[])

    assert (status, body["category"]) == (401, "INVALID_AUTHENTICATION")


def test_a_token_without_the_scope_is_a_403_naming_it(desk: Desk) -> None:
    desk.portal.apps.install(DEFAULT_TOKEN, PrivateApp(scopes=("crm.objects.contacts.read",)))

    reading, _ = desk.batch("read", inputs=[])
    writing, body = desk.batch("update", inputs=[])

    assert (reading, writing) == (200, 403)
    assert body["context"]["requiredGranularScopes"] == ["crm.objects.contacts.write"]


def test_both_spellings_of_a_path_lead_to_the_same_record(desk: Desk) -> None:
    contact = desk.hands.create_contact({"email": "bo@example.com"})

    answers = [
        desk.client.api_request({"path": f"{prefix}/contacts/{contact}"}).json()
        for prefix in ("/crm/v3/objects", "/crm/objects/2026-09")
    ]

    assert answers[0] == answers[1]


# -- limits --------------------------------------------------------------------


def test_the_sixth_search_of_a_second_is_refused_and_the_next_second_is_free(desk: Desk) -> None:
    statuses = [desk.post("/crm/v3/objects/contacts/search", {})[0] for _ in range(6)]
    desk.pass_time(1)
    later, _ = desk.post("/crm/v3/objects/contacts/search", {})

    assert statuses == [200] * 5 + [429]
    assert later == 200


@pytest.mark.parametrize("named", [True, False])
def test_a_burst_beyond_the_limit_is_refused_in_either_wording(desk: Desk, named: bool) -> None:
    desk.portal.limits.burst = 2
    desk.portal.limits.named_policy = named

    *_, (status, body) = [desk.batch("read", inputs=[]) for _ in range(3)]

    assert status == 429
    assert body["message"] == "You have reached your ten_secondly_rolling limit."
    assert body.get("policyName") == ("TEN_SECONDLY_ROLLING" if named else None)


def test_the_day_ends_at_midnight_of_the_account_and_usage_tells_so(desk: Desk) -> None:
    desk.portal.limits.daily = 2
    statuses = [desk.batch("read", inputs=[])[0] for _ in range(3)]
    desk.world.advance_to(desk.world.now().replace(hour=5) + timedelta(days=1))

    answer = desk.client.api_request({"path": "/account-info/v3/api-usage/daily/private-apps"})

    assert statuses == [200, 200, 429]
    told = answer.json()["results"][0]
    assert (told["currentUsage"], told["usageLimit"]) == (1, 2)
    assert told["resetsAt"] == "2026-03-04T05:00:00.000Z"


def test_headers_tell_what_is_left_except_on_search(desk: Desk) -> None:
    read = desk.client.api_request({"path": "/crm/v3/objects/contacts"})
    search = desk.client.api_request(
        {"method": "POST", "path": "/crm/v3/objects/contacts/search", "body": {}}
    )

    assert read.headers["X-HubSpot-RateLimit-Remaining"] == "189"
    assert "X-HubSpot-RateLimit-Remaining" not in search.headers


# -- the journal ---------------------------------------------------------------


def test_the_journal_names_the_actor_the_value_before_and_the_value_after(desk: Desk) -> None:
    contact = desk.hands.create_contact({"email": "bo@example.com"})
    workflow = Actor(kind=ActorKind.AUTOMATION, id="17", name="Promote everyone")

    Hands(desk.portal, workflow, via="workflow").edit(contact, {"lifecyclestage": SQL})

    entry = desk.world.journal.of(System.HUBSPOT, str(contact), "lifecyclestage")[-1]
    assert (entry.before, entry.after, entry.actor) == ("lead", SQL, workflow)
    assert to_ms(entry.at) == desk.portal.now_ms()
