"""Every command as an admin types it, against a store that a worker really filled.

One week's worth of leads is made once for the module: blocked, contested, recycled, held and
waiting ones. Tests only read it, or place orders in a copy.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cli_office import EXAMPLE, Office, Person, catch_up, office
from click.testing import CliRunner, Result

from syncd.cli import main as entry
from syncd.domain.names import System
from syncd.sandbox.faults import Fault
from syncd.sandbox.journal import System as Front

SYNCD = (sys.executable, "-c", "from syncd.cli.main import main; main()")
LONG = timedelta(minutes=40)
NEXT_YEAR = f"{datetime.now(UTC).date() + timedelta(days=365)}"
WAIVE = ("--gate", "sql", "--rule", "decision-maker", "--reason", "CEO knows them")


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A home with config and store, and the leads in it by what became of them."""

    home: Path
    environ: dict[str, str]
    blocked: Person
    contested: Person
    recycled: Person
    waiting: Person
    held: Person
    plan: str

    @property
    def config(self) -> str:
        return str(self.home / "config")


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Week:
    home = tmp_path_factory.mktemp("week")
    brake = {"revert: {records: 100, percent: 5}": "revert: {records: 4, percent: 0}"}
    with office(home, changes=brake) as made:
        return _lived(made)


def _lived(made: Office) -> Week:
    """Each lead on its way. The revert brake lets four leads an hour through."""
    made.cycles()
    blocked, contested, recycled = (made.arrive(name) for name in ("ann", "bob", "cy"))
    made.cycles(2)
    made.offer(blocked, contested, recycled)
    made.cycles(3)
    made.rep_sets(blocked, Status="Sales Qualified")
    for _ in range(4):
        made.rep_sets(contested, Status="Sales Qualified")
        made.cycles(3)
    made.cycles(40, LONG)
    waiting, held, *rest = (
        made.arrive(name) for name in ("dee", "eve", "fay", "gil", "hal", "ivy")
    )
    made.cycles(2)
    made.offer(waiting, held, *rest)
    made.cycles(3)
    for person in (held, *rest):
        made.rep_sets(person, Status="Sales Qualified")
    made.cycles(3)
    made.rep_sets(waiting, Status="Sales Qualified")
    made.cycles()
    made.go_home()
    return Week(
        home=made.home,
        environ=made.environ,
        blocked=blocked,
        contested=contested,
        recycled=recycled,
        waiting=waiting,
        held=held,
        plan=_plan_of(made.home),
    )


def _plan_of(home: Path) -> str:
    with sqlite3.connect(home / "syncd.db") as connection:
        (found,) = connection.execute("select id from plan").fetchone()
    connection.close()
    return str(found)


@pytest.fixture
def own_week(week: Week, tmp_path: Path) -> Week:
    """A copy, for tests that change something."""
    home = Path(shutil.copytree(week.home, tmp_path / "copy"))
    return replace(week, home=home, environ={**week.environ, "STATE_DIRECTORY": str(home)})


def syncd(week: Week, *words: str, width: int = 100) -> Result:
    """The command in this process, as click runs it."""
    runner = CliRunner(env={**week.environ, "COLUMNS": str(width), "CREDENTIALS_DIRECTORY": ""})
    return runner.invoke(entry.cli, [*words, "--config", week.config])


