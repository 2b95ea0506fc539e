"""The store, by role: what the jobs keep, and how they look it up.

As in `ports`: adapters implement these, jobs see nothing else, and only the errors of
`syncd.errors` are raised.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from syncd.commit import Commit, OutboxRow, ScanMark
from syncd.domain.action import Action, SendAlert, WriteKind
from syncd.domain.audit import AuditEntry
from syncd.domain.decision import HeldLead, Parked, Plan
from syncd.domain.handoff import Handoff
from syncd.domain.lead import Lead, Lost
from syncd.domain.mapping import Spellings
from syncd.domain.message import Message, Route, RouteCount, RouteNews, Silence
from syncd.domain.names import ActionKey, LeadId, PlanId, RecordId, System
from syncd.domain.order import Order, SideStatus, StoreStatus
from syncd.domain.preview import Preview
from syncd.domain.stage import Transition
from syncd.domain.stage_write import StageWrite
from syncd.domain.verdict import Verdict
from syncd.fact_ports import FactBook


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreUrl:
    """A PostgreSQL database. The password stands beside the URL, never in it."""

    url: str
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return self.url


StorePlace = Path | StoreUrl
"""Where a store is: an SQLite file, or a database on a server."""


class StoreLock(Protocol):
    """Held from its making until `release` or the end of the process."""

    def release(self) -> None: ...


class LeadStore(Protocol):
    def find(self, system: System, ids: Collection[RecordId]) -> Mapping[RecordId, LeadId]:
        """Stored links."""
        ...

    def with_email(self, emails: Collection[str]) -> Mapping[str, frozenset[LeadId]]: ...

    def load(self, ids: Collection[LeadId]) -> Mapping[LeadId, Lead]:
        """Whole leads; an id that was united with another answers with that lead."""
        ...

    def ignored(self, system: System, ids: Collection[RecordId]) -> frozenset[RecordId]:
        """Records a person said to leave alone."""
        ...

    def set_aside(self, system: System, ids: Collection[RecordId]) -> frozenset[RecordId]:
        """Those of these records that are parked: they wait for a person, or are ignored."""
        ...

    def in_doubt(
        self, ids: Collection[LeadId], systems: Collection[System] = tuple(System)
    ) -> frozenset[LeadId]:
        """Those of these leads that a record of these CRMs, waiting for a person, may be of."""
        ...

    def after(self, lead_id: LeadId | None, limit: int) -> Sequence[Lead]:
        """Leads in the order of their ids, beginning after this one: a walk over all."""
        ...

    def lost(self, how: Lost, lead_id: LeadId | None, limit: int) -> Sequence[Lead]:
        """Leads with a record that is lost in this way, walked over as `after` does."""
        ...

    def offered(self, lead_id: LeadId | None, limit: int) -> Sequence[Lead]:
        """Leads with an open handoff, walked over as `after` does."""
        ...

    def scans(self) -> Mapping[System, ScanMark]: ...

    def sweep(self) -> LeadId | None:
        """How far the running round of reconciliation got; None when none is running."""
        ...

    def spellings(self) -> Spellings:
        """Of the field map that all leads were read with; empty in a new store."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[LeadId]:
        """Leads that want a decision, oldest first."""
        ...

    def commit(self, work: Commit) -> None:
        """All or nothing, fenced by the lease: LeaseLost when another worker holds it."""
        ...

    def watermarks(self) -> Mapping[System, datetime]: ...


class Outbox(Protocol):
    def claim(
        self,
        *,
        now: datetime,
        until: datetime,
        limit: int,
        held: Collection[System] = (),
        leads: Collection[LeadId] | None = None,
    ) -> Sequence[OutboxRow]:
        """Claim due rows by compare-and-set until `until`, oldest first; a row is not claimed
        while an earlier one of its record, not sent yet, is not due. Writes to `held` CRMs that
        can wait (`core.budget.CAN_WAIT`) stay as they are, and nothing waits for them. Where
        `leads` are named, only rows of these are, and those of no lead."""
        ...

    def spent(self, since: datetime) -> Mapping[WriteKind, int]:
        """Leads with a write of each class created since then (for the brake)."""
        ...

    def asked_for(self, since: datetime) -> Mapping[WriteKind, int]:
        """Writes of each class created since then: never fewer than `spent`, and quickly told."""
        ...

    def linked(self) -> int:
        """Leads known on both sides (what the brake's percentages are of)."""
        ...


