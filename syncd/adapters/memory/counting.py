"""The in-memory store's part for counting: which leads are behind, their rows and their deals."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice

from syncd.adapters.memory.contents import Contents
from syncd.adapters.memory.role import Role
from syncd.adapters.memory.views import story_of
from syncd.domain.deal import Deal
from syncd.domain.lead import Lead
from syncd.domain.names import FieldName, LeadId, System
from syncd.domain.stage import Stage
from syncd.fact_ports import Counted, DealsOf, Uncounted
from syncd.measure.lead_story import TELLING, LeadStory


class MemoryCounting(Role):
    def count_by(self, fields: tuple[FieldName, ...]) -> None:
        if self._now.counted_by != fields:
            self._now.counted_by = fields
            self._now.uncount(self._now.leads)

    def uncounted(self, limit: int) -> Sequence[Uncounted]:
        marks = islice(sorted(self._now.uncounted.items()), limit)
        return [Uncounted(lead_id=x, mark=m, story=_told_of(self._now, x)) for x, m in marks]

    def counted(self, leads: Sequence[Counted]) -> None:
        for x in leads:
            if self._now.uncounted.get(x.lead_id) != x.mark:
                continue
            del self._now.uncounted[x.lead_id]
            self._now.facts.pop(x.lead_id, None)
            if x.rows:
                self._now.facts[x.lead_id] = x.rows

    def selling(self, after: LeadId | None, limit: int) -> Sequence[Lead]:
        found = (x for x in self._now.leads.values() if x.id > (after or ""))
        wanted = (x for x in found if _is_selling(self._now, x))
        return sorted(wanted, key=lambda x: x.id)[:limit]

    def save_deals(self, deals: DealsOf) -> int:
        new = [
            x for x in deals if x in self._now.leads and _has_other_deals(self._now, x, deals[x])
        ]
        before = self._now.sharing(new)
        for x in new:
            self._now.deals[x] = {**self._now.deals.get(x, {}), **deals[x]}
        self._now.uncount({*new, *before, *self._now.sharing(new)})
        return len(new)


def _told_of(contents: Contents, lead_id: LeadId) -> LeadStory | None:
    """None for one that is there no more, also where another answers for it."""
    lead = contents.leads.get(lead_id)
    if lead is None:
        return None
    story = story_of(contents, lead)
    return LeadStory(
        lead=lead,
        transitions=story.transitions,
        verdicts=story.verdicts,
        handoffs=story.handoffs,
        audit=tuple(x for x in story.audit if x.kind in TELLING),
        deals=contents.deals.get(lead_id, {}),
        shared=_shared(contents, lead_id),
    )


def _shared(contents: Contents, lead_id: LeadId) -> Mapping[tuple[System, str], int]:
    own = contents.deals_with((lead_id,))
    leads = contents.sharing((lead_id,))
    return Counter(x for other in leads for x in contents.deals_with((other,)) & own)


def _is_selling(contents: Contents, lead: Lead) -> bool:
    deals = contents.deals.get(lead.id, {}).values()
    still_open = any(not x.is_closed for some in deals for x in some)
    return still_open or lead.stage.rank >= Stage.SQL.rank


def _has_other_deals(
    contents: Contents, lead_id: LeadId, told: Mapping[System, tuple[Deal, ...]]
) -> bool:
    known = contents.deals.get(lead_id, {})
    return any(set(deals) != set(known.get(x, ())) for x, deals in told.items())
