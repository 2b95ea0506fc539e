"""The native connector of the sandbox: what it mirrors, when, and as whom."""

from datetime import timedelta
from typing import Any

import pytest

from syncd.sandbox.connector import DEMO_FIELDS, Mirrored, connect
from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.hubspot.kinds import CONTACT
from syncd.sandbox.journal import Actor, System
from syncd.sandbox.salesforce.convert import convert_lead
from syncd.sandbox.world import World

MINUTE = timedelta(minutes=1)
STATUS = Mirrored(
    salesforce="Status",
    hubspot="lifecyclestage",
    values={"Open": "lead", "Sales Qualified": "salesqualifiedlead"},
)


class Place:
    """A world with the connector in it, a rep, a marketer, and one person in both CRMs."""

    def __init__(self) -> None:
        self.world = World()
        self.rep: Actor = self.world.salesforce.add_user("Rita Rep", "rita@example.com")
        owner = self.world.hubspot.hire("mark@example.com", "Mark", "Keter")
        self.marketer = Hands(self.world.hubspot, owner.actor)
        connect(self.world, (*DEMO_FIELDS, STATUS), delay=5 * MINUTE)
        self.hs = self.marketer.create_contact({"email": "ann@acme.example"})
        lead = {"LastName": "Lee", "Company": "Acme", "Email": "ann@acme.example"}
        self.sf = self.world.salesforce.create_lead(lead, self.rep)
        self.world.advance(6 * MINUTE)

    def rep_sets(self, **values: Any) -> None:
        self.world.salesforce.edit(self.sf, values, self.rep)

    def lead(self, name: str) -> Any:
        return self.world.salesforce.record(self.sf).get(name)

    def contact(self, name: str) -> str:
        return self.world.hubspot.contact(self.hs).get(name, "")

    def changes(self, system: System, record: str, name: str) -> int:
        return len(self.world.journal.of(system, record, name))


@pytest.fixture
def place() -> Place:
    return Place()


def test_a_lead_and_a_contact_of_one_address_are_joined_by_the_leads_id(place: Place) -> None:
    assert place.contact("salesforceleadid") == place.sf
    assert place.contact("salesforcelastsynctime") != ""


def test_a_value_set_in_salesforce_arrives_after_a_while_and_not_before(place: Place) -> None:
    place.rep_sets(Title="CTO")
    place.world.advance(4 * MINUTE)
    early = place.contact("jobtitle")
    place.world.advance(2 * MINUTE)

    assert (early, place.contact("jobtitle")) == ("", "CTO")


def test_its_writes_stand_in_hubspots_history_as_the_connectors(place: Place) -> None:
    place.rep_sets(Title="CTO")
    place.world.advance(6 * MINUTE)

    origin = place.world.hubspot.find(CONTACT, place.hs).versions[-1].origin
    assert origin.via == "connector"


def test_a_value_set_in_hubspot_arrives_in_salesforce(place: Place) -> None:
    place.marketer.edit(place.hs, {"phone": "+1 555 0100"})
    place.world.advance(6 * MINUTE)

    assert place.lead("Phone") == "+1 555 0100"


def test_what_it_wrote_it_does_not_send_back(place: Place) -> None:
    place.rep_sets(Title="CTO")
    place.world.advance(60 * MINUTE)

    assert place.changes(System.SALESFORCE, place.sf, "Title") == 1
    assert place.changes(System.HUBSPOT, str(place.hs), "jobtitle") == 1


def test_a_picklist_is_spelled_as_the_other_side_has_it(place: Place) -> None:
    place.rep_sets(Status="Sales Qualified")
    place.world.advance(6 * MINUTE)

    assert place.contact("lifecyclestage") == "salesqualifiedlead"


def test_a_value_without_a_spelling_stays_where_it_is(place: Place) -> None:
    place.rep_sets(Status="Working")
    place.world.advance(6 * MINUTE)

    assert place.contact("lifecyclestage") == "lead"


def test_what_the_other_side_refuses_is_dropped_in_silence(place: Place) -> None:
    place.marketer.edit(place.hs, {"jobtitle": "x" * 500})
    place.world.advance(6 * MINUTE)

    assert place.lead("Title") is None


def test_a_converted_lead_leaves_its_contacts_id(place: Place) -> None:
    convert_lead(place.world.salesforce, place.sf, place.rep)
    place.world.advance(6 * MINUTE)

    assert place.contact("salesforcecontactid") == place.lead("ConvertedContactId")
