"""Custom fields through the Tooling API: made, shown with their metadata, redefined.

Made ones are closed: nobody has a right to them yet. Metadata goes in and out whole, as there.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from syncd.sandbox.salesforce.call import Call
from syncd.sandbox.salesforce.errors import Refused, not_found, refusal
from syncd.sandbox.salesforce.org import Org
from syncd.sandbox.salesforce.schema import Field, Type
from syncd.sandbox.server import Response

CUSTOMIZE = "CustomizeApplication"
"""The user permission that setting an org up wants."""

_TYPES: Mapping[str, Type] = {
    "Text": Type.STRING,
    "LongTextArea": Type.TEXTAREA,
    "Email": Type.EMAIL,
    "Number": Type.DOUBLE,
    "Currency": Type.CURRENCY,
    "Checkbox": Type.BOOLEAN,
    "Date": Type.DATE,
    "DateTime": Type.DATETIME,
    "Picklist": Type.PICKLIST,
}
_NAME = re.compile(r"[A-Za-z](?:_?[A-Za-z0-9])*__c")
_LONGEST_NAME, _LONGEST_LABEL = 40, 40

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomField:
    id: str
    object_name: str
    field: Field


def all_of(org: Org) -> Iterator[CustomField]:
    """Whether or not anybody sees them."""
    for number, table in enumerate(org.store.tables()):
        closed = [x for name, x in org.closed.all() if name == table.kind.name]
        named = sorted([*table.kind.fields.values(), *closed], key=lambda x: x.name)
        for field in named:
            if field.custom:
                field_id = f"00N{number:04d}{_digest(field.name):011d}"
                yield CustomField(id=field_id, object_name=table.kind.name, field=field)


def create(call: Call) -> Response:
    _insist_on_right(call)
    body = call.body()
    object_name, _, name = str(body.get("FullName") or "").partition(".")
    metadata = _part(body, "Metadata")
    kind = call.org.store.table(object_name).kind
    _check_name(name, str(metadata.get("label") or ""))
    if any(x.object_name == kind.name and x.field.name == name for x in all_of(call.org)):
        raise refusal(
            "DUPLICATE_DEVELOPER_NAME",
            f"There is already a field named {name.removesuffix('__c')} on {kind.label}.",
        )
    call.org.add_closed_field(kind.name, _field(name, metadata))
    made = next(x for x in all_of(call.org) if (x.object_name, x.field.name) == (kind.name, name))
    return Response(
        status=201,
        body={"id": made.id, "success": True, "errors": [], "warnings": [], "infos": []},
    )


def read(call: Call, field_id: str) -> Response:
    made = _known(call, field_id)
    return Response(
        body={
            "Id": made.id,
            "FullName": f"{made.object_name}.{made.field.name}",
            "Metadata": _metadata(made.field),
        }
    )


def update(call: Call, field_id: str) -> Response:
    _insist_on_right(call)
    made = _known(call, field_id)
    metadata = _part(call.body(), "Metadata")
    if _metadata(made.field)["type"] != metadata.get("type"):
        raise refusal("FIELD_INTEGRITY_EXCEPTION", "Cannot change the type of this field")
    after = replace(made.field, values=_values(metadata), label=str(metadata.get("label")))
    if call.org.closed.holds(made.object_name, after.name):
        call.org.add_closed_field(made.object_name, after)
    else:
        call.org.define_field(made.object_name, after)
    return Response(status=204)


def _known(call: Call, field_id: str) -> CustomField:
    made = next((x for x in all_of(call.org) if x.id == field_id), None)
    if made is None:
        raise not_found()
    return made


def _insist_on_right(call: Call) -> None:
    if CUSTOMIZE in call.org.settings.forbidden:
        raise refusal(
            "INSUFFICIENT_ACCESS", "You do not have the Customize Application right", status=403
        )


def _check_name(name: str, label: str) -> None:
    if not _NAME.fullmatch(name):
        raise refusal(
            "FIELD_INTEGRITY_EXCEPTION",
            "The Custom Field Name can only contain alphanumeric characters and underscores, must "
            "begin with a letter, and must not end with an underscore or contain two in a row.",
            "FullName",
        )
    if len(name.removesuffix("__c")) > _LONGEST_NAME:
        raise refusal("STRING_TOO_LONG", "Field Name: data value too large", "FullName")
    if not 0 < len(label) <= _LONGEST_LABEL:
        raise refusal("STRING_TOO_LONG", "Field Label: data value too large", "Label")


def _field(name: str, metadata: Json) -> Field:
    kind = _TYPES.get(str(metadata.get("type")))
    if kind is None:
        raise refusal("FIELD_INTEGRITY_EXCEPTION", "The type of the field is not known", "Type")
    _check_shape(kind, metadata)
    is_flag = kind is Type.BOOLEAN
    return Field(
        name=name,
        label=str(metadata["label"]),
        type=kind,
        length=_length(kind, metadata),
        nillable=not is_flag,
        default=metadata["defaultValue"] == "true" if is_flag else None,
        values=_values(metadata),
        restricted="valueSet" in metadata and bool(_part(metadata, "valueSet").get("restricted")),
        external_id=bool(metadata.get("externalId")),
        unique=bool(metadata.get("unique")),
    )


_NEEDS: Mapping[Type, tuple[str, ...]] = {
    Type.STRING: ("length",),
    Type.TEXTAREA: ("length", "visibleLines"),
    Type.DOUBLE: ("precision", "scale"),
    Type.CURRENCY: ("precision", "scale"),
    Type.BOOLEAN: ("defaultValue",),
    Type.PICKLIST: ("valueSet",),
}
_LENGTHS = {Type.STRING: range(1, 256), Type.TEXTAREA: range(256, 131_073)}


def _check_shape(kind: Type, metadata: Json) -> None:
    lacking = [name for name in _NEEDS.get(kind, ()) if name not in metadata]
    if lacking:
        message = f"Required fields are missing: [{', '.join(lacking)}]"
        raise refusal("REQUIRED_FIELD_MISSING", message, *lacking)
    if kind in _LENGTHS and metadata["length"] not in _LENGTHS[kind]:
        raise refusal("FIELD_INTEGRITY_EXCEPTION", "Length: out of range", "Length")


def _length(kind: Type, metadata: Json) -> int:
    return int(metadata["length"]) if kind in _LENGTHS else _GIVEN_LENGTHS.get(kind, 0)


_GIVEN_LENGTHS = {Type.PICKLIST: 255, Type.EMAIL: 80}


def _values(metadata: Json) -> tuple[str, ...]:
    """Of a set of values of the field's own; others are not known here."""
    if "valueSet" not in metadata:
        return ()
    given = _part(_part(metadata, "valueSet"), "valueSetDefinition").get("value")
    if not isinstance(given, list) or not all(isinstance(value, dict) for value in given):
        raise _unparsable("value")
    return tuple(str(value.get("fullName")) for value in given)


def _part(given: Json, name: str) -> Json:
    part = given.get(name)
    if not isinstance(part, dict):
        raise _unparsable(name)
    return part


def _unparsable(name: str) -> Refused:
    return refusal("JSON_PARSER_ERROR", f"Cannot deserialize {name}")


def _metadata(field: Field) -> Json:
    """As much of it as the sandbox keeps, with its keys in the vendor's manner: absent is null."""
    name = next(name for name, kind in _TYPES.items() if kind is field.type)
    told: Json = {"label": field.label, "type": name, "length": field.length or None}
    if field.type is Type.PICKLIST:
        values = [{"fullName": x, "label": x, "default": None} for x in field.values]
        told["valueSet"] = {
            "restricted": field.restricted,
            "valueSetName": None,
            "valueSetDefinition": {"sorted": False, "value": values},
        }
    return told


def _digest(name: str) -> int:
    """A number that stays the same for a name, whatever else is made."""
    number = 0
    for character in name:
        number = (number * 131 + ord(character)) % 10**11
    return number
