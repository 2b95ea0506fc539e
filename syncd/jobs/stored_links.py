"""Tell whether the records of a batch are where their stored links say, beyond any doubt.

Such a record is its lead's whatever its addresses are, so that no other clue has to be looked up.
Nearly every record of a working day is one. Whatever is in any doubt is left to `linking`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from syncd.domain.lead import Lead
from syncd.domain.names import LeadId, RecordId, System
from syncd.domain.record import Snapshot
from syncd.store_ports import LeadStore


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLinks:
    """Where the records of a batch, and those they carry on for, are linked to. A lead stands
    under the name that was asked for; its own is another one once it was united."""

    links: Mapping[tuple[System, RecordId], LeadId]
    leads: Mapping[LeadId, Lead]

    @classmethod
    def look_up(cls, store: LeadStore, snapshots: Sequence[Snapshot]) -> "StoredLinks":
        links: dict[tuple[System, RecordId], LeadId] = {}
        for system in {s.system for s in snapshots}:
            ids = set(_ids(system, snapshots))
            links |= {(system, i): lead for i, lead in store.find(system, ids).items()}
        return cls(links=links, leads=store.load(set(links.values())))

    def held(self, snapshots: Sequence[Snapshot]) -> list[tuple[Lead, Snapshot]] | None:
        """Each with its lead; None unless this is beyond doubt for every one of them, for what
        one record of a batch turns out to be tells about the others."""
        found = []
        for snapshot in snapshots:
            lead = self.holder(snapshot)
            if lead is None:
                return None
            found.append((lead, snapshot))
        return found

    def holder(self, snapshot: Snapshot) -> Lead | None:
        """The lead whose present record this is, if no id it shows names another one. (A record
        that is somebody's is not ignored: none can be as long as it is, and a link by hand
        ends it.)"""
        system, record_id, former = snapshot.system, snapshot.record_id, snapshot.former
        lead_id = self.links.get((system, record_id))
        lead = self.leads.get(lead_id) if lead_id else None
        if lead is None or lead.id != lead_id or snapshot.deleted or snapshot.merged_into:
            return None
        if snapshot.lead_id is not None and snapshot.lead_id != lead_id:
            return None
        if former and any(self.links.get((system, x)) != lead_id for x in former):
            return None
        side = lead.sides.get(system)
        if side is None or side.record_id != record_id or not _is_partner(snapshot, lead):
            return None
        return lead


def _is_partner(snapshot: Snapshot, lead: Lead) -> bool:
    """Whether the record the native connector names, if any, is the lead's own."""
    named = snapshot.other_id
    if named is None:
        return True
    other = lead.sides.get(snapshot.system.other)
    return other is not None and named in (other.record_id, *other.former)


def _ids(system: System, snapshots: Sequence[Snapshot]) -> Iterator[RecordId]:
    for snapshot in snapshots:
        if snapshot.system is system:
            yield snapshot.record_id
            yield from snapshot.former
