"""Handlers for associations (v4): one link, pages of links, and batches."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from syncd.sandbox.hubspot.associations import Types, labels_of
from syncd.sandbox.hubspot.batches import complete
from syncd.sandbox.hubspot.call import Call, Handler, record_id_of
from syncd.sandbox.hubspot.errors import Refused, too_many_inputs
from syncd.sandbox.hubspot.kinds import Kind
from syncd.sandbox.hubspot.reading import (
    is_number,
    number,
    objects,
    required,
    required_object,
)
from syncd.sandbox.server import Response

READ_INPUTS = 1_000
CREATE_INPUTS = 2_000
PAGE = 500

Json = dict[str, Any]


def get_page(call: Call) -> Response:
    kind, to_kind = call.kind(0), call.kind(2)
    record = call.portal.find(kind, record_id_of(call.params[1]))
    after, limit = call.number("after", 0), call.number("limit", PAGE)
    links = call.portal.web.links(kind, record.id, to_kind)
    page = list(islice(links.items(), after, after + limit))
    answer: Json = {"results": [_link(other, types) for other, types in page]}
    if after + limit < len(links):
        answer["paging"] = {"next": {"after": str(after + limit), "link": ""}}
    return Response(body=answer)


def put(call: Call) -> Response:
    """Link two records under the labels in the body, which replace those they had."""
    one, other = (call.kind(0), call.params[1]), (call.kind(2), call.params[3])
    specs = objects({"types": call.items()}, "types")
    types = tuple(number(spec, "associationTypeId") for spec in specs)
    _associate(call, one, other, types)
    return Response(status=201, body=_pair(one, other, types))


def put_default(call: Call) -> Response:
    one, other = (call.kind(0), call.params[1]), (call.kind(2), call.params[3])
    _associate(call, one, other, ())
    results = [_plain(one, other), _plain(other, one)]
    return complete(call, results, [])


def delete(call: Call) -> Response:
    one = (call.kind(0), record_id_of(call.params[1]))
    other = (call.kind(2), record_id_of(call.params[3]))
    call.portal.dissociate(one, other)
    return Response(status=204)


def labels(call: Call) -> Response:
    known = labels_of(call.kind(0), call.kind(1))
    results = [
        {"category": "HUBSPOT_DEFINED", "typeId": label.type_id, "label": label.text}
        for label in known
    ]
    return Response(body={"results": results})


def batch_read(call: Call) -> Response:
    kind, to_kind = call.kind(0), call.kind(1)
    results: list[Json] = []
    errors: list[Json] = []
    for given in _inputs(call, READ_INPUTS):
        text = required(given, "id")
        links = call.portal.web.links(kind, int(text), to_kind) if is_number(text) else {}
        if links:
            to = [_link(other, types) for other, types in links.items()]
            results.append({"from": {"id": text}, "to": to})
        else:
            errors.append(_none_found(kind, to_kind, text))
    return complete(call, results, errors)


def batch_create(call: Call) -> Response:
    return _batch(call, labelled=True)


def batch_default(call: Call) -> Response:
    return _batch(call, labelled=False)


def batch_archive(call: Call) -> Response:
    for given in _inputs(call, CREATE_INPUTS):
        one = required(required_object(given, "from"), "id")
        for target in objects(given, "to"):
            other = required(target, "id")
            if is_number(one) and is_number(other):
                ends = ((call.kind(0), int(one)), (call.kind(1), int(other)))
                call.portal.dissociate(*ends)
    return Response(status=204)


def _batch(call: Call, *, labelled: bool) -> Response:
    results: list[Json] = []
    errors: list[Json] = []
    for given in _inputs(call, CREATE_INPUTS):
        one = (call.kind(0), required(required_object(given, "from"), "id"))
        other = (call.kind(1), required(required_object(given, "to"), "id"))
        problem = _problem(call, one, other)
        if problem is not None:
            errors.append(problem)
            continue
        types = tuple(number(spec, "associationTypeId") for spec in objects(given, "types"))
        _associate(call, one, other, types if labelled else ())
        results.append(_pair(one, other, types) if labelled else _plain(one, other))
    return complete(call, results, errors, status=201 if labelled else 200)


def _problem(call: Call, one: tuple[Kind, str], other: tuple[Kind, str]) -> Json | None:
    """What is wrong with a pair, as the batch endpoints list it."""
    for kind, text in (one, other):
        if not is_number(text) or call.portal.tables[kind].live(int(text)) is None:
            return {
                "status": "error",
                "category": "VALIDATION_ERROR",
                "subCategory": "crm.associations.INVALID_IDENTIFIER",
                "message": f"{text} is not a valid ID",
                "context": {"id": [text]},
            }
    if one == other:
        message = f"Object {one[1]} cannot be associated to itself ({one[1]})"
        return {"status": "error", "category": "VALIDATION_ERROR", "message": message}
    return None


def _associate(
    call: Call, one: tuple[Kind, str], other: tuple[Kind, str], types: tuple[int, ...]
) -> None:
    """Raises NotFound unless both records are there."""
    ends = [(kind, call.portal.find(kind, record_id_of(text)).id) for kind, text in (one, other)]
    call.portal.associate(ends[0], ends[1], call.by, types)


def _inputs(call: Call, most: int) -> list[Json]:
    inputs = objects(call.body(), "inputs", required=True)
    if len(inputs) > most:
        raise Refused(too_many_inputs(most, history=False))
    return inputs


def _link(other: int, types: Types) -> Json:
    return {
        "toObjectId": other,
        "associationTypes": [
            {"category": "HUBSPOT_DEFINED", "typeId": label.type_id, "label": label.text}
            for label in types
        ],
    }


def _pair(one: tuple[Kind, str], other: tuple[Kind, str], types: tuple[int, ...]) -> Json:
    """A link just made, with the labels that were asked for."""
    return {
        "fromObjectTypeId": one[0].type_id,
        "fromObjectId": int(one[1]),
        "toObjectTypeId": other[0].type_id,
        "toObjectId": int(other[1]),
        "labels": [
            label.text
            for label in labels_of(one[0], other[0])
            if label.text and label.type_id in types
        ],
    }


def _plain(one: tuple[Kind, str], other: tuple[Kind, str]) -> Json:
    label = labels_of(one[0], other[0])[0]
    return {
        "from": {"id": one[1]},
        "to": {"id": other[1]},
        "associationSpec": {
            "associationCategory": "HUBSPOT_DEFINED",
            "associationTypeId": label.type_id,
        },
    }


def _none_found(kind: Kind, to_kind: Kind, text: str) -> Json:
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": f"No {to_kind.name} is associated with {kind.name} {text}.",
        "context": {
            "fromObjectId": [text],
            "fromObjectType": [kind.name],
            "toObjectType": [to_kind.name],
        },
    }


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("GET", "objects/*/*/associations/*"): get_page,
    ("PUT", "objects/*/*/associations/default/*/*"): put_default,
    ("PUT", "objects/*/*/associations/*/*"): put,
    ("DELETE", "objects/*/*/associations/*/*"): delete,
    ("GET", "associations/*/*/labels"): labels,
    ("POST", "associations/*/*/batch/read"): batch_read,
    ("POST", "associations/*/*/batch/create"): batch_create,
    ("POST", "associations/*/*/batch/associate/default"): batch_default,
    ("POST", "associations/*/*/batch/archive"): batch_archive,
}
