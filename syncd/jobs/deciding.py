"""Decide a batch of leads, brake it, and commit it in one transaction."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import structlog

from syncd.commit import Commit, Settled
from syncd.core.alerting_ops import held_plan_alert
from syncd.core.brake import brake, counted, digest, part_of, says
from syncd.core.context import Context
from syncd.core.decide import decide
from syncd.domain.action import SendAlert, WriteKind
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.decision import Braked, Decision, HeldLead, Plan, PlanState
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId, PlanId
from syncd.jobs.evidence import with_evidence
from syncd.jobs.pair import Pair
from syncd.jobs.people import with_people
from syncd.jobs.work import Work
from syncd.store_ports import Store

log = structlog.get_logger()

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """`failed` leads made syncd crash: a bug, logged, that stops nobody else. `waiting` ones
    are for another cycle: what is done now was approved, and they were not."""

    decisions: tuple[Decision, ...]
    failed: tuple[LeadId, ...]
    waiting: tuple[LeadId, ...] = ()

    @property
    def left(self) -> frozenset[LeadId]:
        """Those of which nothing is stored now."""
        return frozenset((*self.failed, *self.waiting))


def decide_all(pair: Pair, work: Work, ctx: Context) -> Decided:
    """Each lead by itself; deadlines only upon the evidence of both CRMs."""
    work, ctx, unclear = with_evidence(pair, work, ctx)
    ctx = with_people(pair, work.leads.values(), ctx)
    decisions: list[Decision] = []
    failed = list(unclear)
    waiting: list[LeadId] = []
    for lead_id, lead in work.leads.items():
        if lead_id in unclear:
            continue
        seen, activities = work.seen.get(lead_id, {}), work.activities.get(lead_id, ())
        try:
            decision = decide(lead, seen, ctx, activities=activities)
        except Exception:
            log.exception("lead_not_decided", lead_id=lead_id)
            failed.append(lead_id)
            continue
        if pair.approval is None or pair.approval.allows(decision):
            decisions.append(decision)
        else:
            waiting.append(lead_id)
    return Decided(decisions=tuple(decisions), failed=tuple(failed), waiting=tuple(waiting))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """Parts that are new, or not what they were, with the plan of their class: what is
    already in it as it is takes no place again. `plan.leads` are these parts alone."""

    plan: Plan
    is_new: bool


def braked(store: Store, decisions: Sequence[Decision], ctx: Context) -> Braked:
    """What of these may go now. The store is asked only when something could be stopped."""
    writing = [decision.lead.id for decision in decisions if counted(decision.actions)]
    if not writing:
        return Braked(go=tuple(decisions), held={})
    weighed = partial(
        brake,
        decisions,
        open_plans=store.standing(writing),
        limits=ctx.policy.brake,
        linked=store.linked(),
    )
    since = ctx.now - _HOUR
    outcome = weighed(spent=store.asked_for(since))
    if outcome.held or outcome.withheld:  # then every lead of that hour is counted, and once
        outcome = weighed(spent=store.spent(since))
    return outcome


def commit_of(outcome: Braked, store: Store, ctx: Context) -> Commit:
    """Everything the batch decided, held parts included, as one commit."""
    plans = _plans(outcome, store, ctx)
    stopped = [decision for part in outcome.held.values() for decision in part]
    kept = [
        _held_lead(decision, plans[kind].plan.id)
        for kind, part in outcome.held.items()
        for decision in part
    ]
    joined = [x for x in plans.values() if x.plan.leads]
    return Commit(
        now=ctx.now,
        leads=(*(d.lead for d in outcome.go), *kept),
        due={d.lead.id: d.due_at for d in outcome.go} | dict.fromkeys((x.id for x in kept), None),
        transitions=tuple(t for d in (*outcome.go, *stopped) for t in d.transitions),
        verdicts=tuple(v for d in outcome.go for v in d.verdicts),
        actions=(*(a for d in outcome.go for a in d.actions), *_plan_alerts(joined, ctx)),
        audit=(*(a for d in outcome.go for a in d.audit), *_held_audit(joined, ctx)),
        outbox=tuple(Settled(key=key) for d in (*outcome.go, *stopped) for key in d.proven),
        closed=tuple(h for d in outcome.go for h in d.closed),
        plans=(*outcome.applied, *(x.plan for x in joined)),
    )


def _plans(outcome: Braked, store: Store, ctx: Context) -> dict[WriteKind, _Held]:
    """The open plan of each class that stopped something, with what joins it."""
    stopped = {**outcome.held, **outcome.withheld}
    if not stopped:
        return {}
    ids = {d.lead.id for part in stopped.values() for d in part}
    known = {p.kind: p for p in store.standing(ids) if p.state is PlanState.OPEN}
    return {kind: _joining(known.get(kind), kind, part, ctx) for kind, part in stopped.items()}


def _joining(
    known: Plan | None, kind: WriteKind, part: Collection[Decision], ctx: Context
) -> _Held:
    plan = known or _new_plan(kind, ctx)
    there = {(x.lead_id, x.digest) for x in plan.leads}
    entries = (_entry(decision, kind) for decision in part)
    news = tuple(x for x in entries if (x.lead_id, x.digest) not in there)
    return _Held(plan=replace(plan, leads=news), is_new=known is None)


def _new_plan(kind: WriteKind, ctx: Context) -> Plan:
    return Plan(
        id=PlanId(f"plan-{kind}-{ctx.now:%Y%m%d-%H%M%S}"),
        kind=kind,
        state=PlanState.OPEN,
        opened_at=ctx.now,
        reason=f"more {kind} writes within an hour than the brake in policy.yaml allows",
        leads=(),
    )


def _entry(decision: Decision, kind: WriteKind) -> HeldLead:
    part = part_of(decision.actions, kind)
    return HeldLead(
        lead_id=decision.lead.id, digest=digest(part), says=tuple(says(x) for x in part)
    )


def _held_lead(decision: Decision, plan: PlanId) -> Lead:
    """As seen, with nothing decided: its baselines stay untouched."""
    return replace(decision.observed, held=plan)


def _plan_alerts(joined: Iterable[_Held], ctx: Context) -> tuple[SendAlert, ...]:
    """One alert a plan, when it is opened: a growing one is not told again."""
    return tuple(held_plan_alert(x.plan, now=ctx.now) for x in joined if x.is_new)


def _held_audit(joined: Iterable[_Held], ctx: Context) -> tuple[AuditEntry, ...]:
    return tuple(
        AuditEntry(
            at=ctx.now,
            kind=AuditKind.HELD,
            lead_id=part.lead_id,
            facts={"plan": x.plan.id, "class": x.plan.kind},
            personal={},
        )
        for x in joined
        for part in x.plan.leads
    )
