"""The portal's HTTP face: token, scope, rate limit, route, and refusals as error answers."""

from collections.abc import Mapping
from dataclasses import replace

from syncd.sandbox.hubspot.apps import PrivateApp
from syncd.sandbox.hubspot.bad_days import BAD_DAYS
from syncd.sandbox.hubspot.call import Call, Office
from syncd.sandbox.hubspot.errors import (
    Refused,
    answer_to,
    correlation_id,
    error,
    missing_scope,
    unauthenticated,
)
from syncd.sandbox.hubspot.limits import Governor
from syncd.sandbox.hubspot.refusals import BadRequest, Duplicate, NotFound, NotValid, Required
from syncd.sandbox.hubspot.routes import is_search, route, scope_for
from syncd.sandbox.hubspot.search import SearchIndex
from syncd.sandbox.server import App, Request, Response
from syncd.sandbox.world import World

CONTENT_TYPE = "application/json;charset=utf-8"
LONGEST_URI = 16_200  # measured by others; the edge answers, not the API


def app(world: World) -> App:
    """The callable that answers for `world.hubspot`; the caller holds the world's lock."""
    portal = world.hubspot
    office = Office(
        portal=portal,
        index=SearchIndex(portal),
        governor=Governor(world.clock, portal.limits, portal.settings.time_zone),
    )

    def answer(request: Request) -> Response:
        if request.uri_size > LONGEST_URI:
            return BAD_DAYS["too_long"]
        try:
            return _admitted(office, request)
        except Refused as refused:
            return refused.response

    return answer


def _admitted(office: Office, request: Request) -> Response:
    """Raises Refused for a bad token, a missing scope or a limit reached, in that order."""
    caller = _caller(office, request)
    scope = scope_for(request.method, request.segments)
    if scope is not None and scope not in caller.scopes:
        raise Refused(missing_scope(scope))
    headers = office.governor.admit(
        caller.app_id, search=is_search(request.method, request.segments)
    )
    return _with(_answered(office, caller, request), headers)


def _caller(office: Office, request: Request) -> PrivateApp:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    caller = office.portal.apps.of(token) if scheme.lower() == "bearer" else None
    if caller is None:
        raise Refused(unauthenticated())
    return caller


def _answered(office: Office, caller: PrivateApp, request: Request) -> Response:
    routed = route(request.method, request.segments)
    if routed is None:
        return error(404, "resource not found", "OBJECT_NOT_FOUND")
    handler, params = routed
    try:
        return handler(Call(office=office, app=caller, params=params, request=request))
    except Refused as refused:
        return refused.response
    except (NotValid, Duplicate, NotFound, Required, BadRequest) as refusal:
        return answer_to(refusal)


def _with(response: Response, headers: Mapping[str, str]) -> Response:
    typed = {} if response.body is None else {"Content-Type": CONTENT_TYPE}
    marked = {"X-HubSpot-Correlation-Id": correlation_id(), **typed, **headers}
    return replace(response, headers={**marked, **response.headers})
