"""Stages, how each CRM spells them, and moves between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syncd.domain.names import LeadId, RecordId, System, TransitionId


class Stage(StrEnum):
    NONE = "none"
    DISQUALIFIED = "disqualified"
    NURTURE = "nurture"
    LEAD = "lead"
    MQL = "mql"
    SAL = "sal"
    SQL = "sql"
    OPPORTUNITY = "opportunity"
    CUSTOMER = "customer"

    @property
    def rank(self) -> int:
        """Height in the funnel: disqualified, nurture and none are all lowest."""
        return _RANKS[self]


_RANKS = {
    Stage.NONE: 0,
    Stage.DISQUALIFIED: 0,
    Stage.NURTURE: 0,
    Stage.LEAD: 1,
    Stage.MQL: 2,
    Stage.SAL: 3,
    Stage.SQL: 4,
    Stage.OPPORTUNITY: 5,
    Stage.CUSTOMER: 6,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLine:
    """One way a CRM spells a stage: the first line whose named values all match wins.

    `values` maps vendor properties to vendor values ("" stands for empty). Writing
    the stage writes every value named. A read-only line flows out, never in.
    """

    stage: Stage
    values: Mapping[str, str]
    read_only: bool = False


class ActorKind(StrEnum):
    PERSON = "person"
    AUTOMATION = "automation"
    SYNCD = "syncd"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who moved something: `id` in the CRM, `owner` the canonical owner when known."""

    kind: ActorKind
    id: str = ""
    owner: str | None = None
    label: str = ""


SOMEBODY = Actor(kind=ActorKind.UNKNOWN, label="somebody")


@dataclass(frozen=True, slots=True, kw_only=True)
class StageStep:
    """One entry of a CRM's own history, already spelled as a stage (None: no line matches)."""

    at: datetime
    stage: Stage | None
    actor: Actor


class Evidence(StrEnum):
    HISTORY = "history"
    COALESCED = "coalesced"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One move of one lead on one side. The id is made of what happened, so that
    seeing it again gives the same id (P1)."""

    id: TransitionId
    lead_id: LeadId
    system: System
    record_id: RecordId
    from_stage: Stage
    to_stage: Stage
    at: datetime
    seen_at: datetime
    actor: Actor
    evidence: Evidence
    cause: TransitionId | None = None
