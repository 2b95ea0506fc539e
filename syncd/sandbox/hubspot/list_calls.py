"""Handlers for lists and their memberships, the vendor's inconsistent key spelling included."""

from collections.abc import Mapping
from typing import Any

from syncd.sandbox.hubspot.call import Call, Handler, kind_of, record_id_of
from syncd.sandbox.hubspot.kinds import Kind
from syncd.sandbox.hubspot.lists import MemberList
from syncd.sandbox.hubspot.reading import is_number, number, required, scalar, scalars
from syncd.sandbox.hubspot.refusals import BadRequest, NotFound
from syncd.sandbox.hubspot.stamps import iso
from syncd.sandbox.server import Response

Json = dict[str, Any]


def create(call: Call) -> Response:
    body = call.body()
    name, kind = required(body, "name"), kind_of(scalar(body, "objectTypeId") or "0-1")
    if _called(call, kind, name) is not None:
        raise BadRequest(f"A list named {name} already exists")
    members = call.portal.add_list(
        name,
        kind=kind,
        processing=scalar(body, "processingType") or "MANUAL",
    )
    return Response(body={"list": _list(members)})


def search(call: Call) -> Response:
    body = call.body()
    words, offset = scalar(body, "query").lower(), number(body, "offset", 0)
    matching = [m for m in call.portal.lists.values() if words in m.name.lower()]
    page = matching[offset : offset + number(body, "count", 20)]
    reached = offset + len(page)
    return Response(
        body={
            "offset": reached,
            "hasMore": reached < len(matching),
            "lists": [_found(members) for members in page],
            "total": len(matching),
        }
    )


def get_one(call: Call) -> Response:
    return Response(body={"list": _list(_named(call))})


def get_by_name(call: Call) -> Response:
    members = _called(call, call.kind(), call.params[1])
    if members is None:
        raise NotFound
    return Response(body={"list": _list(members)})


def get_members(call: Call) -> Response:
    results = [
        {"recordId": str(record_id), "membershipTimestamp": iso(joined)}
        for record_id, joined in sorted(_named(call).members.items())
    ]
    return Response(body={"total": len(results), "results": results})


def add(call: Call) -> Response:
    return _change(call, adding=call.items(), removing=[])


def remove(call: Call) -> Response:
    return _change(call, adding=[], removing=call.items())


def add_and_remove(call: Call) -> Response:
    body = call.body()
    return _change(
        call,
        adding=scalars(body, "recordIdsToAdd"),
        removing=scalars(body, "recordIdsToRemove"),
    )


def of_record(call: Call) -> Response:
    kind, record_id = call.kind(), record_id_of(call.params[1])
    results = [
        {
            "listId": str(members.id),
            "listVersion": 1,
            "firstAddedTimestamp": iso(members.members[record_id]),
            "lastAddedTimestamp": iso(members.members[record_id]),
        }
        for members in call.portal.lists.values()
        if members.kind is kind and record_id in members.members
    ]
    return Response(body={"total": len(results), "results": results})


def _change(call: Call, *, adding: list[Any], removing: list[Any]) -> Response:
    members = _named(call)
    if not members.is_static:
        raise BadRequest(f"List {members.id} is dynamic; its memberships cannot be edited")
    alive = call.portal.tables[members.kind].live
    known = [text for text in map(str, adding) if is_number(text) and alive(int(text))]
    now = call.portal.now_ms()
    return Response(
        body={
            "recordsIdsAdded": [text for text in known if members.add(int(text), at=now)],
            "recordIdsRemoved": [
                text for text in map(str, removing) if is_number(text) and members.remove(int(text))
            ],
            "recordIdsMissing": [text for text in map(str, adding) if text not in known],
        }
    )


def _named(call: Call) -> MemberList:
    text = call.params[0]
    members = call.portal.lists.get(int(text)) if is_number(text) else None
    if members is None:
        raise NotFound
    return members


def _called(call: Call, kind: Kind, name: str) -> MemberList | None:
    """Names of lists are told apart without regard to case."""
    lists = call.portal.lists.values()
    return next((m for m in lists if m.kind is kind and m.name.lower() == name.lower()), None)


def _common(members: MemberList) -> Json:
    stamp = iso(members.created_at)
    return {
        "listId": str(members.id),
        "listVersion": 1,
        "createdAt": stamp,
        "updatedAt": stamp,
        "filtersUpdatedAt": stamp,
        "processingStatus": "COMPLETE",
        "createdById": "28600000",
        "updatedById": "28600000",
        "processingType": members.processing_type,
        "objectTypeId": members.kind.type_id,
        "name": members.name,
    }


def _list(members: MemberList) -> Json:
    return {**_common(members), "size": len(members.members)}


def _found(members: MemberList) -> Json:
    more = {"hs_list_reference_count": "0", "hs_list_size": str(len(members.members))}
    return {**_common(members), "additionalProperties": more}


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("POST", "lists"): create,
    ("POST", "lists/search"): search,
    ("GET", "lists/*"): get_one,
    ("GET", "lists/object-type-id/*/name/*"): get_by_name,
    ("GET", "lists/*/memberships"): get_members,
    ("PUT", "lists/*/memberships/add"): add,
    ("PUT", "lists/*/memberships/remove"): remove,
    ("PUT", "lists/*/memberships/add-and-remove"): add_and_remove,
    ("GET", "lists/records/*/*/memberships"): of_record,
}
