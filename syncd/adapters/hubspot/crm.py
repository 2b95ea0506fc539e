"""HubSpot as the `Crm` and the `Target` of the daemon: each call handed to where it is done."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from syncd.adapters.hubspot import notes as note_calls
from syncd.adapters.hubspot.account import read_account
from syncd.adapters.hubspot.automations import read_automations
from syncd.adapters.hubspot.client import HubSpotClient
from syncd.adapters.hubspot.connection import ContactView, HubSpotConnection
from syncd.adapters.hubspot.creating import contacts_with_emails, create_contacts
from syncd.adapters.hubspot.deals import read_deals
from syncd.adapters.hubspot.engagement import Who
from syncd.adapters.hubspot.engagements import Engagements
from syncd.adapters.hubspot.fates import read_fates
from syncd.adapters.hubspot.inspecting import HubSpotInspector
from syncd.adapters.hubspot.listing import enlist_contacts
from syncd.adapters.hubspot.own_app import OwnApp
from syncd.adapters.hubspot.people import read_directory
from syncd.adapters.hubspot.poll import all_contacts, changed_contacts, together
from syncd.adapters.hubspot.properties import LIFECYCLE, read_properties
from syncd.adapters.hubspot.provisioning import HubSpotProvisioner
from syncd.adapters.hubspot.reading import read_contacts, read_history
from syncd.adapters.hubspot.scanning import Listing
from syncd.adapters.hubspot.stage_dates import HubSpotStageDates
from syncd.adapters.hubspot.updating import update_contacts
from syncd.adapters.transport.cached import KEPT_FOR, Cached
from syncd.domain.action import (
    AddNote,
    CreateOutcome,
    Enlist,
    RecordCreate,
    RecordWrite,
    Refused,
    WriteOutcome,
)
from syncd.domain.automation import Automations
from syncd.domain.deal import Deal
from syncd.domain.names import ActionKey, RecordId, System
from syncd.domain.record import Activity, Directory, Fate, PropertyChange, Record, Schema
from syncd.ports import Clock, Page, ScanPage, Usage


def connect_hubspot(connection: HubSpotConnection, *, view: ContactView, clock: Clock) -> "HubSpot":
    """Nothing is asked of HubSpot yet. ConfigError for an unsafe base URL."""
    client = HubSpotClient(connection, clock)
    inspector = HubSpotInspector(client, token=connection.access_token, clock=clock)
    return HubSpot(client, OwnApp(connection), view, clock, inspector)


class HubSpot:
    """Implements `Crm`, `Deals`, `Target` and `AutomationReader`.

    poll: one search call when nothing changed. Archived contacts do not show in it; that
    one is gone is noticed when `read` or `update` asks for it.
    done_with: eight calls for a hundred contacts.
    update: remembers the stages of the last `read`, so that a backward move costs two
    requests instead of three; a wrong memory is corrected by the answer.
    """

    def __init__(
        self,
        client: HubSpotClient,
        own_app: OwnApp,
        view: ContactView,
        clock: Clock,
        inspector: HubSpotInspector,
    ) -> None:
        self.inspector = inspector
        self.provisioner = HubSpotProvisioner(client)
        self.stage_dates = HubSpotStageDates(client)
        self._client = client
        self._own_app = own_app
        self._view = view
        self._directory = Cached(clock, lambda: read_directory(client, view.owners))
        self._properties = Cached(clock, lambda: read_properties(client))
        self._engagements = Engagements(client)
        self._clock = clock
        self._last_shown: Mapping[RecordId, str] = {}

    @property
    def system(self) -> System:
        return System.HUBSPOT

    def automations(self) -> Automations:
        return read_automations(self._client)

    def poll(self, since: datetime | None) -> Iterator[Page]:
        view = self._view
        if since is None:
            return all_contacts(self._client, kind=view.kind, properties=view.properties)
        return together(
            changed_contacts(self._client, since, kind=view.kind, properties=view.properties)
        )

    def read(
        self, ids: Collection[RecordId], properties: Collection[str] | None = None
    ) -> Mapping[RecordId, Record]:
        view = self._view
        wanted = view.properties if properties is None else properties
        found = read_contacts(self._client, ids, kind=view.kind, properties=wanted)
        self._last_shown = {i: str(r.properties.get(LIFECYCLE) or "") for i, r in found.items()}
        return found

    def done_with(self, ids: Collection[RecordId], since: datetime) -> Sequence[Activity]:
        if not ids:
            return ()
        who = Who(directory=self.directory(), own_app=self._own_app.id(self._client))
        until = self._clock.now()
        return tuple(self._engagements.done_with(ids, since=since, until=until, who=who))

    def history(
        self,
        ids: Collection[RecordId],
        since: datetime,  # noqa: ARG002 - HubSpot hands out whole histories at the same cost
        properties: Collection[str] | None = None,
    ) -> Mapping[RecordId, tuple[PropertyChange, ...]]:
        """The whole history, entries before `since` included: they tell the state it begins in."""
        return read_history(
            self._client,
            ids,
            properties=self._view.stage_properties if properties is None else properties,
            own_app=self._own_app.id(self._client),
        )

    def scan(self, resume: str | None) -> Iterator[ScanPage]:
        view = self._view
        listing = Listing(client=self._client, kind=view.kind, properties=view.properties)
        return listing.scan(resume)

    def deals(self, ids: Collection[RecordId]) -> Mapping[RecordId, tuple[Deal, ...]]:
        return read_deals(self._client, ids, lost_reason=self._view.lost_reason)

    def fates(self, ids: Collection[RecordId]) -> Mapping[RecordId, Fate]:
        return read_fates(self._client, ids)

    def with_emails(self, emails: Collection[str]) -> Mapping[str, tuple[RecordId, ...]]:
        return contacts_with_emails(self._client, emails)

    def account(self) -> str:
        return read_account(self._client)

    def directory(self, kept_for: timedelta = KEPT_FOR) -> Directory:
        return self._directory(kept_for)

    def schema(self) -> Schema:
        return self._properties().schema

    def usage(self) -> Usage:
        return self._client.usage()

    def update(self, writes: Sequence[RecordWrite]) -> Mapping[RecordId, WriteOutcome]:
        outcomes = update_contacts(
            self._client,
            writes,
            stage_order=self._properties().stage_order,
            last_shown=self._last_shown,
        )
        if any(isinstance(outcome, Refused) for outcome in outcomes.values()):
            self._properties.drop()  # somebody may have changed what a property takes
        return outcomes

    def create(self, creates: Sequence[RecordCreate]) -> Mapping[ActionKey, CreateOutcome]:
        return create_contacts(self._client, creates, external_id=self._view.external_id)

    def add_notes(self, notes: Sequence[AddNote]) -> Mapping[ActionKey, WriteOutcome]:
        return note_calls.add_notes(self._client, notes)

    def find_notes(self, notes: Sequence[AddNote]) -> frozenset[ActionKey]:
        return note_calls.find_notes(self._client, notes)

    def enlist(self, wishes: Sequence[Enlist]) -> Mapping[ActionKey, WriteOutcome]:
        return enlist_contacts(self._client, wishes)