def typed(environ: dict[str, str], *words: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    """The command as the shell runs it: through `main`, with its exit code."""
    return subprocess.run(
        [*SYNCD, *words],
        env={"PATH": os.environ["PATH"], **environ},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def told(result: Result) -> str:
    """The message of an expected error."""
    assert result.exit_code == 1
    return str(result.exception) if result.output == "" else result.output


def answered(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


# --- explain ---------------------------------------------------------------------------------


def test_explain_shows_who_it_is_and_both_records_with_links_and_why_linked(week: Week) -> None:
    page = syncd(week, "explain", week.blocked.email).output

    assert page.startswith("Ann Lee (Acme [Holding])  MQL, round 1")
    assert f"https://example.my.salesforce.com/{week.blocked.sf}" in page
    assert f"https://app.hubspot.com/contacts/12345678/record/0-1/{week.blocked.hs}" in page
    assert "linked because of the connector's id property" in page


@pytest.mark.parametrize("spell", ["email", "upper", "hubspot", "sf18", "sf15"])
def test_explain_finds_a_lead_by_email_and_by_every_id(week: Week, spell: str) -> None:
    person = week.blocked
    name = {
        "email": person.email,
        "upper": person.email.upper(),
        "hubspot": str(person.hs),
        "sf18": person.sf,
        "sf15": person.sf[:15],
    }[spell]

    assert syncd(week, "explain", name).output.startswith("Ann Lee")


def test_explain_folds_no_line_where_no_terminal_shows_it(week: Week) -> None:
    runner = CliRunner(env={**week.environ, "COLUMNS": None, "CREDENTIALS_DIRECTORY": ""})

    page = runner.invoke(entry.cli, ["explain", week.blocked.email, "--config", week.config]).output

    assert f"https://app.hubspot.com/contacts/12345678/record/0-1/{week.blocked.hs}" in page


def test_explain_tells_a_blocked_move_with_mover_findings_and_what_was_written(week: Week) -> None:
    page = " ".join(syncd(week, "explain", week.blocked.email).output.split())

    assert "MQL → SQL in Salesforce, by Rita Rep" in page
    assert "Judged at the SQL gate of standard 2026.1: fails" in page
    assert (
        "✗ budget-confirmed: The budget is confirmed: seen no, needed yes. Ask whether money is "
        "set aside, and tick Budget Confirmed."
    ) in page
    assert page.count("✗") == 8  # one at mql, seven at sql
    assert "SQL → MQL in Salesforce, by syncd because the move was refused" in page
    assert "Note in Salesforce: Not SQL yet: 7 things missing" in page
    assert "The move to SQL was refused 1 time" in page


def test_explain_tells_what_happened_in_one_second_in_the_order_it_follows(week: Week) -> None:
    page = syncd(week, "explain", week.blocked.email).output
    story = page[page.index("Story") :]

    order = ("MQL → SQL in Salesforce", "Judged at the SQL", "Refused at", "SQL → MQL", "Note in")
    places = [story.index(words) for words in order]
    assert places == sorted(places)


def test_explain_tells_who_contests_a_lead_and_how_to_end_it(week: Week) -> None:
    page = " ".join(syncd(week, "explain", week.contested.email).output.split())

    assert "Rita Rep made the move to SQL again after it was refused 3 times" in page
    assert "`syncd release ld_" in page
    assert "Contested: frozen until a person releases it" in page


def test_explain_spells_the_same_findings_out_once(week: Week) -> None:
    page = " ".join(syncd(week, "explain", week.contested.email).output.split())

    assert page.count("Ask whether money is set aside") == 1
    assert page.count("just as at Mon 2 Mar") == 3


def test_explain_tells_how_a_round_ended_and_what_its_clock_did(week: Week) -> None:
    page = syncd(week, "explain", week.recycled.email).output

    assert "Nurture, round 2, recycled 1 time" in page
    assert "It cools off: no MQL again before" in page
    assert "acceptance: deadline Mon 2 Mar 16:15, told Mon 2 Mar 16:50" in page
    assert "acceptance: recycle Tue 3 Mar 11:45" in page
    assert "MQL → Nurture in HubSpot, by syncd" in page


def test_explain_clock_gives_account_of_all_the_time_of_every_clock(week: Week) -> None:
    page = syncd(week, "explain", week.recycled.email, "--clock").output

    words = [" ".join(line.split()) for line in page.splitlines()]
    assert words[1:] == [
        "Round 1: offered Mon 2 Mar 12:15, expired Tue 3 Mar 12:10 (on time)",
        "Acceptance by rita@example.com: 4 business hours on the calendar sales (America/New_York)",
        "counted Mon 2 Mar 12:15 to 16:15: 4 h",
        "warn Mon 2 Mar 15:15; told Mon 2 Mar 15:30",
        "deadline Mon 2 Mar 16:15 after 4 h; breach told Mon 2 Mar 16:50",
        "counted Mon 2 Mar 16:15 to 17:30: 1 h 15 min",
        "not counted Mon 2 Mar 17:30 to Tue 3 Mar 09:00: outside the hours",
        "counted Tue 3 Mar 09:00 to 11:45: 2 h 45 min",
        "escalate Tue 3 Mar 09:45; told Tue 3 Mar 10:10",
        "recycle Tue 3 Mar 11:45",
        "stopped Tue 3 Mar 12:10 after 8 h 25 min 3 s, 4 h 25 min 3 s of it after the deadline",
    ]


def test_explain_clock_for_programs_has_the_same_account(week: Week) -> None:
    (clock,) = json.loads(syncd(week, "explain", week.recycled.email, "--clock", "--json").output)

    assert (clock["clock"], clock["owner"]) == ("accept", "rita@example.com")
    assert clock["promised"] == "4 business hours"
    assert clock["entries"][2]["why_not"] == "outside the hours"
    assert [step["rung"] for step in clock["steps"]] == ["warn", "breach", "escalate", "recycle"]


def test_a_recycled_lead_is_not_said_to_miss_a_standard(week: Week) -> None:
    assert "without meeting its standard" not in syncd(week, "explain", week.recycled.email).output


def test_explain_tells_until_when_a_move_waits_and_what_is_missing(week: Week) -> None:
    page = " ".join(syncd(week, "explain", week.waiting.email).output.split())

    assert "Rita Rep moved it to SQL; the record can be completed until" in page
    assert "missing: decision-maker, budget-confirmed" in page


def test_explain_of_a_held_lead_names_its_plan(week: Week) -> None:
    page = syncd(week, "explain", week.held.email).output

    assert f"`syncd plan show {week.plan}`" in page


def test_explain_shows_fields_side_by_side_and_where_they_differ(week: Week) -> None:
    lines = syncd(week, "explain", week.held.email).output.splitlines()

    (stage,) = (line.split() for line in lines if line.startswith("stage "))
    assert stage == ["stage", "SQL", "MQL", "differs"]


@pytest.mark.parametrize("width", [60, 100, 160])
def test_explain_keeps_within_the_terminal_and_shows_no_raw_structures(
    week: Week, width: int
) -> None:
    page = syncd(week, "explain", week.contested.email, width=width).output

    assert max(map(len, page.splitlines())) <= width
    assert not [raw for raw in ("{", "datetime", "TransitionId", "tr_", "None") if raw in page]


def test_explain_answers_programs_with_everything_that_is_stored(week: Week) -> None:
    story = answered(syncd(week, "explain", week.blocked.email, "--json"))

    assert list(story) == ["lead", "transitions", "verdicts", "handoffs", "effects", "audit"]
    assert story["lead"]["stage"] == "mql"
    assert {"id", "from_stage", "to_stage", "at", "actor"} <= set(story["transitions"][0])
    assert {effect["what"] for effect in story["effects"]} == {
        "write",
        "note",
        "message",
        "message changed",
    }
    assert [handoff["state"] for handoff in story["handoffs"]] == ["accepted"]


def test_explain_of_somebody_unknown_says_what_to_try(week: Week) -> None:
    assert told(syncd(week, "explain", "nobody@acme.example")) == (
        "no lead with nobody@acme.example: give an email, a HubSpot id or a Salesforce id that "
        "syncd has read (`syncd status` tells how far it has read)"
    )


# --- status ----------------------------------------------------------------------------------


def test_status_shows_lag_budget_counts_and_what_needs_a_person(week: Week) -> None:
    page = syncd(week, "status").output

    lines = {" ".join(line.split()) for line in page.splitlines()}
    assert {
        "leads 9",
        "of them linked in both CRMs 9",
        "contested leads 1",
        "held plans 1",
    } <= lines
    assert any(line.startswith("Salesforce 2026-03-0") and line.endswith("ok") for line in lines)
    assert any(line.endswith("a day everything runs") for line in lines)
    assert f"held {week.plan}: look at it with `syncd plan show {week.plan}`" in lines
    assert any(line.startswith("contested Bob Lee (Acme [Holding]): `syncd rel") for line in lines)


def test_status_answers_programs(week: Week) -> None:
    found = answered(syncd(week, "status", "--json"))

    assert list(found) == ["sides", "calls", "store", "parked"]
    assert set(found["sides"]) == set(System)
    assert found["calls"]["salesforce"]["budget"]["share"] == 30_000
    assert sum(calls for _, calls in found["sides"]["salesforce"]["spent"]) > 0
    assert (found["store"]["leads"], found["store"]["held_plans"]) == (9, [week.plan])


@pytest.mark.parametrize("command", [("status",), ("explain", "x"), ("audit", "verify")])
def test_a_store_that_is_not_there_is_named_with_what_to_do(
    week: Week, tmp_path: Path, command: tuple[str, ...]
) -> None:
    away = replace(week, environ={**week.environ, "STATE_DIRECTORY": str(tmp_path)})

    assert told(syncd(away, *command)) == (
        f"there is no store at {tmp_path}/syncd.db: run `syncd backfill` (or `syncd run`) first, "
        "or set STATE_DIRECTORY to where the daemon keeps its store"
    )


# --- held plans ------------------------------------------------------------------------------


def test_a_held_plan_is_shown_by_name_with_every_write(week: Week) -> None:
    page = syncd(week, "plan", "show", week.plan).output

    assert f"{week.plan}: open, 5 leads, held since 2026-03-0" in page
    assert "Eve Lee (Acme [Holding])" in page
    assert f"Salesforce Lead {week.held.sf}: move back (stage from sql to mql)" in page
    assert f"`syncd plan apply {week.plan}`" in page


def test_the_configuration_may_be_named_before_the_subcommand(week: Week) -> None:
    runner = CliRunner(env=week.environ)

    result = runner.invoke(
        entry.cli, ["plan", "--config", week.config, "--json", "show", week.plan]
    )

    assert answered(result)["state"] == "open"


def test_an_unknown_plan_is_answered_with_the_open_ones(week: Week) -> None:
    assert told(syncd(week, "plan", "show", "plan-x")) == f"no plan plan-x; open plans: {week.plan}"


def test_an_approved_plan_is_an_order_for_the_next_cycle(own_week: Week) -> None:
    result = syncd(own_week, "plan", "apply", own_week.plan, "--by", "Ada")

    assert result.output.startswith("Approved 5 leads. The next cycle writes what is still")
    assert _orders(own_week) == 1


# --- waive and release -----------------------------------------------------------------------


def test_a_waiver_is_an_order_for_the_next_cycle(own_week: Week) -> None:
    result = syncd(own_week, "waive", own_week.blocked.email, *WAIVE, "--until", NEXT_YEAR)

    assert result.output == (
        f"Waived decision-maker at the sql gate until {NEXT_YEAR}; the next cycle judges the "
        "lead again.\n"
    )
    assert _orders(own_week) == 1


def test_a_waiver_answers_programs_with_what_was_ordered(own_week: Week) -> None:
    found = answered(
        syncd(
            own_week,
            "waive",
            own_week.blocked.email,
            *WAIVE,
            "--until",
            NEXT_YEAR,
            "--by",
            "Ada",
            "--json",
        )
    )

    assert found["by"] == "Ada"
    assert found["what"]["waiver"]["rules"] == ["decision-maker"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"--gate": "sqll"}, 'no gate "sqll" in the standard; there are mql, sql'),
        ({"--rule": "decision-makr"}, 'the sql gate has no rule "decision-makr"; it has amount-'),
        (
            {"--rule": "engaged-recently"},
            'the sql gate has no rule "engaged-recently", though the standard has it; it has ',
        ),
        ({"--until": "2021-01-01"}, "--until 2021-01-01 is over already; give a day from today on"),
        ({"--until": "soon"}, "--until soon is no day; write it like 20"),
        ({"--until": "2027-13-01"}, "--until 2027-13-01 is no day; write it like 20"),
        ({"lead": "nobody@acme.example"}, "no lead with nobody@acme.example: give an email"),
    ],
)
def test_a_waiver_with_a_wrong_word_is_refused_and_nothing_is_ordered(
    own_week: Week, wrong: dict[str, str], message: str
) -> None:
    right = {
        "lead": own_week.blocked.email,
        "--gate": "sql",
        "--rule": "decision-maker",
        "--reason": "CEO knows them",
        "--until": NEXT_YEAR,
    }
    given = right | wrong
    lead = given.pop("lead")

    result = syncd(own_week, "waive", lead, *(word for pair in given.items() for word in pair))

    assert told(result).startswith(message)
    assert _orders(own_week) == 0


