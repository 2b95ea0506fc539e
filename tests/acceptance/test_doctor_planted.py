"""`doctor` finds each planted misconfiguration under its own id, over real HTTP, and says
nothing about a healthy office."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from cli_office import office
from doctor_ward import (
    HUBSPOT,
    LIFECYCLE,
    ROLES,
    SALESFORCE,
    SLACK,
    STATUSES,
    Ward,
    active_list,
    as_it_was,
    change_first,
    connector_at_work,
    deploy,
    forget_leads,
    lead_for_the_integration,
    make_healthy,
    nurture_list,
    overwrite,
    reassign_to_nobody,
    sql,
    store_under_a_file,
    unknown_reason,
    use_up_calls,
)

from syncd.core.doctor.ailments import ALL

Plant = Callable[[Ward], object]

PLANTED: dict[str, Plant] = {
    "secret-missing": lambda w: w.secrets(hubspot_token=None),
    "standard-unsigned": lambda w: w.standard(signatures=()),
    "standard-past-review": lambda w: w.standard(review_by=date(2026, 1, 1)),
    "gate-without-mode": lambda w: w.policy(modes={}),
    "rejection-reason-unknown": unknown_reason,
    "crm-unreachable": lambda w: w.reset(HUBSPOT),
    "credentials-refused": lambda w: w.secrets(hubspot_token="pat-na1-wrong"),
    "wrong-account": lambda w: w.hubspot_connection(portal_id="7"),
    "cannot-see": lambda w: w.office.world.salesforce.settings.forbidden.add("ViewSetup"),
    "clock-skew": lambda w: setattr(w, "ahead", timedelta(minutes=-7)),
    "api-used-up": lambda w: setattr(w.office.world.salesforce.usage, "limit", 0),
    "api-nearly-used": use_up_calls,
    "api-share-small": lambda w: w.change(poll_every=timedelta(seconds=2)),
    "time-zones-differ": lambda w: setattr(
        w.office.world.hubspot.settings, "time_zone", "Asia/Tokyo"
    ),
    "permission-missing": lambda w: w.office.world.salesforce.settings.forbidden.add(
        "Task.createable"
    ),
    "permission-useful": lambda w: w.without_scope("sales-email-read"),
    "integration-user-is-a-person": lead_for_the_integration,
    "app-unknown": lambda w: w.hubspot_connection(app_id="1"),
    "field-missing": lambda w: w.office.world.hubspot.undefine("need"),
    "mark-missing": lambda w: w.office.world.salesforce.remove_field("Lead", "Syncd_Verdict__c"),
    "stage-property-missing": lambda w: w.office.world.hubspot.undefine("hs_lead_status"),
    "field-type": lambda w: w.property("budget_amount", type="date"),
    "field-read-only": lambda w: w.lead_field("Need__c", updateable=False),
    "field-too-short": lambda w: w.lead_field("Syncd_Findings__c", length=255),
    "option-missing": lambda w: w.options("buying_role", *ROLES[:3]),
    "option-unmapped": lambda w: w.options("buying_role", *ROLES, "gatekeeper"),
    "external-id-not-unique": lambda w: w.lead_field("Syncd_Id__c", unique=False),
    "stage-value-missing": lambda w: w.lead_field("Status", values=(*STATUSES[:2], *STATUSES[3:])),
    "stage-value-unmapped": lambda w: w.options("lifecyclestage", *LIFECYCLE, "51439524"),
    "stage-order": lambda w: w.options(
        "lifecyclestage", *LIFECYCLE[:2], LIFECYCLE[3], LIFECYCLE[2], *LIFECYCLE[4:]
    ),
    "status-order": lambda w: w.lead_field("Status", values=tuple(reversed(STATUSES))),
    "history-off": lambda w: w.office.world.salesforce.track_history("Lead", "OwnerId"),
    "list-missing": partial(nurture_list, list_id="99"),
    "list-not-static": active_list,
    "person-unknown": reassign_to_nobody,
    "connector-overlap": connector_at_work,
    "slack-unreachable": lambda w: w.reset(SLACK),
    "slack-token-refused": lambda w: w.secrets(slack_token="xoxb-wrong"),
    "slack-scope-missing": lambda w: setattr(
        w.office.world.slack.settings,
        "scopes",
        w.office.world.slack.settings.scopes - {"users:read"},
    ),
    "slack-channel-missing": lambda w: w.channel(name="vendors"),
    "slack-channel-archived": lambda w: w.channel(is_archived=True),
    "slack-bot-not-in-channel": lambda w: w.channel(has_bot=False),
    "slack-person-unknown": lambda w: w.policy(approvers=("nobody@example.com",)),
    "slack-app-token-refused": lambda w: w.secrets(slack_app_token="xapp-wrong"),
    "slack-app-token-missing": lambda w: w.secrets(slack_app_token=None),
    "store-unusable": lambda w: w.store(sql("UPDATE alembic_version SET version_num = '9999'")),
    "store-not-writable": store_under_a_file,
    "store-schema-old": lambda w: w.store(sql("UPDATE alembic_version SET version_num = '0001'")),
    "store-damaged": lambda w: w.store(overwrite),
    "native-rule-missing": partial(deploy, drift=lambda rules: rules.pop()),
    "native-rule-inactive": partial(deploy, drift=change_first(active=False)),
    "native-rule-outdated": partial(deploy, drift=change_first(description="of another day")),
    "native-rule-edited": partial(deploy, drift=change_first(message="Ask Bob")),
    "native-rule-left-over": partial(
        deploy, drift=lambda rules: rules.append(replace(rules[0], name="Syncd_Old"))
    ),
    "store-not-wal": lambda w: w.store(sql("PRAGMA journal_mode = DELETE")),
}

NOT_PLANTED = {"configuration-invalid", "store-space-low", "store-log-large"}
"""They need another configuration, or a full disk: see the unit tests and those of the command."""


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    with office(tmp_path_factory.mktemp("ward")) as made:
        yield make_healthy(made)


@pytest.fixture
def ward(healthy: Ward) -> Iterator[Ward]:
    with as_it_was(healthy):
        yield healthy
    forget_leads(healthy)


def test_nothing_is_found_in_a_healthy_office(ward: Ward) -> None:
    assert ward.findings() == ()


@pytest.mark.parametrize("ailment", PLANTED)
def test_a_planted_mistake_is_found_by_its_own_id_and_nothing_else(
    ward: Ward, ailment: str
) -> None:
    PLANTED[ailment](ward)
    assert {finding.id for finding in ward.findings()} == {ailment}


def test_every_kind_of_trouble_is_planted_or_said_not_to_be() -> None:
    assert PLANTED.keys() | NOT_PLANTED == {ailment.id for ailment in ALL}


def test_looking_writes_nothing_anywhere(ward: Ward) -> None:
    before = len(ward.office.world.journal)
    ward.findings()
    assert len(ward.office.world.journal) == before


def test_a_crm_that_is_down_hides_nothing_of_the_other(ward: Ward) -> None:
    ward.reset(SALESFORCE)
    ward.options("buying_role", *ROLES[:3])
    assert {x.id for x in ward.findings()} == {"crm-unreachable", "option-missing"}


def test_an_org_that_hides_leads_is_not_taken_for_one_that_does_not_answer(ward: Ward) -> None:
    ward.office.world.salesforce.store.undefine("Lead")
    ids = {x.id for x in ward.findings()}
    assert ids == {"permission-missing", "cannot-see"}


def test_findings_come_the_weightiest_first(ward: Ward) -> None:
    ward.secrets(slack_app_token=None)
    ward.without_scope("sales-email-read")
    ward.options("buying_role", *ROLES[:3])
    assert [x.severity for x in ward.findings()] == ["error", "warning", "note"]


def test_the_same_person_may_not_be_the_integration_and_an_approver(ward: Ward) -> None:
    ward.policy(approvers=("syncd@sandbox.example",))
    ids = {x.id for x in ward.findings()}
    assert "integration-user-is-a-person" in ids


def test_a_rule_whose_formula_was_softened_in_the_setup_is_edited(ward: Ward) -> None:
    deploy(ward, drift=change_first(source="FALSE"))
    assert [x.id for x in ward.findings()] == ["native-rule-edited"]


def test_rules_deployed_as_compiled_are_fine(ward: Ward) -> None:
    deploy(ward, drift=lambda rules: None)
    assert ward.findings() == ()
