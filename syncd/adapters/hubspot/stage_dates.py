"""When contacts came to a lifecycle stage, by HubSpot's own "Became a … date" properties: what
its reports count by.

HubSpot keeps one date for each lifecycle value: the last time that a contact came to it.
Reads only. What only another property tells (a lead status) has no date.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from syncd.adapters.hubspot.client import HubSpotClient
from syncd.adapters.hubspot.properties import LIFECYCLE
from syncd.adapters.hubspot.reading import read_contacts
from syncd.adapters.hubspot.records import ID, instant
from syncd.domain.names import RecordId
from syncd.domain.stage import Stage, StageLine
from syncd.errors import PermanentError, TransientError

_PAGE = 200


class HubSpotStageDates:
    """Implements `StageDates`."""

    def __init__(self, client: HubSpotClient) -> None:
        self._client = client

    def came_to(
        self, stage: Stage, lines: Sequence[StageLine], *, start: datetime, end: datetime
    ) -> Mapping[RecordId, datetime]:
        found: dict[RecordId, datetime] = {}
        for name in date_properties(stage, lines):
            for raw in self._between(name, start, end):
                record_id, at = RecordId(raw["id"]), instant(str(raw["properties"][name]))
                found[record_id] = min(at, found.get(record_id, at))
        return found

    def dates_of(
        self, ids: Collection[RecordId], stage: Stage, lines: Sequence[StageLine]
    ) -> Mapping[RecordId, tuple[datetime, ...]]:
        names = date_properties(stage, lines)
        wanted = frozenset(ids)
        records = read_contacts(self._client, wanted, kind="", properties=names) if wanted else {}
        dates = {
            i: tuple(sorted(instant(str(x)) for n in names if (x := record.properties.get(n))))
            for i, record in records.items()
        }
        return {i: instants for i, instants in dates.items() if instants}

    def _between(self, name: str, start: datetime, end: datetime) -> Iterator[Mapping[str, Any]]:
        """By id, as `poll.changed_contacts` does: by position there is an end at 10,000."""
        last = "0"
        while True:
            reply = self._client.search(_search(name, start, end, above=last))
            yield from reply.items()
            if reply.next_page is None:
                return
            further = str(reply.items()[-1]["id"]) if reply.items() else last
            if not further.isdecimal() or int(further) <= int(last):
                raise TransientError(f"HubSpot's pages do not move on (after {last})")
            last = further


def date_properties(stage: Stage, lines: Sequence[StageLine]) -> tuple[str, ...]:
    """The dates of the lifecycle values that tell the stage. PermanentError where none tells
    it, or one tells a lower stage as well: then its date is that one's."""
    values = _values(lines, {stage})
    if not values:
        raise PermanentError(f"HubSpot keeps no date of {stage}: no lifecycle stage tells it")
    lower = {x.stage for x in lines if 0 < x.stage.rank < stage.rank}
    if shared := [x for x in values if x in _values(lines, lower)]:
        raise PermanentError(
            f"HubSpot keeps no date of {stage} alone: lifecycle stage {', '.join(shared)} tells a "
            "lower stage, too, and its date is of that; reconcile the lower stage instead"
        )
    return tuple(f"hs_lifecyclestage_{x}_date" for x in values)


def _values(lines: Sequence[StageLine], stages: Collection[Stage]) -> tuple[str, ...]:
    found = (x.values.get(LIFECYCLE) for x in lines if x.stage in stages)
    return tuple(dict.fromkeys(x for x in found if x))


def _search(name: str, start: datetime, end: datetime, *, above: str) -> dict[str, Any]:
    filters = [
        {"propertyName": name, "operator": "GTE", "value": _milliseconds(start)},
        {"propertyName": name, "operator": "LT", "value": _milliseconds(end)},
        {"propertyName": ID, "operator": "GT", "value": above},
    ]
    return {
        "filterGroups": [{"filters": filters}],
        "sorts": [{"propertyName": ID, "direction": "ASCENDING"}],
        "properties": [name],
        "limit": _PAGE,
    }


def _milliseconds(at: datetime) -> str:
    return str(int(at.timestamp() * 1000))
