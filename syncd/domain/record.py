"""What a CRM said: the raw record, and the snapshot it normalises to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syncd.domain.copies import swift
from syncd.domain.names import FieldName, LeadId, RecordId, System
from syncd.domain.values import Seen


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A vendor record as read: properties by vendor name, relationships as nested mappings.

    `modified_at` is the vendor's own stamp (Salesforce SystemModstamp, whole seconds;
    HubSpot lastmodifieddate, milliseconds). `locked` says why the vendor takes no more
    writes, or is None. `former` are the records this one carries on for: the Lead that was
    converted to this Contact, the contacts HubSpot merged into this one.
    """

    system: System
    kind: str
    id: RecordId
    properties: Mapping[str, object]
    created_at: datetime
    modified_at: datetime
    locked: str | None = None
    deleted: bool = False
    merged_into: RecordId | None = None
    former: tuple[RecordId, ...] = ()


class Fate(StrEnum):
    """What became of a record that is not found. Binned ones can come back; erased ones (a
    GDPR delete, a hard delete, an emptied bin) cannot."""

    LIVING = "living"
    BINNED = "binned"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFinding:
    """A value that cannot be used or sent: where, what, and what would fit."""

    field: FieldName
    system: System
    seen: str
    fits: str


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A record in canonical form. `values` holds STAGE and OWNER too.

    `fixed` says why the record's stage cannot be moved back (converted, an open
    opportunity, a closed deal), `locked` why it takes no writes at all; None otherwise.
    """

    system: System
    record_id: RecordId
    kind: str
    created_at: datetime
    modified_at: datetime
    values: Mapping[FieldName, Seen]
    emails: tuple[str, ...] = ()
    lead_id: LeadId | None = None
    other_id: RecordId | None = None
    fixed: str | None = None
    locked: str | None = None
    deleted: bool = False
    merged_into: RecordId | None = None
    former: tuple[RecordId, ...] = ()
    findings: tuple[FieldFinding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyChange:
    """One entry of a vendor's history: property `name` became `value` ("" when cleared).

    `actor_id` is the vendor's user id (or integration id); `by_person` is None when
    the vendor does not tell. `by_syncd` marks our own writes, `by_connector` those of the
    native HubSpot-Salesforce connector. `before` is what the value replaced; None when the
    entry does not tell, but the one before it does.
    """

    name: str
    value: str
    at: datetime
    actor_id: str
    by_person: bool | None
    by_syncd: bool
    by_connector: bool = False
    label: str = ""
    before: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """When a field got the value it shows, and by whom (a person's name, else the vendor's
    label or id; "" where the vendor does not tell)."""

    at: datetime
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Something a person did with a lead: a task, event, call, mail or meeting.

    `at` is when it happened (not when it is due); only done ones are read. `reached` is false
    for an attempt (no answer, voicemail); `automated` for what nobody did by hand (a sequence,
    a marketing mail, a workflow's task). `owner` is `owner_id` in canonical form, where the
    directory knows it.
    """

    system: System
    id: str
    record_id: RecordId
    kind: str
    at: datetime
    owner_id: str
    by_syncd: bool
    reached: bool = True
    automated: bool = False
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An owner or queue of a CRM. `owner` is its canonical form (see `domain.values`)."""

    id: str
    owner: str
    name: str
    email: str | None
    active: bool
    is_queue: bool = False


@dataclass(frozen=True, slots=True)
class Directory:
    """Who is who on one side: by owner id, by user id (history names users), by canonical owner."""

    by_id: Mapping[str, Person]
    by_user_id: Mapping[str, Person]
    by_owner: Mapping[str, Person]


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertySchema:
    """What a vendor property accepts. `options` is None where any text goes;
    `max_length` counts characters, `whole_digits` and `decimals` those before and after a
    number's point; a `required` one must have a value in a new record. `offered` are the values
    people can choose, in order, whether or not others are taken; of a `unique` one no two
    records have the same."""

    name: str
    label: str
    type: str
    writable: bool
    options: frozenset[str] | None = None
    max_length: int | None = None
    whole_digits: int | None = None
    decimals: int | None = None
    required: bool = False
    offered: tuple[str, ...] = ()
    unique: bool = False


Schema = Mapping[str, PropertySchema]
