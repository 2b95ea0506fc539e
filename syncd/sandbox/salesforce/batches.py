"""sObject Collections: up to 200 records in one call, each with its own result.

A malformed request fails as a whole; otherwise the answer is 200 and every
record says for itself whether it was saved.
"""

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any

from syncd.sandbox.salesforce.call import Call
from syncd.sandbox.salesforce.errors import Problem, Refused, Unparsable, refusal
from syncd.sandbox.salesforce.ids import canonical
from syncd.sandbox.salesforce.keys import matches
from syncd.sandbox.salesforce.saving import Save, Writer
from syncd.sandbox.salesforce.shown import shown
from syncd.sandbox.server import Response

MOST_RECORDS = 200
MOST_CHUNKS = 10
MOST_READ = 2_000

Prepared = Save | Refused
Prepare = Callable[[Mapping[str, Any], Writer], Save]

_ROLLED_BACK = refusal(
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "Record rolled back because not all records were valid and the request was using "
    "AllOrNone header",
)


def create(call: Call) -> Response:
    def prepare(record: Mapping[str, Any], by: Writer) -> Save:
        return call.org.prepare_creation(_type(record), _values(record), by)

    return _saved(call, prepare)


def update(call: Call) -> Response:
    def prepare(record: Mapping[str, Any], by: Writer) -> Save:
        record_id = record.get("id") or record.get("Id")
        if not record_id:
            raise refusal("MISSING_ARGUMENT", "Id not specified in an update call")
        kind = call.org.store.table(_type(record)).kind
        known = canonical(str(record_id))
        if known is None or not known.startswith(kind.prefix):
            message = f"{kind.label} ID: id value of incorrect type: {record_id}"
            raise refusal("MALFORMED_ID", message, "Id")
        return call.org.prepare_change(known, _values(record), by)

    return _saved(call, prepare)


def upsert(call: Call, object_name: str, field_name: str) -> Response:
    kind = call.org.store.table(object_name).kind

    def prepare(record: Mapping[str, Any], by: Writer) -> Save:
        value = next((v for k, v in record.items() if k.lower() == field_name.lower()), None)
        values = _values(record)
        found = matches(call.org.store, kind, field_name, value) if value else []
        if len(found) > 1:
            raise refusal(
                "DUPLICATE_VALUE",
                f"{field_name} is not unique: more than one record found for external id field: "
                f"[{', '.join(row['Id'] for row in found)}]",
            )
        if found:
            return call.org.prepare_change(found[0]["Id"], values, by)
        return call.org.prepare_creation(kind.name, values, by)

    return _saved(call, prepare, tell_created=True)


def delete(call: Call) -> Response:
    ids = [each for each in call.request.param("ids").split(",") if each]
    _require_count(len(ids))
    refused = {given: _deletion_refused(call, given) for given in ids}
    if call.request.param("allOrNone") == "true" and any(refused.values()):
        return Response(body=[_failed(refused[given] or _ROLLED_BACK) for given in ids])
    return Response(body=[_deleted(call, given) for given in ids])


def _deletion_refused(call: Call, given: str) -> Refused | None:
    try:
        call.org.require_deletable(given)
    except Refused as error:
        return error
    return None


def _deleted(call: Call, given: str) -> dict[str, Any]:
    error = _deletion_refused(call, given)
    if error is not None:
        return _failed(error)
    call.org.delete(given, call.org.integration, via="api")
    return {"id": canonical(given), "success": True, "errors": []}


def read(call: Call, object_name: str) -> Response:
    """Rows by id in the order asked for, null for those that cannot be seen."""
    asked = call.body() if call.request.method == "POST" else _asked_by_query(call)
    ids, names = _texts(asked, "ids"), _texts(asked, "fields")
    if len(ids) > MOST_READ:
        raise _whole("EXCEEDED_ID_LIMIT", f"cannot retrieve more than {MOST_READ} records")
    call.org.store.settle()
    table = call.org.store.table(object_name)
    fields = [table.kind.field(name) for name in names]
    known = [field for field in fields if field is not None]
    if len(known) < len(fields):
        missing = next(n for n, field in zip(names, fields, strict=True) if field is None)
        raise _whole(
            "INVALID_FIELD", f"No such column '{missing}' on sobject of type {table.kind.name}"
        )
    rows = [table.get(canonical(each) or each) for each in ids]
    return Response(
        body=[
            shown(table.kind.name, row, known, call.version)
            if row is not None and not row["IsDeleted"]
            else None
            for row in rows
        ]
    )


