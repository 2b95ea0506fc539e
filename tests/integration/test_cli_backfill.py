"""`syncd backfill` as an admin types it, over a pair of CRMs that is in use already."""

import json
import os
import pwd
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from cli_office import MINUTE, Office, office
from click.testing import CliRunner, Result

from syncd.adapters.clock import SystemClock
from syncd.adapters.store.store import open_store
from syncd.app import open_worker
from syncd.cli import main as entry
from syncd.domain.names import FieldName, System
from syncd.domain.order import RepairField
from syncd.errors import SyncdError
from syncd.sandbox.connector import Mirrored, connect
from syncd.sandbox.hubspot.kinds import CONTACT

pytestmark = pytest.mark.usefixtures("own_logs")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Office]:
    """Two people in both CRMs, who differ there, and one in Salesforce only."""
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    with office(tmp_path, start=start) as made:
        anna, bert = made.arrive("anna"), made.arrive("bert")
        made.marketer_sets(anna, jobtitle="CEO")
        made.rep_sets(anna, Title="Chief Executive")
        made.marketer_sets(bert, lifecyclestage="salesqualifiedlead")
        with made.world.lock:
            lone = {"LastName": "Lone", "Company": "Acme", "Email": "lone@acme.example"}
            made.world.salesforce.create_lead(lone, made.rep)
        yield made


def run(made: Office, *words: str) -> Result:
    runner = CliRunner(env={**made.environ, "COLUMNS": "140", "CREDENTIALS_DIRECTORY": ""})
    return runner.invoke(entry.cli, ["backfill", *words, "--config", str(made.config)])


