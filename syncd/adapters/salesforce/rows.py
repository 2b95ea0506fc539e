"""Salesforce rows as records and changes of properties.

Pure: rows come in as plain dicts, decoded and unjudged. Nothing is asked here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from syncd.adapters.salesforce.soql import CONTACT
from syncd.domain.names import RecordId, System
from syncd.domain.record import PropertyChange, Record

CONVERTED = "leadConverted"
"""The history entry that stands for conversion: IsConverted itself is never tracked."""
OWNER = "Owner"
"""What history calls OwnerId: each change is two entries, one with names and one with ids."""


def record_of(row: dict[str, Any], *, kind: str, converted_kind: str | None = None) -> Record:
    """A lead; or the contact it became, where the row shows one, with the lead's own row as
    its properties. Else a converted lead is read-only. Merge losers name the winner.

    A contact merged into another is assumed to hand its leads on: Salesforce is taken to
    point their ConvertedContactId at the winner.
    """
    row.pop("attributes", None)
    is_converted = row["IsConverted"]
    if is_converted and converted_kind and (contact := row.get(CONTACT)):
        return _contact(row, contact, kind=converted_kind)
    merged_into = row["MasterRecordId"]
    return Record(
        system=System.SALESFORCE,
        kind=kind,
        id=RecordId(row["Id"]),
        properties=row,
        created_at=moment(row["CreatedDate"]),
        modified_at=moment(row["SystemModstamp"]),
        locked="converted" if is_converted else None,
        deleted=row["IsDeleted"],
        merged_into=RecordId(merged_into) if merged_into else None,
    )


def _contact(row: dict[str, Any], contact: Mapping[str, Any], *, kind: str) -> Record:
    """A contact is followed through its lead's row: deleting either ends that."""
    return Record(
        system=System.SALESFORCE,
        kind=kind,
        id=RecordId(contact["Id"]),
        properties=row,
        created_at=moment(row["CreatedDate"]),
        modified_at=max(moment(row["SystemModstamp"]), moment(contact["SystemModstamp"])),
        deleted=row["IsDeleted"] or contact["IsDeleted"],
        former=(RecordId(row["Id"]),),
    )


def united(records: Iterable[Record]) -> tuple[Record, ...]:
    """Each record once. Of several leads that became one contact, the one changed last tells
    its story, and the contact carries on for all of them."""
    found: dict[RecordId, Record] = {}
    for record in records:
        twin = found.get(record.id)
        if twin is None:
            found[record.id] = record
            continue
        last = max(twin, record, key=_last_changed)
        former = dict.fromkeys((*twin.former, *record.former))
        found[record.id] = replace(last, former=tuple(sorted(former)))
    return tuple(found.values())


def _last_changed(record: Record) -> tuple[str, str]:
    return str(record.properties["SystemModstamp"]), str(record.properties["Id"])


def with_former(record: Record, *, kind: str) -> Iterator[Record]:
    """The record, and what is left of the leads it carries on for: whoever still takes one of
    them for a record of its own learns where it went."""
    yield record
    if record.deleted or not record.former:
        return
    left = replace(record, kind=kind, properties={}, deleted=True, merged_into=record.id, former=())
    yield from (replace(left, id=lead) for lead in record.former)


def change_of(row: Mapping[str, Any], *, us: str, people: Mapping[str, bool]) -> PropertyChange:
    """One LeadHistory row. `people` tells of each user id whether it is a person."""
    actor = row["CreatedById"]
    converted = row["Field"] == CONVERTED
    return PropertyChange(
        name=_NAMES.get(row["Field"], row["Field"]),
        value="true" if converted else _as_text(row["NewValue"]),
        before="false" if converted else _as_text(row["OldValue"]),
        at=moment(row["CreatedDate"]),
        actor_id=actor,
        by_person=False if actor == us else people.get(actor),
        by_syncd=actor == us,
    )


_NAMES = {CONVERTED: "IsConverted", OWNER: "OwnerId"}


def moment(text: str) -> datetime:
    """`2013-05-20T20:49:32.000+0000`, as REST spells it."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is UTC else at.astimezone(UTC)


def _as_text(value: Any) -> str:
    """As stage lines spell values."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