@pytest.mark.parametrize("option", ["--reason", "--by"])
def test_a_waiver_without_words_is_a_usage_error(own_week: Week, option: str) -> None:
    words = ("waive", own_week.blocked.email, *WAIVE, "--until", NEXT_YEAR, option, "  ")

    result = syncd(own_week, *words)

    assert f"Invalid value for '{option}': say it in words" in result.output
    assert _orders(own_week) == 0


def test_a_contested_lead_is_released_by_an_order(own_week: Week) -> None:
    result = syncd(own_week, "release", own_week.contested.email, "--by", "Ada")

    assert result.output == "Released; the next cycle judges it again.\n"
    assert _orders(own_week) == 1


def test_a_lead_nobody_contests_is_not_released(week: Week) -> None:
    assert told(syncd(week, "release", week.blocked.email)) == (
        "ann@acme.example is not contested; `syncd explain ann@acme.example` shows its story"
    )


def _orders(week: Week) -> int:
    with sqlite3.connect(week.home / "syncd.db") as connection:
        (count,) = connection.execute('select count(*) from "order"').fetchone()
    connection.close()
    return int(count)


# --- audit -----------------------------------------------------------------------------------


def test_a_whole_audit_is_verified(week: Week) -> None:
    result = syncd(week, "audit", "verify")

    assert result.exit_code == 0
    assert result.output.startswith("ok: ")


