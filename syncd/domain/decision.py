"""What deciding one lead comes to, and what the brake makes of many."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from syncd.domain.action import Action, WriteKind
from syncd.domain.audit import AuditEntry
from syncd.domain.copies import swift
from syncd.domain.handoff import Handoff
from syncd.domain.lead import Lead
from syncd.domain.names import ActionKey, FieldName, LeadId, PlanId, RecordId, System
from syncd.domain.record import Edit, Snapshot
from syncd.domain.stage import StageStep, Transition
from syncd.domain.verdict import Verdict


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A snapshot just read, with the history behind it: the steps since the last settled
    stage, oldest first; None where no history could be read. `edits` tells when fields that
    both sides changed got their values, where the vendor keeps such a history. `why_linked`
    is the clue by which the record joined its lead just now."""

    snapshot: Snapshot
    steps: tuple[StageStep, ...] | None = None
    edits: Mapping[FieldName, Edit] = field(default_factory=dict)
    why_linked: str = ""


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`lead` is the next state, `observed` the lead as seen before anything was decided (what
    is stored when the brake holds the decision). `actions` become outbox rows, `closed`
    handoffs ended with it; `proven` are actions that were seen to be done."""

    lead: Lead
    observed: Lead
    transitions: tuple[Transition, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    actions: tuple[Action, ...] = ()
    audit: tuple[AuditEntry, ...] = ()
    closed: tuple[Handoff, ...] = ()
    proven: tuple[ActionKey, ...] = ()
    due_at: datetime | None = None


class PlanState(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLead:
    """One lead's part of a held plan. `digest` fixes the actions; `says` tells them in words.
    `result` is filled when the plan was applied: "applied" or why not."""

    lead_id: LeadId
    digest: str
    says: tuple[str, ...]
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the brake stopped of one class, waiting for a person."""

    id: PlanId
    kind: WriteKind
    state: PlanState
    opened_at: datetime
    reason: str
    leads: tuple[HeldLead, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A record that could not be matched without guessing. One that is `ignored` is left
    alone, by a person's word, until it is linked by hand."""

    system: System
    record_id: RecordId
    why: str
    candidates: tuple[LeadId, ...]
    since: datetime
    ignored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Braked:
    """`go` may be committed; `held` maps a class to the decisions stopped in it, lead and all;
    `withheld` to those of which only the writes of that class wait: all else of them is among
    `go`. `applied` are approved plans, with the parts that go."""

    go: tuple[Decision, ...]
    held: Mapping[WriteKind, tuple[Decision, ...]]
    withheld: Mapping[WriteKind, tuple[Decision, ...]] = field(default_factory=dict)
    applied: tuple[Plan, ...] = ()
