from dataclasses import replace

import pytest
from core_cases import NOW
from decide_cases import HUBSPOT, SALESFORCE, known

from syncd.core.erasing import VANISHED, farewell, is_too_many, may_be_erased
from syncd.domain.audit import AuditKind
from syncd.domain.lead import Lead
from syncd.domain.names import System

JANE = known(first_name="Jane", title="Duchess")


def with_side_gone(lead: Lead, system: System, why: str) -> Lead:
    sides = {**lead.sides, system: replace(lead.sides[system], gone=why)}
    return replace(lead, sides=sides)


def test_every_record_of_an_erased_person_is_left_alone_from_then_on() -> None:
    parked = farewell(JANE, [HUBSPOT], now=NOW).parked

    assert {x.system: x.ignored for x in parked} == {HUBSPOT: True, SALESFORCE: True}
    assert all(x.candidates == () for x in parked)


def test_people_are_told_of_the_record_that_is_still_there() -> None:
    (told,) = farewell(JANE, [HUBSPOT], now=NOW).alerts

    record = JANE.sides[SALESFORCE].record_id
    assert told.lead_id is None
    assert told.alert.title == f"HubSpot {JANE.sides[HUBSPOT].record_id} was erased"
    assert f"Erase Salesforce {record} as well" in told.alert.next_step


@pytest.mark.parametrize("erased", [[HUBSPOT], [HUBSPOT, SALESFORCE]])
def test_nothing_that_is_left_holds_a_value_of_the_person(erased: list[System]) -> None:
    left = farewell(JANE, erased, now=NOW)

    assert "Jane" not in repr(left)
    assert "Duchess" not in repr(left)
    assert {(x.kind, x.facts["system"]) for x in left.audit} == {
        (AuditKind.ERASED, system.value) for system in erased
    }


def test_where_no_record_is_left_nobody_is_told() -> None:
    assert farewell(JANE, [HUBSPOT, SALESFORCE], now=NOW).alerts == ()


def test_a_binned_record_is_left_alone_too_should_it_come_back() -> None:
    lead = with_side_gone(JANE, SALESFORCE, "deleted")

    left = farewell(lead, [HUBSPOT], now=NOW)

    assert SALESFORCE in {x.system for x in left.parked}
    assert left.alerts == ()


@pytest.mark.parametrize(
    ("gone", "may"), [(None, True), ("deleted", True), (VANISHED, True), ("merged into 7", False)]
)
def test_only_a_record_that_was_not_merged_away_can_be_an_erased_person(
    gone: str | None, may: bool
) -> None:
    assert may_be_erased(replace(JANE.sides[HUBSPOT], gone=gone)) is may


@pytest.mark.parametrize(
    ("vanished", "looked_at", "doubtful"),
    [(10, 10, False), (11, 10, True), (11, 220, False), (100, 2_000, False), (101, 2_000, True)],
)
def test_more_than_a_handful_and_a_twentieth_is_doubted(
    vanished: int, looked_at: int, doubtful: bool
) -> None:
    assert is_too_many(vanished, looked_at) is doubtful
