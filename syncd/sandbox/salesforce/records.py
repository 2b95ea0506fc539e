"""Single rows over REST: create, read, update, delete, and all of them by external id."""

from collections.abc import Mapping
from typing import Any

from syncd.sandbox.salesforce.call import Call
from syncd.sandbox.salesforce.errors import Problem, Refused, not_found, refusal
from syncd.sandbox.salesforce.ids import canonical
from syncd.sandbox.salesforce.keys import matches
from syncd.sandbox.salesforce.schema import Field, ObjectType
from syncd.sandbox.salesforce.shown import shown
from syncd.sandbox.salesforce.store import Store
from syncd.sandbox.salesforce.table import Row
from syncd.sandbox.server import Response


def create(call: Call, object_name: str) -> Response:
    save = call.org.prepare_creation(object_name, _values(call), call.writer())
    call.org.apply(save)
    return _created(call, save.kind, save.after["Id"])


def read(call: Call, object_name: str, record_id: str) -> Response:
    kind = call.org.store.table(object_name).kind
    row = _row(call.org.store, kind, record_id)
    return Response(body=shown(kind.name, row, _asked(call, kind), call.version))


def update(call: Call, object_name: str, record_id: str) -> Response:
    kind = call.org.store.table(object_name).kind
    known = _identified(kind, record_id)
    call.org.apply(call.org.prepare_change(known, _values(call), call.writer()))
    return Response(status=204)


def delete(call: Call, object_name: str, record_id: str) -> Response:
    kind = call.org.store.table(object_name).kind
    call.org.delete(_identified(kind, record_id), call.org.integration, via="api")
    return Response(status=204)


def read_by_key(call: Call, object_name: str, field_name: str, value: str) -> Response:
    kind = call.org.store.table(object_name).kind
    found = matches(call.org.store, kind, field_name, value)
    if len(found) > 1:
        return _several(call, kind, found)
    if not found:
        raise not_found()
    return Response(body=shown(kind.name, found[0], _asked(call, kind), call.version))


def delete_by_key(call: Call, object_name: str, field_name: str, value: str) -> Response:
    kind = call.org.store.table(object_name).kind
    found = matches(call.org.store, kind, field_name, value)
    if not found:
        raise not_found()
    return delete(call, kind.name, found[0]["Id"])


def upsert(call: Call, object_name: str, field_name: str, value: str) -> Response:
    """Update the one match, create if there is none, answer 300 if there are several."""
    kind = call.org.store.table(object_name).kind
    found = matches(call.org.store, kind, field_name, value)
    values = _values(call)
    if any(name.lower() == field_name.lower() for name in values):
        raise Refused(
            Problem(
                code="INVALID_FIELD",
                message=f"The {field_name} field should not be specified in the sobject data.",
            )
        )
    if len(found) > 1:
        return _several(call, kind, found)
    if found:
        call.org.apply(call.org.prepare_change(found[0]["Id"], values, call.writer()))
        return _matched(call, found[0]["Id"])
    if call.request.param("updateOnly") == "true":
        raise not_found()
    given = {**values, field_name: value}
    save = call.org.prepare_creation(kind.name, given, call.writer())
    call.org.apply(save)
    return _created(call, kind, save.after["Id"], created=True)


def _identified(kind: ObjectType, given: str) -> str:
    """The canonical id; raises Refused for text that is no id or an id of another object."""
    record_id = canonical(given)
    if record_id is None:
        raise not_found(f"Provided external ID field does not exist or is not accessible: {given}")
    if not record_id.startswith(kind.prefix):
        message = f"{kind.label} ID: id value of incorrect type: {given}"
        raise refusal("MALFORMED_ID", message, "Id")
    return record_id


def _row(store: Store, kind: ObjectType, given: str) -> Row:
    store.settle()
    row = store.row(_identified(kind, given))
    if row is None:
        raise not_found()
    if row["IsDeleted"]:
        raise refusal("ENTITY_IS_DELETED", "entity is deleted", status=404)
    return row


def _asked(call: Call, kind: ObjectType) -> list[Field]:
    """The fields named in `fields=`, else all of them."""
    names = [name for name in call.request.param("fields").split(",") if name]
    if not names:
        return list(kind.fields.values())
    found = [kind.field(name.strip()) for name in names]
    for name, field in zip(names, found, strict=True):
        if field is None:
            message = f"No such column '{name}' on sobject of type {kind.name}"
            raise Refused(Problem(code="INVALID_FIELD", message=message))
    return [field for field in found if field is not None]


def _values(call: Call) -> Mapping[str, Any]:
    return {name: value for name, value in call.body().items() if name != "attributes"}


def _created(
    call: Call, kind: ObjectType, record_id: str, *, created: bool | None = None
) -> Response:
    body: dict[str, Any] = {"id": record_id, "success": True, "errors": []}
    if created is not None:
        body["created"] = created
    location = f"/services/data/{call.version}/sobjects/{kind.name}/{record_id}"
    return Response(status=201, body=body, headers={"Location": location})


def _matched(call: Call, record_id: str) -> Response:
    """Old versions answer an update by key as they answer any update: with nothing."""
    status = call.org.settings.upsert_match_status
    if status == 204:
        return Response(status=204)
    body = {"id": record_id, "success": True, "errors": [], "created": False}
    return Response(status=status, body=body)


def _several(call: Call, kind: ObjectType, found: list[Row]) -> Response:
    base = f"/services/data/{call.version}/sobjects/{kind.name}"
    return Response(status=300, body=[f"{base}/{row['Id']}" for row in found])
