"""A field seen for the first time is not an edit: DESIGN section 5, field by field."""

from dataclasses import replace

import pytest
from core_cases import NOW
from decide_cases import (
    BEFORE,
    COUNTRY,
    HUBSPOT,
    MARKS,
    MINUTE,
    SALESFORCE,
    TITLE,
    audit,
    known,
    look,
    records,
    shows,
    side,
    writes,
)

from syncd.domain.audit import AuditKind
from syncd.domain.decision import Observation
from syncd.domain.lead import Lead, Pending, Side
from syncd.domain.mapping import Mark
from syncd.domain.names import ActionKey, FieldName, RecordId, System
from syncd.domain.stage import Stage
from syncd.domain.values import Seen, Unreadable

BOTH = {SALESFORCE: "CEO", HUBSPOT: "Boss"}
HIDDEN = Unreadable("not readable")


def unlearned(of: Side, field: FieldName = TITLE) -> Side:
    """The side as if the map had never had the field."""
    seen = {name: value for name, value in of.seen.values.items() if name != field}
    baseline = {name: value for name, value in of.baseline.items() if name != field}
    return replace(of, seen=replace(of.seen, values=seen), baseline=baseline)


def without_title(country: Seen = None) -> Lead:
    return known(Stage.LEAD, *(unlearned(side(system, country=country)) for system in System))


def hidden_title() -> Lead:
    return known(Stage.LEAD, *(side(system, title=HIDDEN) for system in System))


def shown(lead: Lead, *systems: System, minutes: int = 0) -> tuple[Observation, ...]:
    at = NOW + minutes * MINUTE
    return tuple(shows(lead, system, at=at, title=BOTH[system]) for system in systems)


@pytest.mark.parametrize("before", [without_title(), hidden_title()])
@pytest.mark.parametrize("order", [(SALESFORCE, HUBSPOT), (HUBSPOT, SALESFORCE)])
def test_a_new_field_is_settled_as_each_side_shows_it_whichever_is_read_first(
    before: Lead, order: tuple[System, System]
) -> None:
    first = look(before, *shown(before, order[0]))

    found = look(first.lead, *shown(first.lead, order[1], minutes=1))

    assert records(first) == records(found) == ()
    assert {s: found.lead.sides[s].baseline[TITLE] for s in System} == BOTH


@pytest.mark.parametrize("before", [without_title(), hidden_title()])
def test_a_new_field_the_sides_disagree_about_is_listed_once(before: Lead) -> None:
    found = look(before, *shown(before, SALESFORCE, HUBSPOT))
    again = look(found.lead, *shown(found.lead, SALESFORCE, HUBSPOT, minutes=1))

    assert audit(found) == [AuditKind.DISAGREEMENT]
    assert found.audit[0].facts["field"] == TITLE
    assert audit(again) == []


def test_a_new_field_the_sides_agree_about_is_nothing_to_tell() -> None:
    before = without_title()

    found = look(before, *(shows(before, system, at=NOW, title="CEO") for system in System))

    assert audit(found) == []


def test_an_empty_field_that_was_settled_is_edited_when_it_is_filled() -> None:
    before = known(title=None)

    found = look(before, shows(before, HUBSPOT, title="CEO"))

    assert writes(found, SALESFORCE) == {TITLE: "CEO"}


def test_an_edit_after_the_first_look_at_the_field_travels() -> None:
    before = without_title()
    learned = look(before, *shown(before, SALESFORCE, HUBSPOT)).lead

    found = look(learned, shows(learned, HUBSPOT, at=NOW + MINUTE, title="CTO"))

    assert writes(found, SALESFORCE) == {TITLE: "CTO"}


def test_an_edit_waits_for_the_other_side_to_be_read_with_the_new_field() -> None:
    before = without_title()
    half = look(before, *shown(before, HUBSPOT)).lead
    edited = look(half, shows(half, HUBSPOT, at=NOW + MINUTE, title="CTO"))

    found = look(edited.lead, *shown(edited.lead, SALESFORCE, minutes=2))

    assert records(edited) == ()
    assert writes(found, SALESFORCE) == {TITLE: "CTO"}


