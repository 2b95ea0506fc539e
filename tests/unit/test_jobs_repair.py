"""A repair that was ordered: which leads it touches, in which parts, and what the brake says."""

from dataclasses import replace
from datetime import timedelta

import pytest
from decide_cases import AT_ONCE, HUBSPOT, SALESFORCE, few_at_once
from fakes import House, add_person, house

from syncd.commit import Commit
from syncd.domain.action import WriteKind
from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.names import FieldName, System
from syncd.domain.order import ApplyPlan, Order, RepairField
from syncd.domain.policy import Limit, Policy
from syncd.domain.stage import Stage
from syncd.domain.values import Direction
from syncd.jobs.backfill import backfill
from syncd.jobs.order_repair import carry_out_repair

COMPANY, COUNTRY = FieldName("company"), FieldName("country")
FREE = replace(AT_ONCE, brake=dict.fromkeys(WriteKind, Limit(records=100, percent=100)))
FEW = few_at_once(1)

NONE = Limit(records=0, percent=0)
NO_REPAIR = replace(FREE, brake={**FREE.brake, WriteKind.REPAIR: NONE})


def disagreeing(count: int, *, rules: Policy = FREE) -> House:
    """So many people whose company is spelled differently in the two CRMs, baselined so."""
    made = house(rules=rules)
    for number in range(1, count + 1):
        add_person(made, Stage.SAL, number=number)
        made.sf.edit(f"00Q{number}", company__c=f"Acme {number}")
        made.hs.edit(f"10{number}", company__c=f"acme{number}")
    backfill(made.pair, made.time, lease=timedelta(days=365), told=lambda _: None)
    made.time.sleep(timedelta(hours=1))
    made.cycle()
    return made


def order(made: House, take: System, field: FieldName = COMPANY, number: int = 1) -> None:
    what = RepairField(field=field, take=take)
    made.store.place(Order(id=f"o-{number}", what=what, by="ops", placed_at=made.time.now()))


def approve(made: House) -> None:
    (plan,) = made.store.open_plans()
    what = ApplyPlan(plan_id=plan.id)
    made.store.place(Order(id="o-2", what=what, by="ops", placed_at=made.time.now()))


def companies(made: House, side: System, count: int) -> list[object]:
    crm, first = (made.sf, "00Q") if side is SALESFORCE else (made.hs, "10")
    return [crm.value(f"{first}{n}", "company__c") for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("take", "expected"), [(SALESFORCE, ["Acme 1", "Acme 2"]), (HUBSPOT, ["acme1", "acme2"])]
)
def test_the_other_side_is_given_what_the_chosen_one_shows(
    take: System, expected: list[object]
) -> None:
    made = disagreeing(2)
    order(made, take)

    made.cycles(3)

    assert companies(made, SALESFORCE, 2) == companies(made, HUBSPOT, 2) == expected
    assert made.store.waiting() == []


def test_nothing_is_repaired_that_nobody_ordered() -> None:
    made = disagreeing(2)

    made.cycles(3)

    assert companies(made, HUBSPOT, 2) == ["acme1", "acme2"]


def test_a_repair_is_its_own_class_of_writes_and_says_who_ordered_it() -> None:
    made = disagreeing(1)
    order(made, SALESFORCE)

    made.cycle()

    assert made.store.spent(made.time.now()) == {WriteKind.REPAIR: 1}
    (entry,) = (x for x in made.story().audit if x.kind is AuditKind.RESOLVED)
    assert (entry.facts["field"], entry.facts["take"]) == ("company", "salesforce")
    assert entry.personal == {"by": "ops", "salesforce": "Acme 1", "hubspot": "acme1"}


def test_an_empty_value_is_filled_but_never_fills() -> None:
    made = disagreeing(0)
    add_person(made, Stage.SAL, number=1)
    add_person(made, Stage.SAL, number=2)
    made.sf.edit("00Q1", company__c="Acme")
    made.hs.edit("102", company__c="Globex")
    backfill(made.pair, made.time, lease=timedelta(days=365), told=lambda _: None)
    order(made, SALESFORCE)

    made.cycles(3)

    assert companies(made, HUBSPOT, 2) == ["Acme", "Globex"]
    assert companies(made, SALESFORCE, 2) == ["Acme", None]


def test_a_field_that_does_not_flow_there_is_left() -> None:
    made = disagreeing(0)
    add_person(made, Stage.SAL)
    made.sf.edit("00Q1", country__c="DE")
    made.hs.edit("101", country__c="AT")
    backfill(made.pair, made.time, lease=timedelta(days=365), told=lambda _: None)
    order(made, SALESFORCE, COUNTRY)

    made.cycles(3)

    assert made.hs.value("101", "country__c") == "AT"
    assert made.store.waiting() == []


def test_a_repair_that_became_impossible_ends_and_tells_which_line_to_change() -> None:
    made = disagreeing(2)
    order(made, SALESFORCE)
    crm = made.pair.rules.crm
    only_read = replace(crm.fields[COMPANY], direction=Direction.NONE, where="crm.yaml:91")
    crm = replace(crm, fields={**crm.fields, COMPANY: only_read})
    made.pair = replace(made.pair, rules=replace(made.pair.rules, crm=crm))

    made.cycles(2)

    assert companies(made, HUBSPOT, 2) == ["acme1", "acme2"]
    assert made.store.waiting() == []
    alerts = [x.alert for _, sent in made.slack.sent for x in sent]
    (told,) = (x for x in alerts if x.kind is AlertKind.GIVEN_UP)
    assert told.title == "Not carried out: the repair of company"
    assert told.why == ("company does not flow to HubSpot (direction: none, crm.yaml:91)",)


