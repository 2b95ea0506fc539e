"""What rows of the outbox and of the orders say: shared by both stores."""

from datetime import timedelta
from enum import StrEnum
from typing import assert_never

from syncd.domain.action import Action, AddNote, SendAlert, WriteRecord
from syncd.domain.names import LeadId
from syncd.domain.order import ApplyPlan, GrantWaiver, Order, ReleaseLead
from syncd.ports import Buried, Cancelled, OutboxChange, Postponed, Settled

KEEP_PAYLOAD = timedelta(days=14)
"""After this long a finished row is emptied of what was written. Its key stays for ever,
so that the same decision is never carried out twice."""


class OutboxState(StrEnum):
    PENDING = "pending"
    CLAIMED = "claimed"
    SETTLED = "settled"
    CANCELLED = "cancelled"
    BURIED = "buried"


def target_of(action: Action) -> str | None:
    """The record whose effects stay in order; alerts have none."""
    match action:
        case WriteRecord() | AddNote():
            return f"{action.system.value}:{action.record_id}"
        case SendAlert():
            return None
        case _:
            assert_never(action)


def state_after(change: OutboxChange) -> OutboxState:
    match change:
        case Settled():
            return OutboxState.SETTLED
        case Postponed():
            return OutboxState.PENDING
        case Buried():
            return OutboxState.BURIED
        case Cancelled():
            return OutboxState.CANCELLED
        case _:
            assert_never(change)


def reason_of(change: OutboxChange) -> str:
    return "" if isinstance(change, Settled) else change.reason


def ordered_lead(order: Order) -> LeadId | None:
    """The lead an order is about."""
    match order.what:
        case GrantWaiver(waiver=waiver):
            return waiver.lead_id
        case ReleaseLead(lead_id=lead_id):
            return lead_id
        case ApplyPlan():
            return None
        case _:
            assert_never(order.what)
