"""A lead: everything syncd knows of one person, as one value.

`jobs` load it, `core` returns the next one, the store saves it whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from syncd.domain.copies import swift
from syncd.domain.handoff import Handoff
from syncd.domain.names import ActionKey, FieldName, LeadId, PlanId, RecordId, System, TransitionId
from syncd.domain.record import Edit, Snapshot
from syncd.domain.stage import Actor, Stage, Transition
from syncd.domain.values import Seen, Value
from syncd.domain.verdict import Waiver


class Lost(StrEnum):
    """How a lead's record is lost, for the store to find such leads by."""

    DELETED = "deleted"
    VANISHED = "vanished"


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A write in flight: what it replaces and what it writes both count as unchanged.

    `replaces` holds the value the decision saw, and what earlier writes, still unsettled
    when this one took their place, may have left there. `written_at` is the record's stamp
    once the vendor took the write, while that is still to be seen.
    """

    key: ActionKey
    replaces: tuple[Value, ...]
    writes: Value
    written_at: datetime | None = None

    def covers(self, value: Seen) -> bool:
        """Whether seeing this value is no news."""
        return value == self.writes or value in self.replaces


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What is known of the lead in one CRM.

    `seen` is the last snapshot; `baseline` the values last settled there (STAGE and
    OWNER included); `settled_at` the vendor's stamp of our last settled write per
    field; `stage_since` the instant of the last stage step known; `last_move` the last
    move by somebody other than syncd. `former` are ids the record had before (converted
    or merged); `why_linked` is the clue that joined it to the lead. `edits` are those of
    contested fields, as history told them when `seen` was read. `gone_at`: since when it is gone.
    """

    system: System
    record_id: RecordId
    seen: Snapshot
    baseline: Mapping[FieldName, Value]
    stage_since: datetime
    settled_at: Mapping[FieldName, datetime] = field(default_factory=dict)
    pending: Mapping[FieldName, Pending] = field(default_factory=dict)
    last_move: Transition | None = None
    gone: str | None = None
    gone_at: datetime | None = None
    former: tuple[RecordId, ...] = ()
    why_linked: str = ""
    edits: Mapping[FieldName, Edit] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A field both sides changed differently, whose rule asks a person. It does not travel
    until somebody chooses, or both sides show the same again."""

    since: datetime
    values: Mapping[System, Value]
    edits: Mapping[System, Edit] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A stage move that fails its gate and waits out its grace. It does not travel meanwhile."""

    transition: TransitionId
    sides: tuple[System, ...]
    from_stage: Stage
    to_stage: Stage
    at: datetime
    seen_at: datetime
    grace_ends: datetime
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A refused move that is remembered: `times` it was moved back, until when it counts."""

    move: Transition
    times: int
    refused_at: datetime
    until: datetime

    @property
    def to_stage(self) -> Stage:
        return self.move.to_stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """A revert war: the stage is frozen until a person releases it."""

    since: datetime
    to_stage: Stage
    actor: Actor
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinAsked:
    """The lead's missing record was asked for in this CRM, once for ever. `refused` says why
    it was not made, `like` are the records that stood in the way."""

    system: System
    at: datetime
    refused: str = ""
    like: tuple[RecordId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A round that is over, for whoever gets the lead next: who had it, and how it ended."""

    cycle: int
    opened_at: datetime
    closed_at: datetime
    owner: str | None
    why: str


MOST_ROUNDS = 5
"""So many past rounds are kept with a lead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverAsked:
    """A waiver somebody asked for, until an approver answers; granted, it becomes a `Waiver`."""

    id: str
    waiver: Waiver
    asked_at: datetime


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """`stage` is the lead's one settled story; `cycle` counts funnel rounds from 1. `apart`
    are records that are the lead's no more: somebody else's, a person said, or deleted for
    good. `unjudged` are handoffs that are over, with a missed deadline nobody was told of yet."""

    id: LeadId
    cycle: int
    stage: Stage
    first_seen_at: datetime
    sides: Mapping[System, Side]
    move: Move | None = None
    refusal: Refusal | None = None
    contest: Contest | None = None
    handoff: Handoff | None = None
    waivers: tuple[Waiver, ...] = ()
    recycles: int = 0
    cool_off_until: datetime | None = None
    held: PlanId | None = None
    nonconforming: bool = False
    disputes: Mapping[FieldName, Dispute] = field(default_factory=dict)
    apart: tuple[RecordId, ...] = ()
    twin: TwinAsked | None = None
    recycled_at: datetime | None = None
    rounds: tuple[Round, ...] = ()
    asked: tuple[WaiverAsked, ...] = ()
    unjudged: tuple[Handoff, ...] = ()

    @property
    def promised(self) -> tuple[Handoff, ...]:
        """The handoffs whose clocks are still looked at: those over first."""
        return (*self.unjudged, self.handoff) if self.handoff else self.unjudged

    def next_deadline(self) -> datetime | None:
        """When the next of their steps is due, None where none is."""
        return min((at for x in self.promised if (at := x.next_due())), default=None)
