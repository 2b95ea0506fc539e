"""A CRM kept shut: whoever asks it hears that it does not answer, and it is never called.

For the time in which nobody knows whose it is. All that is done about a CRM which is down is
then done about this one: what is read waits, what is to be written is tried again later.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Never

from syncd.domain.action import (
    AddNote,
    CreateOutcome,
    Enlist,
    RecordCreate,
    RecordWrite,
    WriteOutcome,
)
from syncd.domain.names import ActionKey, RecordId, System
from syncd.domain.record import Activity, Directory, Fate, PropertyChange, Record, Schema
from syncd.errors import TransientError
from syncd.jobs.pair import Pair
from syncd.ports import Crm, Page, ScanPage, Usage


def shut(pair: Pair, reasons: Mapping[System, str]) -> Pair:
    """The pair with these CRMs kept shut, and why."""
    if not reasons:
        return pair
    closed = {system: _Shut(pair.crms[system], why) for system, why in reasons.items()}
    return replace(pair, crms={**pair.crms, **closed}, targets={**pair.targets, **closed})


@dataclass(frozen=True, slots=True)
class _Shut:
    """Implements `ports.Crm` and `ports.Target`."""

    crm: Crm
    why: str

    def _refuse(self, *_: object) -> Never:
        raise TransientError(self.why)

    @property
    def system(self) -> System:
        return self.crm.system

    def usage(self) -> Usage:
        return self.crm.usage()

    def poll(self, since: datetime | None) -> Iterator[Page]:
        return map(self._refuse, (since,))  # pages are asked for one by one

    def scan(self, resume: str | None) -> Iterator[ScanPage]:
        return map(self._refuse, (resume,))

    def read(
        self, ids: Collection[RecordId], properties: Collection[str] | None = None
    ) -> Mapping[RecordId, Record]:
        self._refuse(ids, properties)

    def history(
        self,
        ids: Collection[RecordId],
        since: datetime,
        properties: Collection[str] | None = None,
    ) -> Mapping[RecordId, tuple[PropertyChange, ...]]:
        self._refuse(ids, since, properties)

    def done_with(self, ids: Collection[RecordId], since: datetime) -> Sequence[Activity]:
        self._refuse(ids, since)

    def fates(self, ids: Collection[RecordId]) -> Mapping[RecordId, Fate]:
        self._refuse(ids)

    def with_emails(self, emails: Collection[str]) -> Mapping[str, tuple[RecordId, ...]]:
        self._refuse(emails)

    def account(self) -> str:
        self._refuse()

    def directory(self, kept_for: timedelta = timedelta()) -> Directory:
        self._refuse(kept_for)

    def schema(self) -> Schema:
        self._refuse()

    def update(self, writes: Sequence[RecordWrite]) -> Mapping[RecordId, WriteOutcome]:
        self._refuse(writes)

    def create(self, creates: Sequence[RecordCreate]) -> Mapping[ActionKey, CreateOutcome]:
        self._refuse(creates)

    def add_notes(self, notes: Sequence[AddNote]) -> Mapping[ActionKey, WriteOutcome]:
        self._refuse(notes)

    def find_notes(self, notes: Sequence[AddNote]) -> frozenset[ActionKey]:
        self._refuse(notes)

    def enlist(self, wishes: Sequence[Enlist]) -> Mapping[ActionKey, WriteOutcome]:
        self._refuse(wishes)
