"""A CRM map guessed by words, for who has none."""

import pytest

from syncd.core.rejection import REJECTION_REASON
from syncd.domain.names import OWNER, FieldName, System
from syncd.domain.record import PropertySchema, Schema
from syncd.domain.stage import Stage
from syncd.measure.assess.guess import (
    guessed_map,
    is_conversion,
    reasons_of,
    stage_in_words,
    with_reasons,
)

SF, HS = System.SALESFORCE, System.HUBSPOT


def schema(**offered: tuple[str, ...]) -> Schema:
    return {
        name: PropertySchema(name=name, label=name, type="string", writable=True, offered=values)
        for name, values in offered.items()
    }


@pytest.mark.parametrize(
    ("value", "stage"),
    [
        ("Open - Not Contacted", Stage.LEAD),
        ("New", Stage.LEAD),
        ("subscriber", Stage.LEAD),
        ("MQL", Stage.MQL),
        ("Marketing Qualified", Stage.MQL),
        ("Sales Qualified", Stage.SQL),
        ("Qualified", Stage.SQL),
        ("Unqualified", Stage.DISQUALIFIED),
        ("Closed - Not Converted", Stage.DISQUALIFIED),
        ("Working - Contacted", Stage.SAL),
        ("Sales Accepted", Stage.SAL),
        ("Recycled", Stage.NURTURE),
        ("Customer", Stage.CUSTOMER),
        ("1047382", None),
    ],
)
def test_a_value_is_taken_for_the_stage_its_name_says(value: str, stage: Stage | None) -> None:
    assert stage_in_words(value) is stage


def test_converted_is_set_by_converting_and_not_converted_is_not() -> None:
    assert is_conversion("Closed - Converted")
    assert not is_conversion("Closed - Not Converted")


def test_hubspots_lead_status_tells_the_stages_its_lifecycle_lacks() -> None:
    found = guessed_map(
        {
            SF: schema(Status=("New", "Working")),
            HS: schema(
                lifecyclestage=("lead", "marketingqualifiedlead", "salesqualifiedlead"),
                hs_lead_status=("NEW", "CONNECTED", "UNQUALIFIED"),
            ),
        }
    )

    lines = [(x.stage, dict(x.values)) for x in found.sides[HS].stages]

    assert lines == [
        (Stage.SAL, {"lifecyclestage": "marketingqualifiedlead", "hs_lead_status": "CONNECTED"}),
        (Stage.DISQUALIFIED, {"lifecyclestage": "lead", "hs_lead_status": "UNQUALIFIED"}),
        (Stage.LEAD, {"lifecyclestage": "lead"}),
        (Stage.MQL, {"lifecyclestage": "marketingqualifiedlead"}),
        (Stage.SQL, {"lifecyclestage": "salesqualifiedlead"}),
    ]


def test_fields_of_ones_own_go_with_those_of_the_same_name() -> None:
    found = guessed_map(
        {SF: schema(OwnerId=(), Budget_Amount__c=()), HS: schema(budget_amount=(), email=())}
    )

    assert dict(found.fields[FieldName("budget_amount")].properties) == {
        SF: "Budget_Amount__c",
        HS: "budget_amount",
    }
    assert dict(found.fields[OWNER].properties) == {SF: "OwnerId"}


def test_what_syncd_keeps_is_no_field_of_ones_own() -> None:
    found = guessed_map({SF: schema(Syncd_Verdict__c=()), HS: schema()})
    assert not found.fields


def test_the_field_for_reasons_is_found_by_its_name() -> None:
    schemas = {SF: schema(Disqualified_Reason__c=()), HS: schema(hs_closed_lost_reason=())}

    found = with_reasons(guessed_map(schemas), schemas)

    assert reasons_of(found) == REJECTION_REASON
    assert dict(found.fields[REJECTION_REASON].properties) == {
        SF: "Disqualified_Reason__c",
        HS: "hs_closed_lost_reason",
    }


def test_without_such_a_field_there_are_no_reasons() -> None:
    schemas = {SF: schema(Status=()), HS: schema()}
    assert reasons_of(with_reasons(guessed_map(schemas), schemas)) is None
