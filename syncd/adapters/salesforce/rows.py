"""Salesforce rows as records, activities and changes of properties.

Pure: rows come in as plain dicts, decoded and unjudged. Nothing is asked here.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from syncd.domain.names import RecordId, System
from syncd.domain.record import Activity, PropertyChange, Record

CONVERTED = "leadConverted"
"""The history entry that stands for conversion: IsConverted itself is never tracked."""


def record_of(row: dict[str, Any], *, kind: str) -> Record:
    """A lead. Converted leads are read-only; merge losers name the winner."""
    row.pop("attributes", None)
    merged_into = row["MasterRecordId"]
    return Record(
        system=System.SALESFORCE,
        kind=kind,
        id=RecordId(row["Id"]),
        properties=row,
        created_at=moment(row["CreatedDate"]),
        modified_at=moment(row["SystemModstamp"]),
        locked="converted" if row["IsConverted"] else None,
        deleted=row["IsDeleted"],
        merged_into=RecordId(merged_into) if merged_into else None,
    )


def task_of(row: Mapping[str, Any], *, us: str) -> Activity | None:
    """A task that was done; None for one that was deleted or does not say when."""
    at = row["CompletedDateTime"]
    return _activity(row, kind=str(row["TaskSubtype"] or "Task").lower(), at=at, us=us)


def event_of(row: Mapping[str, Any], *, us: str) -> Activity | None:
    """A meeting, at the time it began: whether it took place Salesforce cannot tell."""
    return _activity(row, kind="event", at=row["ActivityDateTime"], us=us)


def change_of(row: Mapping[str, Any], *, us: str, people: Mapping[str, bool]) -> PropertyChange:
    """One LeadHistory row. `people` tells of each user id whether it is a person."""
    actor = row["CreatedById"]
    converted = row["Field"] == CONVERTED
    value = row["NewValue"]
    return PropertyChange(
        name="IsConverted" if converted else row["Field"],
        value="true" if converted else _as_text(value),
        at=moment(row["CreatedDate"]),
        actor_id=actor,
        by_person=False if actor == us else people.get(actor),
        by_syncd=actor == us,
    )


def moment(text: str) -> datetime:
    """`2013-05-20T20:49:32.000+0000`, as REST spells it."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _activity(row: Mapping[str, Any], *, kind: str, at: str | None, us: str) -> Activity | None:
    if at is None or row["IsDeleted"]:
        return None
    return Activity(
        system=System.SALESFORCE,
        id=row["Id"],
        record_id=RecordId(row["WhoId"]),
        kind=kind,
        at=moment(at),
        owner_id=row["OwnerId"],
        by_syncd=row["CreatedById"] == us,
    )


def _as_text(value: Any) -> str:
    """As stage lines spell values."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