def test_a_tampered_audit_is_found_at_its_row(own_week: Week) -> None:
    with sqlite3.connect(own_week.home / "syncd.db") as connection:
        connection.execute("drop trigger audit_never_updated")
        connection.execute("update audit set kind = 'waived' where sequence = 7")
    connection.close()

    text = syncd(own_week, "audit", "verify")
    report = syncd(own_week, "audit", "verify", "--json")

    assert text.exit_code == report.exit_code == 1
    assert text.stderr.startswith("broken at row 7 of ")
    assert "compare it with a backup" in text.stderr
    assert json.loads(report.stdout)["broken_at"] == 7


# --- what a cycle would do, and one cycle ----------------------------------------------------


@pytest.mark.usefixtures("own_logs")
def test_plan_tells_what_a_cycle_would_write_and_writes_nothing(today: Office) -> None:
    person = today.arrive("ann")
    today.cycles(2)
    today.go_home()
    today.rep_sets(person, Title="CFO")
    catch_up(today)
    runner = CliRunner(env=today.environ)

    text = runner.invoke(entry.cli, ["plan", "--config", str(today.config)])
    found = answered(runner.invoke(entry.cli, ["plan", "--json", "--config", str(today.config)]))

    lines = [line.strip() for line in text.output.splitlines()]
    assert lines[1:5] == [
        "field title: changed in Salesforce",
        f"HubSpot contact {person.hs}: carry over (title)",
        "1 sync       field title: changed in Salesforce",
        "total: 1 sync",
    ]
    assert f"`syncd plan apply {found['checksum']}`" in lines[5]
    assert [(x["what"], x["action"]["record_id"]) for x in found["actions"]] == [
        ("sync", str(person.hs))
    ]
    assert "jobtitle" not in today.world.hubspot.contact(person.hs)


