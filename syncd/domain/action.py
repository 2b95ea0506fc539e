"""Actions: what a decision wants done outside. Each becomes one outbox row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syncd.domain.alert import Act, Alert
from syncd.domain.copies import swift
from syncd.domain.names import ActionKey, FieldName, LeadId, RecordId, System, TransitionId
from syncd.domain.record import Edit
from syncd.domain.stage import Stage
from syncd.domain.values import Seen, Value


class WriteKind(StrEnum):
    """Why a record is written; the brake counts each class apart."""

    PROPAGATE = "propagate"
    REVERT = "revert"
    RECYCLE = "recycle"
    SYNC = "sync"
    CREATE = "create"
    REPAIR = "repair"
    MARK = "mark"
    REAPPLY = "reapply"
    REASSIGN = "reassign"


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWrite:
    """Put `value` where `seen` was seen; `rule` says why, for the audit.

    An unguarded write is to a field only syncd writes: it is made whatever is there. `was`
    and `came` tell when, and by whom, the value seen and the value written were entered,
    where that is known.
    """

    field: FieldName
    seen: Seen
    value: Value
    rule: str
    guarded: bool = True
    was: Edit | None = None
    came: Edit | None = None


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class WriteRecord:
    """Write fields of one record, if it still shows what the decision saw."""

    key: ActionKey
    kind: WriteKind
    lead_id: LeadId
    system: System
    record_id: RecordId
    record_kind: str
    writes: tuple[FieldWrite, ...]
    cause: TransitionId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote:
    """One note on a record; `mark` is the short key printed in it, looked up before any retry."""

    key: ActionKey
    lead_id: LeadId
    system: System
    record_id: RecordId
    record_kind: str
    mark: str
    title: str
    lines: tuple[str, ...]
    at: datetime
    cause: TransitionId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAlert:
    key: ActionKey
    lead_id: LeadId | None
    alert: Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRecord:
    """Make the lead's missing record in one CRM, found again by our own id in it."""

    key: ActionKey
    lead_id: LeadId
    system: System
    record_kind: str
    email: str
    values: Mapping[FieldName, Value]
    stage: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Enlist:
    """Put a record on a HubSpot list or into a Salesforce campaign, or (`leave`) take it off a
    list. Who is there already stays; it may be repeated."""

    key: ActionKey
    lead_id: LeadId
    system: System
    record_id: RecordId
    record_kind: str
    list_id: str
    leave: bool = False
    cause: TransitionId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateAlert:
    """What became of an alert that was sent under `alert_key`: its message is changed to say
    so, and offers nothing to do any more, or, where something `ends`, all but that. `acted`
    unless it merely ran out."""

    key: ActionKey
    lead_id: LeadId | None
    alert_key: ActionKey
    status: str
    at: datetime
    acted: bool = True
    ends: Act | None = None


Action = WriteRecord | AddNote | SendAlert | CreateRecord | Enlist | UpdateAlert


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordWrite:
    """A write in the vendor's own spelling, as a Target takes it. None clears a property."""

    record_id: RecordId
    record_kind: str
    properties: Mapping[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCreate:
    """A record to make, in the vendor's own spelling, under the external id `external_id`."""

    key: ActionKey
    record_kind: str
    external_id: str
    properties: Mapping[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The vendor took it; not proof, it is read back. `at` is the record's stamp after the
    write, given only where the answer showed every property as written."""

    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The vendor will never take this write; `reason` is the code and words, without values."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """It may work later (lock, server trouble)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Vanished:
    """The record is gone: deleted, merged or converted."""

    reason: str


WriteOutcome = Written | Refused | Failed | Vanished


@dataclass(frozen=True, slots=True)
class Created:
    record_id: RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """The vendor already has a record like it (a duplicate rule, an address in use): nothing
    was made. `records` are those it named."""

    reason: str
    records: tuple[RecordId, ...] = ()


CreateOutcome = Created | Twin | Refused | Failed
