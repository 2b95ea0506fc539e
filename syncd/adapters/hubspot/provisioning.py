"""Making properties, their group and a list in a portal.

Everything is asked anew each time, so that a run that was broken off is simply run again.
What there is to make is `core.provision`'s business.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from syncd.adapters.hubspot import paths
from syncd.adapters.hubspot.client import HubSpotClient
from syncd.adapters.hubspot.complaint import NotThere, RequestRefused, complaint_of
from syncd.adapters.hubspot.properties import read_properties
from syncd.adapters.hubspot.records import batches
from syncd.core.provision import NAME, Found, Place
from syncd.core.wanted import GROUP, GROUP_LABEL, Choice, Wanted, WantedField, WantedList
from syncd.domain.names import System
from syncd.domain.values import FieldType

_CONTACT_TYPE = "0-1"
_MOST_PROPERTIES = 100

_TYPES: Mapping[FieldType, tuple[str, str]] = {
    FieldType.STRING: ("string", "text"),
    FieldType.TEXT: ("string", "textarea"),
    FieldType.EMAIL: ("string", "text"),
    FieldType.INTEGER: ("number", "number"),
    FieldType.NUMBER: ("number", "number"),
    FieldType.CURRENCY: ("number", "number"),
    FieldType.BOOLEAN: ("enumeration", "booleancheckbox"),
    FieldType.DATE: ("date", "date"),
    FieldType.DATETIME: ("datetime", "date"),
    FieldType.PICKLIST: ("enumeration", "select"),
    FieldType.MULTI_PICKLIST: ("enumeration", "checkbox"),
}
"""The type HubSpot stores and the one people fill in. A yes or no needs its two options named."""
_YES_NO = (Choice("true", "Yes"), Choice("false", "No"))
_ONE_LINE = 255


class HubSpotProvisioner:
    """Implements `Provisioner`. HubSpot hides no property from a token that may read contacts."""

    def __init__(self, client: HubSpotClient) -> None:
        self._client = client

    def look(self, wanted: Wanted) -> Found:
        known = read_properties(self._client)
        wishes = [x for x in wanted.lists if x.system is System.HUBSPOT]
        found = {x.id for x in wishes if self._there(paths.LIST, x.id) is not None}
        missing = [x.label for x in wishes if x.id not in found]
        return Found(
            schema=known.schema,
            has_home=self._there(paths.CONTACT_GROUP, GROUP) is not None,
            fixed_options=known.fixed_options,
            lists=frozenset(found),
            made_lists=self._lists_called(missing),
        )

    def make_home(self) -> None:
        self._client.write(paths.CONTACT_GROUPS, {"name": GROUP, "label": GROUP_LABEL})

    def make_fields(self, fields: Sequence[WantedField]) -> Mapping[Place, str]:
        refused: dict[Place, str] = {}
        for batch in batches(fields, _MOST_PROPERTIES):
            refused |= self._make(batch)
        return refused

    def open_up(self, fields: Sequence[WantedField]) -> Mapping[Place, str]:
        del fields
        return {}

    def extend(self, field: WantedField, choices: Sequence[Choice]) -> None:
        """HubSpot takes all options or none, so those there are go along as they stand."""
        path = paths.CONTACT_PROPERTY.format(name=quote(field.name, safe=""))
        there = [dict(x) for x in self._client.get(path).items("options")]
        last = max((x.get("displayOrder") or 0 for x in there), default=-1)
        options = [*there, *_options(choices, first=last + 1)]
        self._client.write(path, {"options": options}, method="PATCH")

    def make_list(self, wish: WantedList) -> None:
        body = {"name": wish.label, "objectTypeId": _CONTACT_TYPE, "processingType": "MANUAL"}
        self._client.write(paths.LISTS, body)

    def _make(self, fields: Sequence[WantedField]) -> dict[Place, str]:
        """A batch with one bad property in it is refused as a whole, so it is parted."""
        inputs = [_definition(field) for field in fields]
        try:
            reply = self._client.write(paths.CONTACT_PROPERTIES_CREATE, {"inputs": inputs})
        except RequestRefused as refusal:
            if len(fields) == 1:
                return {_place(fields[0]): f"HubSpot: {refusal.complaint.words}"}
            half = len(fields) // 2
            return self._make(fields[:half]) | self._make(fields[half:])
        made = {str(x.get("name")) for x in reply.items()}
        words = [complaint_of(x).words for x in reply.body.get("errors") or ()]
        why = f"HubSpot: {'; '.join(dict.fromkeys(words)) or 'its answer does not name it'}"
        return {_place(x): why for x in fields if x.name not in made}

    def _lists_called(self, labels: Iterable[str]) -> Mapping[str, str]:
        found = {label: self._there(paths.LIST_OF_CONTACTS, label) for label in labels}
        return {label: str(body["list"]["listId"]) for label, body in found.items() if body}

    def _there(self, path: str, name: str) -> Mapping[str, Any] | None:
        try:
            return self._client.get(
                path.format(list_id=quote(name, safe=""), name=quote(name))
            ).body
        except NotThere:
            return None


def _place(field: WantedField) -> Place:
    return field.kind, field.name


def _definition(field: WantedField) -> dict[str, object]:
    assert field.type is not None  # others are not made
    kind, filled_in = _TYPES[field.type]
    if kind == "string" and (field.length or 0) > _ONE_LINE:
        filled_in = "textarea"
    definition: dict[str, object] = {
        "groupName": NAME,
        "name": field.name,
        "label": field.label,
        "description": f"syncd: {field.purpose}",
        "type": kind,
        "fieldType": filled_in,
        "hasUniqueValue": field.unique,
        "formField": not field.own,
    }
    if kind == "enumeration":
        choices = _YES_NO if field.type is FieldType.BOOLEAN else field.choices
        definition["options"] = _options(choices)
    return definition


def _options(choices: Iterable[Choice], *, first: int = 0) -> list[dict[str, object]]:
    return [
        {"value": x.value, "label": x.label, "displayOrder": place, "hidden": False}
        for place, x in enumerate(choices, start=first)
    ]
