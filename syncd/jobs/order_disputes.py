"""Carry out what a person chose in a field conflict, together with what follows from it."""

from dataclasses import replace

from syncd.commit import Commit
from syncd.core.context import Context
from syncd.core.decide import decision_of
from syncd.core.disputes import resolve
from syncd.domain.decision import Braked
from syncd.domain.order import Order, ResolveDispute
from syncd.jobs.deciding import commit_of
from syncd.jobs.pair import Pair


def resolve_dispute(pair: Pair, order: Order, what: ResolveDispute, ctx: Context) -> None:
    """Never braked: a person looked at these very values and chose. It counts as written, and
    a lead that is held stays so, for what it is held for."""
    lead = pair.store.load([what.lead_id]).get(what.lead_id)
    if lead is None:
        pair.store.commit(Commit(now=ctx.now, orders_done=(order.id,)))
        return
    draft = resolve(lead, what, ctx, by=order.by)
    chosen = Braked(go=(decision_of(draft, lead),), held={})
    commit = commit_of(chosen, pair.store, ctx)
    pair.commit(replace(commit, orders_done=(order.id,)))
