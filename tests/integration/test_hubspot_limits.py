"""The HubSpot adapter under the portal's limits: it keeps below what the headers tell, and
a 429 slows it down."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from world_time import WorldTime

from syncd.adapters.hubspot.connection import ContactView, HubSpotConnection
from syncd.adapters.hubspot.crm import HubSpot, connect_hubspot
from syncd.domain.names import RecordId
from syncd.errors import LimitError
from syncd.sandbox.faults import Fault
from syncd.sandbox.front import serve_front
from syncd.sandbox.hubspot import rest
from syncd.sandbox.hubspot.apps import DEFAULT_TOKEN
from syncd.sandbox.journal import System
from syncd.sandbox.world import World

READ = "POST .*/contacts/batch/read"
SEARCH = "POST .*/search"
SECOND = timedelta(seconds=1)
NOBODY = [RecordId("1")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    world: World
    hubspot: HubSpot

    def reads(self, count: int) -> timedelta:
        """How long so many calls take on the world's clock."""
        began = self.world.now()
        for _ in range(count):
            self.hubspot.read(NOBODY)
        return self.world.now() - began

    def arm(self, match: str, **more: Any) -> None:
        body = {"status": "error", "message": "You have reached your secondly limit."}
        spec = {"match": match, "kind": "status", "status": 429, "body": body, **more}
        self.world.faults[System.HUBSPOT].arm(Fault.from_json(spec))

    @property
    def limited(self) -> int:
        return self.hubspot.usage().limited


@pytest.fixture
def portal() -> Iterator[Portal]:
    world = World()
    front = serve_front(rest.app(world), world, System.HUBSPOT)
    view = ContactView(kind="contact", properties=("email",), stage_properties=("lifecyclestage",))
    connection = HubSpotConnection(access_token=DEFAULT_TOKEN, base_url=front.url)
    try:
        hubspot = connect_hubspot(connection, view=view, clock=WorldTime(world))
        yield Portal(world=world, hubspot=hubspot)
    finally:
        front.stop()


@pytest.mark.parametrize("burst", [100, 110, 190, 250])
def test_no_plan_of_hubspot_ever_has_to_refuse_a_call(portal: Portal, burst: int) -> None:
    portal.world.hubspot.limits.burst = burst

    took = portal.reads(3 * burst)

    assert portal.limited == 0
    assert took <= 2 * 10.25 * SECOND + 10 * SECOND


def test_a_higher_limit_is_used_from_the_next_answer_on(portal: Portal) -> None:
    portal.world.hubspot.limits.burst = 100
    portal.reads(50)
    portal.world.hubspot.limits.burst = 250

    assert portal.reads(200) == timedelta()


def test_a_lowered_limit_is_learnt_and_then_kept(portal: Portal) -> None:
    portal.reads(150)
    portal.world.hubspot.limits.burst = 100
    portal.reads(200)
    at_first = portal.limited

    portal.reads(300)

    assert at_first <= 1
    assert portal.limited == at_first


def test_a_refused_read_is_made_again_after_the_window(portal: Portal) -> None:
    portal.arm(READ, times=1)

    took = portal.reads(1)

    assert portal.limited == 1
    assert took == SECOND


def test_refused_searches_do_not_slow_reads_down(portal: Portal) -> None:
    portal.arm(SEARCH, times=2)

    list(portal.hubspot.poll(portal.world.now()))

    assert portal.limited == 2
    assert portal.reads(150) == timedelta()


def test_the_days_calls_are_told_with_what_everybody_used(portal: Portal) -> None:
    portal.reads(3)

    usage = portal.hubspot.usage()

    assert (usage.calls, usage.used, usage.allowed) == (3, 3, 650_000)


def test_calls_that_tell_nothing_of_the_day_are_added_to_what_was_told(portal: Portal) -> None:
    portal.reads(3)
    for _ in range(2):
        list(portal.hubspot.poll(portal.world.now()))

    assert portal.hubspot.usage().used == 5


def test_an_old_figure_of_what_everybody_used_is_no_figure(portal: Portal) -> None:
    portal.reads(3)
    portal.world.advance(timedelta(hours=2))

    usage = portal.hubspot.usage()

    assert (usage.used, usage.allowed) == (None, 650_000)


def test_a_day_that_is_used_up_is_told_as_such(portal: Portal) -> None:
    portal.world.hubspot.limits.daily = 3
    portal.reads(3)

    with pytest.raises(LimitError):
        portal.reads(1)

    usage = portal.hubspot.usage()
    assert (usage.used, usage.allowed, usage.limited) == (3, 3, 1)
