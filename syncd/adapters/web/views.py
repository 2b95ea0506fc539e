"""What the dashboard shows, and who supplies it: values for pages, already in words where
words need the CRMs' spelling or the store.

The server knows no store and no CRM: whoever starts it hands it a `Views`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import polars as pl

from syncd.domain.targets import Targets
from syncd.measure.facts import Facts
from syncd.measure.tables import Measure, Table


class Standing(StrEnum):
    """How a running promise stands: nothing to do yet, warned of, missed."""

    ON_TRACK = "on track"
    AT_RISK = "at risk"
    BREACHED = "breached"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHandoff:
    """A lead that sales has been offered. `promise` and `due_at` are of the clock that comes
    first; None where nothing is promised."""

    lead_id: str
    name: str
    owner: str
    segment: str
    state: str
    offered_at: datetime
    standing: Standing
    promise: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One line of a lead's timeline; `kind` says what sort of thing it was."""

    at: datetime
    kind: str
    says: str
    details: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLink:
    label: str
    url: str
    state: str


class Deed(StrEnum):
    """What an operator can do to a lead or a plan from here."""

    ACCEPT = "accept"
    SNOOZE = "snooze"
    RELEASE = "release"
    APPLY = "apply"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadStory:
    """`deeds` are those that make sense now."""

    lead_id: str
    name: str
    stage: str
    facts: Sequence[str]
    records: Sequence[RecordLink]
    now: Sequence[str]
    fields: Sequence[Sequence[str]]
    field_heads: Sequence[str]
    clocks: Sequence[Sequence[str]]
    timeline: Sequence[Happening]
    deeds: Sequence[Deed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Leads that a person may mean."""

    lead_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SideHealth:
    name: str
    is_well: bool
    says: str
    read_through: datetime | None
    lag: str
    calls: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthState:
    """`notices` want a person: what, and in words; so do `contested` leads, which are frozen.
    `plans` are held ones that can be applied."""

    sides: Sequence[SideHealth]
    counts: Sequence[tuple[str, int]]
    notices: Sequence[tuple[str, str]]
    contested: Sequence[Found]
    plans: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardState:
    """`page` is the readable standard as one HTML page; `seals` are team, name, day, state."""

    version: str
    in_force: bool
    reasons: Sequence[str]
    facts: Sequence[tuple[str, str]]
    seals: Sequence[tuple[str, str, str, str]]
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """What one reconciliation came to."""

    period: str
    stage: str
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciledNumber:
    """One number of a reconciliation's table."""

    period: str
    stage: str
    row: str
    column: str


class NotPossible(Exception):
    """What was asked for cannot be done; its text says why, for the person who asked."""


class Views(Protocol):
    """Everything a page is made of. Called from several threads at once."""

    @property
    def time_zone(self) -> str: ...

    @property
    def targets(self) -> Targets:
        """What the team wants its numbers to be."""
        ...

    @property
    def measures(self) -> Mapping[str, Measure]:
        """In the order of the report."""
        ...

    @property
    def sections(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of the measures under each title."""
        ...

    def now(self) -> datetime: ...

    @property
    def read_at(self) -> datetime:
        """When the facts were last what the store holds. Later ones may be handed out already."""
        ...

    def facts(self) -> Facts:
        """As they were read last. The same object as long as nothing changed."""
        ...

    def names(self, lead_ids: Sequence[str]) -> Mapping[str, str]:
        """Of these leads, as people know them."""
        ...

    @property
    def ledger(self) -> tuple[str, ...]:
        """Ids of the measures that tell what the standard's rules came to."""
        ...

    def board(self) -> Sequence[OpenHandoff]:
        """All that are open, those due first."""
        ...

    def lead(self, lead_id: str) -> LeadStory | None: ...

    def find(self, text: str) -> Sequence[Found]: ...

    def standard(self) -> StandardState: ...

    def reconciliations(self) -> Sequence[Reconciled]:
        """Those kept, the latest first."""
        ...

    def reconciled(
        self, number: ReconciledNumber, *, offset: int = 0, limit: int | None = None
    ) -> pl.DataFrame:
        """A part of the records that a number of a kept reconciliation is made of."""
        ...

    def health(self) -> HealthState: ...

    def do(self, deed: Deed, target: str, *, by: str) -> None:
        """Hands it to the worker. NotPossible says why not."""
        ...
