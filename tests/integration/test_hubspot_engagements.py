"""What was done with contacts, read from the sandbox's portal over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs
from world_time import WorldTime

from syncd.adapters.hubspot.connection import ContactView, HubSpotConnection
from syncd.adapters.hubspot.crm import HubSpot, connect_hubspot
from syncd.domain.names import RecordId
from syncd.errors import TransientError
from syncd.sandbox.faults import Fault
from syncd.sandbox.front import serve_front
from syncd.sandbox.hubspot import rest
from syncd.sandbox.hubspot.apps import ALL_SCOPES, DEFAULT_TOKEN, PrivateApp
from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.hubspot.owners import Owner
from syncd.sandbox.journal import System
from syncd.sandbox.world import World

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
VIEW = ContactView(kind="contact", properties=("email",), stage_properties=("lifecyclestage",))
WITHOUT_MAILS = tuple(scope for scope in ALL_SCOPES if scope != "sales-email-read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A world, a person in it, and the adapter at its portal."""

    world: World
    ann: Owner
    hubspot: HubSpot

    @property
    def hands(self) -> Hands:
        return Hands(self.world.hubspot, self.ann.actor)

    def contact(self, email: str = "bo@example.com") -> RecordId:
        values = {"email": email, "hubspot_owner_id": str(self.ann.id)}
        return RecordId(str(self.hands.create_contact(values)))

    def done(self, *contacts: RecordId, since: datetime = LONG_AGO) -> list[tuple[str, str]]:
        """Kind and contact of all that was done."""
        return [(a.kind, a.record_id) for a in self.hubspot.done_with(contacts, since)]

    def calls(self) -> int:
        return self.world.requests.count(System.HUBSPOT)


@pytest.fixture
def desk() -> Iterator[Desk]:
    world = World()
    ann = world.hubspot.hire("Ann@Example.com", "Ann", "Lee")
    front = serve_front(rest.app(world), world, System.HUBSPOT)
    connection = HubSpotConnection(access_token=DEFAULT_TOKEN, base_url=front.url)
    hubspot = connect_hubspot(connection, view=VIEW, clock=WorldTime(world))
    yield Desk(world=world, ann=ann, hubspot=hubspot)
    front.stop()


def test_every_kind_of_engagement_is_read_of_each_contact(desk: Desk) -> None:
    bo, cy = desk.contact(), desk.contact("cy@example.com")
    desk.hands.log_call(int(bo), "Hello")
    desk.hands.log_email(int(bo), "Hello")
    desk.hands.log_meeting(int(cy), "Demo")
    desk.hands.complete_task(desk.hands.create_task(int(cy), "Call her"))
    desk.hands.add_note(int(bo), "A note is no touch")

    assert sorted(desk.done(bo, cy)) == [
        ("call", bo),
        ("email", bo),
        ("meeting", cy),
        ("task", cy),
    ]


def test_it_is_told_as_its_owners_at_the_time_it_happened(desk: Desk) -> None:
    bo, called = desk.contact(), desk.world.now() - HOUR
    desk.hands.log_call(int(bo), "Hello", at=called)

    [call] = desk.hubspot.done_with([bo], LONG_AGO)

    assert (call.at, call.owner_id) == (called, str(desk.ann.id))
    assert (call.reached, call.automated, call.by_syncd) == (True, False, False)


def test_what_was_done_before_is_not_told(desk: Desk) -> None:
    bo = desk.contact()
    desk.hands.log_call(int(bo), "Hello", at=desk.world.now() - HOUR)

    assert desk.done(bo, since=desk.world.now()) == []


def test_a_meeting_to_come_is_told_once_it_has_begun(desk: Desk) -> None:
    bo, begins = desk.contact(), desk.world.now() + HOUR
    desk.hands.log_meeting(int(bo), "Demo", at=begins)
    before = desk.done(bo)
    desk.world.advance_to(begins)

    assert (before, desk.done(bo)) == ([], [("meeting", bo)])


def test_an_outcome_told_later_is_seen(desk: Desk) -> None:
    bo = desk.contact()
    meeting = desk.hands.log_meeting(int(bo), "Demo", hs_meeting_outcome="SCHEDULED")
    [booked] = desk.hubspot.done_with([bo], LONG_AGO)

    desk.hands.tell_outcome(meeting, "COMPLETED")

    [met] = desk.hubspot.done_with([bo], LONG_AGO)
    assert (booked.reached, met.reached) == (False, True)


def test_a_task_is_done_when_it_is_completed(desk: Desk) -> None:
    bo = desk.contact()
    task = desk.hands.create_task(int(bo), "Call", due=desk.world.now() - HOUR)
    before = desk.done(bo)
    desk.world.advance(HOUR)
    desk.hands.complete_task(task)

    [done] = desk.hubspot.done_with([bo], LONG_AGO)
    assert (before, done.at) == ([], desk.world.now())


def test_an_engagement_of_two_contacts_is_an_activity_of_each(desk: Desk) -> None:
    bo, cy = desk.contact(), desk.contact("cy@example.com")
    call = desk.hands.log_call(int(bo), "Conference")
    desk.hands.also_with(call, int(cy))

    assert sorted(desk.done(bo, cy)) == [("call", bo), ("call", cy)]


def test_asking_about_nobody_costs_no_call(desk: Desk) -> None:
    desk.hubspot.directory()
    before = desk.calls()

    assert desk.done() == []
    assert desk.calls() == before


def test_a_hundred_contacts_cost_eight_calls(desk: Desk) -> None:
    contacts = [desk.contact(f"c{n}@example.com") for n in range(100)]
    for contact in contacts:
        desk.hands.log_call(int(contact), "Hello")
        desk.hands.log_email(int(contact), "Hello")
        desk.hands.log_meeting(int(contact), "Demo")
        desk.hands.complete_task(desk.hands.create_task(int(contact), "Call"))
    desk.done(contacts[0])
    before = desk.calls()

    found = desk.done(*contacts)

    assert len(found) == 400
    assert desk.calls() - before == 8


def test_a_token_that_may_not_read_mails_is_told_once_and_the_last_contact_stands_in(
    desk: Desk,
) -> None:
    desk.world.hubspot.apps.install(DEFAULT_TOKEN, PrivateApp(scopes=WITHOUT_MAILS))
    bo = desk.contact()
    desk.hands.log_email(int(bo), "Hello")
    with capture_logs() as logs:
        twice = [desk.done(bo), desk.done(bo)]

    assert twice == [[("contacted", bo)]] * 2
    assert [(x["event"], x["kind"]) for x in logs] == [("engagements_unreadable", "emails")]


def test_while_hubspot_cannot_tell_nothing_is_taken_for_not_done(desk: Desk) -> None:
    bo = desk.contact()
    desk.hands.log_call(int(bo), "Hello")
    desk.done(bo)
    spec = {"match": "POST .*/calls/batch/read", "kind": "status", "status": 503, "times": 99}
    desk.world.faults[System.HUBSPOT].arm(Fault.from_json(spec))

    with pytest.raises(TransientError):
        desk.done(bo)
