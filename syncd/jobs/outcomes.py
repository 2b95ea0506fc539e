"""The leads that were handed to sales, and what became of them, as both CRMs tell it.

Reads in bulk and in batches, a portion at a time; writes nothing but the portions, to the spool
it is given. Not part of the daemon.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import polars as pl

from syncd.core.normalise import normaliser
from syncd.core.stages import stage_steps
from syncd.domain.deal import Deal
from syncd.domain.mapping import CrmMap
from syncd.domain.names import STAGE, RecordId, System
from syncd.domain.record import PropertyChange, Record
from syncd.domain.stage import Stage, StageStep
from syncd.jobs.outcome_people import People, Person
from syncd.measure.lead_outcome import moved_at
from syncd.measure.lead_rows import Moved, Rows
from syncd.measure.outcomes import Leads
from syncd.measure.round_deals import best_told
from syncd.measure.values_then import Told as SideTold
from syncd.ports import Crm, Deals
from syncd.store_ports import LeadStore

PORTION = 500
"""Records that are looked into together: what bounds memory, and the batches asked for."""
_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_ORDER = (System.HUBSPOT, System.SALESFORCE)
"""HubSpot first: its history is whole."""


class Spool(Protocol):
    """Where portions are kept until they have been measured."""

    def add(self, batch: pl.DataFrame) -> None: ...

    def batches(self) -> Iterator[pl.DataFrame]: ...


class OutcomeCrm(Crm, Deals, Protocol):
    """A CRM that tells of deals, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offices:
    """Where to ask. Without `links` records of the two CRMs are joined by their addresses."""

    crms: Mapping[System, OutcomeCrm]
    crm: CrmMap
    links: LeadStore | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Records read of one CRM, and leads found among them that were handed to sales."""

    system: System
    read: int
    total: int | None
    found: int


Told = Callable[[Progress], None]


def outcomes_from_crms(offices: Offices, spool: Spool, told: Told) -> Leads:
    """`told` hears how far it is after each portion. TransientError when a CRM cannot be read:
    then begin anew."""
    reading = _Reading(offices)
    for system in _ORDER:
        for frame, progress in reading.portions(system):
            if frame.height:
                spool.add(frame)
            told(progress)
    return Leads(
        as_of=reading.rows.as_of(),
        batches=spool.batches,
        source="Salesforce and HubSpot",
        notes=tuple(reading.notes()),
    )


class _Reading:
    def __init__(self, offices: Offices) -> None:
        self._crms, self._crm = offices.crms, offices.crm
        self._known = {system: crm.directory() for system, crm in self._crms.items()}
        self._normal = {x: normaliser(self._crm, x, self._known[x]) for x in self._crms}
        self._people = People(crms=self._crms, links=offices.links, first=_ORDER[0])
        self.rows = Rows(self._crm, self._known)
        self._unmoved = 0

    def notes(self) -> Iterator[str]:
        if self._unmoved:
            yield (
                f"{self._unmoved:,} leads stand at sql or beyond, and no history tells how they "
                "came there: left out."
            )
        if self._people.ambiguous:
            yield (
                f"{self._people.ambiguous:,} HubSpot contacts have an address that several "
                "Salesforce records share: what Salesforce tells of them is left out."
            )

    def portions(self, system: System) -> Iterator[tuple[pl.DataFrame, Progress]]:
        read, found = 0, 0
        for records, total in portions(self._crms[system]):
            frame = self._frame(system, [x for x in records if not x.deleted])
            read, found = read + len(records), found + frame.height
            yield frame, Progress(system=system, read=read, total=total, found=found)

    def _frame(self, system: System, records: Sequence[Record]) -> pl.DataFrame:
        if not records:
            return self.rows.frame([])
        persons = self._people.of([(x, self._normal[system](x)) for x in records])
        steps = self._steps(persons)
        moves = [moved_at([*x.values()]) for x in steps]
        self._unmoved += sum(
            move is None and self._stands_beyond(person)
            for person, move in zip(persons, moves, strict=True)
        )
        moved = [
            (person, told, at)
            for person, told, at in zip(persons, steps, moves, strict=True)
            if at is not None
        ]
        return self.rows.frame(self._moved(moved))

    def _steps(self, persons: Sequence[Person]) -> list[dict[System, Sequence[StageStep]]]:
        changes = {x: self._history(x, persons, None) for x in _ORDER}
        return [
            {
                system: stage_steps(
                    changes[system].get(record.id, ()),
                    record.properties,
                    self._crm.sides[system],
                    self._known[system],
                )
                for system, record in person.records.items()
            }
            for person in persons
        ]

    def _stands_beyond(self, person: Person) -> bool:
        stages = (self._normal[x](r).values.get(STAGE) for x, r in person.records.items())
        return any(isinstance(x, Stage) and x.rank >= Stage.SQL.rank for x in stages)

    def _moved(
        self, found: Sequence[tuple[Person, Mapping[System, Sequence[StageStep]], datetime]]
    ) -> list[Moved]:
        persons = [person for person, _, _ in found]
        changes = {x: self._history(x, persons, self._field_properties(x)) for x in _ORDER}
        deals = {x: self._deals(x, persons) for x in _ORDER}
        return [
            Moved(
                id=str(person.lead.id) if person.lead else _id_of(person),
                at=at,
                sides={
                    system: SideTold(
                        snapshot=self._normal[system](record),
                        changes=changes[system].get(record.id, ()),
                    )
                    for system, record in person.records.items()
                },
                steps=[*steps.values()],
                deals=best_told(
                    [deals[system].get(record.id, ()) for system, record in person.records.items()]
                ),
                lead=person.lead,
            )
            for person, steps, at in found
        ]

    def _field_properties(self, system: System) -> Collection[str]:
        paths = (x.properties.get(system) for x in self._crm.fields.values())
        return sorted({x for x in paths if x})

    def _history(
        self, system: System, persons: Sequence[Person], properties: Collection[str] | None
    ) -> Mapping[RecordId, tuple[PropertyChange, ...]]:
        """Of what tells the stage, where no properties are named."""
        ids = _ids(system, persons)
        return self._crms[system].history(ids, _EVER, properties) if ids else {}

    def _deals(
        self, system: System, persons: Sequence[Person]
    ) -> Mapping[RecordId, tuple[Deal, ...]]:
        ids = _ids(system, persons)
        return self._crms[system].deals(ids) if ids else {}


def portions(crm: Crm) -> Iterator[tuple[Sequence[Record], int | None]]:
    """The records of a scan in portions, whatever the vendor calls a page."""
    waiting: list[Record] = []
    total = None
    for page in crm.scan(None):
        waiting += page.records
        total = total if page.total is None else page.total
        while len(waiting) >= PORTION:
            portion, waiting = waiting[:PORTION], waiting[PORTION:]
            yield portion, total
    if waiting:
        yield waiting, total


def _ids(system: System, persons: Sequence[Person]) -> list[RecordId]:
    return [x.records[system].id for x in persons if system in x.records]


def _id_of(person: Person) -> str:
    system, record = next(iter(person.records.items()))
    return f"{system}:{record.id}"
