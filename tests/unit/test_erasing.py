from dataclasses import replace
from datetime import timedelta

import pytest
from core_cases import NOW
from decide_cases import DAY, HUBSPOT, SALESFORCE, TITLE, known

from syncd.core.erasing import (
    VANISHED,
    farewell,
    found_again,
    has_only_left_the_bin,
    may_be_erased,
    most_erased,
    vanish,
    vanished_of,
    without_record,
)
from syncd.domain.audit import AuditKind
from syncd.domain.lead import Dispute, Lead
from syncd.domain.names import RecordId, System
from syncd.domain.record import Fate

JANE = known(first_name="Jane", title="Duchess")


def with_side_gone(lead: Lead, system: System, why: str, *, since: timedelta = timedelta()) -> Lead:
    side = replace(lead.sides[system], gone=why, gone_at=NOW - since)
    return replace(lead, sides={**lead.sides, system: side})


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


@pytest.mark.parametrize(("linked", "most"), [(0, 10), (10_999, 10), (200_000, 200)])
def test_more_than_a_handful_or_a_thousandth_is_doubted(linked: int, most: int) -> None:
    assert most_erased(linked) == most


@pytest.mark.parametrize("gone", [None, "merged into 7"])
def test_what_vanished_and_is_found_again_is_what_it_was(gone: str | None) -> None:
    side = replace(JANE.sides[HUBSPOT], gone=gone, gone_at=NOW if gone else None)
    lead = replace(JANE, sides={**JANE.sides, HUBSPOT: side})

    vanished = vanish(lead, HUBSPOT, now=NOW)

    assert vanished_of(vanished) == (HUBSPOT,)
    assert found_again(vanished, HUBSPOT, Fate.LIVING) == lead


@pytest.mark.parametrize(
    ("system", "gone", "days", "merely"),
    [
        (SALESFORCE, "deleted", 15, True),
        (SALESFORCE, "deleted", 14.9, False),
        (SALESFORCE, VANISHED, 15, False),
        (HUBSPOT, "deleted", 15, False),
    ],
)
def test_only_salesforce_empties_its_bin_by_itself_and_only_after_fifteen_days(
    system: System, gone: str, days: float, merely: bool
) -> None:
    lead = with_side_gone(JANE, system, gone, since=days * DAY)

    assert has_only_left_the_bin(lead, [system], now=NOW) is merely


def test_a_deletion_of_unknown_age_is_no_reason_to_keep_the_person() -> None:
    lead = with_side_gone(JANE, SALESFORCE, "deleted")
    side = replace(lead.sides[SALESFORCE], gone_at=None)
    lead = replace(lead, sides={**lead.sides, SALESFORCE: side})

    assert not has_only_left_the_bin(lead, [SALESFORCE], now=NOW)


@pytest.mark.parametrize("left", [None, "merged into 7"])
def test_a_person_without_another_record_does_not_outlive_the_bin(left: str | None) -> None:
    lead = with_side_gone(JANE, SALESFORCE, "deleted", since=20 * DAY)
    sides = {SALESFORCE: lead.sides[SALESFORCE]}
    if left:
        sides[HUBSPOT] = replace(lead.sides[HUBSPOT], gone=left)

    assert not has_only_left_the_bin(replace(lead, sides=sides), [SALESFORCE], now=NOW)


def test_a_person_erased_in_hubspot_is_erased_whatever_left_the_bin() -> None:
    lead = with_side_gone(JANE, SALESFORCE, "deleted", since=20 * DAY)

    assert not has_only_left_the_bin(lead, [SALESFORCE, HUBSPOT], now=NOW)


def test_a_lead_without_its_record_knows_its_ids_and_nothing_else_of_it() -> None:
    other = known(title="Baroness").sides[SALESFORCE]
    lead = replace(
        JANE,
        sides={
            HUBSPOT: JANE.sides[HUBSPOT],
            SALESFORCE: replace(other, former=(RecordId("00Q0"),)),
        },
        disputes={TITLE: Dispute(since=NOW, values={SALESFORCE: "Baroness", HUBSPOT: "Duchess"})},
    )

    left, told = without_record(lead, SALESFORCE, now=NOW)

    assert (left.sides, left.apart) == ({HUBSPOT: JANE.sides[HUBSPOT]}, ("00Q1", "00Q0"))
    assert "Baroness" not in repr((left, told))
    assert (told.kind, told.facts["why"]) == (AuditKind.GONE, "left the recycle bin")
