"""What the page of a lead tells and offers, and which orders an operator may give."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import cast

import pytest
from core_cases import LEAD, MOVE, NOW, REP, handoff, lead
from page_cases import SHIPPED

from syncd.adapters.store.store import SqlStore
from syncd.adapters.web.views import Deed, NotPossible
from syncd.cli.dashboard.deeds import place, what_of
from syncd.cli.dashboard.lead_page import story_page
from syncd.domain.action import WriteKind
from syncd.domain.decision import Plan, PlanState
from syncd.domain.handoff import HandoffState
from syncd.domain.lead import Contest, Lead
from syncd.domain.names import LeadId, PlanId
from syncd.domain.order import AcceptHandoff, ApplyPlan, Order, ReleaseLead, SnoozeHandoff, Via
from syncd.domain.stage import Stage
from syncd.domain.verdict import Result, Verdict
from syncd.store_ports import Story

OFFERED = replace(lead(), handoff=handoff())
CONTESTED = replace(lead(), contest=Contest(since=NOW, to_stage=Stage.SQL, actor=REP, times=3))


def judged(found: Lead) -> Story:
    """Each time with another result, the last one with a waiver."""
    verdicts = tuple(
        Verdict(
            gate=Stage.SQL,
            transition=MOVE,
            lead_id=LEAD,
            result=result,
            findings=(),
            met=(),
            score=None,
            standard="1",
            judged_at=NOW + n * timedelta(minutes=1),
            waived=n == 3,
        )
        for n, result in enumerate((*Result, Result.PASSES))
    )
    return Story(lead=found, transitions=(), verdicts=verdicts, audit=(), handoffs=(), outbox=())


def test_each_verdict_is_marked_by_what_it_came_to() -> None:
    page = story_page(judged(lead()), SHIPPED, ())

    assert [x.kind for x in page.timeline] == ["passes", "fails", "unknown", "passes"]


@pytest.mark.parametrize(
    ("found", "deeds"),
    [
        (lead(), []),
        (OFFERED, [Deed.ACCEPT, Deed.SNOOZE]),
        (CONTESTED, [Deed.RELEASE]),
        (
            replace(lead(), handoff=replace(handoff(), state=HandoffState.ACCEPTED)),
            [Deed.SNOOZE],
        ),
        (replace(lead(), handoff=replace(handoff(), snoozed_at=NOW)), [Deed.ACCEPT]),
    ],
    ids=["nothing", "offered", "contested", "accepted", "snoozed"],
)
def test_only_what_makes_sense_now_is_offered(found: Lead, deeds: list[Deed]) -> None:
    assert list(story_page(judged(found), SHIPPED, ()).deeds) == deeds


@dataclass(slots=True)
class Known:
    """A store with these leads, and one plan in this state."""

    leads: Mapping[str, Lead] = field(default_factory=dict)
    state: PlanState = PlanState.OPEN
    orders: list[Order] = field(default_factory=list)

    def load(self, ids: Collection[LeadId]) -> Mapping[LeadId, Lead]:
        return {x: self.leads[x] for x in ids if x in self.leads}

    def plan(self, plan_id: PlanId) -> Plan | None:
        if plan_id != "plan-7":
            return None
        return Plan(
            id=plan_id, kind=WriteKind.REVERT, state=self.state, opened_at=NOW, reason="", leads=()
        )

    def place(self, order: Order) -> None:
        self.orders.append(order)


def ordered(known: Known, deed: Deed, target: str) -> Order:
    store = cast(SqlStore, known)
    place(what_of(deed, target, store), store, SHIPPED, by="Olga", now=NOW)
    (order,) = known.orders
    return order


IN_STORE = {"offered": OFFERED, "contested": CONTESTED, "usual": lead()}


@pytest.mark.parametrize(
    ("deed", "target", "what"),
    [
        (Deed.ACCEPT, "offered", AcceptHandoff(lead_id=LEAD, handoff_id=handoff().id)),
        (Deed.SNOOZE, "offered", SnoozeHandoff(lead_id=LEAD, handoff_id=handoff().id)),
        (Deed.RELEASE, "contested", ReleaseLead(lead_id=LEAD)),
        (Deed.APPLY, "plan-7", ApplyPlan(plan_id=PlanId("plan-7"))),
    ],
)
def test_what_an_operator_does_is_an_order_in_their_name(
    deed: Deed, target: str, what: object
) -> None:
    known = Known(leads={**IN_STORE, LEAD: OFFERED})

    order = ordered(known, deed, target)

    assert order.what == what
    assert (order.by, order.placed_at, order.via) == ("Olga", NOW, Via.DASHBOARD)


@pytest.mark.parametrize(
    ("deed", "target", "state", "words"),
    [
        (Deed.ACCEPT, "nobody", PlanState.OPEN, "Nothing is stored"),
        (Deed.ACCEPT, "usual", PlanState.OPEN, "not open any more"),
        (Deed.SNOOZE, "usual", PlanState.OPEN, "not open any more"),
        (Deed.SNOOZE, "snoozed", PlanState.OPEN, "snoozed already"),
        (Deed.RELEASE, "usual", PlanState.OPEN, "not contested"),
        (Deed.APPLY, "plan-8", PlanState.OPEN, "not held"),
        (Deed.APPLY, "plan-7", PlanState.APPROVED, "not held"),
    ],
)
def test_what_would_not_be_carried_out_is_refused_with_words(
    deed: Deed, target: str, state: PlanState, words: str
) -> None:
    snoozed = replace(OFFERED, handoff=replace(handoff(), snoozed_at=NOW))
    leads = {**IN_STORE, "snoozed": snoozed, LEAD: snoozed}
    known = Known(leads=leads, state=state)

    with pytest.raises(NotPossible, match=words):
        ordered(known, deed, target)

    assert known.orders == []
