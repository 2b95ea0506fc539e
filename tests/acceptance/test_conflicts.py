"""The truth table of a field, row by row, between two real CRMs; and what a person decides.

One world for the table: every row is a person of its own. `company` follows HubSpot, `employees`
Salesforce, `title` the latest edit, `need` asks; a blank clears the first name alone.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from box import Box, Person, box
from click.testing import CliRunner, Result

from syncd.cli import main as entry
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.names import FieldName, System
from syncd.sandbox.faults import Kind

BOTH = "direction: both, conflict: "
MAP = {
    "hubspot: firstname}": f"hubspot: firstname, {BOTH}hubspot, clears: true}}",
    "hubspot: company}": f"hubspot: company, {BOTH}hubspot}}",
    "hubspot: need, direction: both, conflict: latest}": f"hubspot: need, {BOTH}ask}}",
}
NEED = FieldName("need")
Edits = dict[str, Any]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with box(tmp_path_factory.mktemp("conflicts"), changes=MAP) as made:
        track(made, "Title", "Need__c")
        yield made


def track(made: Box, *fields: str) -> None:
    """As an admin switches field history on."""
    store = made.world.salesforce.store
    kind = store.table("Lead").kind
    store.define(replace(kind, tracked=kind.tracked | set(fields)))


def invoked(made: Box, *words: str) -> Result:
    env = {**made.source.environ, "COLUMNS": "200", "CREDENTIALS_DIRECTORY": ""}
    return CliRunner(env=env).invoke(entry.cli, [*words, "--config", str(made.source.config_dir)])


def syncd(made: Box, *words: str) -> str:
    result = invoked(made, *words)
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.output


def entries(made: Box, person: Person, kind: AuditKind) -> list[AuditEntry]:
    return [x for x in made.story(person).audit if x.kind is kind]


def clash_of_needs(made: Box, name: str) -> Person:
    person = made.arrive(name, Need__c="faster")
    with made.world.lock:
        made.marketer.edit(person.hs, {"need": "faster"})
    made.cycle()
    made.rep_sets(person, Need__c="cheaper")
    made.marketer_sets(person, need="greener")
    made.cycle()
    return person


TABLE: dict[str, tuple[Edits, Edits, Edits, Edits]] = {
    "same-same": ({}, {}, {"Title": "CFO"}, {"jobtitle": "CFO"}),
    "hubspot-changed": ({}, {"jobtitle": "CEO"}, {"Title": "CEO"}, {"jobtitle": "CEO"}),
    "salesforce-changed": ({"Title": "CEO"}, {}, {"Title": "CEO"}, {"jobtitle": "CEO"}),
    "both-equal": (
        {"Title": "CEO"},
        {"jobtitle": "CEO"},
        {"Title": "CEO"},
        {"jobtitle": "CEO"},
    ),
    "salesforce-wins": (
        {"NumberOfEmployees": 70},
        {"employees": "80"},
        {"NumberOfEmployees": 70},
        {"employees": "70"},
    ),
    "hubspot-wins": (
        {"Company": "Acme Inc"},
        {"company": "ACME"},
        {"Company": "ACME"},
        {"company": "ACME"},
    ),
    "ask": (
        {"Need__c": "cheaper"},
        {"need": "greener"},
        {"Need__c": "cheaper"},
        {"need": "greener"},
    ),
    "emptied": ({"Title": None}, {}, {"Title": None}, {"jobtitle": "CFO"}),
    "emptied-and-changed": (
        {"Title": None},
        {"jobtitle": "CEO"},
        {"Title": "CEO"},
        {"jobtitle": "CEO"},
    ),
    "emptied-that-clears": ({"FirstName": None}, {}, {"FirstName": None}, {"firstname": ""}),
    "against-its-direction": ({"LastName": "New"}, {}, {"LastName": "New"}, {"lastname": "Acme"}),
}


@pytest.fixture(scope="module")
def people(world: Box) -> dict[str, Person]:
    """Everybody in the table, after they were known, edited and left alone for a while."""
    found = {row: world.arrive(row, Title="CFO", Need__c="faster") for row in TABLE}
    for person in found.values():
        world.marketer_sets(person, jobtitle="CFO", need="faster")
    world.cycles(2)
    for row, (in_salesforce, in_hubspot, *_) in TABLE.items():
        if in_salesforce:
            world.rep_sets(found[row], **in_salesforce)
        if in_hubspot:
            world.marketer_sets(found[row], **in_hubspot)
    world.cycles(5)
    return found


@pytest.mark.parametrize("row", TABLE)
def test_every_row_of_the_truth_table_ends_as_it_says(
    world: Box, people: dict[str, Person], row: str
) -> None:
    *_, in_salesforce, in_hubspot = TABLE[row]
    lead, contact = world.lead(people[row]), world.contact(people[row])

    assert {name: lead.get(name) for name in in_salesforce} == in_salesforce
    assert {name: contact.get(name, "") for name in in_hubspot} == in_hubspot


@pytest.mark.parametrize(
    ("row", "rule", "was", "now"),
    [
        ("hubspot-changed", "changed in HubSpot", "CFO", "CEO"),
        ("salesforce-changed", "changed in Salesforce", "CFO", "CEO"),
        ("salesforce-wins", "conflict: salesforce", "80", "70"),
        ("hubspot-wins", "conflict: hubspot", "Acme Inc", "ACME"),
        ("emptied-that-clears", "changed in Salesforce", "Emptied-That-Clears", ""),
    ],
)
def test_every_overwrite_is_in_the_audit_with_both_values_and_the_rule(
    world: Box, people: dict[str, Person], row: str, rule: str, was: str, now: str
) -> None:
    (entry_,) = entries(world, people[row], AuditKind.OVERWRITE)

    values = (entry_.personal["was"], entry_.personal["is"])
    assert (entry_.facts["rule"], values) == (rule, (was, now))
    assert "came_at" in entry_.facts


def test_after_quiet_nothing_is_written_any_more(world: Box, people: dict[str, Person]) -> None:
    del people
    world.cycles(2)

    assert [report.delivered for report in world.past[-2:]] == [0, 0]


def test_the_later_edit_wins_though_the_other_record_was_touched_after_it(world: Box) -> None:
    person = world.arrive("late", Title="CFO")
    world.cycle()
    world.rep_sets(person, Title="CEO")
    world.world.advance(timedelta(seconds=5))
    world.marketer_sets(person, jobtitle="COO")
    world.world.advance(timedelta(seconds=5))
    world.rep_sets(person, LastName="Later")

    world.cycles(2)

    assert world.lead(person)["Title"] == "COO"
    (conflict,) = entries(world, person, AuditKind.CONFLICT)
    assert conflict.facts["rule"] == "conflict: latest, by history"
    names = (conflict.personal["salesforce_by"], conflict.personal["hubspot_by"])
    assert names == ("Rita Rep", "Mark Keter")


# --- a person is asked -------------------------------------------------------------------


def test_the_owner_is_told_once_whatever_the_values_become(world: Box) -> None:
    person = clash_of_needs(world, "told")
    known = world.known(person)
    assert known is not None

    world.marketer_sets(person, need="safer")
    world.cycles(2)

    assert sum(known.id in key for key in world.told("conflict")) == 1
    assert (world.lead(person)["Need__c"], world.contact(person)["need"]) == ("cheaper", "safer")


def test_a_choice_made_on_the_command_line_is_written_and_said_in_the_audit(world: Box) -> None:
    person = clash_of_needs(world, "chosen")

    said = syncd(world, "conflicts", "resolve", person.email, "need", "--take", "hubspot")
    world.cycles(3)

    assert said.startswith("Chosen: need is greener, as HubSpot says.")
    assert (world.lead(person)["Need__c"], world.contact(person)["need"]) == ("greener", "greener")
    assert entries(world, person, AuditKind.RESOLVED)[0].facts["take"] == "hubspot"


def test_a_second_choice_is_refused_while_the_first_one_waits(world: Box) -> None:
    person = clash_of_needs(world, "twice")
    words = ("conflicts", "resolve", person.email, "need", "--take")
    syncd(world, *words, "hubspot", "--by", "Ada")

    second = invoked(world, *words, "salesforce", "--by", "Bea")
    world.cycles(3)

    assert second.exit_code == 1
    said = str(second.exception)
    assert said.startswith(f"need of {person.email} is chosen already: Ada chose HubSpot on ")
    assert "The next cycle carries it out" in said
    assert world.lead(person)["Need__c"] == "greener"


def test_a_choice_is_listed_until_a_cycle_carries_it_out(world: Box) -> None:
    person = clash_of_needs(world, "waiting")
    syncd(world, "conflicts", "resolve", person.email, "need", "--take", "hubspot", "--by", "Ada")

    page = syncd(world, "conflicts")
    rows = json.loads(syncd(world, "conflicts", "--json"))
    world.cycles(3)

    assert "chosen by Ada: HubSpot; waits for the next cycle" in page
    assert f"resolve {person.sf}" not in page
    (row,) = (x for x in rows if x["records"]["salesforce"] == person.sf)
    assert (row["chosen"]["take"], row["chosen"]["by"]) == ("hubspot", "Ada")
    assert "chosen by Ada" not in syncd(world, "conflicts")


def test_a_choice_never_overwrites_what_the_person_was_not_shown(world: Box) -> None:
    person = clash_of_needs(world, "changed")
    syncd(world, "conflicts", "resolve", person.email, "need", "--take", "hubspot")
    world.rep_sets(person, Need__c="somewhere else")

    world.cycles(3)

    assert world.lead(person)["Need__c"] == "somewhere else"
    known = world.known(person)
    assert known is not None
    assert known.disputes[NEED].values[System.SALESFORCE] == "somewhere else"
    assert sum(known.id in key for key in world.told("conflict")) == 2


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("title", "title of 'x' is not in conflict; these fields are: need"),
        ("nothing", "nothing of 'x' is not in conflict; these fields are: need"),
    ],
)
def test_what_is_not_in_conflict_cannot_be_resolved(world: Box, field: str, says: str) -> None:
    person = clash_of_needs(world, f"not-{field}")

    words = ("conflicts", "resolve", person.email, field, "--take", "hubspot")
    result = invoked(world, *words)

    assert str(result.exception) == says.replace("'x'", person.email)


def test_people_who_agree_in_the_crms_need_no_command(world: Box) -> None:
    person = clash_of_needs(world, "agreed")

    world.marketer_sets(person, need="cheaper")
    world.cycle()

    known = world.known(person)
    assert known is not None
    assert known.disputes == {}


def test_the_list_shows_both_values_who_entered_them_and_the_command(world: Box) -> None:
    person = clash_of_needs(world, "listed")

    page = syncd(world, "conflicts")
    rows = json.loads(syncd(world, "conflicts", "--json"))

    assert "Listed Acme (Acme Listed): need, open for" in page
    assert "Salesforce cheaper  (Rita Rep, " in page
    assert f"syncd conflicts resolve {person.sf} need --take salesforce|hubspot" in page
    (row,) = (x for x in rows if x["records"]["salesforce"] == person.sf)
    assert row["values"] == {"salesforce": "cheaper", "hubspot": "greener"}


def test_while_a_record_is_deleted_its_conflict_is_listed_as_suspended(world: Box) -> None:
    person = clash_of_needs(world, "binned")
    with world.world.lock:
        world.world.salesforce.delete(person.sf, world.rep)
    world.cycle()

    page = syncd(world, "conflicts")
    result = invoked(world, "conflicts", "resolve", person.email, "need", "--take", "hubspot")

    says = f"Suspended while Salesforce {person.sf} is gone (deleted)"
    assert says in page
    assert f"resolve {person.sf}" not in page
    assert says in str(result.exception)


def test_status_counts_the_conflicts_and_names_the_command_that_lists_them(world: Box) -> None:
    clash_of_needs(world, "counted")

    page = syncd(world, "status")
    told = json.loads(syncd(world, "status", "--json"))["store"]

    assert told["disputes"] >= 1
    assert f"leads with a field in conflict {told['disputes']}" in " ".join(page.split())
    assert "`syncd conflicts` lists" in page


# --- the life of one field ---------------------------------------------------------------


def test_in_an_open_conflict_nothing_counts_as_settled(world: Box) -> None:
    person = clash_of_needs(world, "unsettled")

    page = syncd(world, "explain", person.email, "--field", "need")

    assert page.count("nothing: in conflict") == 2


def test_explain_field_shows_what_both_crms_and_the_audit_know_by_time(world: Box) -> None:
    person = clash_of_needs(world, "lived")
    syncd(world, "conflicts", "resolve", person.email, "need", "--take", "hubspot", "--by", "Olga")
    world.cycles(3)

    page = syncd(world, "explain", person.email, "--field", "need")

    story = page[page.index("Story") :]
    order = (
        "Salesforce: cheaper",
        "Both CRMs changed need differently",
        "Olga chose HubSpot in the conflict about need",
        "syncd wrote need in Salesforce: “cheaper” → “greener”",
    )
    places = [story.index(words) for words in order]
    assert places == sorted(places)
    assert "Both CRMs show the same: nothing to do." in page


def test_explain_field_says_which_crm_keeps_no_history_and_what_comes_next(world: Box) -> None:
    person = world.arrive("company")
    world.cycle()
    world.marketer_sets(person, company="Acme AG")

    page = syncd(world, "explain", person.email, "--field", "company")

    assert "Salesforce keeps no history of Company." in page
    assert "The next cycle writes Acme AG to Salesforce (changed in HubSpot)." in page


def test_explain_field_answers_programs_too(world: Box) -> None:
    person = clash_of_needs(world, "program")

    life = json.loads(syncd(world, "explain", person.email, "--field", "need", "--json"))

    assert life["sides"]["hubspot"]["shows"] == "greener"
    assert life["dispute"]["values"] == {"salesforce": "cheaper", "hubspot": "greener"}
    assert {x["system"] for x in life["history"]} == {"salesforce", "hubspot"}


def test_explain_field_says_which_crm_could_not_be_asked(tmp_path: Path) -> None:
    with box(tmp_path, changes=MAP) as made:
        person = made.arrive("off")
        made.cycle()
        made.arm(System.HUBSPOT, ".*", Kind.STATUS, status=403)

        page = syncd(made, "explain", person.email, "--field", "company")

    assert "HubSpot could not be asked" in page
    assert "its part is as syncd last read it" in page
