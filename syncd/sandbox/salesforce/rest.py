"""The org's HTTP front: who may call, which resource is meant, and how refusals are told.

Resources live in their own files; this one routes to them.
"""

import re
from typing import Any

from syncd.sandbox.salesforce import (
    batches,
    custom_fields,
    describe,
    limits,
    oauth,
    queries,
    records,
    replication,
    tooling,
)
from syncd.sandbox.salesforce.bulk import rest as bulk
from syncd.sandbox.salesforce.bulk.jobs import Jobs
from syncd.sandbox.salesforce.call import Call, Site
from syncd.sandbox.salesforce.composite import composite
from syncd.sandbox.salesforce.cursors import Cursors
from syncd.sandbox.salesforce.errors import Problem, Refused, not_found
from syncd.sandbox.salesforce.org import Org
from syncd.sandbox.salesforce.schema import ObjectType
from syncd.sandbox.server import App, Request, Response
from syncd.sandbox.world import World

LONGEST = 16_384  # bytes of the URI, and of the URI with all headers
VERSIONS = range(46, 68)
_VERSION = re.compile(r"v(\d+)\.0")


def app(world: World) -> App:
    """The org of this world as an HTTP app."""
    return org_app(world.salesforce)


def org_app(org: Org) -> App:
    site = Site(org=org, cursors=Cursors(org.mint, org.clock.now), jobs=Jobs(org))

    def face(request: Request) -> Response:
        if (too_long := _too_long(request)) is not None:
            return too_long
        try:
            return _entered(site, request)
        except Refused as refused:
            return _told(org, refused)

    return face


def _entered(site: Site, request: Request) -> Response:
    match (request.method, *request.segments):
        case ("POST", "services", "oauth2", "token"):
            return oauth.token(site.org, request)
        case ("GET", "services", "data"):
            return Response(body=[_version(number) for number in VERSIONS])
        case ("GET" | "POST", "services", "oauth2", "userinfo"):
            _require_session(site.org, request)
            return oauth.userinfo(site.org)
        case (_, "services", "data", *_):
            _require_session(site.org, request)
            return _counted(site, request)
        case _:
            raise not_found()


def _counted(site: Site, request: Request) -> Response:
    """One API call against the allowance; refusals count and carry the header too."""
    if site.org.usage.exhausted():
        problem = Problem(code="REQUEST_LIMIT_EXCEEDED", message="TotalRequests Limit exceeded.")
        return _told(site.org, Refused(problem, status=403))
    site.org.usage.count()
    site.jobs.work()
    response = _answer(site, request)
    headers = {**response.headers, "Sforce-Limit-Info": limits.limit_info(site.org.usage)}
    return Response(status=response.status, body=response.body, headers=headers)


def _answer(site: Site, request: Request) -> Response:
    """One resource, alone or inside a composite."""
    try:
        match request.segments:
            case ("services", "data", version, *parts) if _speaks(version):
                call = Call(site=site, request=request, version=version, parts=tuple(parts))
                return _routed(call)
            case _:
                raise not_found()
    except Refused as refused:
        return _told(site.org, refused)


def _speaks(version: str) -> bool:
    known = _VERSION.fullmatch(version)
    return known is not None and int(known.group(1)) in VERSIONS


def _routed(call: Call) -> Response:
    match (call.request.method, *call.parts):
        case ("GET", "query"):
            return queries.query(call)
        case ("GET", "queryAll"):
            return queries.query(call, with_deleted=True)
        case ("GET", "query" | "queryAll", place):
            return queries.query_more(call, place)
        case ("POST", "composite"):
            return composite(call, lambda request: _answer(call.site, request))
        case (_, "composite", "sobjects", *_):
            return _collections(call)
        case (_, "sobjects", *_):
            return _records(call)
        case (_, "jobs", "query", *_):
            return bulk.queries(call)
        case (_, "jobs", "ingest", *_):
            return bulk.ingests(call)
        case ("GET", "limits"):
            return limits.limits(call)
        case ("GET", "limits", "recordCount"):
            return limits.record_count(call)
        case ("GET", "tooling", "query"):
            return tooling.query(call)
        case ("POST", "tooling", "sobjects", "CustomField"):
            return custom_fields.create(call)
        case ("GET", "tooling", "sobjects", "CustomField", field_id):
            return custom_fields.read(call, field_id)
        case ("PATCH", "tooling", "sobjects", "CustomField", field_id):
            return custom_fields.update(call, field_id)
        case _:
            raise not_found()


