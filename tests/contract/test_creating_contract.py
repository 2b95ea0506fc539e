"""Making records, one suite for every CRM: the real adapters over HTTP at the sandbox.

Whatever gets lost on the way, one lead never has two records.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from portals import Org, Portal, a_portal, an_org

from syncd.domain.action import Created, CreateOutcome, RecordCreate, Refused, Twin
from syncd.domain.names import ActionKey, RecordId
from syncd.errors import TransientError
from syncd.sandbox.faults import Fault
from syncd.sandbox.journal import System
from syncd.sandbox.salesforce.convert import convert_lead
from syncd.sandbox.salesforce.rules import DuplicateRule
from syncd.sandbox.world import World

ONE, TWO = ActionKey("create:1"), ActionKey("create:2")


@pytest.fixture(params=["salesforce", "hubspot"])
def portal(request: pytest.FixtureRequest) -> Iterator[Portal]:
    world = World()
    world.hubspot.limits.enabled = False
    with an_org(world) if request.param == "salesforce" else a_portal(world) as made:
        yield made


def ask(
    portal: Portal, key: ActionKey = ONE, email: str = "jo@x.example", **more: str
) -> RecordCreate:
    """To make one record, under an id that goes with the key."""
    external_id = f"ld_{key[-1]}"
    return RecordCreate(
        key=key,
        record_kind="Lead" if isinstance(portal, Org) else "contact",
        external_id=external_id,
        properties=portal.wanted(external_id, email, **more),
    )


def made(outcome: CreateOutcome) -> RecordId:
    assert isinstance(outcome, Created), outcome
    return outcome.record_id


def test_a_record_is_made_with_our_id_and_its_values(portal: Portal) -> None:
    outcomes = portal.crm.create([ask(portal, title="CEO"), ask(portal, TWO, "al@x.example")])

    found = portal.crm.read([made(x) for x in outcomes.values()])
    ids = {
        str(r.properties.get("Syncd_Id__c") or r.properties.get("syncd_id")) for r in found.values()
    }
    assert ids == {"ld_1", "ld_2"}
    assert portal.title(made(outcomes[ONE])) == "CEO"


def test_a_repeat_finds_the_first_one_and_overwrites_nothing(portal: Portal) -> None:
    first = made(portal.crm.create([ask(portal, title="CEO")])[ONE])
    portal.edit(first, "Chair")

    again = portal.crm.create([ask(portal, title="CEO")])

    assert again == {ONE: Created(first)}
    assert (portal.title(first), portal.count()) == ("Chair", 1)


def test_a_lost_answer_doubles_nothing(portal: Portal) -> None:
    portal.arm(portal.CREATE, "lost_response")
    with pytest.raises(TransientError):
        portal.crm.create([ask(portal)])

    again = portal.crm.create([ask(portal), ask(portal, TWO, "al@x.example")])

    assert {type(x) for x in again.values()} == {Created}
    assert portal.count() == 2


def test_a_value_the_crm_refuses_costs_its_own_record_alone(portal: Portal) -> None:
    bad = ask(portal, TWO, "no address")

    outcomes = portal.crm.create([ask(portal), bad])

    refused = outcomes[TWO]
    assert isinstance(refused, Refused)
    assert "no address" not in refused.reason
    assert made(outcomes[ONE])
    assert portal.count() == 1


def test_people_are_found_by_their_addresses_without_any_delay(portal: Portal) -> None:
    jo = portal.person("Jo@x.example")
    portal.delete(portal.person("gone@x.example"))

    found = portal.crm.with_emails({"jo@x.example", "gone@x.example", "al@x.example"})

    assert found == {"jo@x.example": (jo,)}


# --- what each vendor says to a record it has already ------------------------------------


def test_a_duplicate_rule_makes_a_twin_that_names_the_similar_records() -> None:
    with an_org(World()) as org:
        org.world.salesforce.saver.duplicate_rules.append(DuplicateRule())
        jo = org.person("jo@x.example")

        outcomes = org.crm.create([ask(org), ask(org, TWO, "al@x.example")])

        assert outcomes[ONE] == Twin(reason="a duplicate rule found similar records", records=(jo,))
        assert made(outcomes[TWO])
        assert org.count() == 2


def test_a_strict_duplicate_rule_costs_no_call_for_each_record() -> None:
    with an_org(World()) as org:
        org.world.salesforce.saver.duplicate_rules.append(DuplicateRule(allow_save=False))
        jo = org.person("jo@x.example")
        creates = [replace(ask(org, ActionKey(f"{n}")), external_id=f"ld_{n}") for n in range(30)]
        before = org.crm.usage().calls

        outcomes = org.crm.create(creates)

        assert {x.records for x in outcomes.values() if isinstance(x, Twin)} == {(jo,)}
        assert len(outcomes) == len(creates)
        assert org.crm.usage().calls - before <= 5


@pytest.mark.parametrize("key", ["duplicateResut", "duplicateResult"])
def test_both_spellings_of_a_duplicate_result_are_read(key: str) -> None:
    with an_org(World()) as org:
        org.world.salesforce.settings.duplicate_key = key
        org.world.salesforce.saver.duplicate_rules.append(DuplicateRule(allow_save=False))
        jo = org.person("jo@x.example")

        outcomes = org.crm.create([ask(org)])

        assert outcomes[ONE] == Twin(reason="a duplicate rule found similar records", records=(jo,))


def test_a_lead_that_a_person_deleted_is_not_made_again() -> None:
    with an_org(World()) as org:
        first = made(org.crm.create([ask(org)])[ONE])
        org.delete(first)

        again = org.crm.create([ask(org)])

        assert again == {ONE: Created(first)}
        assert org.count() == 0


def test_a_converted_lead_is_found_as_its_contact() -> None:
    with an_org(World()) as org:
        jo = org.person("jo@x.example")
        convert_lead(org.world.salesforce, jo, org.rep)

        found = org.crm.with_emails({"jo@x.example"})

        assert found == {"jo@x.example": (org.world.salesforce.record(jo)["ConvertedContactId"],)}


def test_a_contact_with_the_address_makes_a_twin_of_a_new_one() -> None:
    with a_portal(World()) as contacts:
        jo = contacts.person("jo@x.example")

        outcomes = contacts.crm.create([ask(contacts), ask(contacts, TWO, "al@x.example")])

        assert outcomes[ONE] == Twin(reason="another contact has this address", records=(jo,))
        assert made(outcomes[TWO])
        assert contacts.count() == 2


def test_a_whole_batch_refused_for_one_address_is_parted() -> None:
    with a_portal(World()) as contacts:
        conflict = {
            "status": "error",
            "message": "Contact already exists. Existing ID: 4711",
            "category": "CONFLICT",
        }
        contacts.world.faults[System.HUBSPOT].arm(
            Fault.from_json(
                {"match": contacts.CREATE, "kind": "status", "status": 409, "body": conflict}
                | {"times": 2}
            )
        )

        outcomes = contacts.crm.create([ask(contacts), ask(contacts, TWO, "al@x.example")])

        assert outcomes[ONE] == Twin(
            reason="another contact has this address", records=(RecordId("4711"),)
        )
        assert made(outcomes[TWO])


def test_an_additional_address_finds_its_contact() -> None:
    with a_portal(World()) as contacts:
        jo = contacts.hands.create_contact({"email": "jo@x.example"})
        contacts.hands.edit(jo, {"hs_additional_emails": "jo@old.example"})

        found = contacts.crm.with_emails({"jo@old.example"})

        assert found == {"jo@old.example": (str(jo),)}
