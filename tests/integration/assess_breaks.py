"""What can be broken in a sound town, each with the checks that must name it and no others."""

from dataclasses import replace
from datetime import timedelta

from assess_town import DAY, REASONS, STATUS, STEP, Rep, Town
from cli_office import Person

from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.hubspot.kinds import CONTACT
from syncd.sandbox.journal import Actor, ActorKind, Origin
from syncd.sandbox.salesforce.convert import convert_lead

MANY = 12
"""So many of each: more than one in twenty of all there are."""
FORTNIGHT = 15 * DAY

PEOPLE = {
    "sla-touched",
    "sla-tried-again",
    "sla-by-people",
    "feedback-reason-given",
    "stages-through-sql",
    "sla-kept",
    "handoff-answered",
    "handoff-by-people",
    "handoff-owned",
    "handoff-owner-active",
}
STORIES = {
    "stages-agree",
    "feedback-rejections-arrive",
    "feedback-reasons-match",
    "feedback-wins-arrive",
    "handoff-reaches-marketing",
    "capture-duplicates",
    "capture-values-agree",
    "handoff-owners-agree",
    "reporting-time-zones",
    "reporting-same-count",  # those HubSpot never had
}
HOUSE = {
    "handoff-reaches-sales",
    "definition-written",
    "definition-held-to",
    "sla-promised",
    "reporting-stage-history",
    "reporting-owner-history",
    "reporting-amounts",
    "reporting-one-by-one",
    "reporting-conversions",
    "reporting-closing-dates",
    "capture-source",
    "stages-sal-in-both",
    "stages-agree",  # HubSpot shows those who were accepted as MQLs
    "capture-budget",
    "capture-both-sides",
}
"""What must be named of each of the three broken pairs."""

# --- people who do not do what was agreed ---------------------------------------------------------


def nobody_calls(town: Town) -> None:
    for _ in range(MANY):
        person, _ = town.arrive()
        town.walk(person, "mql", "sal")


def one_try(town: Town) -> None:
    for _ in range(MANY):
        person, rep = town.arrive()
        town.walk(person, "mql")
        town.call(person, rep, "No answer")
        town.walk(person, "sal")


def robots_call(town: Town) -> None:
    robot = Actor(kind=ActorKind.AUTOMATION, id="1", name="Sequence")
    for _ in range(MANY):
        person, _ = town.arrive()
        town.walk(person, "mql")
        _by_workflow(town, robot, person)
        town.walk(person, "sal")


def _by_workflow(town: Town, robot: Actor, person: Person) -> None:
    Hands(town.office.world.hubspot, robot, via="workflow").log_email(person.hs, "Hello")


def late_calls(town: Town) -> None:
    people = [town.arrive() for _ in range(MANY)]
    for person, _ in people:
        town.walk(person, "mql")
    town.wait(5 * DAY)
    for person, rep in people:
        town.call(person, rep)
        town.walk(person, "sal")


def no_answer_for_a_fortnight(town: Town) -> None:
    for _ in range(MANY):
        person, rep = town.arrive()
        town.walk(person, "mql")
        town.call(person, rep)
    town.wait(FORTNIGHT)


def no_reason(town: Town) -> None:
    for _ in range(MANY):
        person, _ = town.taken()
        town.turn_down(person, "nurture", None)


def straight_to_conversion(town: Town) -> None:
    for _ in range(MANY):
        person, rep = town.taken()
        town.learn(person)
        town.sell(person, rep, won=True)


def gone_owner(town: Town) -> None:
    gone: Rep = town.reps[0]
    world = town.office.world
    with world.lock:
        world.salesforce.edit(gone.user.id, {"IsActive": False}, town.office.rep)
    world.hubspot.owners.archive(gone.owner.id, at=0)


# --- two CRMs that tell two stories ---------------------------------------------------------------


def stages_apart(town: Town) -> None:
    for _ in range(MANY):
        person, _ = town.taken()
        town.learn(person)
        town.marks(person, lifecyclestage="salesqualifiedlead")


def rejected_on_one_side(town: Town) -> None:
    for number in range(MANY):
        person, _ = town.taken()
        reason = REASONS[number % 3]
        town.sets(person, Rejection_Reason__c=reason, Status=STATUS["disqualified"])
        town.marks(person, rejection_reason=reason)


def reason_on_one_side(town: Town) -> None:
    for number in range(MANY):
        person, _ = town.taken()
        town.sets(person, Rejection_Reason__c=REASONS[number % 3])
        town.walk(person, "nurture")


