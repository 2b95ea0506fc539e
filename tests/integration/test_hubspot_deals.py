"""The deals of contacts, read from the sandbox's portal over HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from world_time import WorldTime

from syncd.adapters.hubspot.connection import ContactView, HubSpotConnection
from syncd.adapters.hubspot.crm import HubSpot, connect_hubspot
from syncd.domain.deal import Deal
from syncd.domain.names import RecordId
from syncd.errors import AuthError
from syncd.sandbox.front import serve_front
from syncd.sandbox.hubspot import rest
from syncd.sandbox.hubspot.apps import ALL_SCOPES, DEFAULT_TOKEN, PrivateApp
from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.journal import System
from syncd.sandbox.world import World

VIEW = ContactView(
    kind="contact",
    properties=("email",),
    stage_properties=("lifecyclestage",),
    lost_reason="closed_lost_reason",
)
WITHOUT_DEALS = tuple(x for x in ALL_SCOPES if x != "crm.objects.deals.read")
CLOSE = "2026-03-20T12:00:00+00:00"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def hands(world: World) -> Hands:
    return Hands(world.hubspot, world.hubspot.hire("ann@example.com", "Ann", "Lee").actor)


@pytest.fixture
def hubspot(world: World) -> Iterator[HubSpot]:
    front = serve_front(rest.app(world), world, System.HUBSPOT)
    connection = HubSpotConnection(access_token=DEFAULT_TOKEN, base_url=front.url)
    yield connect_hubspot(connection, view=VIEW, clock=WorldTime(world))
    front.stop()


def test_deals_are_told_with_their_end_and_worth(
    world: World, hands: Hands, hubspot: HubSpot
) -> None:
    bo, cy = (RecordId(str(hands.create_contact({"email": f"{x}@x.example"}))) for x in "bc")
    lost = hands.create_deal({"dealname": "A", "closedate": CLOSE}, [int(bo)])
    hands.lose_deal(lost, "Too expensive")
    still = hands.create_deal({"dealname": "B", "amount": "99.5"}, [int(bo)])

    found = hubspot.deals([bo, cy])

    closes, made = datetime(2026, 3, 20, 12, tzinfo=UTC), world.clock.now()
    assert set(found) == {bo}
    assert set(found[bo]) == {
        Deal(
            id=str(lost),
            is_closed=True,
            is_won=False,
            amount=None,
            closes_at=closes,
            made_at=made,
            lost_reason="Too expensive",
        ),
        Deal(
            id=str(still),
            is_closed=False,
            is_won=False,
            amount=99.5,
            closes_at=None,
            made_at=made,
        ),
    }


def test_a_deal_in_a_foreign_currency_is_worth_what_the_account_makes_of_it(
    hands: Hands, hubspot: HubSpot
) -> None:
    bo = RecordId(str(hands.create_contact({"email": "bo@x.example"})))
    worth = {"dealname": "A", "amount": "100", "amount_in_home_currency": "92.5"}
    hands.create_deal(worth, [int(bo)])

    (deal,) = hubspot.deals([bo])[bo]

    assert deal.amount == 92.5


def test_a_hundred_contacts_cost_two_calls(world: World, hands: Hands, hubspot: HubSpot) -> None:
    people = [RecordId(str(hands.create_contact({"email": f"p{x}@x.example"}))) for x in range(100)]
    for person in people:
        hands.create_deal({"dealname": "Deal"}, [int(person)])
    before = world.requests.count(System.HUBSPOT)

    found = hubspot.deals(people)

    assert len(found) == 100
    assert world.requests.count(System.HUBSPOT) - before == 2


def test_a_token_without_the_scope_is_told_what_it_lacks(
    world: World, hands: Hands, hubspot: HubSpot
) -> None:
    bo = RecordId(str(hands.create_contact({"email": "bo@x.example"})))
    hands.create_deal({"dealname": "Deal"}, [int(bo)])
    world.hubspot.apps.install(DEFAULT_TOKEN, PrivateApp(scopes=WITHOUT_DEALS))

    with pytest.raises(AuthError, match="lacks a scope; grant it in HubSpot"):
        hubspot.deals([bo])
