"""Salesforce as the jobs see it: one object in the roles of Crm and Target."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from syncd.adapters.salesforce.account import fetch_account
from syncd.adapters.salesforce.api import Api
from syncd.adapters.salesforce.automations import OrgAutomations
from syncd.adapters.salesforce.campaigns import Campaigns
from syncd.adapters.salesforce.connection import SalesforceConnection
from syncd.adapters.salesforce.creating import Creating
from syncd.adapters.salesforce.deals import fetch_deals
from syncd.adapters.salesforce.fates import fetch_fates
from syncd.adapters.salesforce.inspecting import SalesforceInspector
from syncd.adapters.salesforce.login import check_login
from syncd.adapters.salesforce.provisioning import SalesforceProvisioner
from syncd.adapters.salesforce.reading import Reading
from syncd.adapters.salesforce.scanning import Scanning
from syncd.adapters.salesforce.stage_dates import SalesforceStageDates
from syncd.adapters.salesforce.writing import Writing
from syncd.adapters.transport.cached import KEPT_FOR
from syncd.adapters.transport.session import Timeouts, require_safe
from syncd.domain.action import (
    AddNote,
    CreateOutcome,
    Enlist,
    RecordCreate,
    RecordWrite,
    WriteOutcome,
)
from syncd.domain.automation import Automations
from syncd.domain.deal import Deal
from syncd.domain.mapping import SideMap
from syncd.domain.names import ActionKey, RecordId, System
from syncd.domain.record import Activity, Directory, Fate, PropertyChange, Record, Schema
from syncd.ports import Clock, Page, ScanPage, Usage


def connect_salesforce(
    connection: SalesforceConnection,
    *,
    side: SideMap,
    properties: Sequence[str],
    clock: Clock,
    timeouts: Timeouts | None = None,
) -> "Salesforce":
    """An adapter that logs in with its first request. ConfigError for what could never work
    (no My Domain, a key that is no key, plain http beyond loopback); PermanentError for a
    property that is no property path."""
    if connection.base_url is not None:
        require_safe(connection.base_url)
    check_login(connection)
    api = Api(connection, clock, timeouts)
    reading = Reading(api, side=side, properties=properties, clock=clock)
    scanning = Scanning(api, side=side, properties=properties, schema=reading.schema, clock=clock)
    inspector = SalesforceInspector(api, kind=side.kind, clock=clock)
    office = Office(
        inspector=inspector,
        provisioner=SalesforceProvisioner(api, side=side, properties=properties),
        automations=OrgAutomations(api, kind=side.kind),
        stage_dates=SalesforceStageDates(api, reading, side),
        lost_reason=side.lost_reason,
    )
    return Salesforce(api, reading, scanning, Writing(api), Creating(api, side), office)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What only people's commands and reports use."""

    inspector: SalesforceInspector
    provisioner: SalesforceProvisioner
    automations: OrgAutomations
    stage_dates: SalesforceStageDates
    lost_reason: str | None


class Salesforce:
    """Implements `Crm`, `Deals`, `Target` and `AutomationReader`."""

    def __init__(
        self,
        api: Api,
        reading: Reading,
        scanning: Scanning,
        writing: Writing,
        creating: Creating,
        office: Office,
    ) -> None:
        self.inspector = office.inspector
        self.provisioner = office.provisioner
        self.stage_dates = office.stage_dates
        self._automations = office.automations
        self._lost_reason = office.lost_reason
        self._api = api
        self._reading = reading
        self._scanning = scanning
        self._writing = writing
        self._creating = creating
        self._campaigns = Campaigns(api, writing)

    @property
    def system(self) -> System:
        return System.SALESFORCE

    def automations(self) -> Automations:
        return self._automations.read()

    def poll(self, since: datetime | None) -> Iterator[Page]:
        return self._reading.poll(since)

    def read(
        self, ids: Collection[RecordId], properties: Collection[str] | None = None
    ) -> Mapping[RecordId, Record]:
        return self._reading.read(ids, properties)

    def done_with(self, ids: Collection[RecordId], since: datetime) -> Sequence[Activity]:
        return tuple(self._reading.done_with(ids, since))

    def history(
        self,
        ids: Collection[RecordId],
        since: datetime,
        properties: Collection[str] | None = None,
    ) -> Mapping[RecordId, tuple[PropertyChange, ...]]:
        return self._reading.history(ids, since, properties)

    def scan(self, resume: str | None) -> Iterator[ScanPage]:
        return self._scanning.scan(resume)

    def deals(self, ids: Collection[RecordId]) -> Mapping[RecordId, tuple[Deal, ...]]:
        return fetch_deals(self._api, ids, lost_reason=self._lost_reason)

    def fates(self, ids: Collection[RecordId]) -> Mapping[RecordId, Fate]:
        return fetch_fates(self._api, ids)

    def with_emails(self, emails: Collection[str]) -> Mapping[str, tuple[RecordId, ...]]:
        return self._creating.with_emails(emails)

    def account(self) -> str:
        return fetch_account(self._api)

    def directory(self, kept_for: timedelta = KEPT_FOR) -> Directory:
        return self._reading.people(kept_for).directory

    def schema(self) -> Schema:
        return self._reading.schema()

    def usage(self) -> Usage:
        used, allowed = self._api.allowance()
        calls, limited = self._api.calls.count, self._api.limited
        return Usage(calls=calls, used=used, allowed=allowed, limited=limited)

    def update(self, writes: Sequence[RecordWrite]) -> Mapping[RecordId, WriteOutcome]:
        return self._writing.update(writes)

    def create(self, creates: Sequence[RecordCreate]) -> Mapping[ActionKey, CreateOutcome]:
        return self._creating.create(creates)

    def add_notes(self, notes: Sequence[AddNote]) -> Mapping[ActionKey, WriteOutcome]:
        return self._writing.add_notes(notes)

    def find_notes(self, notes: Sequence[AddNote]) -> frozenset[ActionKey]:
        return self._writing.find_notes(notes)

    def enlist(self, wishes: Sequence[Enlist]) -> Mapping[ActionKey, WriteOutcome]:
        return self._campaigns.enlist(wishes)
