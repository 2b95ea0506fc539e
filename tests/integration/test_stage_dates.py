"""Who came to a stage when, by each CRM's own dates, read from the sandbox over HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from salesforce_box import SIDE, connected
from world_time import WorldTime

from syncd.adapters.hubspot.connection import ContactView, HubSpotConnection
from syncd.adapters.hubspot.crm import HubSpot, connect_hubspot
from syncd.adapters.hubspot.stage_dates import date_properties
from syncd.adapters.salesforce.adapter import Salesforce
from syncd.domain.names import RecordId
from syncd.domain.stage import Stage, StageLine
from syncd.errors import PermanentError
from syncd.sandbox.clock import WorldClock
from syncd.sandbox.front import serve_front
from syncd.sandbox.hubspot import rest as hubspot_rest
from syncd.sandbox.hubspot.apps import DEFAULT_TOKEN
from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.journal import Actor, System
from syncd.sandbox.salesforce import rest as salesforce_rest
from syncd.sandbox.salesforce.convert import convert_lead
from syncd.sandbox.world import World

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
VIEW = ContactView(kind="contact", properties=("email",), stage_properties=("lifecyclestage",))


def _line(stage: Stage, value: str, **more: str) -> StageLine:
    return StageLine(stage=stage, values={"lifecyclestage": value, **more})


LINES = (
    _line(Stage.SQL, "salesqualifiedlead"),
    _line(Stage.SAL, "marketingqualifiedlead", hs_lead_status="IN_PROGRESS"),
    _line(Stage.MQL, "marketingqualifiedlead"),
    _line(Stage.NURTURE, "lead", hs_lead_status="BAD_TIMING"),
    _line(Stage.LEAD, "lead"),
    _line(Stage.LEAD, "subscriber"),
)


@pytest.fixture
def world() -> World:
    made = World(WorldClock(START, rate=0.0))
    made.hubspot.limits.enabled = False
    return made


@pytest.fixture
def hands(world: World) -> Hands:
    return Hands(world.hubspot, world.hubspot.hire("ann@example.com", "Ann", "Lee").actor)


@pytest.fixture
def hubspot(world: World) -> Iterator[HubSpot]:
    front = serve_front(hubspot_rest.app(world), world, System.HUBSPOT)
    connection = HubSpotConnection(access_token=DEFAULT_TOKEN, base_url=front.url)
    yield connect_hubspot(connection, view=VIEW, clock=WorldTime(world))
    front.stop()


@pytest.fixture
def salesforce(world: World) -> Iterator[Salesforce]:
    front = serve_front(salesforce_rest.app(world), world, System.SALESFORCE)
    yield connected(world, front.url)
    front.stop()


@pytest.fixture
def rep(world: World) -> Actor:
    return world.salesforce.add_user("Rita Rep", "rita@example.com")


def _contact(hands: Hands, name: str, stage: str) -> RecordId:
    values = {"email": f"{name}@x.example", "lifecyclestage": stage}
    return RecordId(str(hands.create_contact(values)))


def _lead(world: World, rep: Actor, status: str) -> RecordId:
    values = {"LastName": "Lee", "Company": "X", "Status": status, "OwnerId": rep.id}
    return RecordId(world.salesforce.create_lead(values, rep))


def test_hubspot_tells_everybody_of_the_period_page_after_page(
    world: World, hands: Hands, hubspot: HubSpot
) -> None:
    before = _contact(hands, "before", "marketingqualifiedlead")
    world.advance(DAY)
    within = {_contact(hands, f"p{n}", "marketingqualifiedlead") for n in range(205)}
    world.advance(DAY)
    _contact(hands, "after", "marketingqualifiedlead")
    world.advance(timedelta(minutes=1))

    found = hubspot.stage_dates.came_to(Stage.MQL, LINES, start=START + DAY, end=START + 2 * DAY)

    assert set(found) == within
    assert set(found.values()) == {START + DAY}
    assert before not in found


def test_hubspot_tells_the_earliest_of_several_values_and_all_of_them_of_one_contact(
    world: World, hands: Hands, hubspot: HubSpot
) -> None:
    ann = _contact(hands, "ann", "subscriber")
    world.advance(DAY)
    hands.edit(int(ann), {"lifecyclestage": "lead"})
    bob = _contact(hands, "bob", "marketingqualifiedlead")
    world.advance(timedelta(minutes=1))
    dates = hubspot.stage_dates

    found = dates.came_to(Stage.LEAD, LINES, start=START, end=START + 2 * DAY)

    assert found == {ann: START}
    assert dates.dates_of([ann, bob], Stage.LEAD, LINES) == {ann: (START, START + DAY)}


def test_an_archived_contact_is_in_no_count(world: World, hands: Hands, hubspot: HubSpot) -> None:
    ann = _contact(hands, "ann", "marketingqualifiedlead")
    hands.archive(int(ann))
    world.advance(timedelta(minutes=1))

    assert not hubspot.stage_dates.came_to(Stage.MQL, LINES, start=START, end=START + DAY)


@pytest.mark.parametrize(
    ("stage", "says"),
    [
        (Stage.SAL, "reconcile the lower stage instead"),
        (Stage.CUSTOMER, "no lifecycle stage tells it"),
    ],
)
def test_a_stage_without_a_date_of_its_own_is_refused(stage: Stage, says: str) -> None:
    with pytest.raises(PermanentError, match=says):
        date_properties(stage, LINES)


def test_a_stage_below_the_funnel_that_shares_a_value_takes_nothing_from_it() -> None:
    assert date_properties(Stage.LEAD, LINES) == (
        "hs_lifecyclestage_lead_date",
        "hs_lifecyclestage_subscriber_date",
    )


def test_salesforce_tells_by_its_history_and_by_what_a_lead_was_created_with(
    world: World, rep: Actor, salesforce: Salesforce
) -> None:
    org, dates = world.salesforce, salesforce.stage_dates
    moved, early, created = (_lead(world, rep, x) for x in ("Open", "Working", "Working"))
    world.advance(DAY)
    org.edit(moved, {"Status": "Working"}, rep)
    org.edit(created, {"Status": "Nurture"}, rep)
    born = _lead(world, rep, "Working")
    world.advance(DAY)
    org.edit(moved, {"Status": "Open"}, rep)
    org.edit(born, {"Status": "Open"}, rep)
    world.advance(timedelta(minutes=1))

    second = dates.came_to(Stage.SAL, SIDE.stages, start=START + DAY, end=START + 2 * DAY)

    assert second == {moved: START + DAY, born: START + DAY}
    first = dates.came_to(Stage.SAL, SIDE.stages, start=START, end=START + DAY)
    assert first == {early: START, created: START}


def test_salesforce_counts_a_lead_that_came_twice_once_and_tells_both_times(
    world: World, rep: Actor, salesforce: Salesforce
) -> None:
    lead = _lead(world, rep, "Working")
    for status in ("Open", "Working"):
        world.advance(timedelta(hours=1))
        world.salesforce.edit(lead, {"Status": status}, rep)
    world.advance(timedelta(minutes=1))
    dates = salesforce.stage_dates

    found = dates.came_to(Stage.SAL, SIDE.stages, start=START, end=START + DAY)

    assert found == {lead: START}
    told = dates.dates_of([lead], Stage.SAL, SIDE.stages)
    assert told == {lead: (START, START + timedelta(hours=2))}


def test_a_converted_lead_keeps_its_past_and_a_deleted_one_is_in_no_count(
    world: World, rep: Actor, salesforce: Salesforce
) -> None:
    org = world.salesforce
    sold, binned = (_lead(world, rep, "Working") for _ in range(2))
    world.advance(timedelta(hours=1))
    org.edit(binned, {"Status": "Open"}, rep)
    org.edit(binned, {"Status": "Working"}, rep)
    convert_lead(org, sold, rep)
    org.delete(binned, rep)
    world.advance(timedelta(minutes=1))
    dates = salesforce.stage_dates

    found = dates.came_to(Stage.SAL, SIDE.stages, start=START, end=START + DAY)

    assert found == {sold: START}
    opportunity = dates.came_to(Stage.OPPORTUNITY, SIDE.stages, start=START, end=START + DAY)
    assert opportunity == {sold: START + timedelta(hours=1)}
