"""Carry out an answer to a handoff or to a waiver request; the lead is then decided anew."""

from dataclasses import replace

from syncd.commit import Commit
from syncd.core.answers import Answer, answered
from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.domain.audit import AuditKind
from syncd.domain.names import LeadId
from syncd.domain.order import AskWaiver, Order
from syncd.jobs.deciding import braked, commit_of, decide_all
from syncd.jobs.pair import Pair
from syncd.jobs.work import Work


def take_answer(pair: Pair, order: Order, what: Answer, ctx: Context) -> None:
    """What a person said of this very lead is never braked; what follows from it is."""
    asked_of = _lead_of(what)
    lead = pair.store.load([asked_of]).get(asked_of)
    if lead is None:
        _refuse(pair, order, "Nothing is known of that lead any more.", ctx)
        return
    draft = answered(lead, what, order, ctx)
    decided = decide_all(pair, Work(leads={lead.id: draft.lead}), ctx)
    commit = commit_of(braked(pair.store, decided.decisions, ctx), pair.store, ctx)
    pair.commit(
        replace(
            commit,
            leads=(draft.lead,) if decided.failed else commit.leads,
            actions=(*draft.actions, *commit.actions),
            audit=(*draft.audit, *commit.audit),
            closed=(*draft.closed, *commit.closed),
            orders=_refused(order, draft),
            orders_done=(order.id,),
        )
    )


def _refuse(pair: Pair, order: Order, why: str, ctx: Context) -> None:
    after = replace(order, refused=why)
    pair.store.commit(Commit(now=ctx.now, orders=(after,), orders_done=(order.id,)))


def _refused(order: Order, draft: Draft) -> tuple[Order, ...]:
    """The order with why it was not carried out, for whoever asks what became of it."""
    refusals = (x for x in draft.audit if x.kind is AuditKind.NOT_DONE)
    return tuple(replace(order, refused=x.facts["why"]) for x in refusals)


def _lead_of(what: Answer) -> LeadId:
    return what.waiver.lead_id if isinstance(what, AskWaiver) else what.lead_id
