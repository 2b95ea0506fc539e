"""What should have been done, as facts that can be looked for: writes, messages, notes."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from syncd.sandbox.journal import System


@dataclass(frozen=True, slots=True, kw_only=True)
class StageWrite:
    """syncd puts a record into a stage, once. One that is `superseded` may be missing."""

    lead: str
    system: System
    stage: str
    earliest: datetime
    latest: datetime
    why: str
    superseded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWrite:
    """syncd puts a value into a field: what somebody wrote on the other side, or the owner."""

    lead: str
    system: System
    field: str
    value: Any
    earliest: datetime
    latest: datetime
    why: str = "carried over"
    superseded: bool = False


Write = StageWrite | FieldWrite


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One message about a lead; `naming` are words it must contain when it stands alone. One
    `of_handoff` belongs to the conversation about that. One that is `superseded` may be
    missing."""

    lead: str
    kind: str
    earliest: datetime
    latest: datetime
    naming: tuple[str, ...] = ()
    of_handoff: bool = False
    superseded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """One note on one record that names what is missing."""

    lead: str
    system: System
    record_id: str
    earliest: datetime
    latest: datetime
    naming: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A syncd field of a record must say this by then, for something decided at `since`."""

    lead: str
    system: System
    mark: str
    says: tuple[str, ...]
    since: datetime
    by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MayMark:
    """A stretch of time in which syncd had reason to write its own fields."""

    lead: str
    earliest: datetime
    latest: datetime


@dataclass(slots=True, kw_only=True)
class Expected:
    """Everything one lead should show; `treatments` counts what its moves came to."""

    stages: list[StageWrite] = field(default_factory=list)
    fields: list[FieldWrite] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    notes: list[Noted] = field(default_factory=list)
    marked: list[Marked] = field(default_factory=list)
    may_mark: list[MayMark] = field(default_factory=list)
    treatments: list[str] = field(default_factory=list)
    unclear: list[tuple[str, datetime]] = field(default_factory=list)