@pytest.mark.usefixtures("own_logs")
def test_plan_with_nothing_to_do_says_so(today: Office) -> None:
    catch_up(today)

    result = CliRunner(env=today.environ).invoke(entry.cli, ["plan", "--config", str(today.config)])

    assert (result.exit_code, result.output) == (0, "Nothing to write now.\n")


def test_run_once_does_one_cycle_and_tells_what_it_came_to(today: Office) -> None:
    person = today.arrive("ann")
    catch_up(today)

    ran = typed(today.environ, "run", "--once", "--config", str(today.config), cwd=today.home)

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == "2 changed records read, 1 leads decided, 0 effects carried out\n"
    assert today.world.salesforce.record(person.sf)["Status"] == "Open"


def test_run_once_with_a_crm_down_does_the_rest_and_ends_with_one(today: Office) -> None:
    down = {"match": ".", "kind": "status", "status": 403, "times": None, "body": "no"}
    today.world.faults[Front.HUBSPOT].arm(Fault.from_json(down))
    catch_up(today)

    ran = typed(
        today.environ, "run", "--once", "--json", "--config", str(today.config), cwd=today.home
    )

    assert ran.returncode == 1
    assert set(json.loads(ran.stdout)["down"]) == {"hubspot"}
    assert ran.stderr.splitlines()[-1].startswith("HubSpot could not be read: ")


def test_run_without_secrets_names_each_that_is_missing(week: Week) -> None:
    environ = {"STATE_DIRECTORY": week.environ["STATE_DIRECTORY"]}

    ran = typed(environ, "run", "--once", "--config", week.config, cwd=week.home)

    assert ran.returncode == 1
    assert [line.split(" is not set")[0] for line in ran.stderr.splitlines()] == [
        "SYNCD_SALESFORCE_CLIENT_ID",
        "SYNCD_SALESFORCE_CLIENT_SECRET",
        "SYNCD_HUBSPOT_TOKEN",
        "SYNCD_SLACK_TOKEN or SYNCD_SLACK_WEBHOOK",
    ]