class Messages(Protocol):
    """What was decided about alerts, for the worker. `Commit.messages` stores it."""

    def messages(self, keys: Collection[ActionKey]) -> Mapping[ActionKey, Message]:
        """What was decided about these alerts; those not decided yet are absent."""
        ...

    def alerts(self, keys: Collection[ActionKey]) -> Mapping[ActionKey, SendAlert]:
        """These alerts as they were decided, as long as the outbox keeps them."""
        ...

    def routes(self, *, since: datetime, now: datetime) -> Mapping[Route, RouteNews]:
        """What went, or waits for others of its kind; a route without any is absent."""
        ...

    def opening(self, thread: str, channel: str) -> Message | None:
        """The first message of a conversation in this channel that can be answered to."""
        ...

    def troubles(self) -> Sequence[Message]:
        """Those about something that lasts, told or kept silent, not marked resolved."""
        ...

    def silences(self, now: datetime) -> Sequence[Silence]:
        """In force at this instant, the first to expire first."""
        ...


class MessageBook(Protocol):
    """What was decided about alerts, for people. Kept for `KEEP_MESSAGES`."""

    def latest(self, limit: int) -> Sequence[Message]:
        """Decided last, newest first."""
        ...

    def named(self, text: str) -> Sequence[Message]:
        """The alert of this key, or those whose short id begins so."""
        ...

    def counts(self, since: datetime, until: datetime) -> Sequence[RouteCount]:
        """Of the alerts sent from then to then, by route."""
        ...

    def silence(self, silence: Silence) -> None:
        """Place one, or change one that is there. From any process: it is not fenced."""
        ...


class Orders(Protocol):
    def place(self, order: Order) -> None: ...

    def waiting(self) -> Sequence[Order]: ...

    def refused(self, since: datetime) -> Sequence[Order]:
        """Those placed since then that were not carried out, the oldest first."""
        ...


class Plans(Protocol):
    def open_plans(self) -> Sequence[Plan]:
        """Open and approved plans, whole: for people to look at."""
        ...

    def standing(self, leads: Collection[LeadId]) -> Sequence[Plan]:
        """Open and approved plans, each with the parts of these leads alone."""
        ...

    def parts(self, plan_id: PlanId, after: LeadId | None, limit: int) -> Sequence[HeldLead]:
        """Parts of a plan in the order of their leads' ids, beginning after this one."""
        ...

    def plan(self, plan_id: PlanId) -> Plan | None: ...


class Previews(Protocol):
    """What was previewed lately, as much as `core/kept_previews.py` lets stand."""

    def keep(self, made: Preview) -> None:
        """From any process: it is not fenced."""
        ...

    def preview(self, checksum: str) -> Preview | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All that is stored of one lead, oldest first. An audit entry whose key was erased
    comes without its personal part. `handoffs` holds the open one too. `outbox` is
    (action, state, reason, at)."""

    lead: Lead
    transitions: tuple[Transition, ...]
    verdicts: tuple[Verdict, ...]
    audit: tuple[AuditEntry, ...]
    handoffs: tuple[Handoff, ...]
    outbox: tuple[tuple[Action, str, str, datetime], ...]


class Archive(Protocol):
    """Looking things up for people; never on the worker's path."""

    def look_up(self, text: str) -> Sequence[LeadId]:
        """Leads by email, HubSpot id, Salesforce id (15 or 18) or LeadId."""
        ...

    def story(self, lead_id: LeadId) -> Story | None: ...

    def status(self, now: datetime) -> StoreStatus: ...

    def sides(self) -> Mapping[System, SideStatus]: ...

    def parked(self) -> Sequence[Parked]: ...

    def disputed(self) -> Sequence[Lead]:
        """Leads with a field that waits for a person, the longest open first."""
        ...

    def first_start(self) -> datetime | None:
        """The stored instant of the first start (default of `enforce_from`)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReport:
    """`broken_at` is the sequence number of the first row that does not fit, or None."""

    rows: int
    head: str
    broken_at: int | None
    why: str = ""


class StageWrites(Protocol):
    def stage_writes(self, ids: Collection[LeadId]) -> Mapping[LeadId, tuple[StageWrite, ...]]:
        """What became of all writes that carried or took back the stages of these leads, the
        oldest first. Who had none is absent."""
        ...


class AuditLog(Protocol):
    def verify(self) -> ChainReport: ...


class Lease(Protocol):
    """One writer at a time. Every commit is fenced by the number acquired."""

    def acquire(self, *, holder: str, now: datetime, span: timedelta) -> bool:
        """Whether it is ours now. What a dead predecessor had claimed becomes due at once."""
        ...

    def renew(self, *, now: datetime, span: timedelta) -> None:
        """LeaseLost when it is no longer ours."""
        ...

    def must_hold(self) -> None:
        """LeaseLost when it is no longer ours; changes nothing."""
        ...

    def release(self) -> None: ...


class Store(
    LeadStore,
    Outbox,
    Messages,
    MessageBook,
    Orders,
    Plans,
    Previews,
    Archive,
    AuditLog,
    Lease,
    FactBook,
    Protocol,
):
    """All roles of one store, as app.py holds it; jobs ask for the role they need."""

    def start(self, now: datetime) -> datetime:
        """Remember the first start; returns it."""
        ...
