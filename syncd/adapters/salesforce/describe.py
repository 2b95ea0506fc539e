"""The properties of the lead, and of the contact it becomes, from describe."""

from collections.abc import Iterable, Mapping
from typing import Any

from syncd.adapters.salesforce.api import Api, part_of
from syncd.domain.mapping import SideMap
from syncd.domain.record import PropertySchema, Schema
from syncd.errors import PermanentError


def fetch_schema(api: Api, *, side: SideMap, paths: Iterable[str]) -> Schema:
    """Every field the integration user sees; and of `paths`, those that lead through one of its
    relationships, as read-only properties whose far end is not looked at. Those of the contact
    a lead becomes are described as the contact has them, by their name there."""
    fields = _fields(api, side.kind)
    dotted = [path for path in paths if "." in path]
    inside = f"{side.converted_path}."
    on_contact = [path for path in dotted if side.converted_kind and path.startswith(inside)]
    own = {f["name"]: _property(f) for f in fields}
    found = own | _along([path for path in dotted if path not in on_contact], fields)
    if side.converted_kind and on_contact and side.converted_path in _relations(fields):
        found |= _contact_schema(api, side.converted_kind, on_contact, inside)
    return found


def _contact_schema(
    api: Api, kind: str, paths: Iterable[str], inside: str
) -> dict[str, PropertySchema]:
    """Nothing where the org hides contacts from us: converted leads are then locked."""
    try:
        fields = _fields(api, kind)
    except PermanentError:
        return {}
    names = {path.removeprefix(inside): path for path in paths}
    there = {f["name"]: _property(f) for f in fields} | _along(names, fields)
    return {path: there[name] for name, path in names.items() if name in there}


def _along(paths: Iterable[str], fields: Iterable[Mapping[str, Any]]) -> dict[str, PropertySchema]:
    relations = _relations(fields)
    return {
        path: PropertySchema(name=path, label=path, type="relationship", writable=False)
        for path in paths
        if "." in path and path.partition(".")[0] in relations
    }


def _relations(fields: Iterable[Mapping[str, Any]]) -> set[str]:
    return {name for f in fields if (name := f.get("relationshipName"))}


def _fields(api: Api, kind: str) -> list[Mapping[str, Any]]:
    what = f"Salesforce describe of {kind}"
    fields: list[Mapping[str, Any]] = part_of(
        api.get(f"{api.root}/sobjects/{kind}/describe", what=what).body, "fields", what
    )
    return fields


def _property(field: Mapping[str, Any]) -> PropertySchema:
    return PropertySchema(
        name=field["name"],
        label=field["label"],
        type=field["type"],
        writable=field["updateable"],
        options=_options(field),
        max_length=field.get("length") or None,
        whole_digits=_whole_digits(field),
        decimals=_decimals(field),
        required=_is_required(field),
        offered=_offered(field),
        unique=bool(field.get("unique")),
    )


def _whole_digits(field: Mapping[str, Any]) -> int | None:
    """An `int` is described by its digits, other numbers by precision and scale; 0: no limit."""
    if field.get("precision"):
        return int(field["precision"]) - int(field["scale"])
    return field.get("digits") or None


def _decimals(field: Mapping[str, Any]) -> int | None:
    return int(field["scale"]) if field.get("precision") else None


def _is_required(field: Mapping[str, Any]) -> bool:
    """What a new record cannot be without. A check box is never empty, and has a default."""
    given = field["createable"] and not field["defaultedOnCreate"]
    return given and not field["nillable"] and field["type"] != "boolean"


def _options(field: Mapping[str, Any]) -> frozenset[str] | None:
    """Only a restricted picklist refuses other values; Status is not one by default."""
    if not field.get("restrictedPicklist"):
        return None
    return frozenset(_offered(field))


def _offered(field: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(v["value"] for v in field.get("picklistValues") or () if v["active"])
