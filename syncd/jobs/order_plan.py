"""Carry out what a person approved: a part of the held plan each cycle.

Each lead is decided anew from what it shows by now. What is still the same goes, whatever the
brake; the rest is under the brake like anything else, and the plan says so.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from syncd.commit import Commit
from syncd.core.brake import APPLIED, HOLDS_LEAD, part_of
from syncd.core.context import Context
from syncd.domain.action import WriteKind
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.decision import Decision, HeldLead, Plan, PlanState
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId
from syncd.domain.order import ApplyPlan, Order
from syncd.jobs.deciding import Decided, braked, commit_of, decide_all
from syncd.jobs.order_repair import repaired_again
from syncd.jobs.pair import Pair
from syncd.jobs.work import Work

PART = 1_000
"""Leads decided in one cycle."""

_POSTPONED = timedelta(hours=1)
"""How long a lead that could not be decided, for a bug, is left alone."""

_LET_GO = "not applied: the lead is no longer held by this plan"
_CRASHED = "not applied: a bug in syncd, see lead_not_decided in the log"
_NOT_NEEDED = "not applied: nothing of it is needed any more"
_CHANGED = "not applied: the lead changed since, it is decided anew"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Again:
    """The leads of a part as they are now, and what is decided of them now."""

    leads: Mapping[LeadId, Lead]
    decisions: Mapping[LeadId, Decision]
    failed: tuple[LeadId, ...]

    def why_not(self, lead_id: LeadId, kind: WriteKind) -> str:
        if lead_id not in self.leads:
            return _LET_GO
        if lead_id in self.failed:
            return _CRASHED
        decision = self.decisions.get(lead_id)
        return _CHANGED if decision and part_of(decision.actions, kind) else _NOT_NEEDED


def apply_plan(
    pair: Pair, order: Order, what: ApplyPlan, ctx: Context, *, part: int = PART
) -> None:
    """The next part of it; a plan that is unknown or done is applied to nobody."""
    plan = next((x for x in pair.store.standing(()) if x.id == what.plan_id), None)
    if plan is None:
        pair.store.commit(Commit(now=ctx.now, orders_done=(order.id,)))
        return
    plan = replace(plan, state=PlanState.APPROVED)
    pair.store.commit(Commit(now=ctx.now, plans=(plan,)))
    parts = pair.store.parts(plan.id, what.after, part)
    commit, results = _part(pair, plan, [x for x in parts if not x.result], ctx)
    applied = sum(x.result == APPLIED for x in (*parts, *results))
    what = replace(what, applied=what.applied + applied, of=what.of + len(parts))
    plan = replace(plan, leads=results)
    if len(parts) < part:
        _finish(pair, order, what, plan, commit)
        return
    further = replace(order, what=replace(what, after=parts[-1].lead_id))
    commit = replace(commit, plans=(*commit.plans, plan), orders=(further,))
    pair.commit(commit)


def _part(
    pair: Pair, plan: Plan, entries: Sequence[HeldLead], ctx: Context
) -> tuple[Commit, tuple[HeldLead, ...]]:
    again = _decided_again(pair, plan, [x.lead_id for x in entries], ctx)
    outcome = braked(pair.store, [*again.decisions.values()], ctx)
    commit = commit_of(outcome, pair.store, ctx)
    commit = replace(
        commit,
        leads=(*commit.leads, *(again.leads[x] for x in again.failed)),
        due={**(commit.due or {}), **dict.fromkeys(again.failed, ctx.now + _POSTPONED)},
    )
    applied = {x.lead_id for p in outcome.applied if p.id == plan.id for x in p.leads}
    results = tuple(
        replace(x, result=APPLIED if x.lead_id in applied else again.why_not(x.lead_id, plan.kind))
        for x in entries
    )
    return commit, results


def _decided_again(pair: Pair, plan: Plan, ids: Collection[LeadId], ctx: Context) -> _Again:
    loaded = pair.store.load(ids)
    leads = {i: lead for i, lead in loaded.items() if lead.id == i and _is_held(lead, plan)}
    if plan.kind is WriteKind.REPAIR:
        decided = Decided(decisions=repaired_again(pair, leads.values(), ctx), failed=())
    else:
        decided = decide_all(pair, Work(leads=leads), ctx)
    decisions = {decision.lead.id: decision for decision in decided.decisions}
    return _Again(leads=leads, decisions=decisions, failed=decided.failed)


def _is_held(lead: Lead, plan: Plan) -> bool:
    """Where only the writes wait, the lead itself is not held."""
    return plan.kind not in HOLDS_LEAD or lead.held == plan.id


def _finish(pair: Pair, order: Order, what: ApplyPlan, plan: Plan, commit: Commit) -> None:
    entry = AuditEntry(
        at=commit.now,
        kind=AuditKind.APPLIED,
        lead_id=None,
        facts={"plan": plan.id, "applied": str(what.applied), "of": str(what.of)},
        personal={},
    )
    pair.store.commit(
        replace(
            commit,
            audit=(*commit.audit, entry),
            plans=(*commit.plans, replace(plan, state=PlanState.DONE)),
            orders_done=(order.id,),
        )
    )
