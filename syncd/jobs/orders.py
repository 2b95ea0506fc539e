"""Carry out what people ordered from the command line since the last cycle."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import assert_never

from syncd.core.context import Context
from syncd.domain.action import WriteKind
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.decision import Braked, Decision, HeldLead, Plan, PlanState
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId
from syncd.domain.order import (
    ApplyPlan,
    GrantWaiver,
    IgnoreRecord,
    LinkRecord,
    Order,
    ReleaseLead,
    RepairField,
    ResolveDispute,
    UnlinkRecord,
)
from syncd.jobs.deciding import Work, braked, commit_of, decide_all
from syncd.jobs.order_disputes import resolve_dispute
from syncd.jobs.order_leads import change_lead
from syncd.jobs.order_links import ignore_record, link_record, unlink_record
from syncd.jobs.order_repair import carry_out_repair, repaired_again
from syncd.jobs.pair import Pair
from syncd.ports import Commit


def carry_out_orders(pair: Pair, ctx: Context) -> int:
    """Each order in its own commit, together with what follows from it."""
    orders = pair.store.waiting()
    for order in orders:
        match order.what:
            case GrantWaiver() | ReleaseLead():
                change_lead(pair, order, order.what, ctx)
            case ApplyPlan():
                _apply(pair, order, order.what, ctx)
            case LinkRecord():
                link_record(pair, order, order.what, ctx)
            case UnlinkRecord():
                unlink_record(pair, order, order.what, ctx)
            case IgnoreRecord():
                ignore_record(pair, order, order.what, ctx)
            case ResolveDispute():
                resolve_dispute(pair, order, order.what, ctx)
            case RepairField():
                carry_out_repair(pair, order, order.what, ctx)
            case _:
                assert_never(order.what)
    return len(orders)


def _apply(pair: Pair, order: Order, what: ApplyPlan, ctx: Context) -> None:
    """Apply the parts of a held plan that are still the same; list the rest."""
    plan = pair.store.plan(what.plan_id)
    if plan is None or plan.state is PlanState.DONE:
        pair.store.commit(Commit(now=ctx.now, orders_done=(order.id,)))
        return
    plan = replace(plan, state=PlanState.APPROVED)
    pair.store.commit(Commit(now=ctx.now, plans=(plan,)))
    leads = pair.store.load([entry.lead_id for entry in plan.leads])
    held = {i: lead for i, lead in leads.items() if lead.held == plan.id}
    outcome = braked(pair.store, _decided_again(pair, plan, held, ctx), ctx)
    applied = {d.lead.id for d in outcome.go if d.actions}
    commit = commit_of(_unheld(outcome), pair.store, ctx)
    results = tuple(_result(entry, applied, held) for entry in plan.leads)
    done = replace(plan, state=PlanState.DONE, leads=results)
    entry = AuditEntry(
        at=ctx.now,
        kind=AuditKind.APPLIED,
        lead_id=None,
        facts={"plan": plan.id, "applied": str(len(applied)), "of": str(len(plan.leads))},
        personal={},
    )
    changed = [d for part in outcome.held.values() for d in part]
    freed = tuple(replace(d.observed, held=None) for d in changed)
    pair.store.commit(
        replace(
            commit,
            leads=(*commit.leads, *freed),
            due={**(commit.due or {}), **{lead.id: ctx.now for lead in freed}},
            audit=(*commit.audit, entry),
            plans=(done,),
            orders_done=(order.id,),
        )
    )


def _decided_again(
    pair: Pair, plan: Plan, held: Mapping[LeadId, Lead], ctx: Context
) -> Sequence[Decision]:
    if plan.kind is WriteKind.REPAIR:
        return repaired_again(pair, held, ctx)
    return decide_all(Work(leads=held), ctx).decisions


def _unheld(outcome: Braked) -> Braked:
    return Braked(go=outcome.go, held={})


def _result(entry: HeldLead, applied: set[LeadId], held: dict[LeadId, Lead]) -> HeldLead:
    if entry.lead_id in applied:
        return replace(entry, result="applied")
    if entry.lead_id in held:
        return replace(entry, result="not applied: the lead changed since, it is decided anew")
    return replace(entry, result="not applied: the lead is no longer held by this plan")
