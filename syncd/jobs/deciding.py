"""Decide a batch of leads, brake it, and commit it in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import structlog

from syncd.core.alerting_ops import held_plan_alert
from syncd.core.brake import brake, counted, digest, says
from syncd.core.context import Context
from syncd.core.decide import decide
from syncd.domain.action import SendAlert, WriteKind
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.decision import Braked, Decision, HeldLead, Observation, Plan, PlanState
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId, PlanId, System
from syncd.domain.record import Activity
from syncd.ports import Commit, Settled, Store

log = structlog.get_logger()

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Leads to decide, with what was seen of each."""

    leads: Mapping[LeadId, Lead]
    seen: Mapping[LeadId, Mapping[System, Observation]] = field(default_factory=dict)
    activities: Mapping[LeadId, Sequence[Activity]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """`failed` leads made syncd crash: a bug, logged, that stops nobody else."""

    decisions: tuple[Decision, ...]
    failed: tuple[LeadId, ...]


def decide_all(work: Work, ctx: Context) -> Decided:
    decisions: list[Decision] = []
    failed: list[LeadId] = []
    for lead_id, lead in work.leads.items():
        seen, activities = work.seen.get(lead_id, {}), work.activities.get(lead_id, ())
        try:
            decisions.append(decide(lead, seen, ctx, activities=activities))
        except Exception:
            log.exception("lead_not_decided", lead_id=lead_id)
            failed.append(lead_id)
    return Decided(decisions=tuple(decisions), failed=tuple(failed))


def braked(store: Store, decisions: Sequence[Decision], ctx: Context) -> Braked:
    """What of these may go now. The store is asked only when something could be stopped."""
    if not any(counted(decision.actions) for decision in decisions):
        return Braked(go=tuple(decisions), held={})
    return brake(
        decisions,
        spent=store.spent(ctx.now - _HOUR),
        open_plans=store.open_plans(),
        limits=ctx.policy.brake,
        linked=store.linked(),
    )


def commit_of(outcome: Braked, store: Store, ctx: Context) -> Commit:
    """Everything the batch decided, held parts included, as one commit."""
    held = [_hold(kind, part, store, ctx) for kind, part in outcome.held.items()]
    stopped = [decision for part in outcome.held.values() for decision in part]
    done = [replace(d.lead, held=None) if d.lead.held else d.lead for d in outcome.go]
    kept = [_held_lead(d, plan.id) for plan, part in held for d in part]
    return Commit(
        now=ctx.now,
        leads=(*done, *kept),
        due={d.lead.id: d.due_at for d in outcome.go} | dict.fromkeys((x.id for x in kept), None),
        transitions=tuple(t for d in (*outcome.go, *stopped) for t in d.transitions),
        verdicts=tuple(v for d in outcome.go for v in d.verdicts),
        actions=(*(a for d in outcome.go for a in d.actions), *_plan_alerts(held, ctx)),
        audit=(*(a for d in outcome.go for a in d.audit), *_held_audit(held, ctx)),
        outbox=tuple(Settled(key=key) for d in (*outcome.go, *stopped) for key in d.proven),
        closed=tuple(h for d in outcome.go for h in d.closed),
        plans=tuple(plan for plan, _ in held),
    )


def _hold(
    kind: WriteKind, part: Sequence[Decision], store: Store, ctx: Context
) -> tuple[Plan, Sequence[Decision]]:
    """The open plan of this class with these leads in it."""
    plan = next(
        (p for p in store.open_plans() if p.kind is kind and p.state is PlanState.OPEN), None
    )
    if plan is None:
        plan = Plan(
            id=PlanId(f"plan-{kind}-{ctx.now:%Y%m%d-%H%M%S}"),
            kind=kind,
            state=PlanState.OPEN,
            opened_at=ctx.now,
            reason=f"more {kind} writes within an hour than the brake in policy.yaml allows",
            leads=(),
        )
    new = {d.lead.id: _entry(d) for d in part}
    others = tuple(entry for entry in plan.leads if entry.lead_id not in new)
    return replace(plan, leads=(*others, *new.values())), part


def _entry(decision: Decision) -> HeldLead:
    words = tuple(says(action) for action in counted(decision.actions))
    return HeldLead(lead_id=decision.lead.id, digest=digest(decision.actions), says=words)


def _held_lead(decision: Decision, plan: PlanId) -> Lead:
    """As seen, with nothing decided: its baselines stay untouched."""
    return replace(decision.observed, held=plan)


def _plan_alerts(
    held: Iterable[tuple[Plan, Sequence[Decision]]], ctx: Context
) -> tuple[SendAlert, ...]:
    """One alert a plan: its key is the plan's, so that a growing plan is not told again."""
    return tuple(held_plan_alert(plan, now=ctx.now) for plan, _ in held)


def _held_audit(
    held: Iterable[tuple[Plan, Sequence[Decision]]], ctx: Context
) -> tuple[AuditEntry, ...]:
    return tuple(
        AuditEntry(
            at=ctx.now,
            kind=AuditKind.HELD,
            lead_id=decision.lead.id,
            facts={"plan": plan.id, "class": plan.kind},
            personal={},
        )
        for plan, part in held
        for decision in part
    )
