"""What the sandbox tells of its own set-up, and what it refuses to who may not do it."""

from collections.abc import Iterator
from typing import Any

import pytest
from sandbox_org import Sandbox, first_error
from simple_salesforce.exceptions import SalesforceMalformedRequest, SalesforceRefusedRequest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from syncd.sandbox.front import serve_front
from syncd.sandbox.journal import System
from syncd.sandbox.salesforce.rules import ValidationRule
from syncd.sandbox.slack import rest as slack
from syncd.sandbox.slack.workspace import DEFAULT_TOKEN
from syncd.sandbox.world import World

FIELDS = (
    "SELECT QualifiedApiName, IsFieldHistoryTracked FROM FieldDefinition"
    " WHERE EntityDefinition.QualifiedApiName = 'Lead' AND QualifiedApiName IN ('Status', 'Title')"
)
RULES = (
    "SELECT ValidationName, Active, Description FROM ValidationRule"
    " WHERE EntityDefinition.QualifiedApiName = 'Lead'"
)


@pytest.fixture
def box() -> Iterator[Sandbox]:
    sandbox = Sandbox()
    yield sandbox
    sandbox.close()


def asked(box: Sandbox, query: str) -> list[dict[str, Any]]:
    rows = box.client.toolingexecute("query/", params={"q": query})["records"]
    return [{k: v for k, v in row.items() if k != "attributes"} for row in rows]


def test_which_history_is_kept_is_told_by_field(box: Sandbox) -> None:
    box.org.track_history("Lead", "Title")
    assert asked(box, FIELDS) == [
        {"QualifiedApiName": "Title", "IsFieldHistoryTracked": True},
        {"QualifiedApiName": "Status", "IsFieldHistoryTracked": False},
    ]


def test_a_field_that_is_not_tracked_leaves_no_history(box: Sandbox) -> None:
    box.org.track_history("Lead", "Title")
    lead = box.lead()
    box.org.edit(lead, {"Status": "Working", "Title": "CTO"}, box.rep)
    assert {row["Field"] for row in box.org.rows("LeadHistory")} & {"Status", "Title"} == {"Title"}


def test_validation_rules_are_listed_of_the_object_they_guard(box: Sandbox) -> None:
    rule = ValidationRule(
        name="Syncd_x",
        object="Lead",
        message="no",
        formula=lambda after, before: True,
        active=False,
        description="made",
    )
    box.org.saver.validation_rules.append(rule)
    found = {"ValidationName": "Syncd_x", "Active": False, "Description": "made"}
    assert asked(box, RULES) == [found]
    assert box.lead()  # a rule that is switched off refuses nothing


def test_the_setup_is_shown_to_who_may_view_it(box: Sandbox) -> None:
    box.org.settings.forbidden.add("ViewSetup")
    with pytest.raises(SalesforceRefusedRequest) as refused:
        asked(box, FIELDS)
    assert first_error(refused)["errorCode"] == "INSUFFICIENT_ACCESS"


def test_what_the_integration_user_may_not_do_is_told_and_refused(box: Sandbox) -> None:
    box.org.settings.forbidden.add("Lead.createable")
    told = {x["name"]: x for x in box.client.describe()["sobjects"]}
    assert (told["Lead"]["createable"], told["Task"]["createable"]) == (False, True)
    with pytest.raises(SalesforceMalformedRequest) as refused:
        box.client.Lead.create({"LastName": "Doe", "Company": "Acme"})
    assert first_error(refused)["errorCode"] == "INSUFFICIENT_ACCESS_OR_READONLY"
    assert box.lead()  # people go on


def test_slack_tells_a_tokens_scopes_and_refuses_what_they_do_not_cover() -> None:
    world = World()
    world.slack.settings.scopes = frozenset({"chat:write", "groups:read"})
    running = serve_front(slack.app(world), world, System.SLACK)
    client = WebClient(DEFAULT_TOKEN, base_url=f"{running.url}/api/", retry_handlers=[])
    try:
        assert client.auth_test().headers["X-OAuth-Scopes"] == "chat:write,groups:read"
        assert client.conversations_list()["ok"]
        with pytest.raises(SlackApiError, match="missing_scope"):
            client.users_lookupByEmail(email="kim@acme.example")
    finally:
        running.stop()
