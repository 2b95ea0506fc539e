"""Who changed a property, and when, from HubSpot's property history.

`sourceType` is an open set: what is not known to be a person is automation, unless
HubSpot names a user beside it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from syncd.adapters.hubspot.records import instant
from syncd.domain.record import PropertyChange

INTEGRATION = "INTEGRATION"
CONNECTOR = "SALESFORCE"

_PERSON = re.compile(r"CRM_UI|MOBILE.*|.*_BULK_ACTION|BCC_TO_CRM|EXTENSION")
_USER_ID = re.compile(r"userId:(\d+)")

_SAYS: Mapping[str, str] = {
    "SALESFORCE": "the Salesforce connector",
    "AUTOMATION_PLATFORM": "a workflow",
    "IMPORT": "an import",
    "FORM": "a form",
    "CALCULATED": "HubSpot",
    "MIGRATION": "HubSpot",
    "COMPANIES": "its company's stage",
    "DEALS": "its deal's stage",
    "MERGE_OBJECTS": "a merge",
    "INTEGRATION": "an integration",
    "API": "an integration",
}

History = Mapping[str, Sequence[Mapping[str, Any]]]


def changes(history: History, *, own_app: str | None) -> tuple[PropertyChange, ...]:
    """All entries of all properties, oldest first; an entry that repeats its forerunner's
    value is none (HubSpot lists rewrites, too)."""
    found = [
        change
        for name, entries in history.items()
        for change in _of_property(name, entries, own_app=own_app)
    ]
    return tuple(sorted(found, key=lambda change: change.at))


def _of_property(
    name: str, newest_first: Sequence[Mapping[str, Any]], *, own_app: str | None
) -> list[PropertyChange]:
    found: list[PropertyChange] = []
    last = ""
    for entry in reversed(newest_first):
        value = str(entry.get("value") or "")
        if value != last:
            found.append(_change(name, value, entry, own_app=own_app))
        last = value
    return found


def _change(
    name: str, value: str, entry: Mapping[str, Any], *, own_app: str | None
) -> PropertyChange:
    source, source_id = str(entry.get("sourceType") or ""), str(entry.get("sourceId") or "")
    user = _user(entry, source_id)
    return PropertyChange(
        name=name,
        value=value,
        at=instant(str(entry["timestamp"])),
        actor_id=user or source_id,
        by_person=_by_person(source, user),
        by_syncd=own_app is not None and source == INTEGRATION and source_id == own_app,
        by_connector=source == CONNECTOR,
        label=str(entry.get("sourceLabel") or "") or _SAYS.get(source, source),
    )


def _user(entry: Mapping[str, Any], source_id: str) -> str:
    """The HubSpot user's id (not an owner's), or "" when no user is named."""
    if entry.get("updatedByUserId"):
        return str(entry["updatedByUserId"])
    match = _USER_ID.search(source_id)
    return match[1] if match else ""


def _by_person(source: str, user: str) -> bool | None:
    if _PERSON.fullmatch(source):
        return True
    if source in _SAYS:
        return False
    if not source:
        return bool(user) or None
    return bool(user)
