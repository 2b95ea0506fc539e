"""Counting what a pair of CRMs looks like: who is linked, and where the sides disagree."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from core_cases import BUDGET, COMPANY, EMPLOYEES
from decide_cases import COUNTRY, GATES, HUBSPOT, MARKS, SALESFORCE, THE_MAP, known, side

from syncd.core.survey import FieldStanding, Standing, Survey, survey
from syncd.domain.lead import Lead, Side
from syncd.domain.names import STAGE, FieldName, LeadId
from syncd.domain.record import FieldFinding
from syncd.domain.stage import Stage
from syncd.domain.values import Direction, Seen, Unreadable


def found(*leads: Lead) -> Survey:
    return survey(iter(leads), THE_MAP, gates=GATES.gates)


def of_field(result: Survey, name: FieldName) -> FieldStanding:
    (one,) = (x for x in result.fields if x.field == name)
    return one


def pair(salesforce: Seen, hubspot: Seen) -> Lead:
    return known(Stage.LEAD, side(SALESFORCE, company=salesforce), side(HUBSPOT, company=hubspot))


def staged(salesforce: Stage, hubspot: Stage, fixed: str | None = None) -> Lead:
    one, two = side(SALESFORCE, salesforce), side(HUBSPOT, hubspot)
    return known(salesforce, replace(one, seen=replace(one.seen, fixed=fixed)), two)


def test_leads_are_counted_where_they_are() -> None:
    gone = replace(side(HUBSPOT), gone="deleted")
    leads = [
        known(),
        known(Stage.LEAD, side(SALESFORCE)),
        known(Stage.LEAD, side(SALESFORCE), gone),
        known(Stage.LEAD, gone),
    ]

    result = found(*leads)

    assert (result.leads, result.linked) == (3, 1)
    assert result.only == {SALESFORCE: 2, HUBSPOT: 0}


@pytest.mark.parametrize(
    ("salesforce", "hubspot", "expected"),
    [
        ("Acme", "Acme", Standing.AGREE),
        (None, None, Standing.AGREE),
        ("Acme", "Acme GmbH", Standing.DIFFER),
        ("Acme", None, Standing.ONLY_SALESFORCE),
        (None, "Acme", Standing.ONLY_HUBSPOT),
        ("Acme", Unreadable("odd"), Standing.UNREADABLE),
    ],
)
def test_a_field_is_counted_by_how_its_sides_stand(
    salesforce: Seen, hubspot: Seen, expected: Standing
) -> None:
    result = found(pair(salesforce, hubspot))

    assert of_field(result, COMPANY).leads == {expected: 1}


def test_a_check_box_that_is_not_ticked_agrees_with_one_nobody_answered() -> None:
    sides = side(SALESFORCE, budget_confirmed=False), side(HUBSPOT, budget_confirmed=None)

    result = found(known(Stage.LEAD, *sides))

    assert of_field(result, BUDGET).leads == {Standing.AGREE: 1}


def test_only_disagreements_count_as_such_and_the_way_a_field_flows_is_told() -> None:
    leads = [pair("a", "b"), pair("a", None), pair(None, "b"), pair("a", "a")]

    result = found(*leads, pair("a", Unreadable("odd")))

    assert of_field(result, COMPANY).disagreeing == 3
    assert of_field(result, COUNTRY).flows is Direction.TO_SALESFORCE


def test_fields_only_syncd_writes_are_no_disagreement() -> None:
    assert not {x.field for x in found(known()).fields} & set(MARKS.values())


def test_a_field_the_converted_record_does_not_have_is_not_compared() -> None:
    sides = {**THE_MAP.sides}
    sides[SALESFORCE] = replace(sides[SALESFORCE], converted_kind="Contact")
    lead = pair("a", "b")
    one = lead.sides[SALESFORCE]
    contact = replace(one, seen=replace(one.seen, kind="Contact"))
    lead = replace(lead, sides={**lead.sides, SALESFORCE: contact})

    result = survey([lead], replace(THE_MAP, sides=sides), gates=GATES.gates)

    assert of_field(result, COMPANY).leads == {}


def test_stages_that_differ_are_counted_by_pair_the_most_frequent_first() -> None:
    one = staged(Stage.LEAD, Stage.MQL)
    many = [staged(Stage.SAL, Stage.MQL) for _ in range(7)]

    result = found(one, *many, staged(Stage.SQL, Stage.SQL))

    shown = [(x.salesforce, x.hubspot, x.leads, len(x.examples)) for x in result.stages]
    assert shown == [(Stage.SAL, Stage.MQL, 7, 5), (Stage.LEAD, Stage.MQL, 1, 1)]


@pytest.mark.parametrize(
    ("lead", "impossible"),
    [
        (staged(Stage.CUSTOMER, Stage.NURTURE), True),
        (staged(Stage.SQL, Stage.NURTURE, "an opportunity is open"), True),
        (staged(Stage.SQL, Stage.NURTURE), False),
        (staged(Stage.NURTURE, Stage.SQL, "an opportunity is open"), False),
        (staged(Stage.CUSTOMER, Stage.SQL), False),
        (staged(Stage.LEAD, Stage.NURTURE, "an opportunity is open"), False),
    ],
    ids=[
        "no line writes customer",
        "the higher one is fixed",
        "it can be moved back",
        "the lower one is fixed",
        "no gate lies between, above",
        "no gate lies between, below",
    ],
)
def test_stages_cannot_both_be_true_when_the_higher_one_is_stuck_above_a_gate(
    lead: Lead, impossible: bool
) -> None:
    (one,) = found(lead).stages

    assert one.impossible == impossible


def test_those_that_cannot_be_true_are_told_first() -> None:
    many = [staged(Stage.SAL, Stage.MQL) for _ in range(3)]

    result = found(*many, staged(Stage.CUSTOMER, Stage.NURTURE))

    assert [x.impossible for x in result.stages] == [1, 0]


def test_a_stage_no_line_tells_differs_but_is_not_impossible() -> None:
    one = side(SALESFORCE, Stage.CUSTOMER)
    two = side(HUBSPOT)
    odd = replace(two, seen=replace(two.seen, values={**two.seen.values, STAGE: Unreadable("?")}))

    (shown,) = found(known(Stage.CUSTOMER, one, odd)).stages

    assert (shown.hubspot, shown.leads, shown.impossible) == (None, 1, 0)


def test_values_that_do_not_fit_are_counted_by_field_on_every_side() -> None:
    lone = [with_finding(side(SALESFORCE)), with_finding(side(SALESFORCE))]

    result = found(*(known(Stage.LEAD, x) for x in lone), known())

    assert result.unreadable == {SALESFORCE: {EMPLOYEES: 2}, HUBSPOT: {}}


def with_finding(one: Side) -> Side:
    finding = FieldFinding(field=EMPLOYEES, system=one.system, seen="many", fits="a number")
    return replace(one, seen=replace(one.seen, findings=(finding,)))


def test_a_few_examples_are_kept_of_any_number_of_leads() -> None:
    leads: Sequence[Lead] = [
        replace(staged(Stage.LEAD, Stage.MQL), id=LeadId(f"l{n}")) for n in range(9)
    ]

    (shown,) = found(*leads).stages

    assert shown.examples == ("l0", "l1", "l2", "l3", "l4")