def _saved(call: Call, prepare: Prepare, *, tell_created: bool = False) -> Response:
    body = call.body()
    records = body.get("records") or []
    _require_objects(records)
    _require_count(len(records))
    _require_types(records)
    by = call.writer()
    if body.get("allOrNone"):
        outcomes = _all_or_none(call, [_prepared(prepare, record, by) for record in records])
    else:
        outcomes = [_saved_one(call, prepare, record, by) for record in records]
    return Response(body=[_result(each, tell_created=tell_created) for each in outcomes])


def _prepared(prepare: Prepare, record: Mapping[str, Any], by: Writer) -> Prepared:
    try:
        return prepare(record, by)
    except Unparsable:
        raise
    except Refused as error:
        return error


def _saved_one(call: Call, prepare: Prepare, record: Mapping[str, Any], by: Writer) -> Prepared:
    outcome = _prepared(prepare, record, by)
    if isinstance(outcome, Save):
        call.org.apply(outcome)
    return outcome


def _all_or_none(call: Call, prepared: list[Prepared]) -> list[Prepared]:
    if any(isinstance(each, Refused) for each in prepared):
        return [each if isinstance(each, Refused) else _ROLLED_BACK for each in prepared]
    for each in prepared:
        assert isinstance(each, Save), "the refused were sent back above"
        call.org.apply(each)
    return prepared


def _result(outcome: Prepared, *, tell_created: bool) -> dict[str, Any]:
    if isinstance(outcome, Refused):
        return _failed(outcome)
    told = {"id": outcome.after["Id"], "success": True, "errors": []}
    return {**told, "created": outcome.before is None} if tell_created else told


def _failed(error: Refused) -> dict[str, Any]:
    return {"success": False, "errors": [each.in_collection() for each in error.problems]}


def _values(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in _NOT_FIELDS}


_NOT_FIELDS = frozenset({"attributes", "id", "Id"})


def _type(record: Mapping[str, Any]) -> str:
    return str(record["attributes"]["type"])


def _require_count(count: int) -> None:
    if count == 0:
        raise _whole("REQUIRED_FIELD_MISSING", "At least 1 record is required")
    if count > MOST_RECORDS:
        raise _whole(
            "EXCEEDED_ID_LIMIT",
            "record limit reached. cannot submit more than 200 records into this call",
        )


def _require_objects(records: Any) -> None:
    """The parser wants a list of objects before anyone looks at their types."""
    if not isinstance(records, list) or not all(isinstance(each, dict) for each in records):
        raise _whole("JSON_PARSER_ERROR", "records must be an array of sobjects")
    if not all(isinstance(each.get("attributes") or {}, dict) for each in records):
        raise _whole("JSON_PARSER_ERROR", "attributes must be an object")


def _texts(asked: Mapping[str, Any], name: str) -> list[str]:
    given = asked.get(name) or []
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise _whole("JSON_PARSER_ERROR", f"{name} must be an array of strings")
    return given


def _require_types(records: list[Mapping[str, Any]]) -> None:
    if any(not (record.get("attributes") or {}).get("type") for record in records):
        raise _whole("INVALID_TYPE", "every record needs attributes.type")
    if len(list(groupby(records, key=_type))) > MOST_CHUNKS:
        raise _whole(
            "LIMIT_EXCEEDED",
            f"cannot have more than {MOST_CHUNKS} chunks per operation; sort the records by type",
        )


def _whole(code: str, message: str) -> Refused:
    return Refused(Problem(code=code, message=message))


def _asked_by_query(call: Call) -> dict[str, list[str]]:
    return {name: call.request.param(name).split(",") for name in ("ids", "fields")}
