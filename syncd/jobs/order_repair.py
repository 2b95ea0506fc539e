"""Carry out a repair that was ordered: a part of the leads each cycle, within the brake.

One repair at a time: what the brake holds of it is decided again when its plan is applied, so
the order stands until no such plan is open. Only the repair itself is held, never its lead.
"""

from collections.abc import Iterable
from dataclasses import replace

from syncd.commit import Commit
from syncd.core.alerting_ops import repair_refused_alert
from syncd.core.context import Context
from syncd.core.repair import repair, why_not_repair
from syncd.domain.action import WriteKind
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.decision import Decision
from syncd.domain.lead import Lead
from syncd.domain.order import Order, RepairField
from syncd.jobs.deciding import braked, commit_of
from syncd.jobs.pair import Pair

PART = 1_000
"""Leads looked at in one cycle."""


def carry_out_repair(
    pair: Pair, order: Order, what: RepairField, ctx: Context, *, part: int = PART
) -> None:
    """The next part of it, unless another repair stands before it."""
    if order != _standing_repair(pair):
        return
    why = why_not_repair(what, ctx.crm, left_to_connector=ctx.left_to_connector)
    leads = () if why else pair.store.after(what.after, part)
    if not leads:
        _end(pair, order, _refusal(order, what, why, ctx) if why else Commit(now=ctx.now))
        return
    found = (repair(lead, what, ctx, by=order.by) for lead in leads)
    outcome = braked(pair.store, [x for x in found if x is not None], ctx)
    outcome = replace(outcome, go=tuple(x for x in outcome.go if x.actions))
    commit = commit_of(outcome, pair.store, ctx)
    further = replace(order, what=replace(what, after=leads[-1].id))
    pair.commit(replace(commit, orders=(further,)))


def repaired_again(pair: Pair, leads: Iterable[Lead], ctx: Context) -> tuple[Decision, ...]:
    """What the brake held of a repair, decided anew; of leads that need it no more, nothing."""
    order = _standing_repair(pair)
    if order is None or not isinstance(order.what, RepairField):
        return ()
    found = (repair(lead, order.what, ctx, by=order.by) for lead in leads)
    return tuple(decision for decision in found if decision is not None)


def _end(pair: Pair, order: Order, commit: Commit) -> None:
    """The order is done once nothing of it is held any more; `commit` says how it ended."""
    if not any(plan.kind is WriteKind.REPAIR for plan in pair.store.standing(())):
        pair.commit(replace(commit, orders_done=(order.id,)))


def _refusal(order: Order, what: RepairField, why: str, ctx: Context) -> Commit:
    """What made it impossible came up after it was ordered, so it is told."""
    facts = {"key": f"order {order.id}", "field": what.field, "why": why}
    entry = AuditEntry(at=ctx.now, kind=AuditKind.OVERTAKEN, lead_id=None, facts=facts, personal={})
    alert = repair_refused_alert(order, what, why, now=ctx.now)
    return Commit(now=ctx.now, audit=(entry,), actions=(alert,))


def _standing_repair(pair: Pair) -> Order | None:
    """The repair being carried out: the first one placed that is not done."""
    return next((x for x in pair.store.waiting() if isinstance(x.what, RepairField)), None)
