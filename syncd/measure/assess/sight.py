"""Everything an assessment looked up, as plain values. What could not be seen says why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from syncd.core.doctor.facts import Fact, Login, NativeRule
from syncd.domain.copies import swift
from syncd.domain.deal import Deal
from syncd.domain.mapping import CrmMap
from syncd.domain.names import FieldName, RecordId, System
from syncd.domain.policy import Policy
from syncd.domain.record import Directory, Schema
from syncd.domain.stage import Stage, StageStep
from syncd.domain.standard import Standard
from syncd.domain.values import Value


@dataclass(frozen=True, slots=True)
class Touch:
    """Something that was done with a lead, and had happened. `by_hand` is false for what
    automations did; what syncd did is left out."""

    at: datetime
    reached: bool
    by_hand: bool


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class SideSight:
    """One record of a lead. `stage` is None where its values tell none, and `spelled` is then
    what they say. `values` are those that can be read and are not empty. `steps` begin with
    the stage it was made in, where the history tells that; `addressed` if it has an address to
    be joined by."""

    record: RecordId
    stage: Stage | None
    spelled: str
    created_at: datetime
    values: Mapping[FieldName, Value]
    steps: tuple[StageStep, ...]
    addressed: bool = True
    converted: bool = False


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class LeadSight:
    """One person in the funnel. `deals` are those of each CRM; they and `touches` were asked for
    of those that were ever an MQL. `doubtful` if several records of the other CRM may be its."""

    sides: Mapping[System, SideSight]
    doubtful: bool = False
    deals: Mapping[System, tuple[Deal, ...]] = field(default_factory=dict)
    touches: tuple[Touch, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One CRM. `tracked` are the properties whose history is kept (None: all); `shared` is how
    many living records have an address that another one there has, too. `deals` and `touches`
    say why these could not be read, "" where they could."""

    login: Fact[Login]
    schema: Schema
    directory: Directory
    tracked: Fact[frozenset[str] | None]
    rules: Fact[tuple[NativeRule, ...]]
    records: int
    shared: int
    deals: str = ""
    touches: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """Moves into a gate in the last months, and those of them that would fail it."""

    moves: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """`crm` is the map of crm.yaml, or one guessed by words (`guessed`). `standard` and `policy`
    are None where there is none, or none that is sound; `lacking` says which. `reasons` is the
    field in which sales says why it turned a lead down. `judged` is empty without a standard."""

    now: datetime
    crm: CrmMap
    guessed: bool
    places: Mapping[System, Place]
    leads: tuple[LeadSight, ...]
    standard: Standard | None = None
    policy: Policy | None = None
    lacking: str = ""
    reasons: FieldName | None = None
    judged: Mapping[Stage, Judged] = field(default_factory=dict)
