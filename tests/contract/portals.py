"""Both vendors' sandboxes with the real adapters at them, for suites that hold every CRM to
the same contract."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from world_time import WorldTime

from syncd.adapters.hubspot.connection import ContactView, HubSpotConnection
from syncd.adapters.hubspot.crm import HubSpot, connect_hubspot
from syncd.adapters.salesforce.adapter import Salesforce, connect_salesforce
from syncd.adapters.salesforce.connection import ClientCredentials, SalesforceConnection
from syncd.adapters.transport.session import Timeouts
from syncd.domain.mapping import SideMap
from syncd.domain.names import RecordId
from syncd.domain.names import System as Side
from syncd.sandbox.faults import Fault
from syncd.sandbox.front import serve_front
from syncd.sandbox.hubspot import rest as hubspot_rest
from syncd.sandbox.hubspot.apps import DEFAULT_TOKEN
from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.hubspot.kinds import CONTACT
from syncd.sandbox.journal import Actor, System
from syncd.sandbox.salesforce import rest as salesforce_rest
from syncd.sandbox.world import World

TIMEOUTS = Timeouts(connect=1, read=0.5)
SIDE = SideMap(
    system=Side.SALESFORCE,
    kind="Lead",
    stages=(),
    email="Email",
    extra_emails=None,
    external_id="Syncd_Id__c",
    other_id=None,
    fixed_when={},
    record_url="https://example.my.salesforce.com/{id}",
    overlap=timedelta(minutes=10),
)


@dataclass(frozen=True, slots=True)
class Org:
    """Salesforce as these tests need it; `CREATE` matches the request that makes records."""

    world: World
    crm: Salesforce
    rep: Actor
    CREATE = "PATCH .*/composite/sobjects/Lead/"
    ENLIST = "POST .*/composite/sobjects"
    KIND = "Lead"

    def wanted(self, external_id: str, email: str, **more: str) -> Mapping[str, str]:
        values = {"LastName": f"Doe {external_id}", "Company": "Acme", "Email": email}
        return {**values, **({"Title": more["title"]} if more else {})}

    def person(self, email: str) -> RecordId:
        values = {"LastName": "Roe", "Company": "Acme", "Email": email}
        return RecordId(self.world.salesforce.create_lead(values, self.rep))

    def delete(self, record_id: RecordId) -> None:
        self.world.salesforce.delete(record_id, self.rep)

    def title(self, record_id: RecordId) -> str:
        return str(self.world.salesforce.record(record_id).get("Title", ""))

    def edit(self, record_id: RecordId, title: str) -> None:
        self.world.salesforce.edit(record_id, {"Title": title}, self.rep)

    def count(self) -> int:
        return sum(not row["IsDeleted"] for row in self.world.salesforce.rows("Lead"))

    def new_list(self) -> str:
        return self.world.salesforce.create("Campaign", {"Name": "Nurture"}, self.rep)

    def members(self, list_id: str) -> list[str]:
        rows = self.world.salesforce.rows("CampaignMember")
        living = [r for r in rows if r["CampaignId"] == list_id and not r["IsDeleted"]]
        return sorted(str(r.get("LeadId") or r["ContactId"]) for r in living)

    def arm(self, match: str, kind: str) -> None:
        _arm(self.world, System.SALESFORCE, match, kind)


@dataclass(frozen=True, slots=True)
class Contacts:
    """HubSpot likewise."""

    world: World
    crm: HubSpot
    hands: Hands
    CREATE = "POST .*/contacts/batch/upsert"
    ENLIST = "PUT .*/memberships/"
    KIND = "contact"

    def wanted(self, external_id: str, email: str, **more: str) -> Mapping[str, str]:
        values = {"lastname": f"Doe {external_id}", "email": email}
        return {**values, **({"jobtitle": more["title"]} if more else {})}

    def person(self, email: str) -> RecordId:
        return RecordId(str(self.hands.create_contact({"email": email})))

    def delete(self, record_id: RecordId) -> None:
        self.hands.archive(int(record_id))

    def title(self, record_id: RecordId) -> str:
        return self.world.hubspot.contact(int(record_id)).get("jobtitle", "")

    def edit(self, record_id: RecordId, title: str) -> None:
        self.hands.edit(int(record_id), {"jobtitle": title})

    def count(self) -> int:
        return len(list(self.world.hubspot.tables[CONTACT].following(0)))

    def new_list(self) -> str:
        return str(self.world.hubspot.add_list("Nurture").id)

    def members(self, list_id: str) -> list[str]:
        return sorted(str(i) for i in self.world.hubspot.lists[int(list_id)].members)

    def arm(self, match: str, kind: str) -> None:
        _arm(self.world, System.HUBSPOT, match, kind)


Portal = Org | Contacts


def _arm(world: World, front: System, match: str, kind: str) -> None:
    world.faults[front].arm(Fault.from_json({"match": match, "kind": kind, "times": 1}))


@contextmanager
def an_org(world: World) -> Iterator[Org]:
    running = serve_front(salesforce_rest.app(world), world, System.SALESFORCE)
    connection = SalesforceConnection(
        domain="login",
        auth=ClientCredentials(client_id="syncd", client_secret="s3cret"),
        base_url=running.url,
    )
    crm = connect_salesforce(
        connection,
        side=SIDE,
        properties=("Email", "Title", "Syncd_Id__c"),
        clock=WorldTime(world),
        timeouts=TIMEOUTS,
    )
    yield Org(world, crm, world.salesforce.add_user("Rita Rep", "rita@example.com"))
    running.stop()


@contextmanager
def a_portal(world: World) -> Iterator[Contacts]:
    running = serve_front(hubspot_rest.app(world), world, System.HUBSPOT)
    connection = HubSpotConnection(
        access_token=DEFAULT_TOKEN, base_url=running.url, timeouts=TIMEOUTS
    )
    view = ContactView(
        kind="contact",
        properties=("email", "jobtitle", "syncd_id"),
        stage_properties=("lifecyclestage",),
        external_id="syncd_id",
    )
    crm = connect_hubspot(connection, view=view, clock=WorldTime(world))
    ann = world.hubspot.hire("ann@example.com", "Ann", "Lee")
    yield Contacts(world, crm, Hands(world.hubspot, ann.actor))
    running.stop()
