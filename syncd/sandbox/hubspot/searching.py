"""The handler of the search endpoint."""

from collections.abc import Mapping
from typing import Any

from syncd.sandbox.hubspot import render
from syncd.sandbox.hubspot.call import Call, Handler
from syncd.sandbox.hubspot.query import parse_query
from syncd.sandbox.hubspot.refusals import BadRequest
from syncd.sandbox.server import Response


def search(call: Call) -> Response:
    kind, most = call.kind(), call.portal.settings.search_body_limit
    if most is not None and len(call.request.body) > most:
        raise BadRequest(f"The request body must not be longer than {most} characters")
    query = parse_query(call.body())
    found = call.office.index.search(kind, query)
    names = query.properties or kind.defaults
    answer: dict[str, Any] = {
        "total": found.total,
        "results": [
            render.shown(
                call.portal,
                record,
                render.chosen(call.portal, kind, version.values, names),
                version,
            )
            for record, version in found.hits
        ],
    }
    reached = query.offset + len(found.hits)
    if reached < found.total:
        answer["paging"] = {"next": {"after": str(reached)}}
    return Response(body=answer)


HANDLERS: Mapping[tuple[str, str], Handler] = {("POST", "objects/*/search"): search}
