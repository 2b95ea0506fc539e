"""Who is who in a HubSpot portal: owners, the archived ones included (history names them).

HubSpot has no queues; an unassigned contact simply has no owner. `known_as` names those whose
address here is not the one they are known by.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from syncd.adapters.hubspot import paths
from syncd.adapters.hubspot.client import HubSpotClient
from syncd.domain.record import Directory, Person
from syncd.errors import TransientError

OWNERS_PAGE = "100"


def read_directory(client: HubSpotClient, known_as: Mapping[str, str]) -> Directory:
    """Owners are known by two numbers: the owner id stands on records, the user id in history."""
    by_id: dict[str, Person] = {}
    by_user_id: dict[str, Person] = {}
    by_owner: dict[str, Person] = {}
    for raw in _owners(client):
        person = _person(raw, known_as)
        by_id[person.id] = person
        user_id = raw.get("userId") or raw.get("userIdIncludingInactive")
        if user_id:
            by_user_id.setdefault(str(user_id), person)
        if person.active or person.owner not in by_owner:
            by_owner[person.owner] = person
    return Directory(by_id=by_id, by_user_id=by_user_id, by_owner=by_owner)


def _owners(client: HubSpotClient) -> Iterator[Mapping[str, Any]]:
    """The active ones first."""
    for archived in ("false", "true"):
        query = {"limit": OWNERS_PAGE, "archived": archived}
        while True:
            reply = client.get(paths.OWNERS, query)
            yield from reply.items()
            if reply.next_page is None:
                break
            if reply.next_page == query.get("after"):
                raise TransientError("HubSpot's pages of owners do not move on")
            query["after"] = reply.next_page


def _person(raw: Mapping[str, Any], known_as: Mapping[str, str]) -> Person:
    email = str(raw.get("email") or "").strip().lower() or None
    owner_id = str(raw["id"])
    name = " ".join(str(raw[k]) for k in ("firstName", "lastName") if raw.get(k))
    return Person(
        id=owner_id,
        owner=known_as.get(email, email) if email else f"hubspot-owner:{owner_id}",
        name=name or email or f"HubSpot owner {owner_id}",
        email=email,
        active=not raw.get("archived"),
    )
