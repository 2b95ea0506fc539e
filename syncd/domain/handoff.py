"""A handoff: an MQL offered to sales, with the clock that runs on it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syncd.domain.names import HandoffId, LeadId, TransitionId


class HandoffState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """All instants UTC. `warn_at`, `due_at` (breach) and `expires_at` are stored when it
    opens, with the version of the calendar they were counted on."""

    id: HandoffId
    lead_id: LeadId
    cycle: int
    state: HandoffState
    transition: TransitionId
    opened_at: datetime
    warn_at: datetime
    due_at: datetime
    expires_at: datetime
    calendar_version: str
    owner: str | None
    assigned_at: datetime | None = None
    warned_at: datetime | None = None
    breached_at: datetime | None = None
    first_touch_at: datetime | None = None
    first_touch_by: str | None = None
    closed_at: datetime | None = None
    closed_because: str = ""

    def next_due(self) -> datetime:
        """The next instant at which this handoff wants a decision."""
        if self.warned_at is None:
            return self.warn_at
        return self.due_at if self.breached_at is None else self.expires_at
