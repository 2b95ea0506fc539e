"""The store, by role: what the jobs keep, and how they look it up.

As in `ports`: adapters implement these, jobs see nothing else, and only the errors of
`syncd.errors` are raised.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from syncd.domain.action import (
    Action,
    WriteKind,
)
from syncd.domain.audit import AuditEntry
from syncd.domain.copies import swift
from syncd.domain.decision import HeldLead, Parked, Plan
from syncd.domain.handoff import Handoff
from syncd.domain.lead import Lead, Lost
from syncd.domain.mapping import Spellings
from syncd.domain.names import ActionKey, LeadId, PlanId, RecordId, System
from syncd.domain.order import Order, SideStatus, StoreStatus
from syncd.domain.stage import Transition
from syncd.domain.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanMark:
    """How far a scan got, stored with what it brought. `seen` counts records. `began` is when
    the first one did whose records are stored: one that has to begin anew leaves it."""

    resume: str
    seen: int
    total: int | None
    began: datetime
    done: bool = False


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """One effect to carry out. `attempts` counts claims before this one, but for those that
    only found it had to wait; `reason` is why it was put off last; `sent` that the CRM took
    the last attempt."""

    action: Action
    attempts: int
    created_at: datetime
    reason: str = ""
    sent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    key: ActionKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Postponed:
    key: ActionKey
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Not tried, for something else has to happen first: no attempt was made."""

    key: ActionKey
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Written, and expected to show in a poll; looked at by `until` if it did not. Nothing
    of its record waits for it."""

    key: ActionKey
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Buried:
    key: ActionKey
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    key: ActionKey
    reason: str


OutboxChange = Settled | Postponed | Waiting | Sent | Buried | Cancelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """Everything one step decides, stored in one transaction or not at all.

    `dissolved` leads were united with another and are dropped. `due` maps each saved lead
    to the next instant it wants a decision (None: never by itself). A transition, an
    action or a verdict already stored is left alone. The parts of `plans` join those
    already there, or take the place of the same lead's. `closed` are handoffs that ended;
    the open one is in its lead. `orders` already placed are saved as they now are. `erased`
    people leave the store (P10): all but their transitions, and of the audit what lay
    under their own key. `scans` and `sweep` (the last lead looked at;
    "" when a round is complete) say how far those reads of everything got. `spellings` are
    digests of the field map that all leads were read with.
    """

    now: datetime
    leads: tuple[Lead, ...] = ()
    dissolved: Mapping[LeadId, LeadId] | None = None
    due: Mapping[LeadId, datetime | None] | None = None
    transitions: tuple[Transition, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    actions: tuple[Action, ...] = ()
    outbox: tuple[OutboxChange, ...] = ()
    audit: tuple[AuditEntry, ...] = ()
    closed: tuple[Handoff, ...] = ()
    parked: tuple[Parked, ...] = ()
    unparked: tuple[tuple[System, RecordId], ...] = ()
    watermarks: Mapping[System, datetime] | None = None
    sides: Mapping[System, SideStatus] | None = None
    plans: tuple[Plan, ...] = ()
    orders_done: tuple[str, ...] = ()
    orders: tuple[Order, ...] = ()
    erased: tuple[LeadId, ...] = ()
    scans: Mapping[System, ScanMark] | None = None
    sweep: LeadId | None = None
    spellings: Spellings | None = None


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
        self, *, now: datetime, until: datetime, limit: int, held: Collection[System] = ()
    ) -> Sequence[OutboxRow]:
        """Claim due rows by compare-and-set until `until`, oldest first; a row is not claimed
        while an earlier one of its record, not sent yet, is not due. Writes to `held` CRMs that
        can wait (`core.budget.CAN_WAIT`) stay as they are, and nothing waits for them."""
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


class Orders(Protocol):
    def place(self, order: Order) -> None: ...

    def waiting(self) -> Sequence[Order]: ...


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

    def release(self) -> None: ...


class Store(LeadStore, Outbox, Orders, Plans, Archive, AuditLog, Lease, Protocol):
    """All roles of one store, as app.py holds it; jobs ask for the role they need."""

    def start(self, now: datetime) -> datetime:
        """Remember the first start; returns it."""
        ...
