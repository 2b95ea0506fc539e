"""Carry out what people ordered from the command line since the last cycle."""

from dataclasses import replace
from typing import assert_never

from syncd.core.context import Context
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.decision import Braked, HeldLead, PlanState
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId
from syncd.domain.order import ApplyPlan, GrantWaiver, Order, ReleaseLead
from syncd.jobs.deciding import Work, braked, commit_of, decide_all
from syncd.jobs.pair import Pair
from syncd.ports import Commit


def carry_out_orders(pair: Pair, ctx: Context) -> int:
    """Each order in its own commit, together with what follows from it."""
    orders = pair.store.waiting()
    for order in orders:
        match order.what:
            case GrantWaiver() | ReleaseLead():
                _change_lead(pair, order, order.what, ctx)
            case ApplyPlan():
                _apply(pair, order, order.what, ctx)
            case _:
                assert_never(order.what)
    return len(orders)


def _change_lead(pair: Pair, order: Order, what: GrantWaiver | ReleaseLead, ctx: Context) -> None:
    """A waiver or a release changes the lead, which is then decided anew."""
    lead_id = what.waiver.lead_id if isinstance(what, GrantWaiver) else what.lead_id
    lead = pair.store.load([lead_id]).get(lead_id)
    if lead is None:
        pair.store.commit(Commit(now=ctx.now, orders_done=(order.id,)))
        return
    lead, entry = (
        _granted(lead, what, order, ctx)
        if isinstance(what, GrantWaiver)
        else _released(lead, order, ctx)
    )
    decided = decide_all(Work(leads={lead.id: lead}), ctx)
    commit = commit_of(braked(pair.store, decided.decisions, ctx), pair.store, ctx)
    pair.store.commit(
        replace(
            commit,
            leads=(lead,) if decided.failed else commit.leads,
            audit=(entry, *commit.audit),
            orders_done=(order.id,),
        )
    )


def _granted(lead: Lead, what: GrantWaiver, order: Order, ctx: Context) -> tuple[Lead, AuditEntry]:
    waiver = replace(what.waiver, lead_id=lead.id, cycle=lead.cycle)
    facts = {
        "waiver": waiver.id,
        "gate": waiver.gate.value,
        "rules": " ".join(waiver.rules),
        "expires": waiver.expires_at.isoformat(),
    }
    personal = {"by": order.by, "reason": waiver.reason}
    entry = AuditEntry(
        at=ctx.now, kind=AuditKind.WAIVED, lead_id=lead.id, facts=facts, personal=personal
    )
    return replace(lead, waivers=(*lead.waivers, waiver)), entry


def _released(lead: Lead, order: Order, ctx: Context) -> tuple[Lead, AuditEntry]:
    """Let go of a contested lead: it is judged again from the start."""
    entry = AuditEntry(
        at=ctx.now,
        kind=AuditKind.RELEASED,
        lead_id=lead.id,
        facts={},
        personal={"by": order.by},
    )
    return replace(lead, contest=None, refusal=None, move=None), entry


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
    outcome = braked(pair.store, decide_all(Work(leads=held), ctx).decisions, ctx)
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


def _unheld(outcome: Braked) -> Braked:
    return Braked(go=outcome.go, held={})


def _result(entry: HeldLead, applied: set[LeadId], held: dict[LeadId, Lead]) -> HeldLead:
    if entry.lead_id in applied:
        return replace(entry, result="applied")
    if entry.lead_id in held:
        return replace(entry, result="not applied: the lead changed since, it is decided anew")
    return replace(entry, result="not applied: the lead is no longer held by this plan")
