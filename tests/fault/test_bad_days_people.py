"""Bad days: CRMs that disagree, people who are faster, automations that fight back."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from box import HOUR, MINUTE, Box, Person, box

from syncd.domain.audit import AuditKind
from syncd.domain.names import LeadId, System
from syncd.domain.order import Order, ReleaseLead
from syncd.domain.stage import Stage
from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.journal import Actor, ActorKind, Entry
from syncd.sandbox.journal import System as Front
from syncd.sandbox.world import World

POLLED = "POST .*/composite$"
"""Salesforce is polled last: what happens now, the decisions of this cycle do not know."""
SQL_READY = {"Need__c": "Fewer spreadsheets", "Budget_Confirmed__c": True}


def kinds(b: Box, person: Person) -> list[AuditKind]:
    return [entry.kind for entry in b.story(person).audit]


# --- disagreement ----------------------------------------------------------------------------


def test_a_disagreement_found_at_first_sight_is_left_alone(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann", Status="Working")
        b.start_over(after=HOUR)  # the lead is older than syncd now

        b.cycles(5)

        assert b.stages(person) == ("Working", "lead", "")
        assert set(b.story(person).lead.sides) == set(System)
        assert b.world.slack.messages == []


def test_two_people_who_move_a_lead_apart_end_at_the_later_passing_move(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.offered("ann")
        b.marketer_sets(person, hs_lead_status="UNQUALIFIED", lifecyclestage="lead")
        b.world.advance(timedelta(seconds=20))
        b.rep_sets(person, Status="Working")

        b.cycles(4)

        assert b.stages(person) == ("Working", "marketingqualifiedlead", "IN_PROGRESS")
        assert AuditKind.CONFLICT in kinds(b, person)


def test_of_two_moves_apart_the_refused_one_drops_out(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.offered("ann")
        b.marketer_sets(person, hs_lead_status="IN_PROGRESS")
        b.world.advance(timedelta(seconds=20))
        b.rep_sets(person, Status="Sales Qualified")  # later, and it fails its gate

        b.cycles(8)

        assert b.stages(person) == ("Working", "marketingqualifiedlead", "IN_PROGRESS")


def test_two_automations_that_disagree_are_told_once_and_both_left_alone(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.offered("ann")
        robot = Actor(kind=ActorKind.AUTOMATION, id="flow", name="Lead flow")
        workflow = Hands(b.world.hubspot, robot, via="workflow")
        b.world.salesforce.edit(person.sf, {"Status": "Disqualified"}, robot)
        workflow.edit(person.hs, {"hs_lead_status": "IN_PROGRESS"})

        b.cycles(6)

        shown = ("Disqualified", "marketingqualifiedlead", "IN_PROGRESS")
        assert b.stages(person) == shown
        assert len(b.told("conflict")) == 1


# --- an automation that fights back ----------------------------------------------------------


def stubborn_flow(person: Person) -> Callable[[World, Entry], None]:
    """Whenever the lead leaves Sales Qualified, a flow sets it again a minute later."""
    robot = Actor(kind=ActorKind.AUTOMATION, id="flow", name="Lead flow")

    def insist(world: World, entry: Entry) -> None:
        left = entry.field == "Status" and entry.before == "Sales Qualified"
        if entry.record_id == person.sf and left:
            again = {"Status": "Sales Qualified"}
            world.after(MINUTE, lambda: world.salesforce.edit(person.sf, again, robot))

    return insist


def fought_over(b: Box) -> Person:
    person = b.offered("ann")
    b.world.automation(stubborn_flow(person))
    b.rep_sets(person, Status="Sales Qualified")
    b.cycles(45)
    return person


def reverts(b: Box, person: Person) -> int:
    entries = b.world.journal.of(Front.SALESFORCE, person.sf, "Status")
    return sum(e.before == "Sales Qualified" and e.actor.kind is ActorKind.API for e in entries)


def test_a_stage_set_again_three_times_is_contested_and_frozen(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = fought_over(b)

        b.cycles(20)

        assert reverts(b, person) == 3
        assert b.stages(person) == ("Sales Qualified", "marketingqualifiedlead", "")
        assert len(b.told("contested")) == 1
        text = next(m.text for m in b.world.slack.messages if "contested" in m.text)
        assert "Automated Process" in text
        contest = b.story(person).lead.contest
        assert contest is not None
        assert contest.times == 3


def test_a_contested_lead_is_not_recycled(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = fought_over(b)

        b.cycles(10, HOUR)

        assert b.stages(person)[0] == "Sales Qualified"
        assert b.told("recycled") == []


def test_a_released_lead_is_judged_again_from_the_start(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = fought_over(b)
        b.rep_sets(person, **SQL_READY)
        b.cycle()
        order = Order(
            id="order-1",
            what=ReleaseLead(lead_id=LeadId(b.story(person).lead.id)),
            by="Olga Ops",
            placed_at=b.world.now(),
        )
        b.worker.store.place(order)

        b.cycles(4)

        lead = b.story(person).lead
        assert (lead.contest, lead.stage) == (None, Stage.SQL)
        assert b.stages(person)[:2] == ("Sales Qualified", "salesqualifiedlead")
        assert AuditKind.RELEASED in kinds(b, person)


def test_a_lead_released_into_the_same_fight_is_contested_again_and_told_again(
    tmp_path: Path,
) -> None:
    with box(tmp_path) as b:
        person = fought_over(b)
        lead_id = LeadId(b.story(person).lead.id)
        b.worker.store.place(
            Order(
                id="order-1",
                what=ReleaseLead(lead_id=lead_id),
                by="Olga Ops",
                placed_at=b.world.now(),
            )
        )

        b.cycles(45)

        assert reverts(b, person) == 6
        assert b.story(person).lead.contest is not None
        assert len(b.told("contested")) == 2


# --- a person who was faster -----------------------------------------------------------------


def test_an_edit_between_decision_and_delivery_is_not_written_over(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann")
        b.cycle()
        b.marketer_sets(person, jobtitle="CFO")
        b.during(POLLED, lambda: b.rep_sets(person, Title="Buyer"))

        b.cycle()
        kept = b.lead(person)["Title"]
        b.cycles(5)

        assert kept == "Buyer"
        titles = [e.after for e in b.world.journal.of(Front.SALESFORCE, person.sf, "Title")]
        assert titles == ["Buyer"]
        assert b.contact(person)["jobtitle"] == "Buyer"
        assert AuditKind.CONFLICT in kinds(b, person)


def test_a_move_between_decision_and_delivery_of_its_predecessor_is_judged_by_itself(
    tmp_path: Path,
) -> None:
    """The rep mends the lead and moves on at the very moment the first move is taken back."""
    with box(tmp_path) as b:
        person = b.arrive("ann", **SQL_READY)
        b.cycle()
        b.rep_sets(person, Status="Sales Qualified", Need__c=None)
        b.cycles(5)
        b.during(POLLED, lambda: b.rep_sets(person, Status="Working"))

        b.cycles(8)

        assert b.stages(person) == ("Working", "marketingqualifiedlead", "IN_PROGRESS")
        assert b.story(person).lead.stage is Stage.SAL
