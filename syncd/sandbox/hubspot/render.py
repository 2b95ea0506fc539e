"""CRM records as the JSON the API answers with. Pure reading; nothing is decided here."""

from collections.abc import Iterable, Mapping
from typing import Any

from syncd.sandbox.hubspot.kinds import Kind
from syncd.sandbox.hubspot.portal import Portal
from syncd.sandbox.hubspot.properties import Property
from syncd.sandbox.hubspot.record import Record, Version
from syncd.sandbox.hubspot.source import CALCULATED, source_of
from syncd.sandbox.hubspot.stamps import iso, parse_instant

# What an update answers with beside the properties it was given.
_ECHOED = (
    "hs_is_unworked",
    "hs_object_source",
    "hs_object_source_id",
    "hs_object_source_label",
    "hs_pipeline",
    "lifecyclestage",
)

Json = dict[str, Any]


def chosen(portal: Portal, kind: Kind, values: Mapping[str, str], names: Iterable[str]) -> Json:
    """The values a read returns: null for unset, absent for undefined."""
    known = portal.tables[kind].properties
    wanted = dict.fromkeys((*kind.always, *names))
    return {name: values.get(name) for name in wanted if name in known}


def shown(portal: Portal, record: Record, properties: Json, version: Version | None = None) -> Json:
    """The envelope around a record's properties."""
    version = version or record.latest
    answer: Json = {
        "id": str(record.id),
        "properties": properties,
        "createdAt": iso(record.created_at),
        "updatedAt": iso(version.at),
        "archived": record.archived_at is not None,
        "url": f"https://app.hubspot.com/contacts/{portal.settings.portal_id}"
        f"/record/{record.kind.type_id}/{record.id}",
    }
    if record.archived_at is not None:
        answer["archivedAt"] = iso(record.archived_at)
    return answer


def read(portal: Portal, record: Record, names: Iterable[str], history: Iterable[str] = ()) -> Json:
    """One record as GET and batch read return it."""
    names, history = tuple(names), tuple(history)
    wanted = (*(names or (() if history else record.kind.defaults)), *history)
    answer = shown(portal, record, chosen(portal, record.kind, record.values, wanted))
    if history:
        known = portal.tables[record.kind].properties
        answer["propertiesWithHistory"] = {
            name: told(record, known[name]) for name in history if name in known
        }
    return answer


def told(record: Record, definition: Property) -> list[Json]:
    """A property's history, newest first."""
    return [
        _told_once(version, value, definition) for version, value in record.history(definition.name)
    ]


def _told_once(version: Version, value: str, definition: Property) -> Json:
    source = CALCULATED if definition.read_only else source_of(version.origin)
    entry: Json = {
        "value": value,
        "timestamp": iso(version.at),
        "sourceType": source.type,
        "sourceId": source.id,
    }
    if source.user_id is not None:
        entry["updatedByUserId"] = source.user_id
    return entry


def created(portal: Portal, record: Record) -> Json:
    """All set properties; as in the real API some instants come in epoch milliseconds."""
    known = portal.tables[record.kind].properties
    properties = {
        name: _echo(record.kind, known[name], value)
        for name, value in sorted(record.values.items())
        if name in known
    }
    return shown(portal, record, properties)


def _echo(kind: Kind, definition: Property, value: str) -> str:
    if definition.type != "datetime" or definition.name in kind.always:
        return value
    return str(parse_instant(value))


def updated(portal: Portal, record: Record, names: Iterable[str]) -> Json:
    """The properties given and a few the portal adds; a refused stage shows the one it kept."""
    echoed = (name for name in _ECHOED if name in record.values)
    return shown(portal, record, chosen(portal, record.kind, record.values, (*names, *echoed)))