def test_a_field_that_left_the_map_and_came_back_is_seen_for_the_first_time_again() -> None:
    settled = side(SALESFORCE, title="of last year")
    blank = unlearned(settled)
    before = known(Stage.LEAD, replace(blank, baseline=settled.baseline), side(HUBSPOT))

    found = look(before, shows(before, SALESFORCE, title="CEO"))

    assert records(found) == ()
    assert found.lead.sides[SALESFORCE].baseline[TITLE] == "CEO"


def test_a_field_hidden_for_a_while_keeps_what_was_settled_and_what_changed_is_news() -> None:
    settled = known(title="CFO")
    hidden = look(settled, shows(settled, HUBSPOT, title=HIDDEN)).lead

    found = look(hidden, shows(hidden, HUBSPOT, at=NOW + MINUTE, title="CEO"))

    assert writes(found, SALESFORCE) == {TITLE: "CEO"}


def test_a_lone_record_is_learned_alike() -> None:
    before = known(Stage.LEAD, unlearned(side(HUBSPOT)))

    found = look(before, *shown(before, HUBSPOT))

    assert found.lead.sides[HUBSPOT].baseline[TITLE] == "Boss"


def test_a_converted_record_brings_a_field_the_lead_did_not_have() -> None:
    before = known(Stage.LEAD, unlearned(side(SALESFORCE)), side(HUBSPOT, title="Boss"))
    contact = shows(before, SALESFORCE, at=NOW, title="CEO").snapshot
    contact = replace(
        contact, record_id=RecordId("003A"), kind="Contact", former=(contact.record_id,)
    )

    found = look(before, Observation(snapshot=contact))

    assert records(found) == ()
    assert found.lead.sides[SALESFORCE].baseline[TITLE] == "CEO"
    assert AuditKind.DISAGREEMENT in audit(found)


def test_a_record_that_came_back_with_a_new_field_does_not_carry_it_over() -> None:
    gone = replace(unlearned(side(SALESFORCE)), gone="deleted", gone_at=BEFORE)
    before = known(Stage.LEAD, gone, side(HUBSPOT, title="Boss"))

    found = look(before, *shown(before, SALESFORCE))

    assert records(found) == ()
    assert found.lead.sides[SALESFORCE].baseline[TITLE] == "CEO"


def test_what_is_in_flight_is_not_taken_for_a_first_look() -> None:
    flight = Pending(key=ActionKey("k"), replaces=(None,), writes="ours")
    blank = unlearned(side(SALESFORCE))
    before = known(Stage.LEAD, replace(blank, pending={TITLE: flight}), side(HUBSPOT, title="ours"))

    found = look(before, *shown(before, SALESFORCE))

    assert writes(found, HUBSPOT) == {}
    assert AuditKind.CONFLICT in audit(found)


def test_a_lagging_read_teaches_nothing() -> None:
    before = without_title()

    found = look(before, shows(before, HUBSPOT, at=BEFORE - MINUTE, title="Boss"))

    assert TITLE not in found.lead.sides[HUBSPOT].baseline


def test_a_field_only_syncd_writes_is_no_disagreement() -> None:
    mark = MARKS[Mark.VERDICT]
    before = known(Stage.LEAD, *(unlearned(side(s), mark) for s in System))

    found = look(before, *(shows(before, s, at=NOW, also={mark: s.value}) for s in System))

    assert audit(found) == []


def test_an_edit_of_another_field_travels_beside_a_new_one() -> None:
    before = without_title(country="FR")

    found = look(before, shows(before, HUBSPOT, at=NOW, title="Boss", country="DE"))

    assert writes(found, SALESFORCE) == {COUNTRY: "DE"}
