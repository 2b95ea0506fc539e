"""The brake, held plans, and what people order from the command line."""

from dataclasses import replace
from datetime import timedelta

import pytest
from core_cases import NOW, waiver
from decide_cases import AT_ONCE, GATES, SALESFORCE
from fakes import FLOW_ID, House, add_person, house, linked

from syncd.core.judge import Case, Judge
from syncd.domain.action import WriteKind
from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.decision import PlanState
from syncd.domain.names import STAGE, LeadId, PlanId
from syncd.domain.order import ApplyPlan, GrantWaiver, Order, ReleaseLead
from syncd.domain.policy import Limit
from syncd.domain.stage import Stage
from syncd.domain.verdict import Verdict

FEW = replace(AT_ONCE, brake=dict.fromkeys(WriteKind, Limit(records=3, percent=0)))


def bulk(count: int) -> House:
    """So many people, all moved on in HubSpot at once: more than three are held."""
    made = house(rules=FEW)
    for number in range(1, count + 1):
        add_person(made, Stage.SAL, number=number)
    made.cycle(minutes=1)
    for number in range(1, count + 1):
        made.hs.move(f"10{number}", Stage.SQL)
    made.cycle(minutes=1)
    return made


def order(made: House, what: ApplyPlan | ReleaseLead | GrantWaiver, number: int = 1) -> None:
    made.store.place(Order(id=f"o-{number}", what=what, by="ops", placed_at=made.time.now()))


def apply_all(made: House) -> None:
    (plan,) = made.store.open_plans()
    order(made, ApplyPlan(plan_id=plan.id))
    made.cycle(minutes=1)


def reached(made: House, count: int) -> int:
    return sum(made.sf.stage(f"00Q{n}") == "sql" for n in range(1, count + 1))


# --- the brake ---------------------------------------------------------------------------


def test_what_is_within_the_brake_goes() -> None:
    made = bulk(3)

    assert (reached(made, 3), made.store.open_plans()) == (3, [])


def test_what_exceeds_the_brake_is_held_and_told_once() -> None:
    made = bulk(5)

    made.cycles(3)

    (plan,) = made.store.open_plans()
    assert (reached(made, 5), len(plan.leads)) == (0, 5)
    assert made.slack.kinds() == [AlertKind.HELD_PLAN]


def test_held_actions_leave_baselines_untouched_while_the_watermark_goes_on() -> None:
    made = bulk(5)
    before = made.store.watermarks()

    made.cycle(minutes=5)

    side = made.lead("101").sides[SALESFORCE]
    assert (side.baseline[STAGE], side.pending) == (Stage.SAL, {})
    assert made.store.watermarks()[SALESFORCE] > before[SALESFORCE]


def test_the_moves_of_a_held_lead_are_recorded() -> None:
    made = bulk(5)

    assert [x.to_stage for x in made.story("101").transitions] == [Stage.SQL]
    assert made.audit("101").count(AuditKind.HELD) == 1


def test_the_brake_counts_what_the_last_hour_did() -> None:
    made = bulk(3)
    add_person(made, Stage.SAL, number=7, at=made.time.now())
    made.cycle(minutes=1)
    made.hs.move("107", Stage.SQL)
    made.cycle(minutes=1)
    held = made.sf.stage("00Q7")

    assert held == "sal"
    assert len(made.store.open_plans()) == 1


def test_while_a_plan_is_open_more_of_its_class_joins_it() -> None:
    made = bulk(5)
    made.time.sleep(timedelta(hours=2))
    add_person(made, Stage.SAL, number=7, at=made.time.now())
    made.cycle(minutes=1)

    made.hs.move("107", Stage.SQL)
    made.cycle(minutes=1)

    (plan,) = made.store.open_plans()
    assert len(plan.leads) == 6


def test_approving_a_held_plan_applies_what_is_still_the_same() -> None:
    made = bulk(5)

    apply_all(made)

    assert (reached(made, 5), made.store.open_plans(), made.outbox()) == (5, [], {})
    assert not made.lead("101").held


def test_approving_lists_what_changed_meanwhile_and_decides_it_anew() -> None:
    made = bulk(5)
    (plan,) = made.store.open_plans()
    made.hs.move("101", Stage.NURTURE)
    made.cycle(minutes=1)
    apply_all(made)

    done = made.store.plan(plan.id)

    assert done
    assert done.state is PlanState.DONE
    results = {x.lead_id: x.result for x in done.leads}
    assert sorted(results.values())[:1] == ["applied"]
    assert made.sf.stage("00Q1") in ("sal", "nurture")
    assert reached(made, 5) == 4


