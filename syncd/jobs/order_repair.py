"""Carry out a repair that was ordered: a part of the leads each cycle, within the brake.

One repair at a time: what the brake holds of it is decided again when its plan is applied, so
the order stands until no such plan is open.
"""

from collections.abc import Mapping
from dataclasses import replace

from syncd.core.context import Context
from syncd.core.repair import repair
from syncd.domain.action import WriteKind
from syncd.domain.decision import Decision, PlanState
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId
from syncd.domain.order import Order, RepairField
from syncd.jobs.deciding import braked, commit_of
from syncd.jobs.pair import Pair
from syncd.ports import Commit

PART = 1_000
"""Leads looked at in one cycle."""


def carry_out_repair(
    pair: Pair, order: Order, what: RepairField, ctx: Context, *, part: int = PART
) -> None:
    """The next part of it, unless another repair stands before it."""
    if order != _standing_repair(pair):
        return
    leads = pair.store.after(what.after, part)
    if not leads:
        _end(pair, order, ctx)
        return
    free = (lead for lead in leads if lead.held is None)
    found = (repair(lead, what, ctx, by=order.by) for lead in free)
    outcome = braked(pair.store, [x for x in found if x is not None], ctx)
    commit = commit_of(outcome, pair.store, ctx)
    further = replace(order, what=replace(what, after=leads[-1].id))
    pair.store.commit(replace(commit, orders=(further,)))


def repaired_again(pair: Pair, held: Mapping[LeadId, Lead], ctx: Context) -> list[Decision]:
    """What the brake held of a repair, decided anew; nothing for a lead that needs it no more."""
    order = _standing_repair(pair)
    decisions = []
    for lead in held.values():
        found = None
        if order is not None and isinstance(order.what, RepairField):
            found = repair(lead, order.what, ctx, by=order.by)
        decisions.append(found or Decision(lead=lead, observed=lead))
    return decisions


def _end(pair: Pair, order: Order, ctx: Context) -> None:
    """The order is done once nothing of it is held any more."""
    is_held = any(
        plan.kind is WriteKind.REPAIR and plan.state is not PlanState.DONE
        for plan in pair.store.open_plans()
    )
    if not is_held:
        pair.store.commit(Commit(now=ctx.now, orders_done=(order.id,)))


def _standing_repair(pair: Pair) -> Order | None:
    """The repair being carried out: the first one placed that is not done."""
    return next((x for x in pair.store.waiting() if isinstance(x.what, RepairField)), None)
