"""Audit entries: why the store says what it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syncd.domain.copies import swift
from syncd.domain.names import LeadId


class AuditKind(StrEnum):
    FIRST_SIGHT = "first-sight"
    LINKED = "linked"
    UNLINKED = "unlinked"
    IGNORED = "ignored"
    CARRIED_ON = "carried-on"
    CREATED = "created"
    RESOLVED = "resolved"
    DRIFTED = "drifted"
    ERASED = "erased"
    TRANSITION = "transition"
    VERDICT = "verdict"
    OVERWRITE = "overwrite"
    CONFLICT = "conflict"
    DISAGREEMENT = "disagreement"
    FINDING = "finding"
    GRACE = "grace"
    REFUSED = "refused"
    FLAGGED = "flagged"
    CONTESTED = "contested"
    RELEASED = "released"
    WAIVED = "waived"
    WAIVER_ASKED = "waiver-asked"
    WAIVER_REFUSED = "waiver-refused"
    REJECTED = "rejected"
    NOT_DONE = "not-done"
    HANDOFF = "handoff"
    RECYCLED = "recycled"
    HELD = "held"
    APPLIED = "applied"
    OVERTAKEN = "overtaken"
    GIVEN_UP = "given-up"
    GONE = "gone"


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One fact. `facts` is what may stay for ever (ids, stages, rules, versions);
    `personal` holds values of the person and is stored under the lead's own key."""

    at: datetime
    kind: AuditKind
    lead_id: LeadId | None
    facts: Mapping[str, str]
    personal: Mapping[str, str]
