"""Outbox rows of the in-memory store: what one is, what changes make of it, which are free."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from syncd.adapters.store.effects import (
    OutboxState,
    attempts_taken_back,
    due_after,
    reason_of,
    state_after,
    target_of,
    write_kind_of,
)
from syncd.commit import OutboxChange
from syncd.core.budget import CAN_WAIT
from syncd.domain.action import Action, WriteKind
from syncd.domain.names import LeadId, System


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """An outbox row: open while it has a due instant, `action` is None once emptied."""

    seq: int
    lead_id: LeadId | None
    target: str | None
    action: Action | None
    state: OutboxState
    due_at: datetime | None
    created_at: datetime
    changed_at: datetime
    attempts: int = 0
    reason: str = ""

    @property
    def write_kind(self) -> WriteKind | None:
        return write_kind_of(self.action) if self.action else None

    @property
    def is_given_up(self) -> bool:
        return self.state is OutboxState.BURIED and self.action is not None


def new_effect(action: Action, seq: int, now: datetime) -> Effect:
    return Effect(
        seq=seq,
        lead_id=action.lead_id,
        target=target_of(action),
        action=action,
        state=OutboxState.PENDING,
        due_at=now,
        created_at=now,
        changed_at=now,
    )


def changed_effect(row: Effect, change: OutboxChange, now: datetime) -> Effect:
    return replace(
        row,
        state=state_after(change),
        due_at=due_after(change),
        attempts=row.attempts - attempts_taken_back(change),
        reason=reason_of(change),
        changed_at=now,
    )


def claimable(effects: Iterable[Effect], now: datetime) -> list[Effect]:
    """Due rows, but for those behind an earlier row of the same record that is not due yet."""
    free, waiting = [], set()
    for row in sorted((x for x in effects if x.due_at), key=lambda x: x.seq):
        if row.due_at and row.due_at > now:
            waiting |= {row.target} if row.state is not OutboxState.SENT else set()
        elif row.target is None or row.target not in waiting:
            free.append(row)
    return free


def is_of(row: Effect, leads: Collection[LeadId]) -> bool:
    """What is told of no lead is everybody's."""
    lead_id = row.action.lead_id if row.action else None
    return lead_id is None or lead_id in leads


def can_be_held_back(row: Effect, held: Collection[System]) -> bool:
    """A record yet to be made has no target: it waits for all CRMs."""
    of = {f"{system.value}:" for system in held}
    return row.write_kind in CAN_WAIT and any(
        row.target is None or row.target.startswith(x) for x in of
    )