def won_on_one_side(town: Town) -> None:
    for _ in range(MANY):
        person, rep = town.talked()
        town.sell(person, rep, won=True)
        town.marks(person, lifecyclestage="")
        town.marks(person, lifecyclestage="opportunity")


def never_in_salesforce(town: Town) -> None:
    for _ in range(MANY):
        person, rep = town.arrive()
        town.walk(person, "mql")
        with town.office.world.lock:
            rep.hands.log_call(person.hs, "Call", at=town.office.world.now())
        town.walk(person, "sal")
        with town.office.world.lock:
            town.office.world.salesforce.delete(person.sf, rep.user)


def never_in_hubspot(town: Town) -> None:
    for _ in range(2 * MANY):
        person, rep = town.taken()
        with town.office.world.lock:
            rep.hands.archive(person.hs)


def twice(town: Town) -> None:
    for _ in range(MANY):
        person, _ = town.arrive()
        with town.office.world.lock:
            row = town.office.world.salesforce.record(person.sf)
            names = ("LastName", "Company", "Email", "OwnerId", "Phone", "Title", "Country")
            again = {x: row[x] for x in (*names, "NumberOfEmployees")}
            town.office.world.salesforce.create("Lead", again, town.office.rep, via="import")


def values_apart(town: Town) -> None:
    for _ in range(MANY):
        person, _ = town.arrive()
        town.marks(person, phone="+44 20 7946 0000")


def owners_apart(town: Town) -> None:
    for _ in range(MANY):
        person, rep = town.taken()
        other = next(x for x in town.reps if x.owner != rep.owner)
        town.marks(person, hubspot_owner_id=str(other.owner.id))


def zones_apart(town: Town) -> None:
    town.office.world.hubspot.settings.time_zone = "Asia/Tokyo"


# --- a house in which nothing was ever agreed -----------------------------------------------------


def no_history(town: Town) -> None:
    town.office.world.salesforce.track_history("Lead", "Company")


_ACCEPTED = ("IN_PROGRESS", "CONNECTED", "ATTEMPTED_TO_CONTACT")


def no_accepted_stage(town: Town) -> None:
    portal = town.office.world.hubspot
    status = portal.tables[CONTACT].properties["hs_lead_status"]
    kept = tuple(x for x in status.options if x.value not in _ACCEPTED)
    portal.define(replace(status, options=kept))


def no_budget_in_hubspot(town: Town) -> None:
    for name in ("budget_confirmed", "budget_amount"):
        town.office.world.hubspot.undefine(name)


def mass_update(town: Town) -> None:
    people = [town.arrive() for _ in range(2 * MANY)]
    for person, _ in people:
        town.sets(person, Status=STATUS["mql"])
        town.marks(person, lifecyclestage="marketingqualifiedlead")
    for person, rep in people:
        town.call(person, rep)
    for person, _ in people:
        town.sets(person, Status=STATUS["sal"])
        town.marks(person, hs_lead_status="CONNECTED")


def wins_without_amount(town: Town) -> None:
    for _ in range(MANY):
        person, rep = town.talked()
        town.sell(person, rep, won=True, amount=None)


def overdue_deals(town: Town) -> None:
    for _ in range(MANY):
        town.convert(*town.talked())
    town.wait(timedelta(days=100))


def converted_to_nothing(town: Town) -> None:
    for _ in range(MANY):
        person, rep = town.talked()
        with town.office.world.lock:
            convert_lead(town.office.world.salesforce, person.sf, rep.user, with_opportunity=False)
        town.marks(person, lifecyclestage="opportunity")


def nobodys(town: Town) -> None:
    with town.office.world.lock:
        queue = town.office.world.salesforce.add_queue("Inbound")
    for _ in range(MANY):
        person, _ = town.taken()
        town.sets(person, OwnerId=queue)
        town.marks(person, hubspot_owner_id="")


def no_source(town: Town) -> None:
    for _ in range(MANY):
        person, rep = town.arrive(LeadSource=None)
        town.walk(person, "mql")
        town.call(person, rep)
        town.walk(person, "sal")


def by_workflow(town: Town) -> None:
    robot = Origin(Actor(kind=ActorKind.AUTOMATION, id="1", name="Scoring"), "workflow")
    for _ in range(MANY):
        person, _ = town.taken()
        town.learn(person)
        with town.office.world.lock:
            portal = town.office.world.hubspot
            portal.update(CONTACT, person.hs, {"lifecyclestage": "salesqualifiedlead"}, robot)
        town.wait(STEP)
        town.sets(person, Status=STATUS["sql"])
