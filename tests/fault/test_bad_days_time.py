"""Bad days: the clock jumps ahead, or the daemon was away for long. No deadline fires on
what nobody has looked at, and what then is due is not done all at once."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from box import HOUR, MINUTE, Box, Person, box

from syncd.domain.audit import AuditKind
from syncd.domain.decision import Plan, PlanState
from syncd.domain.names import PlanId, System
from syncd.domain.order import ApplyPlan, Order
from syncd.sandbox.faults import Kind

DAY = 24 * HOUR
NAMES = ("ann", "bob", "cid", "dan", "eve", "fay", "gil", "hal")
TIGHT = {"default: {records: 200, percent: 10}": "default: {records: 3, percent: 0}"}
RECYCLED = ("Nurture", "lead", "BAD_TIMING")
OFFERED = ("Marketing Qualified", "marketingqualifiedlead", "")
ACCEPTED = ("Working", "marketingqualifiedlead", "IN_PROGRESS")
DATA = {System.SALESFORCE: "/services/data/", System.HUBSPOT: "/crm/"}


def offer_all(b: Box, names: Sequence[str] = NAMES) -> list[Person]:
    """Leads handed to sales, a few an hour, so that no brake minds."""
    people = []
    for name in names:
        people.append(b.offered(name))
        b.world.advance(20 * MINUTE)
    return people


def recycled(b: Box, people: Sequence[Person]) -> int:
    return sum(b.stages(p) == RECYCLED for p in people)


def lateness(b: Box, person: Person) -> list[str]:
    entries = b.story(person).audit
    return [entry.facts["late"] for entry in entries if entry.kind is AuditKind.RECYCLED]


def held(b: Box) -> Plan:
    (plan,) = b.worker.store.open_plans()
    return plan


def apply(b: Box, plan: PlanId) -> None:
    order = Order(
        id=f"apply-{plan}", what=ApplyPlan(plan_id=plan), by="Olga Ops", placed_at=b.world.now()
    )
    b.worker.store.place(order)


# --- the clock jumps -------------------------------------------------------------------------


@pytest.mark.parametrize("jump", [2 * HOUR, 10 * DAY], ids=["2 hours", "10 days"])
def test_a_jump_of_the_clock_reads_on_and_loses_no_edit(tmp_path: Path, jump: timedelta) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann")
        b.cycle()
        b.rep_sets(person, Title="CFO")

        b.cycle(after=jump)

        assert b.past[-1].down == {}
        assert b.contact(person)["jobtitle"] == "CFO"


def test_a_jump_short_of_the_deadline_does_not_recycle(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.offered("ann")

        b.cycle(after=2 * HOUR)
        b.cycles(3)

        assert b.stages(person) == OFFERED
        assert b.told("sla-breach") == []


def test_a_jump_past_every_deadline_recycles_once_and_says_that_it_was_late(
    tmp_path: Path,
) -> None:
    with box(tmp_path) as b:
        person = b.offered("ann")

        b.cycle(after=10 * DAY)
        b.cycles(5)

        assert b.stages(person) == RECYCLED
        assert lateness(b, person) == ["true"]
        assert [len(b.told(kind)) for kind in ("sla-breach", "recycled")] == [1, 1]
        assert b.told("sla-warning") == []  # nobody could still act on it


def test_what_sales_did_while_the_clock_jumped_is_seen_before_the_deadline_is_judged(
    tmp_path: Path,
) -> None:
    with box(tmp_path) as b:
        person = b.offered("ann")
        b.world.after(HOUR, lambda: b.rep_sets(person, Status="Working"))

        b.cycle(after=10 * DAY)
        b.cycles(5)

        assert b.stages(person) == ACCEPTED
        assert [b.told(kind) for kind in ("sla-breach", "recycled")] == [[], []]


def test_a_jump_over_a_grace_judges_the_move_as_it_stands_then(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        failing, mended = b.offered("ann"), b.offered("bob")
        for person in (failing, mended):
            b.rep_sets(person, Status="Sales Qualified")
        b.cycle()
        ready = {"Need__c": "Fewer spreadsheets", "Budget_Confirmed__c": True}
        b.world.after(HOUR, lambda: b.rep_sets(mended, **ready))

        b.cycle(after=2 * HOUR)
        b.cycles(3)

        assert b.stages(failing) == OFFERED
        assert b.stages(mended)[:2] == ("Sales Qualified", "salesqualifiedlead")
        assert len(b.told("blocked")) == 1


# --- back after a long stop ------------------------------------------------------------------


def test_after_a_long_stop_nothing_is_recycled_before_both_sides_are_fresh(
    tmp_path: Path,
) -> None:
    with box(tmp_path) as b:
        accepted, ignored = b.offered("ann"), b.offered("bob")
        b.world.after(HOUR, lambda: b.rep_sets(accepted, Status="Working"))
        b.arm(System.SALESFORCE, DATA[System.SALESFORCE], Kind.STATUS, times=None, status=503)

        b.restart(down_for=3 * DAY)
        b.cycles(4, HOUR)
        while_blind = (b.stages(ignored), b.told("recycled"))
        b.calm()
        b.cycles(4)

        assert while_blind == (OFFERED, [])
        assert b.stages(accepted) == ACCEPTED
        assert b.stages(ignored) == RECYCLED
        assert lateness(b, ignored) == ["true"]
        assert len(b.told("recycled")) == 1


def test_after_a_long_stop_what_exceeds_the_brake_is_held_and_told_once(tmp_path: Path) -> None:
    with box(tmp_path, changes=TIGHT) as b:
        people = offer_all(b)

        b.restart(down_for=3 * DAY)
        b.cycles(4)

        plan = held(b)
        assert recycled(b, people) == 0
        assert {entry.lead_id for entry in plan.leads} == {b.story(p).lead.id for p in people}
        assert len(b.told("held-plan")) == 1
        assert b.told("recycled") == []


def test_a_held_plan_stays_held_over_restarts_and_days(tmp_path: Path) -> None:
    with box(tmp_path, changes=TIGHT) as b:
        people = offer_all(b)
        b.restart(down_for=3 * DAY)
        b.cycles(3)
        plan = held(b).id

        b.restart(down_for=2 * DAY)
        b.cycles(3, HOUR)

        assert held(b).id == plan
        assert recycled(b, people) == 0
        first, again = b.told("held-plan")
        assert again == f"{first}#2"  # it lasts, and is told again after a while


def test_an_applied_plan_recycles_everybody_in_it_once(tmp_path: Path) -> None:
    with box(tmp_path, changes=TIGHT) as b:
        people = offer_all(b)
        b.restart(down_for=3 * DAY)
        b.cycles(3)
        plan = held(b).id

        apply(b, plan)
        b.cycles(4)

        assert recycled(b, people) == len(people)
        assert len(b.told("recycled")) == len(people)
        applied = b.worker.store.plan(plan)
        assert applied is not None
        assert applied.state is PlanState.DONE
        assert [entry.result for entry in applied.leads] == ["applied"] * len(people)
        assert not b.worker.store.open_plans()


def test_a_lead_that_sales_took_while_its_plan_was_held_is_left_out_of_it(
    tmp_path: Path,
) -> None:
    with box(tmp_path, changes=TIGHT) as b:
        taken, *rest = offer_all(b)
        b.restart(down_for=3 * DAY)
        b.cycles(3)
        plan = held(b).id
        b.rep_sets(taken, Status="Working")
        b.cycle()

        apply(b, plan)
        b.cycles(4)

        assert b.stages(taken) == ACCEPTED
        assert recycled(b, rest) == len(rest)
        applied = b.worker.store.plan(plan)
        assert applied is not None
        results = {entry.lead_id: entry.result for entry in applied.leads}
        assert "not applied" in results[b.story(taken).lead.id]


def test_after_a_long_stop_few_enough_are_recycled_without_asking(tmp_path: Path) -> None:
    with box(tmp_path, changes=TIGHT) as b:
        people = offer_all(b, NAMES[:3])

        b.restart(down_for=3 * DAY)
        b.cycles(4)

        assert recycled(b, people) == 3
        assert not b.worker.store.open_plans()


def test_a_restart_doubles_nothing(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.offered("ann")
        b.rep_sets(person, Status="Sales Qualified")
        b.cycles(7)
        before = (b.stages(person), b.notes(person), len(b.world.slack.messages))
        moves = len(b.story(person).transitions)

        for _ in range(3):
            b.restart(down_for=MINUTE)
            b.cycles(2)

        assert (b.stages(person), b.notes(person), len(b.world.slack.messages)) == before
        assert len(b.story(person).transitions) == moves
        assert b.worker.store.verify().broken_at is None
