"""The opportunities of leads and contacts, read from the sandbox's org over HTTP."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from salesforce_box import PROPERTIES, SIDE
from world_time import WorldTime

from syncd.adapters.salesforce.adapter import Salesforce, connect_salesforce
from syncd.adapters.salesforce.connection import ClientCredentials, SalesforceConnection
from syncd.domain.deal import Deal
from syncd.domain.names import RecordId
from syncd.sandbox.front import serve_front
from syncd.sandbox.journal import Actor, System
from syncd.sandbox.salesforce import rest
from syncd.sandbox.salesforce.convert import convert_lead
from syncd.sandbox.salesforce.schema import Field, Type
from syncd.sandbox.world import World

WHY = "Loss_Reason__c"
LOST = {"StageName": "Closed Lost", "Amount": 900.0, "CloseDate": "2026-03-20"}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def rep(world: World) -> Actor:
    return world.salesforce.add_user("Rita Rep", "rita@acme.example")


@pytest.fixture(params=[None, WHY])
def lost_reason(request: pytest.FixtureRequest) -> str | None:
    named: str | None = request.param
    return named


@pytest.fixture
def salesforce(world: World, lost_reason: str | None) -> Iterator[Salesforce]:
    front = serve_front(rest.app(world), world, System.SALESFORCE)
    yield connect_salesforce(
        SalesforceConnection(
            domain="login",
            auth=ClientCredentials(client_id="syncd", client_secret="s3cret"),
            base_url=front.url,
        ),
        side=replace(SIDE, lost_reason=lost_reason),
        properties=PROPERTIES,
        clock=WorldTime(world),
    )
    front.stop()


def test_opportunities_are_told_with_their_beginning_their_end_and_why_they_were_lost(
    world: World, rep: Actor, salesforce: Salesforce, lost_reason: str | None
) -> None:
    org = world.salesforce
    org.define_field("Opportunity", Field(name=WHY, label="Why", type=Type.STRING, length=80))
    leads = [
        org.create_lead({"LastName": x, "Company": "Acme", "Email": f"{x}@x.example"}, rep)
        for x in ("ada", "bo")
    ]
    made = convert_lead(org, leads[0], rep)
    assert made.opportunity_id is not None
    org.edit(made.opportunity_id, {**LOST, WHY: "Too dear"}, rep)

    by_lead, by_contact = (
        salesforce.deals([RecordId(x), RecordId(leads[1])]) for x in (leads[0], made.contact_id)
    )

    deal = Deal(
        id=made.opportunity_id,
        is_closed=True,
        is_won=False,
        amount=900.0,
        closes_at=datetime(2026, 3, 20, 23, 59, 59, tzinfo=UTC),
        made_at=world.now().replace(microsecond=0),
        lost_reason="Too dear" if lost_reason else "",
    )
    assert by_lead == {leads[0]: (deal,)}
    assert by_contact == {made.contact_id: (deal,)}
