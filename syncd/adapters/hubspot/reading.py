"""Reading contacts by id: as they are now, or with the history of what tells their stage.

Straight from the database, so there is no index delay. A contact HubSpot says it does not
find is absent; any other trouble with a single one fails the read, because absent means
gone to whoever asked.
"""

from collections.abc import Collection
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
    asked = asked_properties(properties)

    def read(batch: list[RecordId]) -> list[Record]:
        reply = client.ask(paths.CONTACTS_READ, _asking(batch, asked))
        return [contact(raw, kind) for raw in found_in(reply)]

    wanted = set(ids)
    parts = client.lanes.overlapped(read, list(batches(sorted(wanted), READ_SIZE)))
    found = {record.id: record for part in parts for record in part}
    merged = {old: r for r in found.values() for old in r.former if old in wanted}
    return merged | found


def read_history(
    client: HubSpotClient,
    ids: Collection[RecordId],
    *,
    properties: Collection[str],
    own_app: str | None,
) -> dict[RecordId, tuple[PropertyChange, ...]]:
    """The whole history of the properties, oldest first: a later step is told by the state
    that earlier ones left."""
    asked = sorted(properties)

    def read(batch: list[RecordId]) -> list[tuple[RecordId, tuple[PropertyChange, ...]]]:
        body = _asking(batch, ()) | {"propertiesWithHistory": asked}
        return [
            (RecordId(raw["id"]), changes(raw.get("propertiesWithHistory") or {}, own_app=own_app))
            for raw in found_in(client.ask(paths.CONTACTS_READ, body))
        ]

    parts = client.lanes.overlapped(read, list(batches(sorted(set(ids)), HISTORY_SIZE)))
    return {record_id: history for part in parts for record_id, history in part if history}


def _asking(ids: list[RecordId], properties: Collection[str]) -> dict[str, Any]:
    return {"inputs": [{"id": record_id} for record_id in ids], "properties": list(properties)}


def found_in(reply: Reply) -> list[Any]:
    """The objects of a batch read. TransientError if any is missing for another reason
    than that it does not exist."""
    for error in reply.body.get("errors") or ():
        complaint = complaint_of(error)
        if complaint.category != NOT_FOUND:
            raise TransientError(f"HubSpot could not read some records: {complaint.words}")
    return reply.items()
