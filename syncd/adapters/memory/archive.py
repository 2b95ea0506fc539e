"""What commands look up in memory: leads, stories, sides, the audit chain."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from syncd.adapters.memory.role import Role
from syncd.adapters.memory.views import status_of, story_of
from syncd.adapters.store.chain import verified
from syncd.core.ids import salesforce_id_18
from syncd.domain.decision import Parked
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId, System
from syncd.domain.order import SideStatus, StoreStatus
from syncd.store_ports import ChainReport, Story


class MemoryArchive(Role):
    def look_up(self, text: str) -> Sequence[LeadId]:
        text = text.strip()
        records = {text, salesforce_id_18(text) or text}
        found = {x for (_, record), x in self._now.links.items() if record in records}
        found |= self._now.addresses.get(text.lower(), frozenset())
        named = self._now.aliases.get(LeadId(text), LeadId(text))
        return sorted(found | ({named} & self._now.leads.keys()))

    def story(self, lead_id: LeadId) -> Story | None:
        lead = self._now.leads.get(self._now.aliases.get(lead_id, lead_id))
        return None if lead is None else story_of(self._now, lead)

    def status(self, now: datetime) -> StoreStatus:
        return status_of(self._now, now)

    def sides(self) -> Mapping[System, SideStatus]:
        return dict(self._now.sides)

    def parked(self) -> Sequence[Parked]:
        rows = self._now.parked.values()
        return sorted(rows, key=lambda x: (x.since, x.system, x.record_id))

    def disputed(self) -> Sequence[Lead]:
        leads = [x for x in self._now.leads.values() if x.disputes]
        return sorted(leads, key=lambda x: (min(d.since for d in x.disputes.values()), x.id))

    def start(self, now: datetime) -> datetime:
        self._now.first_start = self._now.first_start or now
        return self._now.first_start

    def first_start(self) -> datetime | None:
        return self._now.first_start

    def verify(self) -> ChainReport:
        return verified(self._now.chain, self._now.head)
