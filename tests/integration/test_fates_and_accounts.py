"""What became of records, and which account answers: both adapters over HTTP."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from salesforce_box import connected
from world_time import WorldTime

from syncd.adapters.hubspot.connection import ContactView, HubSpotConnection
from syncd.adapters.hubspot.crm import connect_hubspot
from syncd.domain.names import RecordId
from syncd.domain.record import Fate
from syncd.errors import SyncdError, TransientError
from syncd.ports import Crm
from syncd.sandbox.faults import Fault
from syncd.sandbox.front import serve_front
from syncd.sandbox.hubspot import rest as hubspot_rest
from syncd.sandbox.hubspot.apps import DEFAULT_TOKEN
from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.journal import Actor, System
from syncd.sandbox.salesforce import rest as salesforce_rest
from syncd.sandbox.salesforce.convert import convert_lead
from syncd.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Site:
    """A CRM and a person in it: what they can do to a record, in either vendor's way."""

    crm: Crm
    world: World
    front: System
    add: Callable[[str], str]
    bin: Callable[[str], None]
    bring_back: Callable[[str], None]
    erase: Callable[[str], None]

    def fate(self, record: str) -> Fate:
        return self.crm.fates([RecordId(record)])[RecordId(record)]

    def arm(self, **fault: Any) -> None:
        spec = {"match": "batch/read|composite", **fault}
        self.world.faults[self.front].arm(Fault.from_json(spec))


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def rep(world: World) -> Actor:
    return world.salesforce.add_user("Rita Rep", "rita@acme.example")


@pytest.fixture
def hubspot(world: World) -> Iterator[Site]:
    running = serve_front(hubspot_rest.app(world), world, System.HUBSPOT)
    hands = Hands(world.hubspot, world.hubspot.hire("ann@acme.example", "Ann", "Lee").actor)
    crm = connect_hubspot(
        HubSpotConnection(access_token=DEFAULT_TOKEN, base_url=running.url),
        view=ContactView(kind="contact", properties=("email",), stage_properties=()),
        clock=WorldTime(world),
    )
    yield Site(
        crm=crm,
        world=world,
        front=System.HUBSPOT,
        add=lambda email: str(hands.create_contact({"email": email})),
        bin=lambda record: hands.archive(int(record)),
        bring_back=lambda record: hands.restore(int(record)),
        erase=lambda record: hands.gdpr_delete(int(record)),
    )
    running.stop()


@pytest.fixture
def salesforce(world: World, rep: Actor) -> Iterator[Site]:
    running = serve_front(salesforce_rest.app(world), world, System.SALESFORCE)
    org = world.salesforce

    def add(email: str) -> str:
        return org.create_lead({"LastName": "Doe", "Company": "Acme", "Email": email}, rep)

    def erase(record: str) -> None:
        org.delete(record, rep)
        org.purge(record)

    yield Site(
        crm=connected(world, running.url),
        world=world,
        front=System.SALESFORCE,
        add=add,
        bin=lambda record: org.delete(record, rep),
        bring_back=lambda record: org.undelete(record, rep),
        erase=erase,
    )
    running.stop()


@pytest.fixture(params=["hubspot", "salesforce"])
def site(request: pytest.FixtureRequest) -> Site:
    found: Site = request.getfixturevalue(request.param)
    return found


def test_a_living_a_binned_and_an_erased_record_are_told_apart(site: Site) -> None:
    living, binned, erased = (site.add(f"p{n}@acme.example") for n in range(3))
    site.bin(binned)
    site.erase(erased)

    fates = site.crm.fates([RecordId(x) for x in (living, binned, erased)])

    assert fates == {living: Fate.LIVING, binned: Fate.BINNED, erased: Fate.ERASED}


def test_a_contact_merged_away_lives_on_though_no_list_shows_it(hubspot: Site) -> None:
    winner, loser = hubspot.add("w@acme.example"), hubspot.add("l@acme.example")
    portal = hubspot.world.hubspot
    hands = Hands(portal, portal.hire("bo@acme.example", "Bo", "Lee").actor)
    hands.merge(int(winner), int(loser))
    nobody = {"status": "COMPLETE", "results": []}
    hubspot.arm(kind="status", status=200, body=nobody, times=2)

    assert hubspot.fate(loser) is Fate.LIVING


def test_a_record_brought_back_lives_again(site: Site) -> None:
    record = site.add("p@acme.example")
    site.bin(record)
    site.bring_back(record)

    assert site.fate(record) is Fate.LIVING


def test_more_records_than_one_call_takes_are_all_told(site: Site) -> None:
    records = [site.add(f"p{n}@acme.example") for n in range(120)]
    for record in records[::2]:
        site.erase(record)

    fates = site.crm.fates([RecordId(x) for x in records])

    assert [fates[RecordId(x)] for x in records] == [Fate.ERASED, Fate.LIVING] * 60


def test_nobody_is_asked_about_nothing(site: Site) -> None:
    before = site.world.requests.count(site.front)

    assert site.crm.fates([]) == {}
    assert site.world.requests.count(site.front) == before


def test_a_crm_that_is_not_well_tells_no_fate(site: Site) -> None:
    record = site.add("p@acme.example")
    site.arm(kind="status", status=403, body={"message": "no"}, times=None)

    with pytest.raises(SyncdError):
        site.fate(record)


def test_a_contact_missing_for_another_reason_than_that_it_is_gone_is_not_erased(
    hubspot: Site,
) -> None:
    record = hubspot.add("p@acme.example")
    trouble = {"category": "INTERNAL", "message": "try again", "context": {"ids": [record]}}
    body = {"status": "COMPLETE", "results": [], "numErrors": 1, "errors": [trouble]}
    hubspot.arm(kind="status", status=207, body=body, times=None)

    with pytest.raises(TransientError):
        hubspot.fate(record)


def test_the_contact_of_a_converted_lead_has_a_fate_of_its_own(
    salesforce: Site, rep: Actor
) -> None:
    lead = salesforce.add("p@acme.example")
    contact = convert_lead(salesforce.world.salesforce, lead, rep).contact_id
    salesforce.erase(contact)

    fates = salesforce.crm.fates([RecordId(lead), RecordId(contact)])

    assert fates == {lead: Fate.LIVING, contact: Fate.ERASED}


def test_an_id_of_an_unknown_kind_is_not_taken_for_erased(salesforce: Site) -> None:
    assert salesforce.fate("006000000000001AAA") is Fate.LIVING


def test_both_crms_say_which_account_they_are(hubspot: Site, salesforce: Site) -> None:
    accounts = (hubspot.crm.account(), salesforce.crm.account())

    assert accounts == (
        str(hubspot.world.hubspot.settings.portal_id),
        salesforce.world.salesforce.id,
    )
