"""Values between two CRMs over HTTP: owners with two addresses, people who left, numbers with
too many digits, fields of another record. Each arrives as it was, or is a finding."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from box import Box, Person, box
from click.testing import CliRunner

from syncd.cli.main import cli
from syncd.domain.audit import AuditKind
from syncd.domain.names import FieldName, System
from syncd.domain.values import Unreadable
from syncd.sandbox.hubspot.owners import Owner

NEED = FieldName("need")
BOTH = "direction: both, conflict: salesforce"
OWNER = "owner: {type: owner, salesforce: OwnerId, hubspot: hubspot_owner_id"
AMOUNT = "salesforce: Budget_Amount__c, hubspot: budget_amount"
MAP = {
    f"{OWNER}}}": f"{OWNER}, {BOTH}}}\n  budget_amount: {{type: currency, {AMOUNT}, {BOTH}}}",
    "salesforce: Title, hubspot: jobtitle, direction: both": (
        "salesforce: Owner.Name, hubspot: jobtitle, direction: to-hubspot"
    ),
    "  extra_emails: hs_additional_emails": (
        "  extra_emails: hs_additional_emails\n  owners: {Kim.HS@Example.com: kim@example.com}"
    ),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with box(tmp_path_factory.mktemp("values"), changes=MAP) as made:
        yield made


@pytest.fixture(scope="module")
def kim(world: Box) -> tuple[str, Owner]:
    """Works in both CRMs, under two addresses."""
    with world.world.lock:
        user = world.world.salesforce.add_user("Kim Rep", "kim@example.com")
        owner = world.world.hubspot.hire("kim.hs@example.com", "Kim", "Rep")
    return user.id, owner


def known(world: Box, name: str, **facts: object) -> Person:
    person = world.arrive(name, **facts)
    world.cycle()
    return person


def explained(world: Box, person: Person, field: str) -> Any:
    env = {**world.source.environ, "CREDENTIALS_DIRECTORY": ""}
    words = ["explain", person.email, "--field", field, "--json"]
    result = CliRunner(env=env).invoke(cli, [*words, "--config", str(world.source.config_dir)])
    return json.loads(result.stdout)


def found(world: Box, person: Person) -> list[tuple[str, str, str]]:
    return [
        (x.facts["field"], x.facts["fits"], x.personal["seen"])
        for x in world.story(person).audit
        if x.kind is AuditKind.FINDING
    ]


def test_an_owner_with_two_addresses_is_one_person_both_ways(
    world: Box, kim: tuple[str, Owner]
) -> None:
    user, owner = kim
    world.worker.close()
    world.take_over()  # asks anew who is who
    there, back = known(world, "there"), known(world, "back")

    world.rep_sets(there, OwnerId=user)
    world.marketer_sets(back, hubspot_owner_id=str(owner.id))
    world.cycles(2)

    assert world.contact(there)["hubspot_owner_id"] == str(owner.id)
    assert world.lead(back)["OwnerId"] == user


def test_history_tells_of_an_owner_who_gave_the_lead_away_and_when(
    world: Box, kim: tuple[str, Owner]
) -> None:
    user, _ = kim
    person = known(world, "given")
    world.rep_sets(person, OwnerId=user)

    life = explained(world, person, "owner")

    assert {(x["system"], x["value"]) for x in life["history"]} >= {
        ("salesforce", "kim@example.com"),
        ("hubspot", "rita@example.com"),
    }


def test_who_has_left_is_given_no_records_and_the_finding_says_who_would_fit(world: Box) -> None:
    with world.world.lock:
        leaver = world.world.salesforce.add_user("Lee Leaver", "lee@example.com")
        owner = world.world.hubspot.hire("lee@example.com", "Lee", "Leaver")
        world.world.hubspot.owners.archive(owner.id, at=world.world.hubspot.now_ms())
    world.worker.close()
    world.take_over()
    person = known(world, "left")

    world.rep_sets(person, OwnerId=leaver.id)
    world.cycles(3)

    assert world.contact(person)["hubspot_owner_id"] == str(world.rep_owner.id)
    assert found(world, person) == [
        ("owner", "an owner who is active in HubSpot", "lee@example.com")
    ]


def test_an_amount_salesforce_would_round_is_never_sent(world: Box) -> None:
    person = known(world, "rich", Budget_Amount__c=10)

    world.marketer_sets(person, budget_amount="10.005")
    world.cycles(3)

    assert world.lead(person)["Budget_Amount__c"] == 10
    (finding,) = found(world, person)
    assert finding[:2] == ("budget_amount", "a number with at most 2 decimals")


def test_an_amount_that_fits_arrives_as_it_is_and_comes_to_rest(world: Box) -> None:
    person = known(world, "poor")

    world.marketer_sets(person, budget_amount="12345.67")
    world.cycles(4)

    assert world.lead(person)["Budget_Amount__c"] == 12345.67
    assert world.past[-1].delivered == 0


def test_a_field_of_a_related_record_is_read_and_flows_out_and_is_never_written(
    world: Box, kim: tuple[str, Owner]
) -> None:
    user, _ = kim
    person = known(world, "looked-up")

    world.rep_sets(person, OwnerId=user)
    world.cycles(2)
    world.marketer_sets(person, jobtitle="somebody else")
    world.cycles(2)

    assert world.contact(person)["jobtitle"] == "somebody else"
    kinds = [x.kind for x in world.story(person).audit if x.facts.get("field") == "title"]
    assert kinds == [AuditKind.OVERWRITE, AuditKind.DISAGREEMENT]


def test_a_field_one_crm_lacks_stops_no_other(world: Box) -> None:
    person = known(world, "lacking")
    with world.world.lock:
        world.world.salesforce.remove_field("Lead", "Need__c")
    world.worker.close()
    world.take_over()

    world.marketer_sets(person, need="faster", employees="7")
    world.cycles(2)

    assert world.lead(person)["NumberOfEmployees"] == 7
    lead = world.story(person).lead
    assert isinstance(lead.sides[System.SALESFORCE].seen.values[NEED], Unreadable)