def answer(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_it_ends_with_a_report_and_writes_to_neither_crm(made: Office) -> None:
    before = len(made.world.journal)

    result = run(made)

    assert result.exit_code == 0
    said = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "linked, in both CRMs 2" in said
    assert "only in Salesforce 1" in said
    assert "title both ways 1 1 0 0 0" in said
    assert any(line.startswith("lead sql 1") for line in said)
    assert "Nothing was written to either CRM." in said
    assert len(made.world.journal) == before


def test_its_progress_goes_to_the_terminal_and_not_into_the_report(made: Office) -> None:
    result = run(made, "--json")

    assert answer(result)["unfinished"] == []
    assert "Salesforce" in result.stderr
    assert "HubSpot" in result.stderr


def test_the_report_is_shown_again_without_reading_anything(made: Office) -> None:
    first = answer(run(made, "--json"))
    made.fronts.stop()

    again = answer(run(made, "--report", "--json"))

    assert again == first
    assert first["survey"]["only"] == {"salesforce": 1, "hubspot": 0}


def test_the_report_shown_later_says_of_when_it_is_and_nothing_of_writes(made: Office) -> None:
    run(made)

    result = run(made, "--report")

    assert result.stdout.startswith("As of now (")
    assert "Nothing was written" not in result.stdout


def test_what_a_person_said_to_ignore_is_counted_as_such(made: Office) -> None:
    twice = {"LastName": "Lee", "Company": "Acme", "Email": "anna@acme.example"}
    with made.world.lock:
        second = made.world.salesforce.create_lead(twice, made.rep)
    run(made)
    words = ["links", "ignore", "salesforce", second, "--by", "ops", "--config", str(made.config)]
    CliRunner(env=made.environ).invoke(entry.cli, words, catch_exceptions=False)
    made.world.advance_to(datetime.now(UTC) + timedelta(minutes=1))
    made.cycles()

    result = run(made, "--report")

    said = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "ignored, as a person said 1" in said
    assert "ambiguous, parked 0" in said


def test_a_report_and_an_order_are_not_given_together(made: Office) -> None:
    run(made)

    result = run(made, "--apply", "title=hubspot", "--report")

    assert isinstance(result.exception, SyncdError)
    assert "give one of them" in str(result.exception)
    with closing(open_store(made.home / "syncd.db", read_only=True)) as store:
        assert store.waiting() == []


def test_fields_the_native_connector_writes_come_with_the_line_to_change(made: Office) -> None:
    connect(made.world, [Mirrored(salesforce="Title", hubspot="jobtitle")], delay=MINUTE)
    made.rep_sets(made.arrive("carl"), Title="CTO")
    made.world.advance(5 * MINUTE)

    result = run(made)

    said = " ".join(result.stdout.split())
    assert "The native connector writes these too" in said
    assert 'field "title": direction: both -> none' in said
    (line,) = answer(run(made, "--report", "--json"))["connector"]
    assert line in said


def test_no_repair_is_ordered_of_a_field_that_is_left_to_the_connector(made: Office) -> None:
    connect(made.world, [Mirrored(salesforce="Title", hubspot="jobtitle")], delay=MINUTE)
    made.rep_sets(made.arrive("carl"), Title="CTO")
    made.world.advance(5 * MINUTE)
    run(made)

    result = run(made, "--apply", "phone=hubspot", "--apply", "title=hubspot")

    assert isinstance(result.exception, SyncdError)
    said = str(result.exception)
    assert said.startswith("--apply title=hubspot: title is left to the native connector")
    assert "crm.yaml:" in said
    with closing(open_store(made.home / "syncd.db", read_only=True)) as store:
        assert store.waiting() == []


def test_there_is_no_report_before_anything_was_read(made: Office) -> None:
    with closing(open_worker(made.source(), clock=SystemClock(Event()))):
        pass

    result = run(made, "--report")

    assert isinstance(result.exception, SyncdError)
    assert "`syncd backfill` reads both CRMs first" in str(result.exception)


def test_it_refuses_while_the_daemon_runs(made: Office) -> None:
    with closing(open_worker(made.source(), clock=SystemClock(Event()))):
        result = run(made)

    assert isinstance(result.exception, SyncdError)
    assert "another syncd on this machine" in str(result.exception)


def test_a_repair_is_carried_out_by_the_daemon(made: Office) -> None:
    run(made)
    run(made, "--apply", "title=salesforce", "--by", "ops")
    made.world.advance_to(datetime.now(UTC) + timedelta(minutes=1))

    made.cycles(3)

    with made.world.lock:
        anna = made.world.hubspot.tables[CONTACT].with_email("anna@acme.example")
        assert anna
        assert anna.values["jobtitle"] == "Chief Executive"


def test_repairs_are_ordered_in_the_order_they_were_typed(made: Office) -> None:
    run(made)

    result = run(made, "--apply", "title=salesforce", "--apply", "phone=hubspot", "--by", "ops")

    assert "Ordered: where title differs, HubSpot is given what Salesforce shows." in result.output
    with closing(open_store(made.home / "syncd.db", read_only=True)) as store:
        orders = store.waiting()
    assert [order.what for order in orders] == [
        RepairField(field=FieldName("title"), take=System.SALESFORCE),
        RepairField(field=FieldName("phone"), take=System.HUBSPOT),
    ]
    assert {order.by for order in orders} == {"ops"}


def test_who_orders_is_known_where_the_shell_names_nobody(made: Office) -> None:
    run(made)
    nameless = dict.fromkeys(("SUDO_USER", "LOGNAME", "USER", "LNAME", "USERNAME"))
    words = ["backfill", "--apply", "title=hubspot", "--config", str(made.config)]

    CliRunner(env={**made.environ, **nameless}).invoke(entry.cli, words, catch_exceptions=False)

    with closing(open_store(made.home / "syncd.db", read_only=True)) as store:
        (order,) = store.waiting()
    assert order.by == pwd.getpwuid(os.getuid()).pw_name


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("title", "write FIELD=salesforce or FIELD=hubspot"),
        ("title=sugar", "write FIELD=salesforce or FIELD=hubspot"),
        ("stage=hubspot", "a stage is not repaired this way"),
        ("shoe_size=hubspot", "shoe_size is not a field of both CRMs; they share "),
        ("last_engaged_at=salesforce", "does not flow to HubSpot"),
    ],
)
def test_a_repair_that_cannot_be_is_refused_with_the_reason(
    made: Office, asked: str, why: str
) -> None:
    with closing(open_worker(made.source(), clock=SystemClock(Event()))):
        pass

    result = run(made, "--apply", asked)

    assert isinstance(result.exception, SyncdError)
    assert why in str(result.exception)
