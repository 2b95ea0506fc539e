"""A preview: what a cycle would have written at one moment, kept under its checksum."""

from dataclasses import dataclass
from datetime import datetime

from syncd.domain.names import LeadId


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAction:
    """One effect. `digest` is the same for the same effect, whenever it is decided; `what` is
    its class, `reason` the gate, field or deadline that caused it, `says` tells it in words."""

    digest: str
    what: str
    reason: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLead:
    lead_id: LeadId
    actions: tuple[PlannedAction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """`config` is the digest of the configuration it was made with."""

    checksum: str
    made_at: datetime
    config: str
    leads: tuple[PlannedLead, ...]
