"""Which fields the native connector moves, and what comes of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from core_cases import COMPANY, NOW
from decide_cases import COUNTRY, EMAIL, MARKS, PHONE, THE_MAP, TITLE

from syncd.core.connector import (
    advice,
    detect_connector,
    is_installed,
    left_to_connector,
    not_forgotten,
    quarrels,
    shared_properties,
)
from syncd.domain.mapping import CrmMap
from syncd.domain.names import FieldName
from syncd.domain.order import Health, SideStatus
from syncd.domain.record import PropertyChange, PropertySchema
from syncd.domain.values import Direction

DAY = timedelta(days=1)


def change(name: str, *, by_connector: bool = True, days_ago: int = 1) -> PropertyChange:
    return PropertyChange(
        name=name,
        value="x",
        at=NOW - days_ago * DAY,
        actor_id="",
        by_person=False,
        by_syncd=False,
        by_connector=by_connector,
    )


def status(*moved: FieldName) -> SideStatus:
    return SideStatus(
        read_through=NOW,
        health=Health.OK,
        reason="",
        calls_used=None,
        calls_allowed=None,
        connector=dict.fromkeys(moved, NOW),
    )


def flowing(name: FieldName, way: Direction) -> CrmMap:
    spec = replace(THE_MAP.fields[name], direction=way, where="crm.yaml:88")
    return replace(THE_MAP, fields={**THE_MAP.fields, name: spec})


def test_a_portal_shows_the_connector_by_its_sync_time() -> None:
    name = "salesforcelastsynctime"
    there = PropertySchema(name=name, label=name, type="datetime", writable=False)

    assert is_installed({name: there})
    assert not is_installed({"email": there})


def test_only_fields_both_crms_have_are_asked_about() -> None:
    asked = shared_properties(THE_MAP)

    assert f"{PHONE}__c" in asked
    assert not {f"{name}__c" for name in MARKS.values()} & set(asked)


def test_fields_it_wrote_in_any_sampled_contact_are_found_once() -> None:
    phone, title = f"{PHONE}__c", f"{TITLE}__c"
    histories = [[change(phone), change(title)], [change(phone, days_ago=2)], []]

    assert detect_connector(histories, THE_MAP, now=NOW) == {PHONE: NOW - DAY, TITLE: NOW - DAY}


@pytest.mark.parametrize(
    "seen",
    [
        change(f"{PHONE}__c", by_connector=False),
        change(f"{PHONE}__c", days_ago=31),
        change("salesforcelastsynctime"),
    ],
    ids=["somebody else", "long ago", "its own property"],
)
def test_nothing_else_counts_as_moved_by_it(seen: PropertyChange) -> None:
    assert detect_connector([[seen]], THE_MAP, now=NOW) == {}


def test_a_look_adds_to_what_is_known_and_takes_only_what_is_old() -> None:
    known = {PHONE: NOW - 2 * DAY, TITLE: NOW - 5 * DAY, COMPANY: NOW - 31 * DAY}

    assert not_forgotten(known, {TITLE: NOW}, now=NOW) == {PHONE: NOW - 2 * DAY, TITLE: NOW}


@pytest.mark.parametrize(
    ("way", "is_left"),
    [
        (Direction.BOTH, True),
        (Direction.TO_HUBSPOT, True),
        (Direction.TO_SALESFORCE, False),
        (Direction.NONE, False),
    ],
)
def test_a_field_syncd_was_to_write_where_the_connector_does_is_left_to_it(
    way: Direction, *, is_left: bool
) -> None:
    crm = flowing(TITLE, way)

    assert left_to_connector([status(TITLE)], crm) == ({TITLE} if is_left else set())


def test_a_crm_never_looked_at_leaves_nothing_to_the_connector() -> None:
    unknown = replace(status(), connector=None)

    assert left_to_connector([unknown, status()], THE_MAP) == set()


def test_fields_that_do_not_quarrel_are_not_told() -> None:
    assert [x.name for x in quarrels((EMAIL, COUNTRY, COMPANY), THE_MAP)] == [COMPANY]


def test_the_advice_names_the_line_and_both_ways_out() -> None:
    (spec,) = quarrels((TITLE,), flowing(TITLE, Direction.BOTH))

    assert advice(spec) == (
        'crm.yaml:88: field "title": direction: both -> none, '
        "or take it out of the connector's mapping"
    )
