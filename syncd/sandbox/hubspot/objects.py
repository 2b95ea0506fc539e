"""Handlers for one object at a time, and for paging through all of a kind."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from syncd.sandbox.hubspot import render
from syncd.sandbox.hubspot.associations import PAIR_BY_TYPE
from syncd.sandbox.hubspot.call import Call, Handler, kind_of, record_id_of
from syncd.sandbox.hubspot.errors import Refused, too_many_inputs
from syncd.sandbox.hubspot.kinds import CONTACT, Kind
from syncd.sandbox.hubspot.portal import Link
from syncd.sandbox.hubspot.reading import (
    is_number,
    number,
    objects,
    properties,
    required,
    required_object,
)
from syncd.sandbox.hubspot.record import Record
from syncd.sandbox.hubspot.refusals import BadRequest, NotFound
from syncd.sandbox.server import Response

PAGE = 100
HISTORY_PAGE = 50
NO_RECORD = 0  # stands for an id that can be none


def get_page(call: Call) -> Response:
    """Records in the order of their ids; `after` is the next record's id, so there is no cap."""
    kind, limit, after = call.kind(), call.number("limit", 10), call.number("after", 0)
    history = call.listed("propertiesWithHistory")
    most = HISTORY_PAGE if history else PAGE
    if limit > most:
        raise Refused(too_many_inputs(most, history=bool(history)))
    matching = call.portal.tables[kind].following(after, archived=call.flag("archived"))
    records = list(islice(matching, limit + 1))
    answer: dict[str, Any] = {"results": [_shown(call, record) for record in records[:limit]]}
    if len(records) > limit:
        answer["paging"] = {"next": _next(call, str(records[limit].id))}
    return Response(body=answer)


def get_one(call: Call) -> Response:
    record = found(call, call.kind(), call.params[1], archived=call.flag("archived"))
    return Response(body=_shown(call, record))


def create(call: Call) -> Response:
    body = call.body()
    record = call.portal.create(call.kind(), properties(body), call.by, links_of(body))
    return Response(status=201, body=render.created(call.portal, record))


def update(call: Call) -> Response:
    given = properties(call.body())
    record = found(call, call.kind(), call.params[1])
    record = call.portal.update(record.kind, record.id, given, call.by)
    return Response(body=render.updated(call.portal, record, given))


def archive(call: Call) -> Response:
    call.portal.archive(call.kind(), record_id_of(call.params[1]), call.by)
    return Response(status=204)


def merge(call: Call) -> Response:
    if call.kind() is not CONTACT:
        raise BadRequest("only contacts can be merged here")
    body = call.body()
    heir = call.portal.merge(
        record_id_of(required(body, "primaryObjectId")),
        record_id_of(required(body, "objectIdToMerge")),
        call.by,
    )
    return Response(body=render.created(call.portal, heir))


def gdpr_delete(call: Call) -> Response:
    body = call.body()
    by_email = body.get("idProperty") == "email"
    text = required(body, "objectId")
    record_id = call.portal.contact_by_email(text) if by_email else record_id_of(text)
    if record_id is None:
        raise NotFound
    call.portal.erase(record_id, call.by)
    return Response(status=204)


def found(call: Call, kind: Kind, text: str, *, archived: bool = False) -> Record:
    """The record a URL names, by id, merged id or `idProperty`; raises NotFound."""
    if call.request.param("idProperty") == "email":
        record = call.portal.tables[kind].with_email(text)
        if record is None:
            raise NotFound
        return record
    record_id = record_id_of(text)
    if not archived:
        return call.portal.find(kind, record_id)
    record = call.portal.tables[kind].archived(record_id)
    if record is None:
        raise NotFound
    return record


def links_of(given: Mapping[str, Any]) -> list[Link]:
    """The `associations` of a create; the type id alone says which kind the other record is."""
    links: list[Link] = []
    for item in objects(given, "associations"):
        other = required(required_object(item, "to"), "id")
        types = tuple(number(spec, "associationTypeId") for spec in objects(item, "types"))
        links.append((_kind_linked(types), int(other) if is_number(other) else NO_RECORD, types))
    return links


def _kind_linked(types: Iterable[int]) -> Kind:
    for type_id in types:
        if type_id in PAIR_BY_TYPE:
            return PAIR_BY_TYPE[type_id][1]
    raise BadRequest("no valid association type was given")


def _shown(call: Call, record: Record) -> dict[str, Any]:
    answer = render.read(
        call.portal, record, call.listed("properties"), call.listed("propertiesWithHistory")
    )
    wanted = [kind_of(name) for name in call.listed("associations")]
    linked = {kind.plural: _linked(call, record, kind) for kind in wanted}
    if any(linked.values()):
        answer["associations"] = {name: {"results": ids} for name, ids in linked.items() if ids}
    return answer


def _linked(call: Call, record: Record, kind: Kind) -> list[dict[str, str]]:
    links = call.portal.web.links(record.kind, record.id, kind)
    name = f"{record.kind.name}_to_{kind.name}"
    return [{"id": str(other), "type": name} for other in links]


def _next(call: Call, after: str) -> dict[str, str]:
    return {"after": after, "link": f"https://api.hubapi.com{call.request.path}?after={after}"}


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("GET", "objects/*"): get_page,
    ("POST", "objects/*"): create,
    ("POST", "objects/*/merge"): merge,
    ("POST", "objects/*/gdpr-delete"): gdpr_delete,
    ("GET", "objects/*/*"): get_one,
    ("PATCH", "objects/*/*"): update,
    ("DELETE", "objects/*/*"): archive,
}
