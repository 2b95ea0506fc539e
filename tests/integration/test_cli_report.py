"""`syncd report` of an office's own month: one set of numbers, whatever they are written to."""

import csv
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cli_office import Office, office, page, syncd
from starlette.testclient import TestClient

from syncd.adapters.web.access import ThisMachine
from syncd.adapters.web.dashboard import dashboard
from syncd.cli.dashboard.views import StoreViews

MARCH = ("report", "--period", "2026-03")


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Three leads that became MQL, one of whom sales took on; nobody has counted them yet."""
    with office(tmp_path_factory.mktemp("office")) as made:
        made.cycles(2)
        people = [made.arrive(name) for name in ("ann", "bob", "cleo")]
        made.cycles(2)
        made.offer(*people)
        made.cycles(4)
        made.rep_sets(people[0], Status="Working")
        made.cycles(4)
        made.go_home()
        yield made


@pytest.fixture(scope="module")
def told(looked_at: Office) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(page(looked_at, *MARCH, "--json"))
    return found


def tables(told: dict[str, Any]) -> dict[str, Any]:
    return {
        table["id"]: table
        for part in told["parts"]
        for section in part["sections"]
        for table in section["tables"]
    }


def test_an_older_store_is_not_migrated_under_the_worker_that_is_at_it(looked_at: Office) -> None:
    with closing(sqlite3.connect(looked_at.home / "syncd.db")) as store:
        version = "UPDATE alembic_version SET version_num = ?"
        ((current,),) = store.execute("SELECT version_num FROM alembic_version").fetchall()
        store.execute(version, ("0008",))
        store.commit()

        said = syncd(looked_at, *MARCH)

        store.execute(version, (current,))
        store.commit()
    assert "start `syncd run` once, it migrates it" in str(said.exception)


def test_the_report_counts_what_happened_in_the_teams_own_month(told: dict[str, Any]) -> None:
    funnel = tables(told)["funnel"]

    first = funnel["columns"][0]["id"]
    counts = {row["key"]: row["numbers"][first]["n"] for row in funnel["rows"]}
    assert told["scope"]["time_zone"] == "America/New_York"
    assert told["scope"]["start"] == "2026-03-01T05:00:00+00:00"
    assert (counts["mql"], counts["sal"]) == (3, 1)


def test_page_files_and_json_have_the_same_numbers(
    looked_at: Office, told: dict[str, Any], tmp_path: Path
) -> None:
    page(looked_at, *MARCH, "--html", str(tmp_path / "r.html"), "--csv", str(tmp_path / "csv"))

    for name, table in tables(told).items():
        with (tmp_path / "csv" / f"{name}.csv").open(newline="") as file:
            written = [(x["row"], x["column"], int(x["n"])) for x in csv.DictReader(file)]
        titles = {x["id"]: x["title"] for x in table["columns"]}
        assert written == [
            (row["label"], titles[column], row["numbers"][column]["n"])
            for row in table["rows"]
            for column in titles
            if column in row["numbers"]
        ]
    html = (tmp_path / "r.html").read_text()
    assert set(re.findall(r'<article class="card" id="([^"]*)"', html)) == set(tables(told))


@pytest.mark.parametrize("by", ["", "owner"])
def test_the_dashboard_has_the_same_numbers_in_every_table(looked_at: Office, by: str) -> None:
    told = json.loads(page(looked_at, *MARCH, *(("--by", by) if by else ()), "--json"))
    source = looked_at.source()
    views = StoreViews(source, source.load())
    visitor = TestClient(dashboard(views, ThisMachine()), base_url="http://127.0.0.1")

    for name, table in tables(told).items():
        split = f"&by={by}" if table["by"] else ""
        shown = visitor.get(f"/api/tables/{name}?period=2026-03{split}").json()["table"]
        assert (name, shown["rows"]) == (name, table["rows"])
    views.close()


def test_every_column_is_defined_beside_it(told: dict[str, Any]) -> None:
    for table in tables(told).values():
        known = {x["id"] for x in table["definitions"]}
        assert {x["definition"] for x in table["columns"]} <= known


def test_other_leads_are_not_in_it(looked_at: Office) -> None:
    said = syncd(looked_at, *MARCH, "--only", "owner=nobody@example.com", "--json")

    assert 'no lead has owner "nobody@example.com"; most have rita@example.com' in said.stderr
    funnel = tables(json.loads(said.stdout))["funnel"]
    first = funnel["columns"][0]["id"]
    assert {row["numbers"][first]["n"] for row in funnel["rows"]} == {0}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--period", "2026-13"), "is no period; write it as 2026-10"),
        (("--only", "colour=red"), "write NAME=VALUE; there are segment"),
        (("--meeting", "--by", "source"), "leave out --by and --csv"),
        (("--html", "no/such/place.html"), "there is no directory no/such"),
    ],
)
def test_what_cannot_be_answered_is_said_with_the_next_step(
    looked_at: Office, words: tuple[str, ...], says: str
) -> None:
    result = syncd(looked_at, "report", *words)

    assert result.exit_code != 0
    assert says in f"{result.output}{result.exception}"


def test_the_meeting_has_its_lines_and_its_page(looked_at: Office, tmp_path: Path) -> None:
    place = tmp_path / "meeting.html"

    told = json.loads(page(looked_at, *MARCH, "--meeting", "--html", str(place), "--json"))

    assert told["period"] == "March 2026"
    assert any(x.startswith("Gate to MQL: ") for x in told["digest"])
    assert "<h1>Joint meeting, March 2026</h1>" in place.read_text()
