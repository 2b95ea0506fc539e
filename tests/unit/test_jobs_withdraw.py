"""Taking an order back: nothing more of it is done, and what it stood in the way of goes on."""

from datetime import timedelta

from decide_cases import HUBSPOT, SALESFORCE, few_at_once
from fakes import House, add_person, house

from syncd.domain.decision import PlanState
from syncd.domain.names import FieldName
from syncd.domain.order import ApplyPlan, Order, RepairField, What, WithdrawOrder
from syncd.domain.stage import Stage
from syncd.jobs.backfill import backfill

COMPANY = FieldName("company")
FEW = few_at_once(1)


def disagreeing(count: int) -> House:
    """So many people whose company differs between the CRMs; the brake lets one write an hour."""
    made = house(rules=FEW)
    for number in range(1, count + 1):
        add_person(made, Stage.SAL, number=number)
        made.sf.edit(f"00Q{number}", company__c=f"Acme {number}")
        made.hs.edit(f"10{number}", company__c=f"acme{number}")
    backfill(made.pair, made.time, lease=timedelta(days=365), told=lambda _: None)
    made.time.sleep(timedelta(hours=1))
    made.cycle()
    return made


def order(made: House, what: What, name: str) -> None:
    made.store.place(Order(id=name, what=what, by="ops", placed_at=made.time.now()))


def companies(made: House, count: int) -> list[object]:
    return [made.hs.value(f"10{n}", "company__c") for n in range(1, count + 1)]


def test_an_order_withdrawn_before_its_cycle_is_never_carried_out() -> None:
    made = disagreeing(1)
    order(made, RepairField(field=COMPANY, take=SALESFORCE), "repair")
    order(made, WithdrawOrder(order_id="repair"), "withdraw")

    made.cycles(3)

    assert companies(made, 1) == ["acme1"]
    assert made.store.waiting() == []


def test_what_was_held_of_a_withdrawn_repair_is_over_and_the_next_repair_goes_on() -> None:
    made = disagreeing(3)
    order(made, RepairField(field=COMPANY, take=SALESFORCE), "repair")
    made.cycles(2)
    (held,) = made.store.open_plans()

    order(made, WithdrawOrder(order_id="repair"), "withdraw")
    made.cycles(2)

    plan = made.store.plan(held.id)
    assert plan is not None
    assert (plan.state, made.store.waiting()) == (PlanState.DONE, [])


def test_a_plan_whose_approval_is_withdrawn_waits_again() -> None:
    made = disagreeing(3)
    order(made, RepairField(field=COMPANY, take=HUBSPOT), "repair")
    made.cycles(2)
    (held,) = made.store.open_plans()
    order(made, ApplyPlan(plan_id=held.id), "apply")

    order(made, WithdrawOrder(order_id="apply"), "withdraw")
    made.cycle()

    plan = made.store.plan(held.id)
    assert plan is not None
    assert (plan.state, len(plan.leads)) == (PlanState.OPEN, 3)


def test_what_was_carried_out_cannot_be_taken_back() -> None:
    made = disagreeing(1)
    order(made, RepairField(field=COMPANY, take=SALESFORCE), "repair")
    made.cycles(3)

    order(made, WithdrawOrder(order_id="repair"), "withdraw")
    made.cycle()

    assert companies(made, 1) == ["Acme 1"]
    assert made.store.waiting() == []
