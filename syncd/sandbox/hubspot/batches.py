"""Handlers for reading and archiving objects in batches, and what all batches share.

A missing record only costs its own place: the answer is then 207.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from syncd.sandbox.hubspot import render
from syncd.sandbox.hubspot.call import Call, Handler
from syncd.sandbox.hubspot.errors import Refused, too_many_inputs
from syncd.sandbox.hubspot.kinds import Kind
from syncd.sandbox.hubspot.reading import is_number, objects, required, scalar, scalars
from syncd.sandbox.hubspot.record import Record
from syncd.sandbox.hubspot.refusals import BadRequest
from syncd.sandbox.hubspot.stamps import iso
from syncd.sandbox.server import Response

INPUTS = 100
HISTORY_INPUTS = 50

Json = dict[str, Any]


def read(call: Call) -> Response:
    body, kind = call.body(), call.kind()
    history = scalars(body, "propertiesWithHistory")
    inputs = inputs_of(body, HISTORY_INPUTS if history else INPUTS, history=bool(history))
    names = scalars(body, "properties")
    records, missing = _find_all(call, kind, inputs, scalar(body, "idProperty"))
    results = [render.read(call.portal, record, names, history) for record in records.values()]
    return complete(call, results, not_found(kind, missing))


def archive(call: Call) -> Response:
    kind = call.kind()
    for given in inputs_of(call.body(), INPUTS):
        text = required(given, "id")
        if is_number(text):
            call.portal.archive(kind, int(text), call.by)
    return Response(status=204)


def complete(
    call: Call, results: Sequence[Json], errors: Sequence[Json], *, status: int = 200
) -> Response:
    """The envelope of every batch answer; 207 as soon as one error is in it."""
    now = iso(call.portal.now_ms())
    body: Json = {
        "completedAt": now,
        "status": "COMPLETE",
        "startedAt": now,
        "results": results,
    }
    if not errors:
        return Response(status=status, body=body)
    return Response(status=207, body={**body, "errors": errors, "numErrors": len(errors)})


def inputs_of(body: Json, most: int, *, history: bool = False) -> list[Json]:
    """Every batch has a list of inputs, which may be empty; raises Refused for too long a one."""
    inputs = objects(body, "inputs", required=True)
    if len(inputs) > most:
        raise Refused(too_many_inputs(most, history=history))
    return inputs


def _find_all(
    call: Call, kind: Kind, inputs: Iterable[Json], id_property: str
) -> tuple[dict[int, Record], list[str]]:
    """Live records by id, each once, and the ids nothing was found for."""
    records: dict[int, Record] = {}
    missing: list[str] = []
    for given in inputs:
        text = required(given, "id")
        record = look_up(call, kind, text, id_property)
        if record is None:
            missing.append(text)
        else:
            records[record.id] = record
    return records, missing


def look_up(call: Call, kind: Kind, text: str, id_property: str) -> Record | None:
    """Unlike single calls, batches do not follow the id of a merged record."""
    table = call.portal.tables[kind]
    if id_property == "email":
        return table.with_email(text)
    if id_property:
        require_unique(call, kind, id_property)
        return table.with_unique(id_property, text)
    if not is_number(text):
        return None
    return table.archived(int(text)) if call.flag("archived") else table.live(int(text))


def require_unique(call: Call, kind: Kind, name: str) -> None:
    definition = call.portal.tables[kind].properties.get(name)
    if definition is None or not definition.unique:
        raise BadRequest(f"Unable to perform update/upsert by non-unique {kind.type_id} property")


def not_found(kind: Kind, missing: list[str]) -> list[Json]:
    if not missing:
        return []
    return [
        {
            "status": "error",
            "category": "OBJECT_NOT_FOUND",
            "message": f"Could not get some {kind.name.upper()} objects, they may be deleted "
            "or not exist. Check that ids are valid.",
            "context": {"ids": missing},
        }
    ]


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("POST", "objects/*/batch/read"): read,
    ("POST", "objects/*/batch/archive"): archive,
}
