"""Orders, held plans and previews in memory: what people ask for, and what they were shown."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from syncd.adapters.memory.role import Role
from syncd.adapters.store.documents import PREVIEW
from syncd.core.kept_previews import outgrown
from syncd.domain.decision import HeldLead, Plan, PlanState
from syncd.domain.names import LeadId, PlanId
from syncd.domain.order import Order
from syncd.domain.preview import Preview


class MemoryOrders(Role):
    def place(self, order: Order) -> None:
        self._now.orders.setdefault(order.id, order)

    def waiting(self) -> Sequence[Order]:
        waiting = (x for x in self._now.orders.values() if x.id not in self._now.done)
        return sorted(waiting, key=lambda x: (x.placed_at, x.id))

    def refused(self, since: datetime) -> Sequence[Order]:
        refused = (x for x in self._now.orders.values() if x.refused and x.placed_at >= since)
        return sorted(refused, key=lambda x: (x.placed_at, x.id))

    def open_plans(self) -> Sequence[Plan]:
        wanted = (x for x in self._now.plans.values() if x.state is not PlanState.DONE)
        return sorted(wanted, key=lambda x: (x.opened_at, x.id))

    def standing(self, leads: Collection[LeadId]) -> Sequence[Plan]:
        wanted = frozenset(leads)
        return [
            replace(plan, leads=tuple(x for x in plan.leads if x.lead_id in wanted))
            for plan in self.open_plans()
        ]

    def parts(self, plan_id: PlanId, after: LeadId | None, limit: int) -> Sequence[HeldLead]:
        plan = self._now.plans.get(plan_id)
        later = [x for x in plan.leads if x.lead_id > (after or "")] if plan else []
        return sorted(later, key=lambda x: x.lead_id)[:limit]

    def plan(self, plan_id: PlanId) -> Plan | None:
        return self._now.plans.get(plan_id)


class MemoryPreviews(Role):
    def keep(self, made: Preview) -> None:
        self._now.previews[made.checksum] = made
        kept = sorted(self._now.previews.values(), key=lambda x: x.made_at, reverse=True)
        for checksum in outgrown([(x.checksum, len(PREVIEW.encode(x))) for x in kept]):
            del self._now.previews[checksum]

    def preview(self, checksum: str) -> Preview | None:
        return self._now.previews.get(checksum)
