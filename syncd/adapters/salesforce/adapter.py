"""Salesforce as the jobs see it: one object in the roles of Crm and Target."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from syncd.adapters.salesforce.api import Api
from syncd.adapters.salesforce.connection import SalesforceConnection
from syncd.adapters.salesforce.login import check_login
from syncd.adapters.salesforce.reading import Reading
from syncd.adapters.salesforce.writing import Writing
from syncd.adapters.transport.session import Timeouts, require_safe
from syncd.domain.action import AddNote, RecordWrite, WriteOutcome
from syncd.domain.mapping import SideMap
from syncd.domain.names import ActionKey, RecordId, System
from syncd.domain.record import Directory, PropertyChange, Record, Schema
from syncd.ports import Clock, Page, Usage


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
    return Salesforce(api, reading, Writing(api))


class Salesforce:
    """Implements `Crm` and `Target`."""

    def __init__(self, api: Api, reading: Reading, writing: Writing) -> None:
        self._api = api
        self._reading = reading
        self._writing = writing

    @property
    def system(self) -> System:
        return System.SALESFORCE

    def poll(self, since: datetime | None) -> Iterator[Page]:
        return self._reading.poll(since)

    def read(self, ids: Collection[RecordId]) -> Mapping[RecordId, Record]:
        return self._reading.read(ids)

    def history(
        self, ids: Collection[RecordId], since: datetime
    ) -> Mapping[RecordId, tuple[PropertyChange, ...]]:
        return self._reading.history(ids, since)

    def directory(self) -> Directory:
        return self._reading.people().directory

    def schema(self) -> Schema:
        return self._reading.schema()

    def usage(self) -> Usage:
        used, allowed = self._api.allowance()
        return Usage(calls=self._api.calls.count, used=used, allowed=allowed)

    def update(self, writes: Sequence[RecordWrite]) -> Mapping[RecordId, WriteOutcome]:
        return self._writing.update(writes)

    def add_notes(self, notes: Sequence[AddNote]) -> Mapping[ActionKey, WriteOutcome]:
        return self._writing.add_notes(notes)

    def find_notes(self, notes: Sequence[AddNote]) -> frozenset[ActionKey]:
        return self._writing.find_notes(notes)