def test_a_held_lead_that_needs_nothing_any_more_is_free_again() -> None:
    made = bulk(5)
    made.hs.move("101", Stage.SAL)

    made.cycle(minutes=1)

    assert not made.lead("101").held
    apply_all(made)
    assert reached(made, 5) == 4


@pytest.mark.parametrize("times", [1, 2])
def test_a_plan_that_is_unknown_or_done_is_applied_to_nobody(times: int) -> None:
    made = bulk(5)
    (plan,) = made.store.open_plans()
    order(made, ApplyPlan(plan_id=PlanId("plan-0")))
    for number in range(times):
        order(made, ApplyPlan(plan_id=plan.id), number=10 + number)

    made.cycles(2, minutes=1)

    assert (made.store.waiting(), reached(made, 5)) == ([], 5)


# --- waivers and releases ----------------------------------------------------------------


def refused() -> House:
    made = linked(Stage.MQL, rules=AT_ONCE, budget_confirmed__c=False)
    made.sf.move("00Q1", Stage.SQL)
    made.cycles(2, minutes=1)
    assert made.sf.stage("00Q1") == "mql"
    return made


def test_a_waiver_re_judges_a_refused_move_and_its_mover_is_told() -> None:
    made = refused()
    granted = replace(
        waiver("budget-confirmed", expires_at=NOW + timedelta(days=9)), lead_id=made.lead().id
    )

    order(made, GrantWaiver(waiver=granted))
    made.cycle(minutes=1)
    made.sf.move("00Q1", Stage.SQL)
    made.cycles(2, minutes=1)

    assert made.slack.kinds() == [AlertKind.BLOCKED, AlertKind.QUALIFIES]
    assert (made.sf.stage("00Q1"), made.hs.stage("101")) == ("sql", "sql")
    assert made.audit().count(AuditKind.WAIVED) == 1


def test_a_waiver_holds_for_the_round_it_was_granted_in() -> None:
    made = refused()
    granted = replace(waiver("budget-confirmed", cycle=9), lead_id=made.lead().id)

    order(made, GrantWaiver(waiver=granted))
    made.cycle()

    assert [x.cycle for x in made.lead().waivers] == [made.lead().cycle]


class BrokenJudge(Judge):
    def judge(self, stage: Stage, case: Case) -> Verdict:
        raise RuntimeError("a bug")


def test_a_waiver_outlives_a_bug_that_keeps_its_lead_from_being_decided() -> None:
    made = refused()
    sound = made.pair
    made.pair = replace(sound, rules=replace(sound.rules, judge=BrokenJudge(GATES)))
    order(made, GrantWaiver(waiver=replace(waiver("budget-confirmed"), lead_id=made.lead().id)))

    made.cycle(minutes=1)

    assert [x.rules for x in made.lead().waivers] == [("budget-confirmed",)]
    assert made.store.waiting() == []


def contested() -> House:
    made = linked(Stage.MQL, rules=AT_ONCE, budget_confirmed__c=False)
    for _ in range(4):
        made.sf.move("00Q1", Stage.SQL, by=FLOW_ID)
        made.cycle(minutes=1)
        made.cycle(minutes=1)
    return made


def test_an_automation_that_moves_it_again_and_again_is_contested_after_three() -> None:
    made = contested()

    made.cycles(3)

    assert made.slack.kinds() == [AlertKind.BLOCKED] * 3 + [AlertKind.CONTESTED]
    assert made.sf.stage("00Q1") == "sql"
    assert made.store.status(made.time.now()).contested == (made.lead().id,)


def test_a_released_lead_is_judged_from_the_start() -> None:
    made = contested()

    order(made, ReleaseLead(lead_id=made.lead().id))
    made.cycles(2, minutes=1)

    assert made.sf.stage("00Q1") == "mql"
    assert made.slack.kinds()[-1] is AlertKind.BLOCKED
    assert not made.lead().contest
    assert AuditKind.RELEASED in made.audit()


@pytest.mark.parametrize(
    "what",
    [
        ReleaseLead(lead_id=LeadId("nobody")),
        GrantWaiver(waiver=replace(waiver("need-stated"), lead_id=LeadId("nobody"))),
    ],
    ids=["release", "waive"],
)
def test_an_order_for_nobody_is_done_and_forgotten(what: ReleaseLead | GrantWaiver) -> None:
    made = linked()

    order(made, what)
    made.cycle()

    assert made.store.waiting() == []
