"""Carry out a repair that was ordered: a part of the leads each cycle, within the brake.

One repair at a time: what the brake holds of it is decided again when its plan is applied, so
the order stands until no such plan is open. Only the repair itself is held, never its lead.
"""

from collections.abc import Iterable
from dataclasses import replace

from syncd.core.context import Context
from syncd.core.repair import repair
from syncd.domain.action import WriteKind
from syncd.domain.decision import Decision
from syncd.domain.lead import Lead
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
    found = (repair(lead, what, ctx, by=order.by) for lead in leads)
    outcome = braked(pair.store, [x for x in found if x is not None], ctx)
    outcome = replace(outcome, go=tuple(x for x in outcome.go if x.actions))
    commit = commit_of(outcome, pair.store, ctx)
    further = replace(order, what=replace(what, after=leads[-1].id))
    pair.store.commit(replace(commit, orders=(further,)))


def repaired_again(pair: Pair, leads: Iterable[Lead], ctx: Context) -> tuple[Decision, ...]:
    """What the brake held of a repair, decided anew; of leads that need it no more, nothing."""
    order = _standing_repair(pair)
    if order is None or not isinstance(order.what, RepairField):
        return ()
    found = (repair(lead, order.what, ctx, by=order.by) for lead in leads)
    return tuple(decision for decision in found if decision is not None)


def _end(pair: Pair, order: Order, ctx: Context) -> None:
    """The order is done once nothing of it is held any more."""
    if not any(plan.kind is WriteKind.REPAIR for plan in pair.store.standing(())):
        pair.store.commit(Commit(now=ctx.now, orders_done=(order.id,)))


def _standing_repair(pair: Pair) -> Order | None:
    """The repair being carried out: the first one placed that is not done."""
    return next((x for x in pair.store.waiting() if isinstance(x.what, RepairField)), None)
