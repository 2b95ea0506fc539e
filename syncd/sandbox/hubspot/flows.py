"""Handlers of the flows API: which workflows there are, and what enrols a contact in them."""

from collections.abc import Mapping
from typing import Any

from syncd.sandbox.hubspot.call import Call, Handler
from syncd.sandbox.hubspot.workflows import Flow
from syncd.sandbox.server import Response

Json = dict[str, Any]


def listed(call: Call) -> Response:
    return Response(body={"results": [_short(x) for x in call.portal.flows]})


def read(call: Call) -> Response:
    """Those of these ids there are."""
    inputs = call.body().get("inputs") or []
    wanted = {str(x.get("flowId")) for x in inputs if isinstance(x, dict)}
    found = [x for x in call.portal.flows if str(x.id) in wanted]
    return Response(body={"status": "COMPLETE", "results": [_whole(x) for x in found]})


def _short(flow: Flow) -> Json:
    return {
        "id": str(flow.id),
        "isEnabled": flow.enabled,
        "objectTypeId": flow.object_type,
        "flowType": "WORKFLOW",
        "name": flow.name,
        "revisionId": "1",
    }


def _whole(flow: Flow) -> Json:
    return {**_short(flow), "actions": [], "enrollmentCriteria": dict(flow.criteria)}


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("GET", "automation/flows"): listed,
    ("POST", "automation/flows/batch/read"): read,
}
