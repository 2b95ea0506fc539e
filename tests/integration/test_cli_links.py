"""`syncd links` as an admin types it, and what the worker then makes of it, over HTTP and disk."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cli_office import Office, Person, office, page, syncd

from syncd.sandbox.salesforce.rules import DuplicateRule

CREATE = {
    "# Stages: which values tell": (
        "create_in: {salesforce: mql}\npropose_by: [company, phone]\n\n# Stages: which values tell"
    )
}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Office]:
    """An office in which missing Salesforce leads are made from MQL on."""
    with office(tmp_path, changes=CREATE) as opened:
        opened.cycles()
        yield opened


def listed(made: Office) -> Any:
    return json.loads(page(made, "links", "--json"))


def refused(made: Office, *words: str) -> str:
    result = syncd(made, *words)
    assert result.exit_code == 1
    return str(result.exception)


def contact(made: Office, email: str, **values: str) -> int:
    """Only in HubSpot; meets the mql standard."""
    given = {
        "email": email,
        "firstname": "Zoe",
        "lastname": "Lee",
        "company": "Acme [Holding]",
        "country": "US",
        "employees": "120",
        "lifecyclestage": "lead",
        "hubspot_owner_id": str(made.rep_owner.id),
    }
    with made.world.lock:
        return made.marketer.create_contact({**given, **values})


def sales_lead(made: Office, email: str | None, **values: Any) -> str:
    """Only in Salesforce."""
    given = {"LastName": "Lee", "Company": "Acme [Holding]", "Status": "Open", "Email": email}
    with made.world.lock:
        return made.world.salesforce.create_lead({**given, **values}, made.rep)


def leads_in_salesforce(made: Office) -> list[dict[str, Any]]:
    made.world.salesforce.store.settle()
    return [dict(row) for row in made.world.salesforce.rows("Lead") if not row["IsDeleted"]]


def qualify(made: Office, number: int) -> None:
    with made.world.lock:
        made.marketer.edit(number, {"lifecyclestage": "marketingqualifiedlead"})


def doubled(made: Office) -> tuple[Person, str]:
    """A person known on both sides, and a second Salesforce lead of the same address."""
    person = made.arrive("ann")
    made.cycles(2)
    second = sales_lead(made, person.email)
    made.cycles(2)
    return person, second


# --- looking -----------------------------------------------------------------------------


def test_nothing_in_doubt_is_said_so(made: Office) -> None:
    made.arrive("ann")
    made.cycles(2)

    assert page(made, "links") == (
        "Every record read so far is linked or stands alone. Nothing is in doubt.\n"
    )


def test_a_parked_record_is_listed_with_candidates_why_and_what_to_type(made: Office) -> None:
    person, second = doubled(made)

    text = page(made, "links")

    assert text.startswith(f"Parked: 1 record\n  Salesforce {second}")
    assert "by the email address it is a lead that already has a record in Salesforce" in text
    assert f"candidate: Ann Lee (Acme [Holding])  (Salesforce {person.sf}, HubSpot" in text
    assert f"salesforce {second}\n" in text


def test_leads_that_look_like_one_person_are_proposed_and_never_linked(made: Office) -> None:
    contact(made, "zoe@acme.example", phone="+1 (555) 010-99")
    sales_lead(made, "z.lee@acme.example", Phone="+1 555 01099", Company="ACME Holding")
    made.cycles(3)

    (proposed,) = listed(made)["proposals"]

    assert len(proposed["leads"]) == 2
    assert proposed["why"] == "the same company and phone"
    assert "perhaps one person" in page(made, "links")
    assert page(made, "explain", "zoe@acme.example").count("Salesforce Lead") == 0


# --- deciding ----------------------------------------------------------------------------


def test_a_parked_record_is_linked_by_hand_and_the_other_one_let_go(made: Office) -> None:
    person, second = doubled(made)

    answer = page(made, "links", "link", str(person.hs), "salesforce", second[:15], "--by", "Olga")
    made.cycles()

    assert answer.startswith(f"The next cycle links Salesforce {second} with {person.hs}.")
    story = page(made, "explain", str(person.hs))
    assert f"Salesforce Lead {second}" in story
    assert "said by Olga" in story
    assert listed(made)["parked"] == []
    assert page(made, "explain", person.sf).count("HubSpot contact") == 0


def test_linked_records_are_unlinked_and_stay_apart(made: Office) -> None:
    person = made.arrive("ann")
    made.cycles(2)

    page(made, "links", "unlink", person.sf, "hubspot", "--by", "Olga")
    made.cycles()
    made.marketer_sets(person, phone="1")
    made.cycles(20)

    assert "Olga unlinked HubSpot" in page(made, "explain", person.sf)
    assert page(made, "explain", str(person.hs)).count("Salesforce Lead") == 0
    assert all(row.get("Phone") is None for row in leads_in_salesforce(made))


def test_an_ignored_record_is_left_alone_and_listed_as_such(made: Office) -> None:
    _, second = doubled(made)

    page(made, "links", "ignore", "salesforce", second)
    made.cycles(2)

    found = listed(made)
    assert found["parked"] == []
    assert [x["record_id"] for x in found["ignored"]] == [second]


def test_an_ignored_record_is_called_so_and_needs_nobody(made: Office) -> None:
    _, second = doubled(made)

    page(made, "links", "ignore", "salesforce", second)
    made.cycles(2)

    assert second not in page(made, "status")
    assert f"Salesforce {second} is ignored" in refused(made, "explain", second)


def test_what_cannot_be_done_is_refused_with_the_reason(made: Office) -> None:
    person, other = made.arrive("ann"), made.arrive("bob")
    made.cycles(2)

    assert "it is linked with HubSpot" in refused(
        made, "links", "link", other.email, "salesforce", person.sf
    )
    assert "linked already" in refused(made, "links", "link", other.email, "salesforce", other.sf)
    assert "is synced" in refused(made, "links", "ignore", "salesforce", person.sf)
    assert "is no HubSpot record id" in refused(made, "links", "link", other.email, "hubspot", "x1")
    assert "no lead with" in refused(made, "links", "unlink", "nobody@x.example", "hubspot")


def test_only_one_record_is_nothing_to_unlink(made: Office) -> None:
    number = contact(made, "zoe@acme.example")
    made.cycles(2)

    assert "is its only record" in refused(made, "links", "unlink", str(number), "hubspot")


# --- the missing twin --------------------------------------------------------------------


def test_a_contact_that_reaches_mql_gets_its_lead_and_both_are_kept_in_step(made: Office) -> None:
    number = contact(made, "zoe@acme.example")
    made.cycles(2)
    before = leads_in_salesforce(made)

    qualify(made, number)
    made.cycles(3)
    with made.world.lock:
        made.marketer.edit(number, {"jobtitle": "CEO"})
    made.cycles(3)

    (lead,) = leads_in_salesforce(made)
    assert before == []
    assert (lead["Status"], lead["LastName"]) == ("Marketing Qualified", "Lee")
    assert (lead["Email"], lead["Title"]) == ("zoe@acme.example", "CEO")
    assert f"syncd created Salesforce {lead['Id']}, at MQL" in page(made, "explain", str(number))


def test_a_duplicate_rule_leaves_it_to_a_person_who_links_it(made: Office) -> None:
    made.world.salesforce.saver.duplicate_rules.append(DuplicateRule(field="Company"))
    similar = sales_lead(made, None)
    number = contact(made, "zoe@acme.example")
    made.cycles(2)
    qualify(made, number)
    made.cycles(4)
    text = page(made, "links")

    page(made, "links", "link", str(number), "salesforce", similar)
    made.cycles(2)

    assert "not created in Salesforce: a duplicate rule found similar records" in text
    assert [row["Id"] for row in leads_in_salesforce(made)] == [similar]
    assert f"Salesforce Lead {similar}" in page(made, "explain", str(number))
    assert listed(made)["not_created"] == []


def test_without_a_company_it_waits_and_says_what_is_missing(made: Office) -> None:
    number = contact(made, "zoe@acme.example", company="")
    made.cycles(2)
    qualify(made, number)
    made.cycles(4)
    before = leads_in_salesforce(made)
    story = page(made, "explain", str(number))

    with made.world.lock:
        made.marketer.edit(number, {"company": "Acme"})
    made.cycles(14)

    assert before == []
    assert "Salesforce makes no record without Company" in story
    assert [row["Company"] for row in leads_in_salesforce(made)] == ["Acme"]


def test_nobody_from_before_is_created_on_the_first_run(tmp_path: Path) -> None:
    with office(tmp_path, changes=CREATE) as opened:
        for number in range(3):
            contact(opened, f"p{number}@acme.example", lifecyclestage="salesqualifiedlead")
        opened.world.advance(timedelta(days=1))

        opened.cycles(4)

        assert leads_in_salesforce(opened) == []


def test_records_that_vanished_are_listed_and_forgotten_on_a_persons_word(tmp_path: Path) -> None:
    with office(tmp_path) as made:
        people = [contact(made, f"p{number}@acme.example") for number in range(12)]
        made.cycles()
        for number in people[:11]:
            made.marketer.gdpr_delete(number)
        made.world.advance(timedelta(days=1))
        made.cycles(3)
        text = page(made, "links")
        wrong = refused(made, "links", "forget", "hubspot", str(people[11]))

        page(made, "links", "forget", "hubspot", "--all")
        made.cycles()

        assert "Vanished, perhaps only hidden from syncd's user: 11 records" in text
        assert f"syncd links forget hubspot {people[0]}" in text
        assert "has not vanished" in wrong
        assert "name the record that was erased" in refused(made, "links", "forget", "hubspot")
        assert listed(made)["vanished"] == []
        assert str(people[11]) in page(made, "explain", str(people[11]))
        assert refused(made, "explain", str(people[0]))
