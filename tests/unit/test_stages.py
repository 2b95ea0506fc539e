"""Telling a stage from the properties of a record."""

from datetime import date
from decimal import Decimal

import pytest

from syncd.core.stages import as_text, read_stage
from syncd.domain.stage import Stage, StageLine
from syncd.domain.values import Unreadable

HUBSPOT = (
    StageLine(stage=Stage.CUSTOMER, values={"lifecyclestage": "customer"}, read_only=True),
    StageLine(
        stage=Stage.SAL,
        values={"lifecyclestage": "marketingqualifiedlead", "hs_lead_status": "IN_PROGRESS"},
    ),
    StageLine(stage=Stage.MQL, values={"lifecyclestage": "marketingqualifiedlead"}),
)
SALESFORCE = (
    StageLine(
        stage=Stage.CUSTOMER,
        values={"IsConverted": "true", "ConvertedOpportunity.IsWon": "true"},
        read_only=True,
    ),
    StageLine(stage=Stage.OPPORTUNITY, values={"IsConverted": "true"}, read_only=True),
    StageLine(stage=Stage.SQL, values={"Status": "Sales Qualified"}),
)


def test_the_first_line_whose_named_values_all_match_wins() -> None:
    record = {"lifecyclestage": "marketingqualifiedlead", "hs_lead_status": "IN_PROGRESS"}
    assert read_stage(record, HUBSPOT) is Stage.SAL


def test_a_property_a_line_does_not_name_matches_anything() -> None:
    record = {"lifecyclestage": "marketingqualifiedlead", "hs_lead_status": "CONNECTED"}
    assert read_stage(record, HUBSPOT) is Stage.MQL


def test_a_dotted_path_is_read_along_the_relationship() -> None:
    record = {"IsConverted": True, "ConvertedOpportunity": {"IsWon": True}, "Status": "Converted"}
    assert read_stage(record, SALESFORCE) is Stage.CUSTOMER


def test_beyond_an_empty_relationship_everything_is_empty() -> None:
    record = {"IsConverted": True, "ConvertedOpportunity": None, "Status": "Converted"}
    assert read_stage(record, SALESFORCE) is Stage.OPPORTUNITY


def test_a_record_that_says_nothing_has_no_stage() -> None:
    assert read_stage({"lifecyclestage": None, "hs_lead_status": " "}, HUBSPOT) is Stage.NONE


def test_an_unticked_box_says_nothing() -> None:
    record = {"IsConverted": False, "ConvertedOpportunity": None, "Status": None}
    assert read_stage(record, SALESFORCE) is Stage.NONE


def test_an_empty_value_counts_when_a_line_asks_for_it() -> None:
    lines = (StageLine(stage=Stage.LEAD, values={"lifecyclestage": ""}),)
    assert read_stage({"lifecyclestage": None}, lines) is Stage.LEAD


def test_a_value_no_line_knows_is_told_with_what_would_fit() -> None:
    lines = (StageLine(stage=Stage.SQL, values={"Status": "Sales Qualified", "Rating": ""}),)
    assert read_stage({"Status": "Hot", "Rating": None}, lines) == Unreadable(
        why='no stage is spelled Status "Hot", Rating empty; '
        'known are sql (Status "Sales Qualified", Rating empty)'
    )


def test_a_property_that_cannot_be_read_is_doubt_where_it_could_decide() -> None:
    assert read_stage({"lifecyclestage": "marketingqualifiedlead"}, HUBSPOT) == Unreadable(
        why="hs_lead_status cannot be read"
    )


def test_a_property_that_cannot_be_read_is_no_matter_where_another_decides() -> None:
    assert read_stage({"lifecyclestage": "customer"}, HUBSPOT) is Stage.CUSTOMER


def test_a_record_partly_unreadable_is_never_taken_for_empty() -> None:
    lines = (StageLine(stage=Stage.SQL, values={"Status": "x", "Rating": "Hot"}),)
    assert isinstance(read_stage({"Status": ""}, lines), Unreadable)


def test_a_relationship_that_is_a_plain_value_cannot_be_read() -> None:
    record = {"IsConverted": True, "ConvertedOpportunity": "006", "Status": "Converted"}
    assert isinstance(read_stage(record, SALESFORCE), Unreadable)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (3.0, "3"),
        (0.5, "0.5"),
        (7, "7"),
        (Decimal("1.5"), "1.5"),
        (" Open ", "Open"),
        (date(2026, 3, 2), "2026-03-02"),
    ],
)
def test_vendor_values_are_compared_as_text(value: object, text: str) -> None:
    assert as_text(value) == text
