"""Lists and campaigns, one suite for every Target: the fake, and the real adapters over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from fakes import FakeCrm, Time
from portals import Contacts, Org, a_portal, an_org

from syncd.domain.action import Enlist, Refused, Vanished, WriteOutcome, Written
from syncd.domain.names import ActionKey, LeadId, RecordId, System
from syncd.errors import TransientError
from syncd.sandbox.salesforce.convert import convert_lead
from syncd.sandbox.world import World


@dataclass(slots=True)
class Faked:
    """The fake as these tests need it."""

    crm: FakeCrm = field(default_factory=lambda: FakeCrm(System.HUBSPOT, Time()))
    KIND = "contact"

    def person(self, email: str) -> RecordId:
        return self.crm.add(email)

    def delete(self, record_id: RecordId) -> None:
        self.crm.delete(record_id)

    def new_list(self) -> str:
        self.crm.lists["nurture"] = set()
        return "nurture"

    def members(self, list_id: str) -> list[str]:
        return sorted(self.crm.lists[list_id])


Place = Faked | Org | Contacts


@pytest.fixture(params=["fake", "salesforce", "hubspot"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    world = World()
    world.hubspot.limits.enabled = False
    if request.param == "fake":
        yield Faked()
        return
    with an_org(world) if request.param == "salesforce" else a_portal(world) as made:
        yield made


@pytest.fixture(params=["fake", "hubspot"])
def listing(request: pytest.FixtureRequest) -> Iterator[Faked | Contacts]:
    """Where there are lists, which people can be taken off."""
    if request.param == "fake":
        yield Faked()
        return
    world = World()
    world.hubspot.limits.enabled = False
    with a_portal(world) as made:
        yield made


def wish(place: Place, record: str, list_id: str, *, leave: bool = False) -> Enlist:
    return Enlist(
        key=ActionKey(f"{'delist' if leave else 'enlist'}:{record}"),
        lead_id=LeadId("ld_1"),
        system=place.crm.system,
        record_id=RecordId(record),
        record_kind=place.KIND,
        list_id=list_id,
        leave=leave,
    )


def outcomes(place: Place, *wishes: Enlist) -> list[WriteOutcome]:
    told = place.crm.enlist(wishes)
    return [told[x.key] for x in wishes]


def test_people_are_put_on_a_list(place: Place) -> None:
    nurture, jo, al = place.new_list(), place.person("jo@x.example"), place.person("al@x.example")

    told = outcomes(place, wish(place, jo, nurture), wish(place, al, nurture))

    assert told == [Written(), Written()]
    assert place.members(nurture) == sorted([jo, al])


def test_who_is_there_already_stays_and_it_is_no_error(place: Place) -> None:
    nurture, jo, al = place.new_list(), place.person("jo@x.example"), place.person("al@x.example")
    outcomes(place, wish(place, jo, nurture))

    told = outcomes(place, wish(place, jo, nurture), wish(place, al, nurture))

    assert told == [Written(), Written()]
    assert place.members(nurture) == sorted([jo, al])


def test_people_are_taken_off_again_and_who_was_not_there_is_no_error(
    listing: Faked | Contacts,
) -> None:
    nurture, jo, al = (
        listing.new_list(),
        listing.person("jo@x.example"),
        listing.person("al@x.example"),
    )
    outcomes(listing, wish(listing, jo, nurture))

    told = outcomes(
        listing, wish(listing, jo, nurture, leave=True), wish(listing, al, nurture, leave=True)
    )

    assert told == [Written(), Written()]
    assert listing.members(nurture) == []


def test_who_was_taken_off_can_be_put_on_again(listing: Faked | Contacts) -> None:
    nurture, jo = listing.new_list(), listing.person("jo@x.example")
    outcomes(listing, wish(listing, jo, nurture))
    outcomes(listing, wish(listing, jo, nurture, leave=True))

    told = outcomes(listing, wish(listing, jo, nurture))

    assert told == [Written()]
    assert listing.members(nurture) == [jo]


def test_nobody_is_taken_out_of_a_campaign_for_its_members_are_records() -> None:
    with an_org(World()) as org:
        nurture, jo = org.new_list(), org.person("jo@x.example")
        outcomes(org, wish(org, jo, nurture))

        (told,) = outcomes(org, wish(org, jo, nurture, leave=True))

        assert isinstance(told, Refused)
        assert org.members(nurture) == [jo]


def test_two_wishes_for_the_same_are_both_fulfilled(place: Place) -> None:
    nurture, jo = place.new_list(), place.person("jo@x.example")
    again = replace(wish(place, jo, nurture), key=ActionKey("enlist:again"))

    told = outcomes(place, wish(place, jo, nurture), again)

    assert told == [Written(), Written()]
    assert place.members(nurture) == [jo]


def test_a_list_that_does_not_exist_is_refused_and_stops_no_other(place: Place) -> None:
    nurture, jo, al = place.new_list(), place.person("jo@x.example"), place.person("al@x.example")

    told = outcomes(place, wish(place, jo, "999"), wish(place, al, nurture))

    assert isinstance(told[0], Refused)
    assert told[1] == Written()
    assert place.members(nurture) == [al]


def test_a_deleted_person_is_on_no_list_and_stops_no_other(place: Place) -> None:
    nurture, jo, al = place.new_list(), place.person("jo@x.example"), place.person("al@x.example")
    place.delete(jo)

    told = outcomes(place, wish(place, jo, nurture), wish(place, al, nurture))

    assert isinstance(told[0], Refused | Vanished)
    assert told[1] == Written()
    assert place.members(nurture) == [al]


def test_nobody_to_put_anywhere_asks_nothing(place: Place) -> None:
    before = place.crm.usage().calls

    assert place.crm.enlist([]) == {}
    assert isinstance(place, Faked) or place.crm.usage().calls == before


@pytest.mark.parametrize("kind", [Org, Contacts])
def test_a_lost_answer_puts_nobody_there_twice(kind: type[Org | Contacts]) -> None:
    with an_org(World()) if kind is Org else a_portal(World()) as place:
        nurture, jo = place.new_list(), place.person("jo@x.example")
        place.arm(place.ENLIST, "lost_response")
        with pytest.raises(TransientError):
            place.crm.enlist([wish(place, jo, nurture)])

        told = outcomes(place, wish(place, jo, nurture))

        assert told == [Written()]
        assert place.members(nurture) == [jo]


def test_a_list_that_fills_itself_takes_nobody() -> None:
    with a_portal(World()) as portal:
        active = portal.world.hubspot.add_list("Engaged", processing="DYNAMIC")
        jo = portal.person("jo@x.example")

        (told,) = outcomes(portal, wish(portal, jo, str(active.id)))

        assert isinstance(told, Refused)
        assert "Only a static list" in told.reason


def test_a_converted_lead_is_in_the_campaign_as_the_contact_it_became() -> None:
    with an_org(World()) as org:
        nurture, lead = org.new_list(), org.person("jo@x.example")
        contact = convert_lead(org.world.salesforce, lead, org.rep).contact_id
        as_contact = replace(wish(org, contact, nurture), record_kind="Contact")

        told = org.crm.enlist([as_contact])

        assert told == {as_contact.key: Written()}
        assert org.members(nurture) == [contact]