def test_a_field_the_native_connector_moves_by_now_is_not_repaired() -> None:
    made = disagreeing(1)
    order(made, SALESFORCE)
    status = replace(made.store.sides()[HUBSPOT], connector={COMPANY: made.time.now()})
    made.store.commit(Commit(now=made.time.now(), sides={HUBSPOT: status}))

    made.cycles(2)

    assert companies(made, HUBSPOT, 1) == ["acme1"]
    assert made.store.waiting() == []
    assert AlertKind.GIVEN_UP in made.slack.kinds()


def test_an_edit_under_way_takes_its_normal_course() -> None:
    made = disagreeing(1)
    made.hs.edit("101", company__c="Acme Inc")
    order(made, SALESFORCE)

    made.cycles(3)

    assert companies(made, SALESFORCE, 1) == companies(made, HUBSPOT, 1)
    assert made.sf.value("00Q1", "company__c") == "Acme Inc"


def test_what_exceeds_the_brake_is_held_and_written_once_it_is_approved() -> None:
    made = disagreeing(3, rules=FEW)
    order(made, SALESFORCE)
    made.cycles(3)
    (plan,) = made.store.open_plans()
    held = (plan.kind, len(plan.leads), companies(made, HUBSPOT, 3), len(made.store.waiting()))

    made.store.place(
        Order(id="o-2", what=ApplyPlan(plan_id=plan.id), by="ops", placed_at=made.time.now())
    )
    made.cycles(3)

    assert held == (WriteKind.REPAIR, 3, ["acme1", "acme2", "acme3"], 1)
    assert companies(made, HUBSPOT, 3) == ["Acme 1", "Acme 2", "Acme 3"]
    assert made.store.waiting() == []


def test_a_held_lead_that_needs_no_repair_any_more_is_let_go() -> None:
    made = disagreeing(3, rules=FEW)
    order(made, SALESFORCE)
    made.cycle()
    (plan,) = made.store.open_plans()
    made.sf.edit("00Q2", company__c="acme2")
    made.store.place(
        Order(id="o-2", what=ApplyPlan(plan_id=plan.id), by="ops", placed_at=made.time.now())
    )

    made.cycles(3, minutes=1)

    assert companies(made, HUBSPOT, 3) == ["Acme 1", "acme2", "Acme 3"]
    assert {made.lead(f"00Q{n}").held for n in (1, 2, 3)} == {None}


def test_a_held_repair_stops_no_clock_of_its_leads() -> None:
    made = disagreeing(1, rules=NO_REPAIR)
    made.hs.move("101", Stage.LEAD)
    made.cycle(minutes=1)
    made.hs.move("101", Stage.MQL)
    made.cycle(minutes=1)
    order(made, SALESFORCE)

    made.cycles(80, minutes=180)

    assert companies(made, HUBSPOT, 1) == ["acme1"]
    told = made.slack.kinds()
    assert {AlertKind.HELD_PLAN, AlertKind.SLA_BREACH, AlertKind.RECYCLED} <= {*told}


def test_an_edit_of_another_field_takes_no_lead_out_of_a_held_repair() -> None:
    made = disagreeing(3, rules=FEW)
    order(made, SALESFORCE)
    made.cycles(2)
    made.sf.edit("00Q2", title__c="CEO")
    made.cycles(2)

    approve(made)
    made.cycles(3)

    assert companies(made, HUBSPOT, 3) == ["Acme 1", "Acme 2", "Acme 3"]
    assert made.hs.value("102", "title__c") == "CEO"


def test_a_lead_that_is_held_for_its_move_is_repaired_all_the_same() -> None:
    made = disagreeing(1, rules=replace(FREE, brake={**FREE.brake, WriteKind.PROPAGATE: NONE}))
    made.hs.move("101", Stage.NURTURE)
    made.cycle(minutes=1)
    order(made, SALESFORCE)

    made.cycles(2, minutes=1)

    assert companies(made, HUBSPOT, 1) == ["Acme 1"]
    assert made.lead().held


def test_a_repair_is_carried_out_in_parts() -> None:
    made = disagreeing(5)
    order(made, SALESFORCE)
    sizes = []
    for _ in range(4):
        (standing,) = made.store.waiting()
        assert isinstance(standing.what, RepairField)
        carry_out_repair(made.pair, standing, standing.what, made.context(), part=2)
        sizes.append(made.store.spent(made.time.now()).get(WriteKind.REPAIR, 0))

    assert (sizes, made.store.waiting()) == ([2, 4, 5, 5], [])


def test_repairs_are_carried_out_one_after_the_other() -> None:
    made = disagreeing(2)
    order(made, SALESFORCE)
    made.time.sleep(timedelta(seconds=1))
    order(made, HUBSPOT, FieldName("title"), number=2)

    made.cycle()

    first, second = (x.what for x in made.store.waiting())
    assert isinstance(first, RepairField)
    assert isinstance(second, RepairField)
    assert (first.after is None, second.after) == (False, None)
