"""One standard, several kinds of leads: a large company is held to more than all others, and
whoever moves its lead reads whose rules those are."""

import json
from collections.abc import Iterator

import pytest
from box import MINUTE, Box, Person, box
from click.testing import CliRunner

from syncd.cli import main as entry

SEGMENTS = """\
    all: [need-stated]
variants:
  - name: enterprise
    when: {field: employees, at_least: 1000}
    gates:
      sql: {all: [need-stated, budget-confirmed]}
"""
CHANGES = {"    all: [need-stated, budget-confirmed]\n": SEGMENTS}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with box(tmp_path_factory.mktemp("variants"), changes=CHANGES) as made:
        yield made


@pytest.fixture(scope="module")
def large(world: Box) -> Person:
    """Of a company of 2,000; made SQL without a budget, beside a small one."""
    person = world.arrive("large", NumberOfEmployees=2000, Need__c="one story")
    small = world.arrive("small", NumberOfEmployees=120, Need__c="one story")
    world.cycle()
    for moved in (person, small):
        world.rep_sets(moved, Status="Sales Qualified")
    world.cycles(9)
    assert world.stages(small) == ("Sales Qualified", "salesqualifiedlead", "")
    return person


def syncd(made: Box, *words: str) -> str:
    env = {**made.source.environ, "COLUMNS": "200", "CREDENTIALS_DIRECTORY": ""}
    config = ("--config", str(made.source.config_dir))
    result = CliRunner(env=env).invoke(entry.cli, [*words, *config])
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.output


def test_a_lead_of_the_variant_is_moved_back_for_what_all_others_need_not(
    world: Box, large: Person
) -> None:
    assert world.stages(large)[:2] == ("Open", "lead")


def test_the_note_the_mark_and_the_message_say_which_variant_it_was_held_to(
    world: Box, large: Person
) -> None:
    (note,) = [t for t in world.world.salesforce.rows("Task") if t["WhoId"] == large.sf]
    (message,) = [x for x in world.world.slack.messages if "Large" in x.text]

    assert "Standard box.1, judged as enterprise" in note["Description"]
    assert "The budget is confirmed: seen no" in note["Description"]
    assert world.lead(large)["Syncd_Verdict__c"] == (
        "does not meet the SQL standard, judged as enterprise"
    )
    assert "judged as enterprise" in json.dumps(message.blocks)


def test_its_story_tells_of_which_variant_every_verdict_is(world: Box, large: Person) -> None:
    told = syncd(world, "explain", large.email)
    of_small = syncd(world, "explain", "small@acme.example")

    assert "Judged at the SQL gate of standard box.1 as enterprise: fails" in told
    assert "Judged at the SQL gate of standard box.1 as everybody: passes" in of_small


def test_what_only_the_variant_asks_can_be_waived(world: Box, large: Person) -> None:
    waiver = ("--gate", "sql", "--rule", "budget-confirmed", "--until", "2030-01-01")
    syncd(world, "waive", large.email, *waiver, "--reason", "a signed letter", "--by", "Vera")
    world.cycles(2)
    world.rep_sets(large, Status="Sales Qualified")
    world.cycles(2, every=MINUTE)

    assert world.stages(large)[0] == "Sales Qualified"
