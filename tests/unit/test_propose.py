"""Leads that look like one person: a suggestion, and no more."""

from dataclasses import replace
from typing import Any

from core_cases import COMPANY, NOW
from decide_cases import HUBSPOT, PHONE, SALESFORCE

from syncd.core.propose import proposals
from syncd.domain.lead import Lead, Side
from syncd.domain.names import LeadId, RecordId, System
from syncd.domain.record import Snapshot
from syncd.domain.stage import Stage

BY = (COMPANY, PHONE)


def lone(number: int, system: System, company: Any = "Acme", phone: Any = "555 010") -> Lead:
    record_id = RecordId(f"{system}-{number}")
    seen = Snapshot(
        system=system,
        record_id=record_id,
        kind="x",
        created_at=NOW,
        modified_at=NOW,
        values={COMPANY: company, PHONE: phone},
    )
    side = Side(system=system, record_id=record_id, seen=seen, baseline={}, stage_since=NOW)
    return Lead(
        id=LeadId(f"ld_{number}"),
        cycle=1,
        stage=Stage.LEAD,
        first_seen_at=NOW,
        sides={system: side},
    )


def test_the_same_values_however_they_are_written_propose() -> None:
    one = lone(1, HUBSPOT, "Acme, Inc.", "+1 (555) 010")
    two = lone(2, SALESFORCE, "ACME INC", "1555010")

    (found,) = proposals([one, two], BY)

    assert (found.leads, found.why) == (("ld_1", "ld_2"), "the same company and phone")


def test_one_value_that_differs_or_is_missing_proposes_nothing() -> None:
    leads = [lone(1, HUBSPOT), lone(2, SALESFORCE, phone="1"), lone(3, SALESFORCE, phone=None)]

    assert list(proposals(leads, BY)) == []


def test_values_that_are_all_punctuation_are_none() -> None:
    leads = [lone(1, HUBSPOT, "-", "555"), lone(2, SALESFORCE, "-", "555")]

    assert list(proposals(leads, BY)) == []


def test_two_records_of_one_crm_are_not_for_linking() -> None:
    assert list(proposals([lone(1, HUBSPOT), lone(2, HUBSPOT)], BY)) == []


def test_a_linked_lead_is_not_proposed_to_anybody() -> None:
    one, two = lone(1, HUBSPOT), lone(2, SALESFORCE)
    both = replace(one, sides={**one.sides, **two.sides})

    assert list(proposals([both, lone(3, SALESFORCE)], BY)) == []


def test_what_a_person_set_apart_is_not_proposed_again() -> None:
    one, two = lone(1, HUBSPOT), lone(2, SALESFORCE)
    apart = replace(one, apart=(two.sides[SALESFORCE].record_id,))

    assert list(proposals([apart, two], BY)) == []


def test_without_fields_to_go_by_nothing_is_proposed() -> None:
    assert list(proposals([lone(1, HUBSPOT), lone(2, SALESFORCE)], ())) == []
