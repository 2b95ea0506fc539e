"""Leads, links, marks and due rows in memory, and the one commit that changes them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from syncd.adapters.memory.contents import changed
from syncd.adapters.memory.role import Role
from syncd.commit import Commit, ScanMark
from syncd.core.erasing import lost_of
from syncd.domain.lead import Lead, Lost
from syncd.domain.mapping import Spellings
from syncd.domain.names import LeadId, RecordId, System


class MemoryLeads(Role):
    def find(self, system: System, ids: Collection[RecordId]) -> Mapping[RecordId, LeadId]:
        links = self._now.links
        return {x: links[system, x] for x in ids if (system, x) in links}

    def with_email(self, emails: Collection[str]) -> Mapping[str, frozenset[LeadId]]:
        found = {x: self._now.addresses.get(x, frozenset()) for x in emails}
        return {address: ids for address, ids in found.items() if ids}

    def load(self, ids: Collection[LeadId]) -> Mapping[LeadId, Lead]:
        leads, aliases = self._now.leads, self._now.aliases
        found = {x: leads.get(x) or leads.get(aliases.get(x, x)) for x in ids}
        return {x: lead for x, lead in found.items() if lead}

    def ignored(self, system: System, ids: Collection[RecordId]) -> frozenset[RecordId]:
        rows = {x: self._now.parked.get((system, x)) for x in ids}
        return frozenset(x for x, row in rows.items() if row and row.ignored)

    def set_aside(self, system: System, ids: Collection[RecordId]) -> frozenset[RecordId]:
        return frozenset(x for x in ids if (system, x) in self._now.parked)

    def in_doubt(
        self, ids: Collection[LeadId], systems: Collection[System] = tuple(System)
    ) -> frozenset[LeadId]:
        rows = (x for x in self._now.parked.values() if not x.ignored and x.system in systems)
        return frozenset(x for row in rows for x in row.candidates) & frozenset(ids)

    def after(self, lead_id: LeadId | None, limit: int) -> Sequence[Lead]:
        later = sorted(x for x in self._now.leads if x > (lead_id or ""))
        return [self._now.leads[x] for x in later[:limit]]

    def lost(self, how: Lost, lead_id: LeadId | None, limit: int) -> Sequence[Lead]:
        lost = [x for i, x in sorted(self._now.leads.items()) if i > (lead_id or "")]
        return [x for x in lost if lost_of(x) is how][:limit]

    def offered(self, lead_id: LeadId | None, limit: int) -> Sequence[Lead]:
        leads = [x for i, x in sorted(self._now.leads.items()) if i > (lead_id or "")]
        return [x for x in leads if x.handoff][:limit]

    def scans(self) -> Mapping[System, ScanMark]:
        return dict(self._now.scans)

    def sweep(self) -> LeadId | None:
        return self._now.sweep

    def spellings(self) -> Spellings:
        return self._now.spellings

    def due(self, now: datetime, limit: int) -> Sequence[LeadId]:
        rows = [(at, x) for x, at in self._now.due.items() if at <= now]
        return [x for _, x in sorted(rows)[:limit]]

    def commit(self, work: Commit) -> None:
        self._check_fence()
        self._memory.contents = changed(self._now, work)

    def watermarks(self) -> Mapping[System, datetime]:
        return dict(self._now.watermarks)
