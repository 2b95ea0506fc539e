"""The truth table of one field, DESIGN section 4, row by row."""

from dataclasses import replace
from datetime import timedelta

import pytest
from core_cases import NOW

from syncd.core.reconcile import Agree, Clash, Facet, Merge, Same, Stay, Travel, reconcile
from syncd.domain.names import FieldName, System
from syncd.domain.values import ConflictRule, Direction, FieldSpec, FieldType, Seen, Unreadable

SALESFORCE, HUBSPOT = System.SALESFORCE, System.HUBSPOT


def spec(
    way: Direction = Direction.BOTH,
    rule: ConflictRule = ConflictRule.ASK,
    *,
    clears: bool = False,
) -> FieldSpec:
    return FieldSpec(
        name=FieldName("phone"),
        type=FieldType.STRING,
        properties=dict.fromkeys(System, "phone"),
        direction=way,
        conflict=rule,
        clears=clears,
        options={},
    )


def facet(
    system: System,
    seen: Seen,
    *,
    changed: bool = True,
    coming: Seen = "unset",
    minutes: int = 0,
) -> Facet:
    return Facet(
        system=system,
        seen=seen,
        coming=seen if coming == "unset" else coming,
        changed=changed,
        at=NOW + timedelta(minutes=minutes),
    )


def merged(spec_: FieldSpec, salesforce: Facet, hubspot: Facet) -> Merge:
    """What becomes of it, which must not depend on the order of the sides."""
    merge = reconcile(spec_, salesforce, hubspot)
    assert reconcile(spec_, hubspot, salesforce) == merge
    return merge


def test_same_and_same_is_nothing_even_where_they_disagree() -> None:
    one, two = facet(SALESFORCE, "1", changed=False), facet(HUBSPOT, "2", changed=False)

    assert merged(spec(), one, two) == Same()


@pytest.mark.parametrize("source", System)
def test_changed_and_same_travels_to_the_other_side(source: System) -> None:
    moved, still = facet(source, "2"), facet(source.other, "1", changed=False)

    found = merged(spec(), moved, still)

    assert found == Travel(source=source, value="2", rule=f"changed in {source.label}")


@pytest.mark.parametrize("source", System)
@pytest.mark.parametrize("way", [Direction.NONE, Direction.TO_HUBSPOT, Direction.TO_SALESFORCE])
def test_a_change_travels_only_if_the_field_flows_that_way(source: System, way: Direction) -> None:
    moved, still = facet(source, "2"), facet(source.other, "1", changed=False)

    found = merged(spec(way), moved, still)

    assert isinstance(found, Travel) is way.reaches(source.other)
    assert isinstance(found, Travel | Stay)


def test_changed_and_changed_equal_agree() -> None:
    assert merged(spec(), facet(SALESFORCE, "2"), facet(HUBSPOT, "2")) == Agree()


def test_a_change_to_what_is_coming_there_anyway_agrees() -> None:
    target = facet(HUBSPOT, "1", changed=False, coming="2")

    assert merged(spec(), facet(SALESFORCE, "2"), target) == Agree()


@pytest.mark.parametrize(
    ("rule", "winner", "says"),
    [
        (ConflictRule.SALESFORCE, SALESFORCE, "salesforce"),
        (ConflictRule.HUBSPOT, HUBSPOT, "hubspot"),
        (ConflictRule.LATEST, HUBSPOT, "latest, by record"),
        (ConflictRule.ASK, None, "ask"),
    ],
)
def test_changed_and_changed_differently_is_a_conflict_its_rule_decides(
    rule: ConflictRule, winner: System | None, says: str
) -> None:
    later = facet(HUBSPOT, "3", minutes=1)

    found = merged(spec(rule=rule), facet(SALESFORCE, "2"), later)

    assert found == Clash(winner=winner, rule=f"conflict: {says}")


@pytest.mark.parametrize(
    ("told", "says"),
    [((True, True), "by history"), ((True, False), "by record"), ((False, False), "by record")],
)
def test_the_latest_says_whether_history_told_both_edits_or_a_record_stood_in(
    told: tuple[bool, bool], says: str
) -> None:
    one, two = facet(SALESFORCE, "2", minutes=1), facet(HUBSPOT, "3")
    one, two = replace(one, by_history=told[0]), replace(two, by_history=told[1])

    found = merged(spec(rule=ConflictRule.LATEST), one, two)

    assert found == Clash(winner=SALESFORCE, rule=f"conflict: latest, {says}")


@pytest.mark.parametrize("apart", [timedelta(), timedelta(milliseconds=999)])
def test_of_two_changes_within_one_second_none_is_the_latest(apart: timedelta) -> None:
    one, two = facet(SALESFORCE, "2"), facet(HUBSPOT, "3")

    found = merged(spec(rule=ConflictRule.LATEST), one, replace(two, at=two.at + apart))

    assert found == Clash(winner=None, rule="conflict: latest, a tie by record")


@pytest.mark.parametrize("source", System)
def test_a_blank_does_not_overwrite_a_value(source: System) -> None:
    emptied, still = facet(source, None), facet(source.other, "1", changed=False)

    found = merged(spec(), emptied, still)

    assert found == Stay(source=source, why="a blank does not overwrite a value")


def test_a_blank_overwrites_a_value_if_the_field_says_clears() -> None:
    emptied, still = facet(SALESFORCE, None), facet(HUBSPOT, "1", changed=False)

    found = merged(spec(clears=True), emptied, still)

    assert found == Travel(source=SALESFORCE, value=None, rule="changed in Salesforce")


@pytest.mark.parametrize("source", System)
def test_against_a_blank_the_new_value_wins_without_a_conflict(source: System) -> None:
    found = merged(spec(), facet(source, "2"), facet(source.other, None))

    assert found == Travel(source=source, value="2", rule=f"changed in {source.label}")


def test_a_blank_over_a_write_under_way_does_not_make_the_write_arrive() -> None:
    blanked = facet(SALESFORCE, None, coming="new")

    found = merged(spec(), blanked, facet(HUBSPOT, "new"))

    assert found == Travel(source=HUBSPOT, value="new", rule="changed in HubSpot")


@pytest.mark.parametrize("source", System)
def test_a_blank_that_clears_is_a_value_like_any_other(source: System) -> None:
    rule = spec(clears=True, rule=ConflictRule.SALESFORCE)

    found = merged(rule, facet(source, "2"), facet(source.other, None))

    assert found == Clash(winner=SALESFORCE, rule="conflict: salesforce")


def test_the_winner_of_a_conflict_does_not_travel_against_the_fields_direction() -> None:
    one_way = spec(Direction.TO_SALESFORCE, ConflictRule.SALESFORCE)

    found = merged(one_way, facet(SALESFORCE, "2"), facet(HUBSPOT, "3"))

    assert found == Stay(source=SALESFORCE, why="phone does not flow that way")


def test_a_field_that_flows_nowhere_has_no_conflicts() -> None:
    found = reconcile(spec(Direction.NONE), facet(SALESFORCE, "2"), facet(HUBSPOT, "3"))

    assert isinstance(found, Stay)


@pytest.mark.parametrize("unreadable", System)
def test_an_unreadable_value_is_left_alone_and_so_is_its_twin(unreadable: System) -> None:
    doubt = facet(unreadable, Unreadable("hidden"), changed=False)

    assert merged(spec(), doubt, facet(unreadable.other, "2")) == Same()
