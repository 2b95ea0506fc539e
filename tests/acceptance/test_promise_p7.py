"""P7: the brake is on by default; held actions leave baselines untouched while the watermark
goes on; approving applies what is still identical and lists the rest."""

from decide_cases import HUBSPOT, SALESFORCE
from held_case import held

from syncd.core.brake import allowed
from syncd.domain.names import STAGE
from syncd.domain.order import ApplyPlan, Order
from syncd.domain.stage import Stage


def test_p7_a_class_without_a_limit_may_do_nothing() -> None:
    assert allowed(None, 1_000_000) == 0


def test_p7_a_wave_of_reverts_is_held_whole_and_the_watermark_goes_on() -> None:
    made = held()
    before = made.store.watermarks()

    made.cycles(3)

    assert {made.sf.stage(f"00Q{n}") for n in range(1, 7)} == {"sql"}
    assert made.lead().sides[SALESFORCE].baseline[STAGE] is Stage.MQL
    assert all(made.store.watermarks()[x] > before[x] for x in (SALESFORCE, HUBSPOT))


def test_p7_approving_applies_what_is_identical_and_lists_the_rest() -> None:
    made = held()
    (plan,) = made.store.open_plans()
    made.sf.move("00Q1", Stage.MQL)
    made.cycle(minutes=1)

    what = ApplyPlan(plan_id=plan.id)
    made.store.place(Order(id="o-1", what=what, by="ops", placed_at=made.time.now()))
    made.cycles(2, minutes=1)

    done = made.store.plan(plan.id)
    assert done
    assert [x.result for x in done.leads].count("applied") == 5
    assert {made.sf.stage(f"00Q{n}") for n in range(1, 7)} == {"mql"}
