"""Ports: what the jobs need of the outside, named by role.

Adapters implement them; jobs see nothing else (what only people's commands need is in
`office_ports`). All calls are synchronous and raise only the errors of `syncd.errors`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from syncd.domain.action import (
    AddNote,
    CreateOutcome,
    Enlist,
    RecordCreate,
    RecordWrite,
    SendAlert,
    WriteOutcome,
)
from syncd.domain.deal import Deal
from syncd.domain.names import ActionKey, RecordId, System
from syncd.domain.record import Activity, Directory, Fate, PropertyChange, Record, Schema


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware UTC."""
        ...

    def sleep(self, span: timedelta) -> None:
        """Wait, or less when the daemon is stopping."""
        ...


# --- a CRM -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Touch:
    """Somebody did something with a record. `mark` is another one once what was done changes."""

    record_id: RecordId
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Changed records, and what was done with records which does not show on themselves
    (`touched`). `server_time` is the vendor's clock when the read it belongs to began."""

    records: tuple[Record, ...]
    touched: frozenset[Touch]
    server_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanPage:
    """A page of a read of everything. `resume` continues after it; `total` is how many
    records there are, where the vendor tells. `began` is the vendor's clock when the whole
    scan began, also after it was resumed."""

    records: tuple[Record, ...]
    resume: str
    total: int | None
    began: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Calls made today and the allowance, where the vendor tells; `calls` since start, of
    which `limited` were answered 429 (or as the vendor says it)."""

    calls: int
    used: int | None
    allowed: int | None
    limited: int = 0


class Crm(Protocol):
    """Reading one CRM. Every method retries reads by itself and then raises."""

    @property
    def system(self) -> System: ...

    def poll(self, since: datetime | None) -> Iterator[Page]:
        """All records modified at or after `since` (None: all there are), deleted and merged
        ones included, and those touched since then. Always at least one page. Records changed
        while it runs may be missed, but are modified after the first page's server time."""
        ...

    def read(
        self, ids: Collection[RecordId], properties: Collection[str] | None = None
    ) -> Mapping[RecordId, Record]:
        """The records as they are now (no index delay), in batches; absent when gone. With
        these properties at least (None: all that are mapped)."""
        ...

    def done_with(self, ids: Collection[RecordId], since: datetime) -> Sequence[Activity]:
        """All that was done with these records since then and has happened (no index delay),
        ours and what automations did included and marked. In batches."""
        ...

    def history(
        self,
        ids: Collection[RecordId],
        since: datetime,
        properties: Collection[str] | None = None,
    ) -> Mapping[RecordId, tuple[PropertyChange, ...]]:
        """Changes of these properties (None: those that tell the stage), oldest first. A
        record the vendor has no history of is absent."""
        ...

    def scan(self, resume: str | None) -> Iterator[ScanPage]:
        """Every living record in bulk, in pages the vendor can serve again after a restart;
        None begins anew. PermanentError when `resume` is no longer known to the vendor."""
        ...

    def fates(self, ids: Collection[RecordId]) -> Mapping[RecordId, Fate]:
        """What became of each of these records; every id gets an answer."""
        ...

    def with_emails(self, emails: Collection[str]) -> Mapping[str, tuple[RecordId, ...]]:
        """Living records with these addresses (lower case), asked where no index lags."""
        ...

    def account(self) -> str:
        """Which org or portal this is: a Salesforce organisation id, a HubSpot portal id."""
        ...

    def directory(self, kept_for: timedelta = timedelta(hours=1)) -> Directory:
        """Owners, users and queues; cached, and asked anew after so long."""
        ...

    def schema(self) -> Schema:
        """The record's properties; cached, refreshed hourly."""
        ...

    def usage(self) -> Usage: ...


class Deals(Protocol):
    """What became of leads: for whoever measures."""

    def deals(self, ids: Collection[RecordId]) -> Mapping[RecordId, tuple[Deal, ...]]:
        """The deals of each of these records, in batches. Who has none is absent."""
        ...


class Target(Protocol):
    """Writing one CRM, in vendor-sized batches. Never retries: the outbox does."""

    def update(self, writes: Sequence[RecordWrite]) -> Mapping[RecordId, WriteOutcome]:
        """Absolute values; at most one write per record. Every record gets an outcome.
        A backward HubSpot stage is cleared, then set. TransientError, AuthError: the
        state of the batch is not known."""
        ...

    def create(self, creates: Sequence[RecordCreate]) -> Mapping[ActionKey, CreateOutcome]:
        """Make records by external id, so that a repeat finds the first one. What exists
        already is a Twin, never overwritten."""
        ...

    def add_notes(self, notes: Sequence[AddNote]) -> Mapping[ActionKey, WriteOutcome]: ...

    def find_notes(self, notes: Sequence[AddNote]) -> frozenset[ActionKey]:
        """Which of these notes (by mark) are already on their records."""
        ...

    def enlist(self, wishes: Sequence[Enlist]) -> Mapping[ActionKey, WriteOutcome]:
        """Put records on lists or into campaigns, or take them off lists. Whoever is there
        already, or gone already, is Written: it may be repeated. A list nobody can be put on
        by hand is Refused."""
        ...


# --- people ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Where a message is, for whoever wants to change it or answer to it."""

    channel_id: str
    ts: str


class Messenger(Protocol):
    """Telling people."""

    def send(
        self, channel: str, alerts: Sequence[SendAlert], *, thread: Posted | None = None
    ) -> Posted | None:
        """One message for one or several alerts of a kind, as an answer to `thread` where
        there is one. None where the way tells nothing of what it posted (a webhook)."""
        ...

    def find_sent(
        self, channel: str, keys: Collection[ActionKey], *, thread: Posted | None = None
    ) -> Mapping[ActionKey, Posted] | None:
        """Which of these were already posted lately, in the channel or as answers to `thread`
        (asked only after a doubtful send). None where the way cannot be asked, or may not."""
        ...

    def update(self, posted: Posted, alert: SendAlert, status: str) -> None:
        """The same message with what became of it, and what the alert's `acts` still offer.
        Where messages cannot be changed it stays as it is."""
        ...


# --- the monthly meeting -----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingNotes:
    """What the monthly meeting is about, a line each, and where its page is."""

    lines: tuple[str, ...]
    page: str


class Minutes(Protocol):
    """Prepares the monthly meeting, beside the work that goes on."""

    def of(self, month: str) -> MeetingNotes | None:
        """Of a month such as 2026-10; None while they are being made: ask again. PermanentError
        says why they cannot be made; asked again, they are begun anew."""
        ...
