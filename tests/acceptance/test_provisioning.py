"""`syncd provision --apply` sets up an empty pair of CRMs, over real HTTP: everything once,
nothing twice, and what a broken run left over the next one makes."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cli_office import Office, office, page, syncd
from doctor_ward import make_healthy

from syncd.sandbox.bare import strip
from syncd.sandbox.faults import Fault, Kind
from syncd.sandbox.hubspot.apps import ALL_SCOPES, DEFAULT_TOKEN, PrivateApp
from syncd.sandbox.hubspot.kinds import CONTACT
from syncd.sandbox.hubspot.properties import Option
from syncd.sandbox.journal import System

READS = re.compile(
    r"GET |POST /services/oauth2/token$|POST .*/composite$|POST .*access-token-info$"
)


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as made:
        strip(made.world)
        yield made


def writes(made: Office) -> list[str]:
    """What was asked of both CRMs that may change something."""
    seen = [x for s in (System.SALESFORCE, System.HUBSPOT) for x in made.world.requests.latest(s)]
    asked = [f"{x.method} {x.path}" for x in seen]
    return [words for words in asked if not READS.match(words)]


def states(made: Office) -> dict[str, str]:
    told = json.loads(syncd(made, "provision", "--json").output)
    return {f"{x['system']} {x['kind']} {x['name']}": x["state"] for x in told["items"]}


def test_without_apply_nothing_is_written(bare: Office) -> None:
    text = page(bare, "provision")

    assert writes(bare) == []
    assert "Syncd_Id__c" in text
    assert "Nothing was written" in text


def test_apply_makes_everything_an_empty_pair_lacks_and_a_second_run_writes_nothing(
    bare: Office,
) -> None:
    first = page(bare, "provision", "--apply")
    written = writes(bare)
    bare.world.requests.clear()
    second = page(bare, "provision", "--apply")

    assert set(states(bare).values()) == {"exists"}
    assert sum("CustomField" in x for x in written) == 22
    assert [x for x in written if x.startswith("POST /crm")] == [
        "POST /crm/v3/properties/contacts/groups",
        "POST /crm/v3/properties/contacts/batch/create",
    ]
    assert writes(bare) == []
    assert "Nothing to make" in first
    assert first == second


def test_doctor_is_clean_after_provisioning_and_after_doing_so_again(bare: Office) -> None:
    ward = make_healthy(bare)
    assert {x.id for x in ward.findings()} >= {"field-missing", "mark-missing"}

    page(bare, "provision", "--apply")
    once = ward.findings()
    page(bare, "provision", "--apply")
    twice = ward.findings()

    assert (once, twice) == ((), ())


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Kind.RESET, Kind.LOST_RESPONSE])
@pytest.mark.parametrize(
    ("system", "match", "skip"),
    [
        (System.SALESFORCE, "sobjects/PermissionSet$", 0),
        (System.SALESFORCE, "PermissionSetAssignment", 0),
        (System.SALESFORCE, "CustomField", 0),
        (System.SALESFORCE, "CustomField", 9),
        (System.SALESFORCE, "composite/sobjects", 0),
        (System.HUBSPOT, "POST .*groups", 0),
        (System.HUBSPOT, "batch/create", 0),
    ],
)
def test_a_run_that_breaks_off_is_finished_by_the_next(
    bare: Office, system: System, match: str, skip: int, kind: Kind
) -> None:
    bare.world.faults[system].arm(Fault(match=re.compile(match), kind=kind, skip=skip))
    broken = syncd(bare, "provision", "--apply")

    page(bare, "provision", "--apply")

    assert broken.exit_code == 1
    assert "What follows was not tried" in " ".join(broken.output.split())
    assert set(states(bare).values()) == {"exists"}


def test_what_differs_is_told_and_never_altered(bare: Office) -> None:
    page(bare, "provision", "--apply")
    org, portal = bare.world.salesforce, bare.world.hubspot
    lead = org.store.table("Lead").kind.fields
    org.define_field("Lead", replace(lead["Syncd_Findings__c"], length=100))
    budget = replace(portal.tables[CONTACT].properties["budget_amount"], type="date")
    portal.define(budget)
    bare.world.requests.clear()

    result = syncd(bare, "provision", "--apply", "--json")
    differs = [x for x in json.loads(result.output)["items"] if x["state"] == "differs"]

    assert result.exit_code == 4
    assert [x["name"] for x in differs] == ["Syncd_Findings__c", "budget_amount"]
    assert "holds 100 characters" in differs[0]["says"]
    assert "is of type date" in differs[1]["says"]
    assert writes(bare) == []


def test_options_a_picklist_lacks_are_added_after_those_it_has(bare: Office) -> None:
    page(bare, "provision", "--apply")
    org, portal = bare.world.salesforce, bare.world.hubspot
    role = org.store.table("Lead").kind.fields["Buying_Role__c"]
    org.define_field("Lead", replace(role, values=("Guru", "User")))
    options = (Option(value="guru", label="Guru"), Option(value="user", label="Plain user"))
    portal.define(replace(portal.tables[CONTACT].properties["buying_role"], options=options))

    page(bare, "provision", "--apply")

    after = org.store.table("Lead").kind.fields["Buying_Role__c"].values
    offered = portal.tables[CONTACT].properties["buying_role"].options
    assert after == ("Guru", "User", "Decision maker", "Champion", "Influencer")
    assert [x.label for x in offered][:2] == ["Guru", "Plain user"]
    assert [x.value for x in offered][2:] == ["decision_maker", "champion", "influencer"]


@pytest.mark.slow
def test_a_stage_value_that_no_api_adds_is_left_to_a_person(bare: Office) -> None:
    page(bare, "provision", "--apply")
    org = bare.world.salesforce
    status = org.store.table("Lead").kind.fields["Status"]
    org.define_field("Lead", replace(status, values=("Open", "Working")))
    bare.world.requests.clear()

    result = syncd(bare, "provision", "--apply", "--json")

    told = {x["name"]: x for x in json.loads(result.output)["items"]}
    assert (result.exit_code, told["Status"]["state"]) == (4, "by_hand")
    assert '"Marketing Qualified"' in told["Status"]["says"]
    assert writes(bare) == []


@pytest.mark.slow
def test_fields_made_without_the_right_to_grant_are_opened_up_later(bare: Office) -> None:
    forbidden = bare.world.salesforce.settings.forbidden
    forbidden.add("PermissionSetAssignment.createable")
    first = syncd(bare, "provision", "--apply", "--json")
    forbidden.clear()

    page(bare, "provision", "--apply")

    held = {x["name"]: x["state"] for x in json.loads(first.output)["items"]}
    assert (first.exit_code, held["Syncd_Id__c"]) == (1, "hidden")
    assert set(states(bare).values()) == {"exists"}


@pytest.mark.slow
@pytest.mark.parametrize("system", [System.SALESFORCE, System.HUBSPOT])
def test_without_the_right_to_make_fields_it_says_so_and_makes_the_rest(
    bare: Office, system: System
) -> None:
    if system is System.SALESFORCE:
        bare.world.salesforce.settings.forbidden.add("CustomizeApplication")
    else:
        scopes = tuple(x for x in ALL_SCOPES if x != "crm.schemas.contacts.write")
        bare.world.hubspot.apps.install(DEFAULT_TOKEN, PrivateApp(scopes=scopes))

    result = syncd(bare, "provision", "--apply", "--json")

    told = json.loads(result.output)
    missing = {x["system"] for x in told["items"] if x["state"] == "missing"}
    assert (result.exit_code, missing) == (1, {system.value})
    reason = "INSUFFICIENT_ACCESS" if system is System.SALESFORCE else "crm.schemas.contacts.write"
    assert told["failures"]
    assert all(reason in x["why"] for x in told["failures"])
    assert not [*bare.world.salesforce.rows("FieldPermissions")] or system is System.HUBSPOT


def test_a_list_and_a_campaign_are_made_once_and_then_named_by_hand(tmp_path: Path) -> None:
    nurture = {"recycle:\n": 'recycle:\n  nurture_list: "77"\n  campaign: 701000000000077AAA\n'}
    with office(tmp_path, changes=nurture) as made:
        assert syncd(made, "provision").exit_code == 0
        once = syncd(made, "provision", "--apply")
        made.world.requests.clear()
        twice = syncd(made, "provision", "--apply")

        lists = [x.name for x in made.world.hubspot.lists.values()]
        campaigns = [x["Name"] for x in made.world.salesforce.rows("Campaign")]
        assert (lists, campaigns) == (["Nurture (syncd)"], ["Nurture (syncd)"])
        assert (once.exit_code, twice.exit_code) == (4, 4)
        assert 'write recycle.nurture_list: "1" in policy.yaml' in " ".join(twice.output.split())
        assert writes(made) == []
