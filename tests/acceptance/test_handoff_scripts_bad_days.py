"""Scripts of outages, restarts, leads that went elsewhere and settings that change: never on
stale data, never in bulk by accident, and nothing told twice.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from box import Person
from scripts import RITA, Play, listening, play

from syncd.domain.alert import Act
from syncd.domain.names import PlanId, System
from syncd.domain.order import ApplyPlan, Order
from syncd.domain.stage import Stage
from syncd.sandbox.faults import Kind
from syncd.sandbox.salesforce.convert import convert_lead

HOUR = timedelta(hours=1)


def down(script: Play, system: System) -> None:
    script.arm(system, ".*", Kind.STATUS, status=503, times=None)


@pytest.mark.parametrize("system", [System.SALESFORCE, System.HUBSPOT])
def test_while_one_crm_is_down_nothing_is_judged_and_afterwards_all_is_right(
    tmp_path: Path, system: System
) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        ana, bea = script.offered("ana"), script.offered("bea")
        script.at("Mon 10:00").sees("sales", "sales: Ana", "sales: Bea")
        down(script, system)
        script.at("Mon 11:00").sees("revops", f"syncd cannot read {system.label}")
        script.rep_sets(ana, Status="Working")
        script.rita_in_hubspot.edit(ana.hs, {"hs_lead_status": "IN_PROGRESS"})
        script.at("Mon 17:00").sees("managers")
        script.sees("marketing")
        script.sees("sales")
        script.calm()
        script.at("Mon 18:00").stands(ana, Stage.SAL)
        script.stands(bea, Stage.NURTURE)
        script.sees("marketing", "Bea … went back")
        script.sees("managers", "Bea … was not accepted in time", "Bea … still waits")


def test_while_activities_cannot_be_read_no_deadline_is_judged(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        ana = script.offered("ana", "Austria")
        script.at("Mon 10:00").sees("sales", "New MQL for sales: Ana")
        script.rep_sets(ana, Status="Working")
        script.at("Mon 10:30")
        script.arm(System.HUBSPOT, ".*/associations/.*", Kind.STATUS, status=503, times=None)
        script.at("Mon 16:30").sees("managers")
        script.rita_in_hubspot.log_call(ana.hs, "Hello", at=script.world.now() - 5 * HOUR)
        script.calm()
        script.at("Tue 17:00").stands(ana, Stage.SAL)


def test_after_a_stop_each_rung_comes_once_and_says_that_it_is_late(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        ana = script.offered("ana")
        script.at("Mon 10:00").sees("sales", "New MQL for sales: Ana")
        script.asleep_until("Wed 10:00").at("Wed 10:30").stands(ana, Stage.NURTURE)
        script.sees("managers", "Ana … was not accepted in time", "Ana … still waits")
        script.sees("marketing", "Ana … went back")
        script.shows("Ana … went back", "late")


def test_what_was_accepted_while_nobody_looked_is_not_recycled(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        ana = script.offered("ana")
        script.at("Mon 10:00").sees("sales", "New MQL for sales: Ana")
        script.asleep_until("Mon 11:00").rep_sets(ana, Status="Working")
        script.asleep_until("Wed 10:00").at("Wed 10:30").stands(ana, Stage.SAL)


def opened(script: Play, ana: Person) -> tuple[str, ...]:
    del ana
    script.at("Mon 09:30")
    return ("New MQL",)


def warned(script: Play, ana: Person) -> tuple[str, ...]:
    del ana
    script.at("Mon 12:05")
    return ("New MQL", "is waiting to be accepted")


def breached(script: Play, ana: Person) -> tuple[str, ...]:
    del ana
    script.at("Mon 13:05").sees("managers", "was not accepted in time")
    return ("New MQL", "is waiting to be accepted")


def escalated(script: Play, ana: Person) -> tuple[str, ...]:
    del ana
    script.at("Mon 14:05").sees("managers", "was not accepted in time", "and it still waits")
    return ("New MQL", "is waiting to be accepted")


@pytest.mark.parametrize("until", [opened, warned, breached, escalated])
def test_a_restart_repeats_nothing_and_forgets_nothing(
    tmp_path: Path, until: Callable[[Play, Person], tuple[str, ...]]
) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        ana = script.offered("ana")
        told = until(script, ana)
        script.restart()
        script.at("Mon 16:10").stands(ana, Stage.NURTURE)
        script.sees("sales", *told[:1], "is waiting to be accepted")
        script.sees("marketing", "Ana … went back")
        breach = ("was not accepted in time", "and it still waits")
        script.sees("managers", *breach[{opened: 0, warned: 0, breached: 1, escalated: 2}[until] :])


@pytest.mark.parametrize("state", ["accepted", "touched", "snoozed"])
def test_a_restart_keeps_what_people_did(tmp_path: Path, state: str) -> None:
    with play(tmp_path) as script:
        listening(script).at("Mon 09:00")
        ana = script.offered("ana", "France")
        script.at("Mon 10:00").sees("sales", "New MQL for sales: Ana")
        if state == "snoozed":
            script.clicks(RITA, Act.SNOOZE, ana)
        else:
            script.rep_sets(ana, Status="Working")
        if state == "touched":
            script.call(ana)
        script.at("Mon 10:30")
        before = script.handoff(ana)
        script.worker.stop_listening()
        script.restart()
        script.at("Mon 11:00")

        assert script.handoff(ana) == before


def test_a_restart_after_the_end_offers_nothing_again(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        ana = script.offered("ana")
        script.at("Mon 16:10").sees("sales", "New MQL", "is waiting to be accepted")
        script.sees("managers", "was not accepted in time", "and it still waits")
        script.sees("marketing", "Ana … went back")
        script.restart(down_for=HOUR)
        script.at("Fri 17:00").stands(ana, Stage.NURTURE)


def converted(script: Play, ana: Person) -> None:
    convert_lead(script.world.salesforce, ana.sf, script.rep)


def disqualified_by_marketing(script: Play, ana: Person) -> None:
    script.marketer.edit(ana.hs, {"lifecyclestage": "lead", "hs_lead_status": "UNQUALIFIED"})


@pytest.mark.parametrize(
    ("went", "told"),
    [
        (converted, ("Ana … does not meet the SQL standard and cannot be moved back",)),
        (disqualified_by_marketing, ()),
    ],
)
def test_of_a_lead_that_went_elsewhere_nothing_more_is_promised(
    tmp_path: Path, went: Callable[[Play, Person], None], told: tuple[str, ...]
) -> None:
    with play(tmp_path) as script:
        script.at("Mon 09:00")
        ana = script.offered("ana")
        script.at("Mon 10:00").sees("sales", "New MQL for sales: Ana")
        with script.world.lock:
            went(script, ana)
        script.at("Fri 17:00").sees("managers", *told)
        known = script.known(ana)

        assert known is not None
        assert known.handoff is None


def test_three_rounds_and_it_is_retired(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        ana = script.new("ana")
        for day in ("2026-03-03", "2026-03-10", "2026-03-17"):
            script.at(f"{day} 09:00").qualify(ana)
            script.at(f"{day} 17:00").sees("sales", "New MQL for sales: Ana", "is waiting to be")
            script.sees("managers", "was not accepted in time", "and it still waits")
            script.sees("marketing", "Ana … went back to")
        script.at("2026-03-18 09:00").stands(ana, Stage.DISQUALIFIED)


def test_the_next_rep_reads_how_the_round_before_ended(tmp_path: Path) -> None:
    with play(tmp_path) as script:
        ana = script.new("ana")
        script.at("2026-03-03 09:00").qualify(ana)
        script.at("2026-03-03 17:00").sees("sales", "New MQL for sales: Ana", "is waiting to be")
        script.sees("managers", "was not accepted in time", "and it still waits")
        script.sees("marketing", "Ana … went back to")
        script.at("2026-03-10 09:00").qualify(ana)
        script.at("2026-03-10 10:00").sees("sales", "New MQL for sales: Ana")
        script.shows("New MQL for sales: Ana", "Round 1: with rita@example.com")


def test_too_many_at_once_are_held_until_a_person_lets_them_go(tmp_path: Path) -> None:
    brake = {"  default: {records: 200, percent: 10}": "  default: {records: 2, percent: 0}"}
    with play(tmp_path, changes=brake) as script:
        people = [script.new(name) for name in ("ana", "bea", "cem", "dan")]
        script.at("Mon 09:00").qualify(*people)
        script.at("Mon 15:55").sees("sales", *4 * ["New MQL"], *4 * ["is waiting to be accepted"])
        script.sees("managers", *4 * ["was not accepted in time"], *4 * ["it still waits"])
        script.sees("revops")
        script.at("Tue 09:00").sees("revops", "held")
        before = recycled(script, people)
        [plan] = script.worker.store.open_plans()
        let_go(script, plan.id)
        script.at("Tue 10:00").sees("marketing", *4 * ["went back to Nurture"])

        assert (before, recycled(script, people)) == (0, 4)


def recycled(script: Play, people: list[Person]) -> int:
    return sum(script.lead(person)["Status"] == "Nurture" for person in people)


def let_go(script: Play, plan: PlanId) -> None:
    """As `syncd plan apply` asks for it."""
    now = script.world.now()
    order = Order(id="order-1", by="ops", what=ApplyPlan(plan_id=plan), placed_at=now)
    script.worker.store.place(order)


def test_an_outage_over_two_hundred_deadlines_recycles_nobody_and_is_told_once(
    tmp_path: Path,
) -> None:
    with play(tmp_path, changes={"alone: 50}": "alone: 5}"}) as script:
        people = [script.arrive(f"p{n}") for n in range(200)]
        script.at("Mon 09:00").qualify(*people)
        script.at("Mon 10:00")
        script.looked_away()
        down(script, System.SALESFORCE)
        for person in people[::2]:
            script.rep_sets(person, Status="Working")
        script.at("Mon 17:00").sees("revops", "syncd cannot read Salesforce")
        script.sees("managers")
        script.sees("marketing")
        script.sees("sales")
        before = recycled(script, people)
        script.calm()
        script.at("Tue 12:00")
        script.looked_away()

        assert before == 0
        assert [script.lead(p)["Status"] for p in people] == ["Working", "Nurture"] * 100
