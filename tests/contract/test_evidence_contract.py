"""What was done with a record, one suite for every CRM: the fakes of the tests and the real
adapters over HTTP at the sandbox.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest
from fakes import FakeCrm, Time
from world_time import WorldTime

from syncd.adapters.hubspot.connection import ContactView, HubSpotConnection
from syncd.adapters.hubspot.crm import connect_hubspot
from syncd.adapters.salesforce.adapter import connect_salesforce
from syncd.adapters.salesforce.connection import ClientCredentials, SalesforceConnection
from syncd.domain.mapping import SideMap
from syncd.domain.names import RecordId
from syncd.domain.names import System as Side
from syncd.domain.record import Activity
from syncd.ports import Crm
from syncd.sandbox.front import serve_front
from syncd.sandbox.hubspot import rest as hubspot_rest
from syncd.sandbox.hubspot.apps import DEFAULT_TOKEN
from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.journal import Actor, System
from syncd.sandbox.salesforce import rest as salesforce_rest
from syncd.sandbox.world import World

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
NO_ANSWER = "73a0d17f-1163-4015-bdd5-ec830791da20"
SIDE = SideMap(
    system=Side.SALESFORCE,
    kind="Lead",
    stages=(),
    email="Email",
    extra_emails=None,
    external_id=None,
    other_id=None,
    fixed_when={},
    record_url="https://example.my.salesforce.com/{id}",
    overlap=timedelta(minutes=10),
)


class Desk(Protocol):
    """One CRM and a rep at it."""

    @property
    def crm(self) -> Crm: ...

    def now(self) -> datetime: ...

    def wait(self, span: timedelta) -> None: ...

    def person(self, name: str) -> RecordId: ...

    def call(self, record_id: RecordId) -> None: ...

    def call_in_vain(self, record_id: RecordId) -> None: ...

    def meet(self, record_id: RecordId, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Salesforce:
    crm: Crm
    world: World
    rep: Actor

    def now(self) -> datetime:
        return self.world.now()

    def wait(self, span: timedelta) -> None:
        self.world.advance(span)

    def person(self, name: str) -> RecordId:
        values = {"LastName": name, "Company": "Acme", "Email": f"{name}@x.example"}
        return RecordId(self.world.salesforce.create_lead(values, self.rep))

    def call(self, record_id: RecordId) -> None:
        self.world.salesforce.log_call(record_id, "Hello", self.rep)

    def call_in_vain(self, record_id: RecordId) -> None:
        self.world.salesforce.log_call(record_id, "Hello", self.rep, "No answer")

    def meet(self, record_id: RecordId, at: datetime) -> None:
        self.world.salesforce.create_event(record_id, "Demo", at, self.rep)


@dataclass(frozen=True, slots=True)
class HubSpot:
    crm: Crm
    world: World
    hands: Hands

    def now(self) -> datetime:
        return self.world.now()

    def wait(self, span: timedelta) -> None:
        self.world.advance(span)

    def person(self, name: str) -> RecordId:
        return RecordId(str(self.hands.create_contact({"email": f"{name}@x.example"})))

    def call(self, record_id: RecordId) -> None:
        self.hands.log_call(int(record_id), "Hello")

    def call_in_vain(self, record_id: RecordId) -> None:
        self.hands.log_call(int(record_id), "Hello", hs_call_disposition=NO_ANSWER)

    def meet(self, record_id: RecordId, at: datetime) -> None:
        self.hands.log_meeting(int(record_id), "Demo", at=at)


@dataclass(frozen=True, slots=True)
class Fake:
    crm: FakeCrm

    def now(self) -> datetime:
        return self.crm.time.now()

    def wait(self, span: timedelta) -> None:
        self.crm.time.sleep(span)

    def person(self, name: str) -> RecordId:
        return self.crm.add(name)

    def call(self, record_id: RecordId) -> None:
        self._did(record_id, "call", self.now())

    def call_in_vain(self, record_id: RecordId) -> None:
        self._did(record_id, "call", self.now(), reached=False)

    def meet(self, record_id: RecordId, at: datetime) -> None:
        self._did(record_id, "meeting", at)

    def _did(self, record: RecordId, kind: str, at: datetime, *, reached: bool = True) -> None:
        self.crm.activities.append(
            Activity(
                system=self.crm.system,
                id=f"t{len(self.crm.activities)}",
                record_id=record,
                kind=kind,
                at=at,
                owner_id="005R",
                by_syncd=False,
                reached=reached,
            )
        )


@pytest.fixture(params=["salesforce", "hubspot", "fake"])
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    match request.param:
        case "salesforce":
            with _salesforce(World()) as found:
                yield found
        case "hubspot":
            with _hubspot(World()) as made:
                yield made
        case _:
            yield Fake(FakeCrm(Side.HUBSPOT, Time()))


@contextmanager
def _salesforce(world: World) -> Iterator[Salesforce]:
    front = serve_front(salesforce_rest.app(world), world, System.SALESFORCE)
    connection = SalesforceConnection(
        domain="login",
        auth=ClientCredentials(client_id="syncd", client_secret="s3cret"),
        base_url=front.url,
    )
    crm = connect_salesforce(connection, side=SIDE, properties=("Email",), clock=WorldTime(world))
    yield Salesforce(crm, world, world.salesforce.add_user("Rita Rep", "rita@x.example"))
    front.stop()


@contextmanager
def _hubspot(world: World) -> Iterator[HubSpot]:
    front = serve_front(hubspot_rest.app(world), world, System.HUBSPOT)
    crm = connect_hubspot(
        HubSpotConnection(access_token=DEFAULT_TOKEN, base_url=front.url),
        view=ContactView(kind="contact", properties=("email",), stage_properties=()),
        clock=WorldTime(world),
    )
    rita = world.hubspot.hire("rita@x.example", "Rita", "Rep")
    yield HubSpot(crm, world, Hands(world.hubspot, rita.actor))
    front.stop()


def test_what_was_done_is_told_of_those_asked_about_alone(desk: Desk) -> None:
    ann, bo = desk.person("ann"), desk.person("bo")
    desk.call(ann)
    desk.call(bo)

    [call] = desk.crm.done_with([ann], LONG_AGO)

    assert (call.record_id, call.kind, call.at) == (ann, "call", desk.now())
    assert call.owner_id
    assert (call.reached, call.automated, call.by_syncd) == (True, False, False)


def test_an_attempt_is_told_apart_from_a_contact(desk: Desk) -> None:
    ann = desk.person("ann")
    desk.call_in_vain(ann)
    desk.wait(HOUR)
    desk.call(ann)

    found = desk.crm.done_with([ann], LONG_AGO)

    assert [a.reached for a in sorted(found, key=lambda a: a.at)] == [False, True]


def test_what_was_done_before_is_not_told(desk: Desk) -> None:
    ann = desk.person("ann")
    desk.call(ann)
    desk.wait(HOUR)

    assert not desk.crm.done_with([ann], desk.now())


def test_what_is_to_come_is_told_once_it_has_begun(desk: Desk) -> None:
    ann, begins = desk.person("ann"), desk.now() + HOUR
    desk.meet(ann, begins)
    before = desk.crm.done_with([ann], LONG_AGO)
    desk.wait(HOUR)

    assert not before
    assert [a.at for a in desk.crm.done_with([ann], LONG_AGO)] == [begins]


def test_the_same_question_has_the_same_answer(desk: Desk) -> None:
    ann = desk.person("ann")
    desk.call(ann)

    first, second = (desk.crm.done_with([ann], LONG_AGO) for _ in range(2))

    assert sorted(a.id for a in first) == sorted(a.id for a in second)


def test_nobody_asked_about_has_nothing(desk: Desk) -> None:
    assert not desk.crm.done_with([], LONG_AGO)


def test_a_record_that_is_not_there_has_nothing(desk: Desk) -> None:
    gone = RecordId("999")

    assert not desk.crm.done_with([gone], LONG_AGO)
