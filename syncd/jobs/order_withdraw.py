"""Carry out that a person took an order back: what of it is done stays done."""

from collections.abc import Iterable
from dataclasses import replace

from syncd.commit import Commit
from syncd.core.context import Context
from syncd.domain.action import WriteKind
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.decision import Plan, PlanState
from syncd.domain.order import ApplyPlan, Order, RepairField, WithdrawOrder
from syncd.jobs.pair import Pair


def withdraw_order(pair: Pair, order: Order, what: WithdrawOrder, ctx: Context) -> None:
    """One that was carried out in the meantime cannot be taken back."""
    found = next((x for x in pair.store.waiting() if x.id == what.order_id), None)
    if found is None:
        pair.store.commit(Commit(now=ctx.now, orders_done=(order.id,)))
        return
    facts = {"key": f"order {found.id}", "why": f"withdrawn by {order.by}"}
    entry = AuditEntry(at=ctx.now, kind=AuditKind.OVERTAKEN, lead_id=None, facts=facts, personal={})
    pair.store.commit(
        Commit(
            now=ctx.now,
            audit=(entry,),
            plans=tuple(_plans(found, pair.store.standing(()))),
            orders_done=(order.id, found.id),
        )
    )


def _plans(order: Order, standing: Iterable[Plan]) -> Iterable[Plan]:
    """What is left of a plan that was being applied waits again for a person; what was held of
    a repair is over with it."""
    for plan in standing:
        match order.what:
            case ApplyPlan(plan_id=plan.id):
                yield replace(plan, state=PlanState.OPEN)
            case RepairField() if plan.kind is WriteKind.REPAIR:
                yield replace(plan, state=PlanState.DONE)
            case _:
                continue
