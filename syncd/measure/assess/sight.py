"""Everything an assessment looked up, as plain values. What could not be seen says why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from syncd.core.doctor.facts import Fact, Login, NativeRule
from syncd.domain.copies import swift
from syncd.domain.deal import Deal
from syncd.domain.mapping import CrmMap
from syncd.domain.names import FieldName, RecordId, System
from syncd.domain.policy import Policy
from syncd.domain.record import Directory, Schema
from syncd.domain.stage import Stage, StageStep
from syncd.domain.standard import Standard


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
    what they say. `filled` are the fields that hold a value that can be read; `reason` is why
    it was turned down. `steps` begin with the stage it was made in, where the history tells
    that; `addressed` if it has an address to be joined by.

    No other value is kept: all leads are in memory together."""

    record: RecordId
    stage: Stage | None
    spelled: str
    filled: frozenset[FieldName]
    steps: tuple[StageStep, ...]
    owner: str | None = None
    reason: str | None = None
    addressed: bool = True
    converted: bool = False


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class LeadSight:
    """One person in the funnel. `differing` are the fields of which its two records hold
    different values. `deals` are those of each CRM; they and `touches` were asked for of those
    that were ever an MQL. `doubtful` if several records of the other CRM may be its; `segment`
    is whose promises in policy.yaml it gets."""

    name: str
    sides: Mapping[System, SideSight]
    differing: frozenset[FieldName] = frozenset()
    doubtful: bool = False
    segment: str = ""
    deals: Mapping[System, tuple[Deal, ...]] = field(default_factory=dict)
    touches: tuple[Touch, ...] = ()


class Reading(StrEnum):
    """What is read besides the records themselves; any may be refused."""

    PEOPLE = "users and owners"
    HISTORIES = "histories"
    DEALS = "deals"
    TOUCHES = "activities"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One CRM. `tracked` are the properties whose history is kept (None: all); `shared` is how
    many living records have an address that another one there has, too. `refused` says why
    something could not be read, of what was."""

    login: Fact[Login]
    schema: Schema
    directory: Directory
    tracked: Fact[frozenset[str] | None]
    rules: Fact[tuple[NativeRule, ...]]
    records: int
    shared: int
    refused: Mapping[Reading, str] = field(default_factory=dict)


LOOK_BACK = timedelta(days=90)
"""Over which moves are judged by the standard."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Moves into a gate in the last months; those of them that certainly fail it, and those of
    which that cannot be told."""

    moves: int
    failed: int
    untold: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """`crm` is the map of crm.yaml, or one guessed by words (`guessed`). `standard` and `policy`
    are None where there is none, or none that is sound; `lacking` says which. `reasons` is the
    field in which sales says why it turned a lead down. `judged` is empty without a standard
    and a policy. `ambiguous` are contacts with an address that several records of Salesforce
    share: these records are no leads here."""

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
    ambiguous: int = 0
