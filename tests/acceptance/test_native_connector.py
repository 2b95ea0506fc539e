"""Beside the native connector: what it moves is left to it, and the standard is enforced all
the same. Real adapters over the sandbox, where the connector is a third writer."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from box import HOUR, MINUTE, Box, Person, box
from click.testing import CliRunner

from syncd.cli import main as entry
from syncd.domain.audit import AuditKind
from syncd.domain.names import System
from syncd.domain.stage import Stage
from syncd.sandbox.connector import Mirrored, connect
from syncd.sandbox.journal import ActorKind
from syncd.sandbox.journal import System as Front

TITLE = Mirrored(salesforce="Title", hubspot="jobtitle")
STATUS = Mirrored(
    salesforce="Status",
    hubspot="lifecyclestage",
    values={
        "Open": "lead",
        "Marketing Qualified": "marketingqualifiedlead",
        "Sales Qualified": "salesqualifiedlead",
    },
)
QUALIFIED = {"Need__c": "Fewer spreadsheets", "Budget_Confirmed__c": True}


@contextmanager
def connected(home: Path, *fields: Mirrored, delay: timedelta = 2 * MINUTE) -> Iterator[Box]:
    with box(home) as b:
        connect(b.world, fields, delay=delay)
        yield b


def mirrored(b: Box) -> Person:
    """Somebody whose title the connector has copied, and a worker that looked for it."""
    person = b.arrive("ann")
    b.cycle()
    b.rep_sets(person, Title="CTO")
    b.world.advance(5 * MINUTE)
    b.restart()
    b.cycle()
    return person


def ours(b: Box, front: Front, record: str, name: str) -> int:
    """How often syncd itself wrote a property: its user and app act by the API."""
    entries = b.world.journal.of(front, record, name)
    return sum(e.actor.kind is ActorKind.API and e.via != "connector" for e in entries)


def judged(b: Box, person: Person, gate: Stage) -> int:
    return sum(verdict.gate is gate for verdict in b.story(person).verdicts)


# --- fields ----------------------------------------------------------------------------------


def test_a_field_the_connector_moves_is_found_and_told_once_with_the_line_to_change(
    tmp_path: Path,
) -> None:
    with connected(tmp_path, TITLE) as b:
        mirrored(b)

        b.restart()
        b.cycles(3)

        assert (b.worker.store.sides()[System.HUBSPOT].connector or {}).keys() == {"title"}
        assert len(b.told("connector")) == 1
        (message,) = (m for m in b.world.slack.messages if "native connector" in m.text)
        assert "direction: both -&gt; none" in str(message.blocks)


def test_explain_says_that_the_connector_is_waited_for_and_which_line_to_change(
    tmp_path: Path,
) -> None:
    with connected(tmp_path, TITLE) as b:
        person = mirrored(b)
        b.marketer_sets(person, jobtitle="CEO")
        words = ["explain", person.email, "--field", "title", "--config", str(b.source.config_dir)]

        result = CliRunner(env={**b.source.environ, "COLUMNS": "200"}).invoke(entry.cli, words)

        assert "It is left to the native connector" in result.stdout
        assert 'field "title": direction: both -> none' in " ".join(result.stdout.split())


def test_syncd_writes_nothing_the_connector_moves(tmp_path: Path) -> None:
    with connected(tmp_path, TITLE) as b:
        person = mirrored(b)
        b.rep_sets(person, Title="CEO")
        b.cycles(5)
        b.marketer_sets(person, jobtitle="Chief")
        b.cycles(5)

        assert (b.lead(person)["Title"], b.contact(person)["jobtitle"]) == ("Chief", "Chief")
        assert ours(b, Front.SALESFORCE, person.sf, "Title") == 0
        assert ours(b, Front.HUBSPOT, str(person.hs), "jobtitle") == 0


def test_fields_it_does_not_move_go_on_travelling(tmp_path: Path) -> None:
    with connected(tmp_path, TITLE) as b:
        person = mirrored(b)
        b.rep_sets(person, Need__c="Fewer spreadsheets")

        b.cycles(3)

        assert b.contact(person)["need"] == "Fewer spreadsheets"


def test_a_field_that_syncd_was_told_to_leave_alone_is_not_told(tmp_path: Path) -> None:
    with box(tmp_path, changes={"hubspot: jobtitle, direction: both": "hubspot: jobtitle"}) as b:
        connect(b.world, (TITLE,), delay=2 * MINUTE)
        mirrored(b)

        assert b.told("connector") == []


def test_a_field_the_connector_left_alone_for_a_month_is_syncds_again(tmp_path: Path) -> None:
    with connected(tmp_path, TITLE) as b:
        person = mirrored(b)
        b.restart(down_for=timedelta(days=31))
        b.cycle()
        b.world.salesforce.edit(person.sf, {"Title": "CEO"}, b.rep)

        b.cycle(timedelta(seconds=30))  # before the connector has it

        assert b.worker.store.sides()[System.HUBSPOT].connector == {}
        assert b.contact(person)["jobtitle"] == "CEO"


def test_a_portal_without_the_connector_is_not_asked_for_its_history(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        b.arrive("ann")

        b.cycles(3)

        assert b.worker.store.sides()[System.HUBSPOT].connector == {}


# --- stages ----------------------------------------------------------------------------------


def test_a_move_the_connector_copied_is_judged_once_and_taken_back_on_both_sides(
    tmp_path: Path,
) -> None:
    with connected(tmp_path, STATUS) as b:
        person = b.offered("ann")
        b.cycles(10)
        b.rep_sets(person, Status="Sales Qualified")  # neither need nor budget are known

        b.cycles(30)

        assert b.stages(person) == ("Marketing Qualified", "marketingqualifiedlead", "")
        assert judged(b, person, Stage.SQL) == 1
        assert len(b.told("blocked")) == 1
        assert b.story(person).lead.contest is None


def test_a_block_and_the_connector_do_not_chase_one_another(tmp_path: Path) -> None:
    with connected(tmp_path, STATUS) as b:
        person = b.offered("ann")
        b.cycles(10)
        b.rep_sets(person, Status="Sales Qualified")
        b.cycles(30)
        before = len(b.world.journal)

        b.cycles(12, 10 * MINUTE)

        assert len(b.world.journal.after(before)) == 0


@pytest.mark.parametrize("delay", [MINUTE // 2, 2 * MINUTE, 10 * MINUTE])
def test_a_move_that_passes_is_judged_once_whoever_copies_it_first(
    tmp_path: Path, delay: timedelta
) -> None:
    with connected(tmp_path, STATUS, delay=delay) as b:
        person = b.offered("ann")
        b.cycles(15)
        b.rep_sets(person, Status="Sales Qualified", **QUALIFIED)

        b.cycles(30)

        assert b.stages(person) == ("Sales Qualified", "salesqualifiedlead", "")
        assert judged(b, person, Stage.SQL) == 1
        assert b.told("blocked") == []


def test_a_connector_that_insists_is_contested_and_told_once(tmp_path: Path) -> None:
    """One-way, and somebody in Salesforce insists: each block is followed by a copy."""
    with connected(tmp_path, STATUS) as b:
        person = b.offered("ann")
        b.cycles(10)
        for _ in range(6):
            b.rep_sets(person, Status="Sales Qualified")
            b.cycles(12)

        b.cycles(5, HOUR)

        assert len(b.told("contested")) == 1
        assert [e.kind for e in b.story(person).audit].count(AuditKind.CONTESTED) == 1
