"""The brake, held plans, and what people order from the command line."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from core_cases import NOW, waiver
from decide_cases import AT_ONCE, GATES, SALESFORCE, few_at_once
from fakes import FLOW_ID, FakeCrm, House, add_person, house, linked
from structlog.testing import capture_logs

from syncd.core.judge import Case, Judge
from syncd.domain.action import WriteKind
from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.decision import PlanState
from syncd.domain.names import STAGE, LeadId, PlanId, RecordId
from syncd.domain.order import ApplyPlan, GrantWaiver, LinkRecord, Order, ReleaseLead, What
from syncd.domain.record import Record
from syncd.domain.stage import Stage
from syncd.domain.verdict import Verdict
from syncd.jobs.order_plan import apply_plan
from syncd.jobs.orders import carry_out_orders

FEW = few_at_once(3)


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


def order(made: House, what: What, number: int = 1) -> None:
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


def test_a_lead_moved_twice_within_the_hour_is_counted_once() -> None:
    made = bulk(2)
    made.hs.move("101", Stage.SAL)
    made.cycle(minutes=1)

    made.hs.move("102", Stage.SAL)
    made.cycle(minutes=1)

    assert [made.sf.stage(x) for x in ("00Q1", "00Q2")] == ["sal", "sal"]
    assert made.store.open_plans() == []


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


def edited(count: int) -> House:
    """So many people, whose title was edited in HubSpot: more than three are held."""
    made = house(rules=FEW)
    for number in range(1, count + 1):
        add_person(made, Stage.SAL, number=number)
    made.cycle(minutes=1)
    for number in range(1, count + 1):
        made.hs.edit(f"10{number}", title__c="CEO")
    made.cycle(minutes=1)
    return made


def titles(made: House, count: int) -> list[object]:
    return [made.sf.value(f"00Q{n}", "title__c") for n in range(1, count + 1)]


def test_held_field_writes_wait_alone() -> None:
    made = edited(5)
    made.hs.move("101", Stage.SQL)

    made.cycle(minutes=1)

    assert (titles(made, 5), made.sf.stage("00Q1")) == ([None] * 5, "sql")
    assert not made.lead("101").held


def test_held_field_writes_go_when_their_plan_is_approved() -> None:
    made = edited(5)
    made.hs.move("101", Stage.SQL)
    made.cycle(minutes=1)

    apply_all(made)

    assert (titles(made, 5), made.store.open_plans(), made.outbox()) == (["CEO"] * 5, [], {})


def test_a_held_field_that_was_edited_again_takes_the_place_of_what_was_held() -> None:
    made = edited(5)
    made.hs.edit("101", title__c="COO")
    made.cycle(minutes=1)

    apply_all(made)

    assert titles(made, 5) == ["COO", *["CEO"] * 4]


def test_a_lead_looked_at_again_and_again_is_told_as_held_once() -> None:
    made = edited(5)
    for number in range(3):
        made.hs.edit("101", unmapped=str(number))
        made.cycle(minutes=1)

    assert made.audit("101").count(AuditKind.HELD) == 1


def test_a_plan_is_applied_in_parts() -> None:
    made = bulk(5)
    (plan,) = made.store.open_plans()
    order(made, ApplyPlan(plan_id=plan.id))
    done = []
    for _ in range(3):
        (standing,) = made.store.waiting()
        assert isinstance(standing.what, ApplyPlan)
        apply_plan(made.pair, standing, standing.what, made.context(), part=2)
        done.append(made.store.spent(made.time.now())[WriteKind.PROPAGATE])

    assert (done, made.store.waiting(), made.store.open_plans()) == ([2, 4, 5], [], [])
    finished = made.store.plan(plan.id)
    assert finished
    assert [x.result for x in finished.leads] == ["applied"] * 5


def test_between_two_parts_a_lead_that_is_looked_at_goes_as_it_was_approved() -> None:
    made = bulk(5)
    (plan,) = made.store.open_plans()
    order(made, ApplyPlan(plan_id=plan.id))
    (standing,) = made.store.waiting()
    assert isinstance(standing.what, ApplyPlan)
    apply_plan(made.pair, standing, standing.what, made.context(), part=1)
    for number in range(1, 6):
        made.hs.edit(f"10{number}", unmapped="1")

    made.cycle(minutes=1)

    finished = made.store.plan(plan.id)
    assert finished
    assert [x.result for x in finished.leads] == ["applied"] * 5
    assert (reached(made, 5), made.store.waiting()) == (5, [])


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


@dataclass(slots=True)
class BrokenCrm(FakeCrm):
    """Makes syncd crash when it is asked for a record of this name."""

    broken: str = "00Qbad"

    def read(
        self, ids: Collection[RecordId], properties: Collection[str] | None = None
    ) -> Mapping[RecordId, Record]:
        if self.broken in ids:
            raise RuntimeError("a bug")
        return FakeCrm.read(self, ids, properties)


@pytest.fixture
def quiet() -> Iterator[None]:
    """A traceback of all the fakes' contents takes seconds to print."""
    with capture_logs():
        yield


def crashing() -> tuple[House, BrokenCrm]:
    """An order that makes syncd crash, and a sound one after it."""
    made = contested()
    sf = BrokenCrm(SALESFORCE, made.time, records=made.sf.records, changes=made.sf.changes)
    crms, targets = {**made.pair.crms, SALESFORCE: sf}, {**made.pair.targets, SALESFORCE: sf}
    made.sf, made.pair = sf, replace(made.pair, crms=crms, targets=targets)
    made.sf.add("00Qbad", Stage.SQL)
    lead = made.lead().id
    order(made, LinkRecord(lead_id=lead, system=SALESFORCE, record_id=RecordId("00Qbad")))
    order(made, ReleaseLead(lead_id=lead), number=2)
    return made, sf


@pytest.mark.usefixtures("quiet")
def test_an_order_that_makes_syncd_crash_stops_no_other_and_no_cycle() -> None:
    made, _ = crashing()
    made.hs.edit("101", title__c="CEO")

    made.cycle(minutes=1)

    assert made.lead().contest is None
    assert made.sf.value("00Q1", "title__c") == "CEO"
    assert [(x.id, x.tries) for x in made.store.waiting()] == [("o-1", 1)]


@pytest.mark.usefixtures("quiet")
def test_an_order_that_made_syncd_crash_is_carried_out_by_a_sound_version() -> None:
    made, sf = crashing()
    made.cycles(3, minutes=1)
    sf.broken = ""

    made.cycle(minutes=60)

    assert made.store.waiting() == []
    assert made.lead("101").sides[SALESFORCE].record_id == "00Qbad"


@pytest.mark.usefixtures("quiet")
def test_an_order_that_makes_syncd_crash_for_a_day_is_given_up_and_told() -> None:
    made, _ = crashing()

    made.cycles(60, minutes=31)

    assert made.store.waiting() == []
    assert made.slack.kinds().count(AlertKind.GIVEN_UP) == 1


def test_a_worker_that_is_to_stop_leaves_the_other_orders_for_later() -> None:
    made = linked()
    for number in range(3):
        order(made, ReleaseLead(lead_id=made.lead().id), number=number)
    asked = iter([False, True])

    taken = carry_out_orders(made.pair, made.context(), stopping=lambda: next(asked))

    assert (taken, [x.id for x in made.store.waiting()]) == (1, ["o-1", "o-2"])


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
