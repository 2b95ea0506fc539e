"""What is associated with contacts: the ids of their notes, calls, mails and so on."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from syncd.adapters.hubspot import paths
from syncd.adapters.hubspot.client import HubSpotClient
from syncd.domain.names import RecordId
from syncd.errors import TransientError

_MOST = 1000


def linked_to(
    client: HubSpotClient, contacts: Sequence[RecordId], *, plural: str
) -> Mapping[RecordId, list[str]]:
    """The ids of one kind of object on each contact, page after page where there are many.
    A contact without any comes with none."""
    found: dict[RecordId, list[str]] = {contact: [] for contact in contacts}
    asked: list[dict[str, str]] = [{"id": contact} for contact in contacts]
    while asked:
        now, asked = asked[:_MOST], asked[_MOST:]
        for result in client.ask(paths.of_contacts(plural), {"inputs": now}).items():
            contact = RecordId(str(result["from"]["id"]))
            found[contact] += [str(to["toObjectId"]) for to in result["to"]]
            asked += _next_page(contact, result, plural, before=now)
    return found


def _next_page(
    contact: RecordId, result: Mapping[str, Any], plural: str, *, before: list[dict[str, str]]
) -> Iterator[dict[str, str]]:
    after = ((result.get("paging") or {}).get("next") or {}).get("after")
    if after is None:
        return
    step = {"id": contact, "after": str(after)}
    if step in before:
        raise TransientError(f"HubSpot's pages of {plural} do not move on")
    yield step
