"""Which records of the two CRMs are one lead: by syncd's own links where there is a store, else
by address. Ambiguous ones are never guessed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from syncd.domain.lead import Lead
from syncd.domain.names import RecordId, System
from syncd.domain.record import Record, Snapshot
from syncd.ports import Crm
from syncd.store_ports import LeadStore


@dataclass(slots=True, kw_only=True)
class Person:
    """The records of one lead, by system; `lead` is what syncd knows of it. `doubtful` if several
    records of the other CRM may be its."""

    records: dict[System, Record]
    lead: Lead | None = None
    doubtful: bool = False


@dataclass(slots=True, kw_only=True)
class People:
    """`first` is read before the other: who is found there is not told again with the other."""

    crms: Mapping[System, Crm]
    links: LeadStore | None
    first: System
    ambiguous: int = field(default=0)

    def of(self, snapshots: Sequence[tuple[Record, Snapshot]]) -> list[Person]:
        """One for each record of one CRM, without those told with the first CRM."""
        system = snapshots[0][1].system
        leads = self._leads(system, [s.record_id for _, s in snapshots])
        partners = self._partners(system, [s for _, s in snapshots], leads)
        if system is not self.first:
            alone = [r for r, s in snapshots if not partners[s.record_id]]
            return [Person(records={system: r}, lead=leads.get(r.id)) for r in alone]
        other = next(x for x in System if x is not system)
        wanted = {i for ids in partners.values() if len(ids) == 1 for i in ids}
        self.ambiguous += sum(len(ids) > 1 for ids in partners.values())
        found = self.crms[other].read(wanted) if wanted else {}
        return [
            Person(
                records={system: record, **_only(other, partners[record.id], found)},
                lead=leads.get(record.id),
                doubtful=len(partners[record.id]) > 1,
            )
            for record, _ in snapshots
        ]

    def _leads(self, system: System, ids: Sequence[RecordId]) -> Mapping[RecordId, Lead]:
        if self.links is None:
            return {}
        known = self.links.find(system, ids)
        leads = self.links.load(frozenset(known.values()))
        return {record: leads[lead] for record, lead in known.items() if lead in leads}

    def _partners(
        self, system: System, snapshots: Sequence[Snapshot], leads: Mapping[RecordId, Lead]
    ) -> Mapping[RecordId, frozenset[RecordId]]:
        other = next(x for x in System if x is not system)
        linked = {
            s.record_id: frozenset({leads[s.record_id].sides[other].record_id})
            for s in snapshots
            if s.record_id in leads and other in leads[s.record_id].sides
        }
        rest = [s for s in snapshots if s.record_id not in linked]
        asked = frozenset(e for s in rest for e in s.emails)
        by_email = self.crms[other].with_emails(asked) if asked else {}
        return linked | {s.record_id: _all(by_email.get(e, ()) for e in s.emails) for s in rest}


def _all(ids: Iterable[Iterable[RecordId]]) -> frozenset[RecordId]:
    return frozenset(i for some in ids for i in some)


def _only(
    system: System, ids: frozenset[RecordId], found: Mapping[RecordId, Record]
) -> dict[System, Record]:
    records = [found[i] for i in ids if i in found and not found[i].deleted]
    return {system: records[0]} if len(ids) == 1 and records else {}
