"""What wakes up when syncd writes, as both CRMs tell it over HTTP; and what nobody may see."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cli_office import Office, office
from world_time import WorldTime

from syncd.app_preview import waking_of
from syncd.cli.waking_page import waking_lines
from syncd.core.waking import Waking
from syncd.domain.names import System
from syncd.sandbox.hubspot.apps import ALL_SCOPES, DEFAULT_TOKEN, PrivateApp
from syncd.sandbox.hubspot.workflows import Flow
from syncd.sandbox.salesforce.automations import Declared, Kind
from syncd.sandbox.salesforce.rules import ValidationRule
from syncd.sandbox.salesforce.tooling import VIEW_SETUP

SALESFORCE, HUBSPOT = System.SALESFORCE, System.HUBSPOT
ROUTING = {"start": {"object": "Lead", "filters": [{"field": "Status", "operator": "IsChanged"}]}}
ON_CASES = {"start": {"object": "Case", "filters": [{"field": "Status"}]}}
BY_FORMULA = {
    "start": {"object": "Lead", "filterFormula": 'ISCHANGED({!$Record.Title}) || "Phone"'}
}
ANY_SAVE = {"start": {"object": "Lead"}}
BECAME_MQL = {
    "type": "EVENT_BASED",
    "eventFilterBranches": [
        {"filters": [{"property": "hs_name", "operation": {"values": ["lifecyclestage"]}}]}
    ],
}
HAS_STATUS = {
    "type": "LIST_BASED",
    "listFilterBranch": {
        "filterBranches": [{"filters": [{"property": "hs_lead_status", "filterType": "PROPERTY"}]}]
    },
}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path, start=datetime(2026, 3, 2, 17, tzinfo=UTC)) as opened:
        opened.world.salesforce.automations += [
            Declared(kind=Kind.FLOW, name="Lead routing", metadata=ROUTING),
            Declared(kind=Kind.FLOW, name="Titles", metadata=BY_FORMULA),
            Declared(kind=Kind.FLOW, name="Stamp", metadata=ANY_SAVE),
            Declared(kind=Kind.FLOW, name="Cases", metadata=ON_CASES),
            Declared(kind=Kind.FLOW, name="Old routing", metadata=ROUTING, active=False),
            Declared(
                kind=Kind.WORKFLOW_RULE,
                name="Mail the manager",
                metadata={"criteriaItems": [{"field": "Lead.Status", "operation": "equals"}]},
            ),
            Declared(
                kind=Kind.WORKFLOW_RULE,
                name="Retired",
                active=False,
                metadata={"criteriaItems": [{"field": "Lead.Status"}]},
            ),
            Declared(kind=Kind.TRIGGER, name="LeadTrigger"),
            Declared(kind=Kind.TRIGGER, name="CaseTrigger", object="Case"),
        ]
        opened.world.salesforce.saver.validation_rules.append(
            ValidationRule(
                name="Budget_Needs_Amount",
                object="Lead",
                message="Fill in the amount",
                formula=lambda new, old: False,
                source='AND(Budget_Confirmed__c, ISBLANK(Budget_Amount__c), "Phone" = "x")',
            )
        )
        opened.world.hubspot.flows += [
            Flow(id=1, name="Welcome MQLs", criteria=BECAME_MQL),
            Flow(id=2, name="Nudge", criteria=HAS_STATUS),
            Flow(id=3, name="Asleep", criteria=BECAME_MQL, enabled=False),
            Flow(id=4, name="Companies", criteria=BECAME_MQL, object_type="0-2"),
        ]
        yield opened


def asked(made: Office) -> dict[System, Waking]:
    return dict(waking_of(made.source(), clock=WorldTime(made.world)))


def names(found: Waking) -> dict[str, list[str]]:
    return {x: [a.name for a in watching] for x, watching in found.by_property.items()}


def test_automations_in_force_are_listed_by_the_property_they_watch(made: Office) -> None:
    found = asked(made)

    assert names(found[SALESFORCE]) == {
        "Budget_Amount__c": ["Budget_Needs_Amount"],
        "Budget_Confirmed__c": ["Budget_Needs_Amount"],
        "Status": ["Lead routing", "Mail the manager"],
        "Title": ["Titles"],
    }
    assert [x.name for x in found[SALESFORCE].any_change] == ["Stamp", "LeadTrigger"]
    assert names(found[HUBSPOT]) == {
        "hs_lead_status": ["Nudge"],
        "lifecyclestage": ["Welcome MQLs"],
    }
    assert found[SALESFORCE].unseen == found[HUBSPOT].unseen == ()


def test_what_may_not_be_seen_is_named_with_what_to_do_about_it(made: Office) -> None:
    made.world.salesforce.settings.forbidden.add(VIEW_SETUP)
    scopes = tuple(x for x in ALL_SCOPES if x != "automation")
    made.world.hubspot.apps.install(DEFAULT_TOKEN, replace(PrivateApp(), scopes=scopes))

    found = asked(made)

    assert [x.split(":")[0] for x in found[SALESFORCE].unseen] == [
        "Salesforce validation rules",
        "Salesforce flows",
        "Salesforce workflow rules",
        "Salesforce triggers",
    ]
    assert all("View Setup" in x for x in found[SALESFORCE].unseen)
    (words,) = found[HUBSPOT].unseen
    assert words.startswith("HubSpot workflows:")
    assert "scope `automation`" in words


def test_a_plan_names_what_wakes_up_by_property_and_what_nobody_could_see(made: Office) -> None:
    scopes = tuple(x for x in ALL_SCOPES if x != "automation")
    made.world.hubspot.apps.install(DEFAULT_TOKEN, replace(PrivateApp(), scopes=scopes))

    told = [*waking_lines(asked(made))]

    assert '  Salesforce Status: flow "Lead routing", workflow rule "Mail the manager"' in told
    assert '  Salesforce, any change: flow "Stamp", trigger "LeadTrigger"' in told
    assert any(x.startswith("  not seen: HubSpot workflows:") for x in told)
