"""One row of an ingest job's sheet: what its cells mean, and the write it asks for.

An empty cell says nothing, `#N/A` clears the field, and a header like
`Owner.Email` names the parent by one of its own keys.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from syncd.sandbox.salesforce.bulk.sheet import Cells
from syncd.sandbox.salesforce.checks import field_to_write, row_value
from syncd.sandbox.salesforce.describe import SOAP_TYPES
from syncd.sandbox.salesforce.errors import Refused, Unparsable, refusal
from syncd.sandbox.salesforce.keys import matches
from syncd.sandbox.salesforce.org import Org
from syncd.sandbox.salesforce.schema import Field, ObjectType, Type

CLEARED = "#N/A"
_TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def unknown_columns(org: Org, kind: ObjectType, header: Iterable[str]) -> Iterator[str]:
    """Headers that name no field of the object, nor a key of a parent."""
    for name in header:
        relation, _, key = name.partition(".")
        known = _parent_of(org, kind, relation, key) if key else kind.field(name)
        if known is None:
            yield name


def values_of(
    org: Org, kind: ObjectType, header: Cells, cells: Cells, *, creating: bool
) -> dict[str, Any]:
    """The fields a row sets, `Id` aside; raises Refused for a cell its field cannot hold."""
    values: dict[str, Any] = {}
    for place, (name, cell) in enumerate(zip(header, cells, strict=True)):
        if not cell or name.lower() == "id":
            continue
        relation, _, key = name.partition(".")
        if key:
            link = kind.by_relationship[relation.lower()]
            values[link.name] = None if cell == CLEARED else _parent_id(org, link, key, cell)
        else:
            field = field_to_write(kind, name, creating=creating)
            values[field.name] = _value(field, cell, place)
    return values


def cell_of(header: Cells, cells: Cells, name: str) -> str:
    """The row's cell under a header in any case; empty if there is none."""
    named = zip(header, cells, strict=True)
    return next((cell for each, cell in named if each.lower() == name.lower()), "")


def told(refused: Refused) -> str:
    """An error as the failed results give it: CODE:message:fields --"""
    problem = refused.problems[0]
    fields = ",".join(problem.fields or ())
    return (
        f"{problem.code}:{problem.message}:{fields} --"
        if fields
        else f"{problem.code}:{problem.message}:--"
    )


def _value(field: Field, cell: str, place: int) -> Any:
    """What the save is given; references are left to it, as they need the org."""
    if cell == CLEARED:
        return None
    if field.type is Type.BOOLEAN:
        return _TRUTHS.get(cell.lower(), cell)
    if field.type is Type.REFERENCE:
        return cell
    try:
        return row_value(field, cell, lambda _: None)
    except Unparsable as error:
        raise refusal(
            "INVALID_FIELD",
            f"Failed to deserialize field at col {place}. Due to, '{cell}' is not a valid value "
            f"for the type {SOAP_TYPES.get(field.type, 'xsd:string')}",
            field.name,
        ) from error


def _parent_id(org: Org, link: Field, key: str, cell: str) -> str:
    for target in link.refers_to:
        kind = org.store.table(target).kind
        if kind.field(key) is None:
            continue
        found = matches(org.store, kind, key, cell)
        if len(found) == 1:
            return str(found[0]["Id"])
    raise refusal(
        "INVALID_FIELD",
        f"Foreign key external ID: {cell} not found for field {key} in entity {link.refers_to[0]}",
        link.name,
    )


def _parent_of(org: Org, kind: ObjectType, relation: str, key: str) -> Field | None:
    link = kind.by_relationship.get(relation.lower())
    if link is None:
        return None
    kinds: Iterable[Mapping[str, Field]] = (
        org.store.table(name).kind.by_lower for name in link.refers_to
    )
    return next((fields[key.lower()] for fields in kinds if key.lower() in fields), None)
