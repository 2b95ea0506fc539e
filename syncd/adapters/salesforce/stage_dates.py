"""When leads came to a stage, by Salesforce's lead history: it keeps no dates of its own.

Who changed within a period is asked of LeadHistory itself, and who was created in it of Lead;
only their whole histories are then read. Reads only.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from syncd.adapters.salesforce import soql
from syncd.adapters.salesforce.api import Api
from syncd.adapters.salesforce.history import stage_history
from syncd.adapters.salesforce.reading import Reading
from syncd.adapters.salesforce.translate import NoSuchObject
from syncd.core.stages import as_text, property_of, stage_steps
from syncd.domain.mapping import SideMap
from syncd.domain.names import RecordId
from syncd.domain.record import Directory, PropertyChange, Record
from syncd.domain.stage import Stage, StageLine
from syncd.errors import PermanentError

_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_PORTION = 2_000
"""Leads whose histories are held at a time."""
_NOBODY = Directory(by_id={}, by_user_id={}, by_owner={})


class SalesforceStageDates:
    """Implements `StageDates`."""

    def __init__(self, api: Api, reading: Reading, side: SideMap) -> None:
        self._api = api
        self._reading = reading
        self._side = side

    def came_to(
        self, stage: Stage, lines: Sequence[StageLine], *, start: datetime, end: datetime
    ) -> Mapping[RecordId, datetime]:
        candidates = self._touched(lines, start, end)
        found: dict[RecordId, datetime] = {}
        for record_id, instants in self.dates_of(candidates, stage, lines).items():
            if within := [x for x in instants if start <= x < end]:
                found[record_id] = min(within)
        return found

    def dates_of(
        self, ids: Collection[RecordId], stage: Stage, lines: Sequence[StageLine]
    ) -> Mapping[RecordId, tuple[datetime, ...]]:
        ordered, side = sorted(ids), replace(self._side, stages=tuple(lines))
        found: dict[RecordId, tuple[datetime, ...]] = {}
        for begin in range(0, len(ordered), _PORTION):
            found |= self._portion(ordered[begin : begin + _PORTION], stage, side)
        return found

    def _portion(
        self, ids: Collection[RecordId], stage: Stage, side: SideMap
    ) -> Mapping[RecordId, tuple[datetime, ...]]:
        records = self._reading.read(ids, {name for x in side.stages for name in x.values})
        living = {i: x for i, x in records.items() if not x.deleted}
        changes = self._reading.history(living, _EVER, None) if living else {}
        dates = {
            i: tuple(_dates(record, changes.get(i, ()), stage, side))
            for i, record in living.items()
        }
        return {i: instants for i, instants in dates.items() if instants}

    def _touched(self, lines: Sequence[StageLine], start: datetime, end: datetime) -> set[RecordId]:
        fields = stage_history({name for line in lines for name in line.values})
        created = self._api.rows([soql.leads_created(start, end)], what="Salesforce leads created")
        found = {RecordId(row["Id"]) for row in created}
        try:
            moved = self._api.rows(
                [soql.leads_changed(fields, start, end)], what="Salesforce history of a period"
            )
            return found | {RecordId(row["LeadId"]) for row in moved}
        except NoSuchObject:
            raise PermanentError(
                "Salesforce keeps no history of leads, so it cannot tell who came to a stage when: "
                "switch on field history for Lead Status (Setup > Object Manager > Lead)"
            ) from None


def _dates(
    record: Record, changes: Sequence[PropertyChange], stage: Stage, side: SideMap
) -> Iterator[datetime]:
    whole = (*_at_creation(record, changes, side), *changes)
    for step in stage_steps(whole, record.properties, side, _NOBODY):
        if step.stage is stage:
            yield step.at


def _at_creation(
    record: Record, changes: Sequence[PropertyChange], side: SideMap
) -> Iterator[PropertyChange]:
    """What the lead was created with, which history does not tell: what its first change
    replaced, or what it is to this day."""
    for name in dict.fromkeys(name for line in side.stages for name in line.values):
        first = next((x for x in changes if x.name == name), None)
        value = first.before if first else _now(record, name)
        if value:
            yield PropertyChange(
                name=name,
                value=value,
                at=record.created_at,
                actor_id="",
                by_person=None,
                by_syncd=False,
            )


def _now(record: Record, name: str) -> str:
    """Only of the lead itself: what it became was not there at its creation."""
    if "." in name or name == "IsConverted":
        return ""
    try:
        return as_text(property_of(record.properties, name))
    except KeyError:
        return ""