def _listed(call: Call, kind: ObjectType) -> dict[str, Any]:
    """As the integration user sees it: without what they may not do."""
    denied = call.org.settings.forbidden
    flags = {x: False for x in ("createable", "updateable") if f"{kind.name}.{x}" in denied}
    return {**describe.in_list(kind, call.version), **flags}


def _collections(call: Call) -> Response:
    match (call.request.method, *call.parts[2:]):
        case ("POST",):
            return batches.create(call)
        case ("PATCH",):
            return batches.update(call)
        case ("DELETE",):
            return batches.delete(call)
        case ("GET" | "POST", object_name):
            return batches.read(call, object_name)
        case ("PATCH", object_name, field_name):
            return batches.upsert(call, object_name, field_name)
        case _:
            raise not_found()


def _records(call: Call) -> Response:
    match (call.request.method, *call.parts[1:]):
        case ("GET",):
            tables = call.org.store.tables()
            listed = [_listed(call, table.kind) for table in tables]
            return Response(body={"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": listed})
        case ("GET", object_name):
            kind = call.org.store.table(object_name).kind
            listed_one = describe.in_list(kind, call.version)
            return Response(body={"objectDescribe": listed_one, "recentItems": []})
        case ("GET", object_name, "describe"):
            kind = call.org.store.table(object_name).kind
            return Response(body=describe.whole(kind, call.version))
        case ("GET", object_name, "updated"):
            return replication.updated(call, object_name)
        case ("GET", object_name, "deleted"):
            return replication.deleted(call, object_name)
        case ("POST", object_name):
            return records.create(call, object_name)
        case (_, object_name, record_id):
            return _record(call, object_name, record_id)
        case (_, object_name, field_name, value):
            return _keyed(call, object_name, field_name, value)
        case _:
            raise not_found()


def _record(call: Call, object_name: str, record_id: str) -> Response:
    match call.request.method:
        case "GET":
            return records.read(call, object_name, record_id)
        case "PATCH":
            return records.update(call, object_name, record_id)
        case "DELETE":
            return records.delete(call, object_name, record_id)
        case method:
            raise _not_allowed(method)


def _keyed(call: Call, object_name: str, field_name: str, value: str) -> Response:
    match call.request.method:
        case "GET":
            return records.read_by_key(call, object_name, field_name, value)
        case "PATCH":
            return records.upsert(call, object_name, field_name, value)
        case "DELETE":
            return records.delete_by_key(call, object_name, field_name, value)
        case method:
            raise _not_allowed(method)


def _require_session(org: Org, request: Request) -> None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme not in ("Bearer", "OAuth") or not org.sessions.accepts(token):
        problem = Problem(code="INVALID_SESSION_ID", message="Session expired or invalid")
        raise Refused(problem, status=401)


def _too_long(request: Request) -> Response | None:
    if request.uri_size > LONGEST:
        return Response(status=414, body=b"<h1>Bad Message 414</h1><pre>reason: URI Too Long</pre>")
    if request.head_size > LONGEST:
        return Response(
            status=431,
            body=b"<h1>Bad Message 431</h1><pre>reason: Request Header Fields Too Large</pre>",
        )
    return None


def _told(org: Org, refused: Refused) -> Response:
    locked = any(problem.code == "UNABLE_TO_LOCK_ROW" for problem in refused.problems)
    status = org.settings.lock_status if locked else refused.status
    key = org.settings.duplicate_key
    return Response(status=status, body=[each.in_row(key) for each in refused.problems])


def _not_allowed(method: str) -> Refused:
    message = f"HTTP Method '{method}' not allowed. Allowed are DELETE,GET,HEAD,PATCH"
    return Refused(Problem(code="METHOD_NOT_ALLOWED", message=message), status=405)


def _version(number: int) -> dict[str, str]:
    return {
        "label": f"API v{number}",
        "url": f"/services/data/v{number}.0",
        "version": f"{number}.0",
    }
