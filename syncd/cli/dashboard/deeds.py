"""What an operator does on the dashboard, handed to the worker as an order."""

from datetime import datetime
from typing import assert_never
from uuid import uuid4

from syncd.adapters.store.store import SqlStore
from syncd.adapters.web.views import Deed, NotPossible
from syncd.cli.wording import context_of
from syncd.core.answers import why_not
from syncd.domain.decision import PlanState
from syncd.domain.handoff import Handoff
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId, PlanId
from syncd.domain.order import (
    AcceptHandoff,
    ApplyPlan,
    Order,
    ReleaseLead,
    SnoozeHandoff,
    Via,
    What,
)
from syncd.settings.load import Settings


def place(what: What, store: SqlStore, settings: Settings, *, by: str, now: datetime) -> None:
    """NotPossible says why it would not be carried out."""
    order = Order(id=uuid4().hex, what=what, by=by, placed_at=now, via=Via.DASHBOARD)
    if isinstance(what, AcceptHandoff | SnoozeHandoff):
        lead = _lead(store, what.lead_id)
        ctx = context_of(lead, settings, now=order.placed_at)
        if refused := why_not(lead, what, order, ctx):
            raise NotPossible(refused)
    store.place(order)


def what_of(deed: Deed, target: str, store: SqlStore) -> What:
    match deed:
        case Deed.ACCEPT:
            lead = _lead(store, target)
            return AcceptHandoff(lead_id=lead.id, handoff_id=_open(lead).id)
        case Deed.SNOOZE:
            lead = _lead(store, target)
            return SnoozeHandoff(lead_id=lead.id, handoff_id=_open(lead).id)
        case Deed.RELEASE:
            lead = _lead(store, target)
            if lead.contest is None:
                raise NotPossible("This lead is not contested any more.")
            return ReleaseLead(lead_id=lead.id)
        case Deed.APPLY:
            plan = store.plan(PlanId(target))
            if plan is None or plan.state is not PlanState.OPEN:
                raise NotPossible("This plan is not held any more.")
            return ApplyPlan(plan_id=plan.id)
        case _:
            assert_never(deed)


def _lead(store: SqlStore, target: str) -> Lead:
    found = store.load([LeadId(target)])
    if not found:
        raise NotPossible("Nothing is stored of this lead any more.")
    (lead,) = found.values()
    return lead


def _open(lead: Lead) -> Handoff:
    if lead.handoff is None:
        raise NotPossible("Its handoff is not open any more.")
    return lead.handoff
