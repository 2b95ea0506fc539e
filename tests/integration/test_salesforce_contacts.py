"""The Salesforce adapter against the sandbox org over HTTP: leads that became contacts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from salesforce_box import PROPERTIES, SIDE
from world_time import WorldTime

from syncd.adapters.salesforce.adapter import Salesforce, connect_salesforce
from syncd.adapters.salesforce.connection import ClientCredentials, SalesforceConnection
from syncd.domain.action import RecordWrite, Written
from syncd.domain.names import RecordId
from syncd.domain.record import Record
from syncd.sandbox.front import serve_front
from syncd.sandbox.journal import Actor
from syncd.sandbox.journal import System as Front
from syncd.sandbox.salesforce import rest
from syncd.sandbox.salesforce.convert import convert_lead
from syncd.sandbox.salesforce.merge import merge_contacts
from syncd.sandbox.world import World

CONTACTS = (
    "ConvertedContact.Title",
    "ConvertedContact.Nickname__c",
    "ConvertedContact.Account.Name",
)
SECOND = timedelta(seconds=1)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def salesforce(world: World) -> Iterator[Salesforce]:
    front = serve_front(rest.app(world), world, Front.SALESFORCE)
    yield connect_salesforce(
        SalesforceConnection(
            domain="login",
            auth=ClientCredentials(client_id="syncd", client_secret="s3cret"),
            base_url=front.url,
        ),
        side=replace(SIDE, converted_kind="Contact", converted_path="ConvertedContact"),
        properties=(*PROPERTIES, *CONTACTS),
        clock=WorldTime(world),
    )
    front.stop()


@pytest.fixture
def rep(world: World) -> Actor:
    return world.salesforce.add_user("Rita Rep", "rita@acme.example")


def new_lead(world: World, rep: Actor, name: str = "Ada") -> RecordId:
    values = {"LastName": name, "Company": "Acme", "Email": f"{name}@x.example", "Title": "CFO"}
    return RecordId(world.salesforce.create_lead(values, rep))


def new_contact(world: World, rep: Actor, name: str = "Ada") -> tuple[RecordId, RecordId]:
    """A converted lead, and the contact it became."""
    lead = new_lead(world, rep, name)
    return lead, RecordId(convert_lead(world.salesforce, lead, rep).contact_id)


def polled(salesforce: Salesforce, since: datetime | None = None) -> dict[str, Record]:
    return {r.id: r for page in salesforce.poll(since) for r in page.records}


# --- reading -----------------------------------------------------------------------------


def test_a_converted_lead_arrives_as_its_contact(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    lead, contact = new_contact(world, rep)

    found = polled(salesforce)

    record = found[contact]
    assert (record.kind, record.former, record.locked) == ("Contact", (lead,), None)
    assert (found[lead].merged_into, found[lead].kind) == (contact, "Lead")


def test_a_contact_that_changed_is_found_by_its_own_stamp(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    _, contact = new_contact(world, rep)
    world.advance(timedelta(hours=1))
    world.salesforce.edit(contact, {"Title": "CEO"}, rep)

    record = polled(salesforce, world.now())[contact]

    assert record.modified_at == world.now()
    shown = record.properties["ConvertedContact"]
    assert isinstance(shown, dict)
    assert (shown["Title"], shown["Account"]["Name"]) == ("CEO", "Acme")


def test_a_read_of_a_few_properties_shows_these_and_what_became_of_the_lead(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    lead, contact = new_contact(world, rep)
    other = new_lead(world, rep, "Bea")
    whole = salesforce.read([lead, other])

    found = salesforce.read([lead, other], {"Email", "ConvertedContact.Title"})

    assert found[lead].id == contact
    assert found[other].properties["Email"] == "Bea@x.example"
    assert found[other].properties.keys() < whole[other].properties.keys()
    assert {i: replace(r, properties=whole[i].properties) for i, r in found.items()} == whole


def test_an_idle_poll_is_still_one_call(world: World, salesforce: Salesforce, rep: Actor) -> None:
    new_contact(world, rep)
    polled(salesforce)
    world.advance(timedelta(minutes=30))
    before = world.requests.count(Front.SALESFORCE)

    assert polled(salesforce, world.now()) == {}

    assert world.requests.count(Front.SALESFORCE) == before + 1


def test_a_contact_that_was_deleted_says_so(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    lead, contact = new_contact(world, rep)
    world.salesforce.delete(contact, rep)

    found = polled(salesforce)

    assert found[contact].deleted
    assert lead not in found


def test_a_contact_the_org_hides_leaves_a_locked_lead(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    lead = new_lead(world, rep)
    convert_lead(world.salesforce, lead, rep)
    world.salesforce.remove_field("Lead", "ConvertedContactId")

    record = polled(salesforce)[lead]

    assert (record.kind, record.locked) == ("Lead", "converted")


def test_leads_and_contacts_are_read_together(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    lead, (_, contact) = new_lead(world, rep, "Grace"), new_contact(world, rep)

    found = salesforce.read([lead, contact])

    assert {i: r.kind for i, r in found.items()} == {lead: "Lead", contact: "Contact"}


def test_a_lead_converted_meanwhile_is_read_as_its_contact(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    lead, contact = new_contact(world, rep)

    assert salesforce.read([lead])[lead].id == contact


def test_two_leads_that_became_one_contact_are_one_record(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    first, contact = new_contact(world, rep)
    second = new_lead(world, rep, "Grace")
    world.advance(SECOND)
    convert_lead(world.salesforce, second, rep, contact_id=contact)

    record = salesforce.read([contact])[contact]

    assert record.former == tuple(sorted((first, second)))
    assert record.properties["Id"] == second
    assert polled(salesforce)[contact].former == record.former


def test_a_merge_of_contacts_hands_the_lead_on(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    (lead, loser), (_, winner) = new_contact(world, rep), new_contact(world, rep, "Grace")

    merge_contacts(world.salesforce, winner, [loser], rep)

    found = salesforce.read([loser, winner])
    assert set(found) == {winner}
    assert lead in found[winner].former


def test_what_a_rep_did_with_the_contact_counts(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    _, contact = new_contact(world, rep)
    world.salesforce.log_call(contact, "Called", rep)

    found = salesforce.done_with([contact], world.now())

    assert [a.record_id for a in found] == [contact]


# --- history -----------------------------------------------------------------------------


def test_a_contact_has_the_history_of_the_lead_it_was(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    start = world.now()
    lead = new_lead(world, rep)
    world.salesforce.edit(lead, {"Status": "Working"}, rep)
    contact = RecordId(convert_lead(world.salesforce, lead, rep).contact_id)

    found = salesforce.history([contact], start)

    assert [(c.name, c.value) for c in found[contact]] == [
        ("Status", "Working"),
        ("Status", "Converted"),
        ("IsConverted", "true"),
    ]


def test_of_two_leads_the_one_changed_last_tells_the_history(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    start = world.now()
    _, contact = new_contact(world, rep)
    second = new_lead(world, rep, "Grace")
    world.salesforce.edit(second, {"Status": "Working"}, rep)
    world.advance(SECOND)
    convert_lead(world.salesforce, second, rep, contact_id=contact)

    found = salesforce.history([contact], start, ["Status"])

    assert [c.value for c in found[contact]] == ["Working", "Converted"]


def test_the_history_of_other_properties_is_asked_by_name(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    start, lead = world.now(), new_lead(world, rep)
    world.salesforce.edit(lead, {"Status": "Working", "OwnerId": rep.id}, rep)

    assert salesforce.history([lead], start, ["Title", "ConvertedContact.Title"]) == {}


# --- writing -----------------------------------------------------------------------------


def test_the_contacts_fields_are_described_as_the_contact_has_them(
    salesforce: Salesforce,
) -> None:
    schema = salesforce.schema()

    title = schema["ConvertedContact.Title"]
    assert (title.name, title.writable, title.max_length) == ("Title", True, 128)
    assert not schema["ConvertedContact.Account.Name"].writable
    assert "ConvertedContact.Nickname__c" not in schema


def test_leads_and_contacts_are_written_in_one_collection(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    found = [new_contact(world, rep, f"C{n}")[1] for n in range(12)]
    leads = [new_lead(world, rep, f"L{n}") for n in range(12)]
    kinds = {**dict.fromkeys(found, "Contact"), **dict.fromkeys(leads, "Lead")}
    mixed = [i for pair in zip(found, leads, strict=True) for i in pair]
    writes = [
        RecordWrite(record_id=i, record_kind=kinds[i], properties={"Title": "CEO"}) for i in mixed
    ]
    before = world.requests.count(Front.SALESFORCE)

    outcomes = salesforce.update(writes)

    assert set(outcomes) == set(mixed)
    assert all(isinstance(x, Written) for x in outcomes.values())
    assert {world.salesforce.record(i)["Title"] for i in mixed} == {"CEO"}
    assert world.requests.count(Front.SALESFORCE) <= before + 2
