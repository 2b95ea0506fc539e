"""Troubles that last are told once, told again while they do, and marked when they are over.

They are a CRM that cannot be read, a plan that waits for approval, and mistakes in the
configuration. Costs a look into the store each cycle.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from syncd.commit import Commit
from syncd.core.alerting_ops import held_plan_alert, held_plan_key
from syncd.core.context import Context
from syncd.core.troubles import first_key, follow, over_update, spell_key
from syncd.domain.action import Action, SendAlert
from syncd.domain.alert import AlertKind
from syncd.domain.decision import PlanState
from syncd.domain.message import Message
from syncd.domain.names import ActionKey, PlanId
from syncd.jobs.pair import Pair


def follow_troubles(pair: Pair, lasting: Sequence[SendAlert], ctx: Context) -> None:
    """`lasting` are the first alerts of all there is now but held plans, which are told as
    they are opened."""
    told = pair.store.troubles()
    if not told and not lasting:
        return
    alerts = {alert.key: alert for alert in lasting}
    plans = _open_plans(pair, told)
    found = follow(told, alerts.keys() | plans.keys(), repeat=ctx.policy.alerts.repeat, now=ctx.now)
    known = {first_key(message.key) for message in told}
    new = (alert for alert in lasting if alert.key not in known)
    actions: list[Action] = [replace(x, key=_unused(pair, x.key)) for x in new]
    for key, again in found.again.items():
        alert = alerts.get(key) or _plan_alert(pair, plans[key], ctx)
        actions.append(replace(alert, key=again))
    actions += [over_update(message, ctx) for message in found.over]
    if actions:
        pair.store.commit(Commit(now=ctx.now, actions=tuple(actions)))


def _unused(pair: Pair, key: ActionKey) -> ActionKey:
    """What was over and is back the same day would have the same key, and never be told."""
    found = key
    while (past := pair.store.messages([found]).get(found)) and past.outcome_at:
        found = spell_key(key, after=past.outcome_at)
    return found


def _open_plans(pair: Pair, told: Collection[Message]) -> dict[ActionKey, PlanId]:
    if not any(message.kind is AlertKind.HELD_PLAN for message in told):
        return {}
    standing = (plan for plan in pair.store.standing(()) if plan.state is PlanState.OPEN)
    return {held_plan_key(plan.id): plan.id for plan in standing}


def _plan_alert(pair: Pair, plan_id: PlanId, ctx: Context) -> SendAlert:
    plan = pair.store.plan(plan_id)
    assert plan, "it was open a moment ago, and plans stay in the store"
    return held_plan_alert(plan, now=ctx.now)
