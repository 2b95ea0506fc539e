"""Reading contacts by id: as they are now, or with the history of what tells their stage.

Straight from the database, so there is no index delay. A contact HubSpot says it does not
find is absent; any other trouble with a single one fails the read, because absent means
gone to whoever asked.
"""

from collections.abc import Collection, Iterator
from typing import Any

from syncd.adapters.hubspot import paths
from syncd.adapters.hubspot.client import HubSpotClient, Reply
from syncd.adapters.hubspot.complaint import complaint_of
from syncd.adapters.hubspot.history import changes
from syncd.adapters.hubspot.records import asked_properties, batches, contact
from syncd.adapters.hubspot.translate import NOT_FOUND
from syncd.domain.names import RecordId
from syncd.domain.record import PropertyChange, Record
from syncd.errors import TransientError

READ_SIZE = 100
HISTORY_SIZE = 50
"""The vendor's cap once history is asked for; one more is a 400."""


def read_contacts(
    client: HubSpotClient, ids: Collection[RecordId], *, kind: str, properties: Collection[str]
) -> dict[RecordId, Record]:
    found: dict[RecordId, Record] = {}
    for batch in batches(sorted(set(ids)), READ_SIZE):
        reply = client.ask(paths.CONTACTS_READ, _asking(batch, asked_properties(properties)))
        found |= {record.id: record for record in _contacts(reply, kind)}
    return found


def read_history(
    client: HubSpotClient,
    ids: Collection[RecordId],
    *,
    properties: Collection[str],
    own_app: str | None,
) -> dict[RecordId, tuple[PropertyChange, ...]]:
    """The whole history of the properties, oldest first: a later step is told by the state
    that earlier ones left."""
    found: dict[RecordId, tuple[PropertyChange, ...]] = {}
    for batch in batches(sorted(set(ids)), HISTORY_SIZE):
        body = _asking(batch, ()) | {"propertiesWithHistory": sorted(properties)}
        for raw in _found(client.ask(paths.CONTACTS_READ, body)):
            history = changes(raw.get("propertiesWithHistory") or {}, own_app=own_app)
            if history:
                found[RecordId(raw["id"])] = history
    return found


def _asking(ids: list[RecordId], properties: Collection[str]) -> dict[str, Any]:
    return {"inputs": [{"id": record_id} for record_id in ids], "properties": list(properties)}


def _contacts(reply: Reply, kind: str) -> Iterator[Record]:
    return (contact(raw, kind) for raw in _found(reply))


def _found(reply: Reply) -> list[Any]:
    """The objects of a batch read. TransientError if any is missing for another reason
    than that it does not exist."""
    for error in reply.body.get("errors") or ():
        complaint = complaint_of(error)
        if complaint.category != NOT_FOUND:
            raise TransientError(f"HubSpot could not read some contacts: {complaint.words}")
    return reply.items()
