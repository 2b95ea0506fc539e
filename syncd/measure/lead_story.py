"""What is stored of one lead, as far as it counts: what its rows are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.deal import Deal
from syncd.domain.handoff import Handoff
from syncd.domain.lead import Lead
from syncd.domain.names import System
from syncd.domain.stage import Transition
from syncd.domain.verdict import Verdict

TELLING = (
    AuditKind.FIRST_SIGHT,
    AuditKind.REFUSED,
    AuditKind.FLAGGED,
    AuditKind.CONTESTED,
    AuditKind.CONFLICT,
    AuditKind.GRACE,
    AuditKind.WAIVED,
    AuditKind.RECYCLED,
)
"""Entries of the audit that say how a lead began, what became of its moves, and where a round
ends. Of the others nothing is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadStory:
    """With what is stored of the leads that were united with it. `audit` are its `TELLING`
    entries, oldest first, with their personal part where its key is there. `handoffs` holds the
    open one too. `shared` tells of how many leads a deal is, where it is of several."""

    lead: Lead
    transitions: tuple[Transition, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    handoffs: tuple[Handoff, ...] = ()
    audit: tuple[AuditEntry, ...] = ()
    deals: Mapping[System, tuple[Deal, ...]] = field(default_factory=dict)
    shared: Mapping[tuple[System, str], int] = field(default_factory=dict)
