"""What counts as another spelling of a field, and what is forgotten because of it."""

from dataclasses import replace
from typing import Any

import pytest
from core_cases import NOW
from decide_cases import HUBSPOT, MARKS, SALESFORCE, THE_MAP, TITLE, known, look, shows

from syncd.core.respell import forget, respelled, spellings
from syncd.domain.mapping import CrmMap, Mark
from syncd.domain.names import OWNER, FieldName, System
from syncd.domain.values import ConflictRule, Direction, FieldType

TITLES = frozenset({TITLE})


def with_title(**changes: Any) -> CrmMap:
    return with_field(TITLE, **changes)


def with_field(name: FieldName, **changes: Any) -> CrmMap:
    spec = replace(THE_MAP.fields[name], **changes)
    return replace(THE_MAP, fields={**THE_MAP.fields, name: spec})


def with_side(system: System, **changes: Any) -> CrmMap:
    side = replace(THE_MAP.sides[system], **changes)
    return replace(THE_MAP, sides={**THE_MAP.sides, system: side})


def since(before: CrmMap, now: CrmMap) -> dict[System, frozenset[FieldName]]:
    return respelled(spellings(before), spellings(now))


@pytest.mark.parametrize(
    ("now", "fields"),
    [
        (with_title(type=FieldType.INTEGER), dict.fromkeys(System, TITLES)),
        (
            with_title(properties={SALESFORCE: "Title", HUBSPOT: "title__c"}),
            {SALESFORCE: TITLES},
        ),
        (with_title(options={HUBSPOT: {"boss": "Boss"}}), {HUBSPOT: TITLES}),
        (with_side(HUBSPOT, owners={"a@x": "b@x"}), {HUBSPOT: frozenset({OWNER})}),
    ],
)
def test_another_type_property_or_table_of_values_is_another_spelling(
    now: CrmMap, fields: dict[System, frozenset[FieldName]]
) -> None:
    assert since(THE_MAP, now) == fields


@pytest.mark.parametrize(
    "now",
    [
        THE_MAP,
        with_title(conflict=ConflictRule.HUBSPOT),
        with_title(direction=Direction.NONE, clears=True, where="crm.yaml:3"),
        with_field(MARKS[Mark.VERDICT], type=FieldType.TEXT),
    ],
)
def test_what_a_field_is_for_is_no_part_of_its_spelling(now: CrmMap) -> None:
    assert since(THE_MAP, now) == {}


def test_where_a_converted_lead_has_the_field_is_part_of_it() -> None:
    known_kind = with_side(SALESFORCE, converted_kind="Contact", converted_path="C")
    spec = replace(THE_MAP.fields[TITLE], converted="Title")
    moved = replace(known_kind, fields={**THE_MAP.fields, TITLE: spec})

    assert since(known_kind, moved) == {SALESFORCE: TITLES}


def test_a_field_that_is_new_has_nothing_to_forget() -> None:
    fields = {name: spec for name, spec in THE_MAP.fields.items() if name != TITLE}

    assert since(replace(THE_MAP, fields=fields), THE_MAP) == {}


def test_nothing_of_a_forgotten_field_is_left() -> None:
    lead = known(title="CFO")
    lead = look(lead, shows(lead, HUBSPOT, title="CEO")).lead
    side = replace(lead.sides[SALESFORCE], settled_at={TITLE: NOW})
    lead = replace(lead, sides={**lead.sides, SALESFORCE: side})

    blank = forget(lead, {SALESFORCE: TITLES}).sides[SALESFORCE]

    for kept in (blank.seen.values, blank.baseline, blank.pending, blank.settled_at):
        assert TITLE not in kept
    assert side.pending


def test_the_other_side_and_the_other_fields_stay_as_they_are() -> None:
    lead = known(title="CFO", phone="1")

    blank = forget(lead, {SALESFORCE: TITLES})

    assert blank.sides[HUBSPOT] is lead.sides[HUBSPOT]
    assert blank.sides[SALESFORCE].baseline == _without_title(lead.sides[SALESFORCE].baseline)


def _without_title(values: Any) -> dict[FieldName, Any]:
    return {name: value for name, value in values.items() if name != TITLE}


def test_a_lead_that_was_never_read_with_the_field_is_the_same() -> None:
    lead = forget(known(), dict.fromkeys(System, TITLES))

    assert forget(lead, dict.fromkeys(System, TITLES)) is lead
