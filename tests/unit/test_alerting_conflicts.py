"""What is told of a field conflict, and to whom."""

from dataclasses import replace

import pytest
from core_cases import EMPLOYEES, JANE, NOW, context, handoff, lead, spec

from syncd.core.alerting_conflicts import conflict_alert, owner_of
from syncd.domain.lead import Dispute
from syncd.domain.names import OWNER, System

DISPUTE = Dispute(since=NOW, values={System.SALESFORCE: 12, System.HUBSPOT: 120})
CTX = context()


def test_a_conflict_shows_what_each_crm_says() -> None:
    sent = conflict_alert(lead({**JANE, EMPLOYEES: 12}), spec(EMPLOYEES), DISPUTE, CTX)

    assert sent.alert.title == "Jane Doe (Acme): employees was changed in both CRMs"
    assert sent.alert.why == ("Salesforce says 12.", "HubSpot says 120.")


@pytest.mark.parametrize(
    ("owner", "told"),
    [("rita@corp.example", "rita@corp.example"), ("queue:Nurture", None), (None, None)],
)
def test_a_conflict_goes_to_the_leads_owner_and_else_to_the_channel(
    owner: str | None, told: str | None
) -> None:
    assert owner_of(lead({**JANE, OWNER: owner})) == told


def test_a_conflict_of_a_lead_in_handoff_goes_to_whoever_it_was_handed_to() -> None:
    offered = replace(lead({**JANE, OWNER: "old@corp.example"}), handoff=handoff())

    assert owner_of(offered) == "rep@corp.example"


def test_a_dispute_has_one_key_whatever_its_values_become() -> None:
    later = replace(DISPUTE, values={**DISPUTE.values, System.HUBSPOT: 130})

    keys = {conflict_alert(lead(), spec(EMPLOYEES), x, CTX).key for x in (DISPUTE, later)}

    assert len(keys) == 1


def test_a_choice_that_came_too_late_is_told_in_a_message_of_its_own() -> None:
    once = conflict_alert(lead(), spec(EMPLOYEES), DISPUTE, CTX)

    again = conflict_alert(lead(), spec(EMPLOYEES), DISPUTE, CTX, again="a1")

    assert again.key != once.key
    assert again.alert.why[0] == "The values changed before your choice was carried out."
