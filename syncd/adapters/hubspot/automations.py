"""What a portal runs when a contact is saved: its workflows, by the flows API. Reads only.

The API gives conditions as branches of filters, of which only the property names are taken.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from syncd.adapters.hubspot import paths
from syncd.adapters.hubspot.client import HubSpotClient
from syncd.domain.automation import Automation, AutomationKind, Automations
from syncd.errors import AuthError, PermanentError

_CONTACT = "0-1"
_AT_ONCE = 100
_SCOPE = "give the app the scope `automation` to see them"


def read_automations(client: HubSpotClient) -> Automations:
    """Enabled workflows over contacts. What the token may not see is named."""
    try:
        ids = [str(x["id"]) for x in _listed(client) if _counts(x)]
        told = [x for part in _parts(ids) for x in _definitions(client, part)]
    except (AuthError, PermanentError) as error:
        return Automations(found=(), unseen=(f"HubSpot workflows: {error}; {_SCOPE}",))
    return Automations(found=tuple(_workflow(x) for x in told))


def _counts(flow: Mapping[str, Any]) -> bool:
    return bool(flow.get("isEnabled")) and str(flow.get("objectTypeId")) == _CONTACT


def _listed(client: HubSpotClient) -> Iterator[Mapping[str, Any]]:
    after: str | None = None
    while True:
        query = {"limit": str(_AT_ONCE), **({"after": after} if after else {})}
        reply = client.get(paths.FLOWS, query)
        yield from reply.items()
        before, after = after, reply.next_page
        if after is None or after == before:
            return


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))


def _definitions(client: HubSpotClient, ids: Sequence[str]) -> list[Mapping[str, Any]]:
    inputs = [{"flowId": flow_id, "type": "FLOW_ID"} for flow_id in ids]
    return list(client.ask(paths.FLOWS_READ, {"inputs": inputs}).items())


def _workflow(told: Mapping[str, Any]) -> Automation:
    fields = frozenset(_properties(told.get("enrollmentCriteria")))
    name = str(told.get("name") or told.get("id"))
    return Automation(kind=AutomationKind.WORKFLOW, name=name, fields=fields)


def _properties(part: object) -> Iterator[str]:
    """The names under `property`, at any depth. A change of a property is an event whose filters
    have the name as the value of `hs_name`."""
    if isinstance(part, list):
        for each in part:
            yield from _properties(each)
    if not isinstance(part, dict):
        return
    name = part.get("property")
    if name == "hs_name":
        operation = part.get("operation") or {}
        yield from (str(x) for x in operation.get("values") or (operation.get("value"),) if x)
    elif isinstance(name, str):
        yield name
    for each in part.values():
        yield from _properties(each)
