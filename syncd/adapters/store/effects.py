"""What rows of the outbox and of the orders say: shared by both stores."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from syncd.commit import Buried, Cancelled, OutboxChange, Postponed, Sent, Settled, Waiting
from syncd.domain.action import (
    Action,
    AddNote,
    CreateRecord,
    Enlist,
    SendAlert,
    UpdateAlert,
    WriteKind,
    WriteRecord,
)
from syncd.domain.names import LeadId
from syncd.domain.order import (
    AcceptHandoff,
    AnswerWaiver,
    ApplyPlan,
    AskWaiver,
    ForgetVanished,
    GrantWaiver,
    IgnoreRecord,
    LinkRecord,
    MarkAlert,
    Order,
    RejectHandoff,
    ReleaseLead,
    RepairField,
    ResolveDispute,
    SnoozeHandoff,
    UnlinkRecord,
    WithdrawOrder,
)

KEEP_PAYLOAD = timedelta(days=14)
"""After this long a finished row is emptied of what was written. Its key stays for ever,
so that the same decision is never carried out twice."""


class OutboxState(StrEnum):
    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    SETTLED = "settled"
    CANCELLED = "cancelled"
    BURIED = "buried"


def target_of(action: Action) -> str | None:
    """The record whose effects stay in order; an alert has none, and neither has a record
    that is yet to be made."""
    match action:
        case WriteRecord() | AddNote() | Enlist():
            return f"{action.system}:{action.record_id}"
        case CreateRecord() | SendAlert() | UpdateAlert():
            return None
        case _:
            assert_never(action)


def write_kind_of(action: Action) -> WriteKind | None:
    """The class of writes the brake counts it in."""
    match action:
        case WriteRecord(kind=kind):
            return kind
        case CreateRecord():
            return WriteKind.CREATE
        case AddNote() | SendAlert() | UpdateAlert() | Enlist():
            return None
        case _:
            assert_never(action)


def state_after(change: OutboxChange) -> OutboxState:
    match change:
        case Settled():
            return OutboxState.SETTLED
        case Postponed() | Waiting():
            return OutboxState.PENDING
        case Sent():
            return OutboxState.SENT
        case Buried():
            return OutboxState.BURIED
        case Cancelled():
            return OutboxState.CANCELLED
        case _:
            assert_never(change)


def due_after(change: OutboxChange) -> datetime | None:
    """When an effect that is not over is looked at again."""
    return change.until if isinstance(change, (Postponed, Waiting, Sent)) else None


def attempts_taken_back(change: OutboxChange) -> int:
    """A claim that only found out it has to wait was no attempt."""
    return 1 if isinstance(change, Waiting) else 0


def reason_of(change: OutboxChange) -> str:
    return "" if isinstance(change, (Settled, Sent)) else change.reason


def ordered_lead(order: Order) -> LeadId | None:
    """The lead an order is about."""
    match order.what:
        case GrantWaiver(waiver=waiver) | AskWaiver(waiver=waiver):
            return waiver.lead_id
        case (
            ReleaseLead(lead_id=lead_id)
            | LinkRecord(lead_id=lead_id)
            | UnlinkRecord(lead_id=lead_id)
            | ResolveDispute(lead_id=lead_id)
            | AcceptHandoff(lead_id=lead_id)
            | RejectHandoff(lead_id=lead_id)
            | SnoozeHandoff(lead_id=lead_id)
            | AnswerWaiver(lead_id=lead_id)
        ):
            return lead_id
        case ApplyPlan() | IgnoreRecord() | ForgetVanished() | RepairField() | WithdrawOrder():
            return None
        case MarkAlert():
            return None
        case _:
            assert_never(order.what)
