"""Carry out what a person chose in a field conflict, together with what follows from it."""

from dataclasses import replace

from syncd.core.context import Context
from syncd.core.decide import due_at
from syncd.core.disputes import resolve
from syncd.core.draft import Draft
from syncd.domain.decision import Decision
from syncd.domain.lead import Lead
from syncd.domain.order import Order, ResolveDispute
from syncd.jobs.deciding import braked, commit_of
from syncd.jobs.pair import Pair
from syncd.ports import Commit


def resolve_dispute(pair: Pair, order: Order, what: ResolveDispute, ctx: Context) -> None:
    """What the brake holds back, or a held plan, waits: the order stands until there is room."""
    lead = pair.store.load([what.lead_id]).get(what.lead_id)
    if lead is None:
        pair.store.commit(Commit(now=ctx.now, orders_done=(order.id,)))
        return
    if lead.held:
        return
    draft = resolve(lead, what, ctx, by=order.by)
    outcome = braked(pair.store, [_decision(lead, draft, ctx)], ctx)
    if not outcome.held:
        commit = commit_of(outcome, pair.store, ctx)
        pair.store.commit(replace(commit, orders_done=(order.id,)))


def _decision(lead: Lead, draft: Draft, ctx: Context) -> Decision:
    return Decision(
        lead=draft.lead,
        observed=lead,
        actions=draft.actions,
        audit=draft.audit,
        due_at=due_at(draft.lead, ctx.now),
    )
