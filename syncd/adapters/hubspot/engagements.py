"""What was done with contacts, from HubSpot's calls, emails, meetings and tasks.

Found by association, where no index lags. A kind the token may not read (emails want the scope
sales-email-read) is told in the log once; what HubSpot itself notes on the contact as the last
contact then stands in for it. This file asks and reads; `engagement.py` says what one means.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

import structlog

from syncd.adapters.hubspot import paths
from syncd.adapters.hubspot.client import HubSpotClient
from syncd.adapters.hubspot.complaint import ScopeMissing
from syncd.adapters.hubspot.engagement import KINDS, Kind, Who
from syncd.adapters.hubspot.linked import linked_to
from syncd.adapters.hubspot.reading import READ_SIZE, found_in, read_contacts
from syncd.adapters.hubspot.records import batches, last_contact
from syncd.domain.names import RecordId
from syncd.domain.record import Activity

log = structlog.get_logger()


class Engagements:
    """Remembers which kinds the token may not read; they are asked for again after a restart,
    which a new token wants anyway."""

    def __init__(self, client: HubSpotClient) -> None:
        self._client = client
        self._closed: set[str] = set()

    def done_with(
        self, contacts: Collection[RecordId], *, since: datetime, until: datetime, who: Who
    ) -> Iterator[Activity]:
        """All that was done with these contacts in this span."""
        ids = sorted(contacts)
        found = self._client.lanes.overlapped(lambda kind: self._of_kind(kind, ids, who), KINDS)
        told = chain.from_iterable(found)
        if self._closed:
            told = chain(told, self._last_contacts(ids, until))
        yield from (activity for activity in told if since <= activity.at <= until)

    def _of_kind(self, kind: Kind, contacts: Sequence[RecordId], who: Who) -> list[Activity]:
        if kind.plural in self._closed:
            return []
        try:
            return list(self._read(kind, contacts, who))
        except ScopeMissing as refusal:
            self._closed.add(kind.plural)
            log.warning("engagements_unreadable", kind=kind.plural, reason=str(refusal))
            return []

    def _read(self, kind: Kind, contacts: Sequence[RecordId], who: Who) -> Iterator[Activity]:
        linked = linked_to(self._client, contacts, plural=kind.plural)
        wanted = sorted({i for ids in linked.values() for i in ids})
        raws = {str(raw["id"]): raw for raw in self._raws(kind, wanted)}
        for contact, ids in linked.items():
            for raw in (raws[i] for i in ids if i in raws):
                activity = kind.read(raw, contact, who)
                if activity is not None:
                    yield activity

    def _raws(self, kind: Kind, ids: Sequence[str]) -> Iterator[Any]:
        for batch in batches(ids, READ_SIZE):
            body = {"inputs": [{"id": i} for i in batch], "properties": kind.properties}
            yield from found_in(self._client.ask(paths.read_of(kind.plural), body))

    def _last_contacts(self, contacts: Sequence[RecordId], until: datetime) -> Iterator[Activity]:
        records = read_contacts(self._client, contacts, kind="contact", properties=())
        found = (last_contact(record, by=until) for record in records.values())
        yield from (activity for activity in found if activity)
