"""From HubSpot's JSON to Records. Values stay as HubSpot spells them: `normalise` reads them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

from syncd.domain.names import RecordId, System
from syncd.domain.record import Activity, Record
from syncd.errors import TransientError

T = TypeVar("T")

MODIFIED = "lastmodifieddate"
"""Contacts alone use this name; filtering them on hs_lastmodifieddate silently finds nothing."""
ID = "hs_object_id"
MERGED_IDS = "hs_merged_object_ids"
CONTACTED = "notes_last_contacted"
OWNER = "hubspot_owner_id"

_ALWAYS_READ = (ID, MODIFIED, "createdate", MERGED_IDS, CONTACTED, OWNER)


def asked_properties(wanted: Collection[str]) -> tuple[str, ...]:
    """The wanted properties and those this adapter needs itself, sorted."""
    return tuple(sorted({*wanted, *_ALWAYS_READ}))


def instant(text: str) -> datetime:
    """Aware UTC from ISO 8601, or from epoch milliseconds: HubSpot sends both."""
    if text.isdecimal():
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is UTC else at.astimezone(UTC)


def contact(raw: Mapping[str, Any], kind: str) -> Record:
    """TransientError when HubSpot's answer lacks what every object has."""
    try:
        properties, record_id = raw["properties"], RecordId(raw["id"])
        return Record(
            system=System.HUBSPOT,
            kind=kind,
            id=record_id,
            properties=properties,
            created_at=instant(raw["createdAt"]),
            modified_at=instant(properties.get(MODIFIED) or raw["updatedAt"]),
            deleted=bool(raw.get("archived")),
            former=_merged(properties, record_id),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TransientError(f"HubSpot answered a contact without {error}") from error


def _merged(properties: Mapping[str, Any], into: RecordId) -> tuple[RecordId, ...]:
    """The contacts merged into this one."""
    ids = properties.get(MERGED_IDS)
    if not ids:
        return ()
    return tuple(RecordId(old) for old in dict.fromkeys(str(ids).split(";")) if old and old != into)


def with_merged(record: Record) -> Iterator[Record]:
    """The record, and what is left of those merged into it: their old ids only live on there."""
    yield record
    if record.former:
        left = replace(record, properties={}, deleted=True, merged_into=record.id, former=())
        yield from (replace(left, id=old_id) for old_id in record.former)


def last_contact(record: Record, *, by: datetime) -> Activity | None:
    """The last call, meeting, chat or sales mail logged with the contact.

    HubSpot calculates it on the record, so it costs no call. Notes and tasks do not count,
    meetings to come (after `by`) are left out, and only the last one is told, as its owner's:
    who really made it would cost a call per contact.
    """
    at = record.properties.get(CONTACTED)
    if not at or instant(str(at)) > by:
        return None
    return Activity(
        system=record.system,
        id=f"{record.id}@{at}",
        record_id=record.id,
        kind="contacted",
        at=instant(str(at)),
        owner_id=str(record.properties.get(OWNER) or ""),
        by_syncd=False,
    )


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
