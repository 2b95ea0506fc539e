"""Recycled people join the nurture list and the campaign over HTTP, whatever befalls the calls."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from box import HOUR, Box, Person, box

from syncd.domain.names import System
from syncd.sandbox.faults import Kind
from syncd.sandbox.journal import System as Front
from syncd.sandbox.salesforce.ids import with_checksum

CAMPAIGN, LIST_ID = with_checksum("701bx0000000001"), 1
LISTED = {"most_cycles: 3": f'most_cycles: 3\n  nurture_list: "{LIST_ID}"\n  campaign: {CAMPAIGN}'}
RECYCLED = ("Nurture", "lead", "BAD_TIMING")
FRONTS = {System.SALESFORCE: Front.SALESFORCE, System.HUBSPOT: Front.HUBSPOT}
CALLS = {
    System.HUBSPOT: "PUT .*/lists/.*/memberships/",
    System.SALESFORCE: "POST .*/composite/sobjects$",
}


@contextmanager
def listed(home: Path) -> Iterator[Box]:
    """A box whose policy names a list and a campaign, both there."""
    with box(home, changes=LISTED) as b:
        assert b.world.hubspot.add_list("Nurture").id == LIST_ID
        assert b.world.salesforce.create("Campaign", {"Name": "Nurture"}, b.rep) == CAMPAIGN
        yield b


def expire(b: Box, person: Person) -> None:
    """Nobody acts until it is recycled."""
    b.cycles(8, HOUR)
    assert b.lead(person)["Status"] == "Nurture"


def on_lists(b: Box, person: Person) -> tuple[int, bool]:
    """How often it is in the campaign, and whether it is on the list."""
    rows = b.world.salesforce.rows("CampaignMember")
    members = [x for x in rows if x.get("LeadId") == person.sf and not x["IsDeleted"]]
    return len(members), person.hs in b.world.hubspot.lists[LIST_ID].members


def test_who_is_recycled_hears_from_marketing_again(tmp_path: Path) -> None:
    with listed(tmp_path) as b:
        person = b.offered("ann")

        expire(b, person)

        assert on_lists(b, person) == (1, True)
        assert b.told("given-up") == []


def test_who_is_not_recycled_is_put_nowhere(tmp_path: Path) -> None:
    with listed(tmp_path) as b:
        person = b.offered("ann")
        b.rep_sets(person, Status="Working")

        b.cycles(8, HOUR)

        assert on_lists(b, person) == (0, False)


@pytest.mark.parametrize("system", System)
@pytest.mark.parametrize("kind", [Kind.LOST_RESPONSE, Kind.STATUS])
def test_a_lost_or_failed_call_is_made_good_and_doubles_nothing(
    system: System, kind: Kind, tmp_path: Path
) -> None:
    with listed(tmp_path) as b:
        person = b.offered("ann")
        b.arm(system, CALLS[system], kind, times=1, status=503)

        expire(b, person)
        b.cycles(4, HOUR)

        assert b.world.faults[FRONTS[system]].armed() == []
        assert on_lists(b, person) == (1, True)
        assert b.told("given-up") == []


def test_who_was_in_the_campaign_already_stays_there_once(tmp_path: Path) -> None:
    with listed(tmp_path) as b:
        person = b.offered("ann")
        member = {"CampaignId": CAMPAIGN, "LeadId": person.sf}
        b.world.salesforce.create("CampaignMember", member, b.rep)

        expire(b, person)

        assert on_lists(b, person) == (1, True)
        assert b.told("given-up") == []


def test_a_list_somebody_deleted_is_told_and_holds_nothing_up(tmp_path: Path) -> None:
    with listed(tmp_path) as b:
        person = b.offered("ann")
        del b.world.hubspot.lists[LIST_ID]

        expire(b, person)
        b.cycles(4, timedelta(minutes=5))

        assert len(b.told("given-up")) == 1
        assert b.stages(person) == RECYCLED