# --- the entry point -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [("nope",), ("run", "--nope"), ("explain",), ("waive", "x"), ("run", "--log-level", "LOUD")],
)
def test_a_usage_error_ends_with_one(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit) as ended:
        entry.main(words)

    assert ended.value.code == 1
    assert "Error: " in capsys.readouterr().err


def test_a_bug_ends_with_three_and_asks_for_a_report_without_personal_data(week: Week) -> None:
    crash = (
        "import click\nfrom syncd.cli import main\n"
        "@click.command()\ndef crash() -> None:\n"
        "    raise RuntimeError('ann@acme.example, secret office-secret')\n"
        "main.cli.add_command(crash)\nmain.main()"
    )
    environ = {"PATH": os.environ["PATH"], "SYNCD_SALESFORCE_CLIENT_SECRET": "office-secret"}

    ran = subprocess.run(
        [sys.executable, "-c", crash, "crash"],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 3
    assert ran.stderr.endswith("This is a bug in syncd. Please report it with the lines above.\n")
    assert "RuntimeError" in ran.stderr
    assert "ann@acme.example" not in ran.stderr
    assert "office-secret" not in ran.stderr.split("RuntimeError", 1)[1]


def test_a_mistake_in_the_configuration_stops_every_command_the_same_way(tmp_path: Path) -> None:
    config = Path(shutil.copytree(EXAMPLE, tmp_path / "config"))
    (config / "policy.yaml").write_text("modes: {mql: flagg}\n", encoding="utf-8")

    for words in (("status",), ("explain", "x"), ("plan",), ("audit", "verify")):
        result = CliRunner().invoke(entry.cli, [*words, "--config", str(config)])

        assert f"{config}/policy.yaml:1:14: " in told(result)


def test_help_lists_every_command_in_the_order_of_a_day() -> None:
    result = CliRunner().invoke(entry.cli, ["--help"])

    listed = [line.split()[0] for line in result.output.partition("Commands:\n")[2].splitlines()]
    assert listed == list(entry.COMMANDS)


@pytest.mark.parametrize("name", entry.COMMANDS)
def test_every_command_that_needs_one_takes_a_configuration(name: str) -> None:
    groups = {"audit": ("audit", "verify"), "standard": ("standard", "show")}
    words = groups.get(name, (name,))

    page = CliRunner().invoke(entry.cli, [*words, "--help"]).output

    assert ("--config" in page) is (name not in ("demo", "outcomes"))


# --- the sandbox -----------------------------------------------------------------------------


def test_the_sandbox_serves_people_leads_and_channels_until_it_is_told_to_stop(
    tmp_path: Path,
) -> None:
    ports = ("--salesforce-port", "0", "--hubspot-port", "0", "--slack-port", "0")
    running = subprocess.Popen(
        [*SYNCD, "sandbox", *ports, "--leads", "3", "--connector", "--json"],
        env={"PATH": os.environ["PATH"]},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert running.stdout is not None
        given = json.loads("".join(_until_closed(running.stdout)))
        config = Path(shutil.copytree(EXAMPLE, tmp_path / "config"))
        crm = (config / "crm.yaml").read_text(encoding="utf-8")
        for before, after in (
            ("# base_url: http://127.0.0.1:8101", f"base_url: {given['base_urls']['salesforce']}"),
            ("https://api.hubapi.com", given["base_urls"]["hubspot"]),
            ("https://slack.com/api", given["base_urls"]["slack"]),
        ):
            crm = crm.replace(before, after)
        (config / "crm.yaml").write_text(crm, encoding="utf-8")
        environ = {**given["environment"], "STATE_DIRECTORY": str(tmp_path)}

        ran = typed(environ, "run", "--once", cwd=tmp_path)

        assert ran.stdout.startswith("6 changed records read, 3 leads decided"), ran.stderr
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=10) == 0
    finally:
        running.kill()
        running.communicate()


def _until_closed(lines: Iterable[str]) -> Iterator[str]:
    """One JSON object, printed over several lines."""
    for line in lines:
        yield line
        if line == "}\n":
            return
