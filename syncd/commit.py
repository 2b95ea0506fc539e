"""What one step came to: all that is stored in one transaction, and the outbox row it is about.

Shapes alone: the ports of the store (`store_ports`) take and give them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from syncd.domain.action import (
    Action,
)
from syncd.domain.audit import AuditEntry
from syncd.domain.copies import swift
from syncd.domain.decision import Parked, Plan
from syncd.domain.handoff import Handoff
from syncd.domain.lead import Lead
from syncd.domain.mapping import Spellings
from syncd.domain.message import Message
from syncd.domain.names import ActionKey, LeadId, RecordId, System
from syncd.domain.order import Order, SideStatus
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
    people leave the store (P10), with the rows they were counted by: all but their transitions, and
    of the audit what lay under their own key. `scans` and `sweep` (the last lead looked at;
    "" when a round is complete) say how far those reads of everything got. `spellings` are
    digests of the field map that all leads were read with. `messages` are saved as they now are.
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
    messages: tuple[Message, ...] = ()
