"""Passing a lead on, with the CRMs telling who is there to take it."""

from dataclasses import replace
from datetime import timedelta

from core_cases import EVERYBODY, POLICY, clock
from decide_cases import SALESFORCE
from fakes import HEIR, PEOPLE, House, linked

from syncd.domain.action import WriteKind
from syncd.domain.calendar import BusinessHours
from syncd.domain.handoff import Rung
from syncd.domain.names import OWNER
from syncd.domain.order import ApplyPlan, Order
from syncd.domain.policy import Limit, Policy
from syncd.domain.record import Directory
from syncd.domain.stage import Stage
from syncd.errors import TransientError

LADDER = replace(
    EVERYBODY.ladder,
    reassign_after=BusinessHours(timedelta(hours=1)),
    reassign_to=(HEIR,),
    recycle_after=None,
)
PASSING_ON = replace(POLICY, segments=(replace(EVERYBODY, ladder=LADDER),))


def offered(rules: Policy = PASSING_ON) -> House:
    made = linked(rules=rules)
    made.hs.move("101", Stage.MQL)
    made.cycles(2, minutes=1)
    assert clock(made.lead().handoff).step(Rung.REASSIGN)
    return made


def owner(made: House) -> str | None:
    handoff = made.lead().handoff
    return handoff.owner if handoff else None


def test_a_lead_is_passed_on_to_whoever_the_crms_say_is_there() -> None:
    made = offered()

    made.cycles(10, minutes=3 * 60)

    assert owner(made) == HEIR
    assert {x.seen.values[OWNER] for x in made.lead().sides.values()} == {HEIR}


def test_a_colleague_who_came_within_the_hour_has_the_lead() -> None:
    made = offered()
    nina = replace(PEOPLE[0], id="005N", owner="nina@corp.example")
    known = (*PEOPLE, nina)
    by_id = {x.id: x for x in known}
    made.sf.newcomers = Directory(
        by_id=by_id, by_user_id=by_id, by_owner={x.owner: x for x in known}
    )
    made.sf.edit("00Q1", owner__c="005N")

    made.cycle(minutes=1)

    assert owner(made) == "nina@corp.example"


def test_while_a_crm_cannot_tell_who_is_there_the_lead_stays_where_it_is() -> None:
    made = offered()
    made.sf.fails["directory"] = TransientError("503")
    made.cycles(10, minutes=3 * 60)
    meanwhile = owner(made)

    made.sf.fails.clear()
    made.cycles(3, minutes=15)

    assert (meanwhile, owner(made)) == ("rep@corp.example", HEIR)


def test_leads_that_the_brake_held_are_passed_on_once_that_is_approved() -> None:
    none = {**PASSING_ON.brake, WriteKind.REASSIGN: Limit(records=0, percent=0)}
    made = offered(replace(PASSING_ON, brake=none))
    made.cycles(10, minutes=3 * 60)
    (plan,) = made.store.open_plans()
    before = owner(made)

    order = Order(id="o", what=ApplyPlan(plan_id=plan.id), by="ada", placed_at=made.time.now())
    made.store.place(order)
    made.cycles(3, minutes=11)

    assert (before, owner(made)) == ("rep@corp.example", HEIR)
    assert made.lead().sides[SALESFORCE].seen.values[OWNER] == HEIR
