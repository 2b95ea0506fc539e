"""`syncd backtest` as somebody types it who has a CSV and nothing else."""

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from syncd.cli.main import cli
from syncd.errors import SyncdError

FIXTURES = Path(__file__).parents[1] / "fixtures/outcomes"
EXAMPLE = Path(__file__).parents[2] / "config"

CHANGED = "field: status\n    is: Auftrag"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No configuration anywhere near."""
    for name in ("leads.csv", "map.yaml"):
        shutil.copy(FIXTURES / name, tmp_path)
    shutil.copy(FIXTURES / "standard_with_leak.yaml", tmp_path / "standard.yaml")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _run(*more: str) -> Result:
    typed = ("backtest", "--csv", "leads.csv", "--map", "map.yaml", "--standard", "standard.yaml")
    return CliRunner().invoke(cli, (*typed, *more))


def _asked(*more: str) -> Any:
    result = _run("--json", *more)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def _refusal(*more: str) -> str:
    result = _run(*more)
    assert isinstance(result.exception, SyncdError | SystemExit)
    return f"{result.exception}{result.output}"


def test_five_numbers_come_first_and_each_says_what_it_counts(home: Path) -> None:
    output = _run().output

    titles = [line[3:] for line in output.splitlines() if re.match(r"\d\. ", line)]
    assert titles == [
        "Would have been stopped †",
        "Stopped, though they won †",
        "Let through, though lost, rejected or recycled †",
        "Conversion: conforming beside stopped †",
        "Win rate: conforming beside stopped †",
    ]
    assert "241 of 571 leads   42.2 %" in output
    assert "571 of 600 leads count" in output
    assert output.index("5. Win rate") < output.index("Rule by rule")


def test_a_field_known_only_after_winning_is_refused_and_the_rule_left_out(home: Path) -> None:
    answer = _asked()

    lines = {line["rule"]: line for line in answer["ledger"]}
    assert lines["invoiced"]["says"] == "refused as evidence"
    assert set(answer["refused_fields"]) == {"invoice"}
    assert answer["conforming"]["leads"] == 330
    assert "invoice is refused as evidence" in _run().output


def test_a_refused_field_counts_when_forced_and_says_so(home: Path) -> None:
    answer = _asked("--force-field", "invoice")

    lines = {line["rule"]: line for line in answer["ledger"]}
    assert lines["invoiced"]["says"] == "wins more often when met"
    assert lines["invoiced"]["forced"] == ["invoice"]
    assert (answer["refused_fields"], set(answer["forced_fields"])) == ({}, {"invoice"})
    assert answer["by_variant"]["everybody"]["stopped"]["won"] < 57
    assert any("counts because it was forced" in x for x in answer["notes"])


def test_a_rule_on_what_changes_with_the_outcome_is_too_good_to_be_true(home: Path) -> None:
    """The outcome over again, as a status that everybody has."""
    head, *rows = (home / "leads.csv").read_text(encoding="utf-8-sig").splitlines()
    outcome = head.split(";").index("Ausgang")
    again = [f"{head};Stand", *(f"{row};{row.split(';')[outcome]}" for row in rows)]
    (home / "leads.csv").write_text("\n".join(again), encoding="utf-8")
    with (home / "map.yaml").open("a", encoding="utf-8") as file:
        file.write("  status: {column: Stand, type: string}\n")
    text = (home / "standard.yaml").read_text(encoding="utf-8")
    (home / "standard.yaml").write_text(text.replace("field: invoice\n    present: true", CHANGED))

    answer = _asked()

    assert answer["refused_fields"].keys() == {"invoice"}
    suspects = [x for x in answer["notes"] if "too good to be true" in x]
    assert [x.split()[0] for x in suspects] == ["invoiced"]


def test_a_variant_told_by_what_is_known_afterwards_says_nothing(home: Path) -> None:
    text = (home / "standard.yaml").read_text(encoding="utf-8")
    told = text.replace("field: sector, is: Handwerk", "field: invoice, present: true")
    (home / "standard.yaml").write_text(told, encoding="utf-8")

    notes = _asked()["notes"]

    assert any(x.startswith("Variant crafts is told by a field") for x in notes)


def test_only_a_field_of_the_leads_can_be_forced(home: Path) -> None:
    assert 'did you mean "invoice"?' in _refusal("--force-field", "invoices")


def test_less_time_for_all_makes_wins_fewer_and_leaves_fewer_out(home: Path) -> None:
    short, long = _asked("--horizon", "60d"), _asked("--horizon", "180d")

    assert short["counted"] > long["counted"]
    assert short["won_later"] > 0 == long["won_later"]
    wins = [sum(x[side]["won"] for side in ("conforming", "stopped")) for x in (short, long)]
    assert wins[0] < wins[1]


def test_a_horizon_that_no_lead_has_lived_is_refused_with_the_next_step(home: Path) -> None:
    assert "with --horizon" in _refusal("--horizon", "3000d")


@pytest.mark.parametrize("horizon", ["1h", "soon", "3 business days"])
def test_a_horizon_is_a_span_of_days(horizon: str, home: Path) -> None:
    assert "--horizon" in _refusal("--horizon", horizon)


def test_every_stopped_winner_is_in_the_file(home: Path) -> None:
    answer = _asked("--csv-out", "stopped.csv")

    with (home / "stopped.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == answer["stopped_winners_found"]
    in_time = [row for row in rows if row["when"] == "in time"]
    assert len(in_time) == answer["stopped"]["won"]
    assert sum(float(x["amount"]) for x in in_time) == answer["stopped"]["won_amount"]
    assert not list(home.glob("*.part"))


def test_no_name_in_the_file_is_a_formula(home: Path) -> None:
    text = (home / "leads.csv").read_text(encoding="utf-8")
    (home / "leads.csv").write_text(text.replace(";Betrieb ", ";=1+1 "), encoding="utf-8")

    _asked("--csv-out", "stopped.csv")

    with (home / "stopped.csv").open(encoding="utf-8") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    assert names
    assert all(name.startswith("'=1+1 ") for name in names)


def test_a_failure_leaves_no_half_a_file(home: Path) -> None:
    _refusal("--horizon", "3000d", "--csv-out", "stopped.csv")

    assert not list(home.glob("stopped.csv*"))


@pytest.mark.parametrize("option", ["--csv-out", "--html"])
@pytest.mark.parametrize("path", ["leads.csv", "map.yaml", "standard.yaml"])
def test_no_answer_is_written_over_the_question(option: str, path: str, home: Path) -> None:
    before = (home / path).read_bytes()

    assert "name another file" in _refusal(option, path)
    assert (home / path).read_bytes() == before


@pytest.mark.parametrize("option", ["--csv-out", "--html"])
def test_an_answer_without_a_place_is_told_before_anything_is_read(option: str, home: Path) -> None:
    (home / "leads.csv").unlink()

    assert "there is no directory nowhere" in _refusal(option, "nowhere/answer")


def test_the_page_needs_nothing_else_and_runs_nothing(home: Path) -> None:
    _run("--html", "page.html")

    page = (home / "page.html").read_text(encoding="utf-8")
    assert page.count("<svg ") == 2
    assert "<script" not in page
    assert not re.search(r'(src|href)="(?!#)', page.replace("xlink:href", "href"))
    assert "@import" not in page
    assert "url(" not in re.sub(r"url\(#\w+\)", "", page)


def test_names_from_the_leads_cannot_write_into_the_page(home: Path) -> None:
    leads = (home / "leads.csv").read_text(encoding="utf-8-sig")
    hostile = leads.replace(";Betrieb ", ";<script>Betrieb ")
    (home / "leads.csv").write_text(hostile, encoding="utf-8")

    _run("--html", "page.html")

    page = (home / "page.html").read_text(encoding="utf-8")
    assert "<script>" not in page
    assert "&lt;script&gt;Betrieb" in page


def test_the_page_is_the_same_every_time(home: Path) -> None:
    for name in ("one.html", "two.html"):
        _run("--html", name)

    assert (home / "one.html").read_bytes() == (home / "two.html").read_bytes()


def test_a_field_that_nobody_names_is_to_be_added_to_the_mapping(home: Path) -> None:
    standard = (home / "standard.yaml").read_text(encoding="utf-8")
    (home / "standard.yaml").write_text(standard.replace("field: budget", "field: xyzzy"))

    assert 'unknown field "xyzzy"; add "xyzzy" under fields in map.yaml' in _refusal()


def test_a_gate_that_the_standard_does_not_have_is_refused(home: Path) -> None:
    assert "has no gate to customer: --gate takes mql, sql" in _refusal("--gate", "customer")


def test_the_configured_standard_and_fields_hold_where_there_are_any(home: Path) -> None:
    shutil.copytree(EXAMPLE, home / "config")
    typed = ("backtest", "--csv", "leads.csv", "--map", "map.yaml", "--json")

    answer = json.loads(CliRunner().invoke(cli, typed).output)

    assert answer["standard"] == "2026.1"
    assert "buying_role" in answer["missing_fields"]
    assert any("Not among these leads: " in x for x in answer["notes"])


def test_three_leads_are_too_few_to_say_anything_and_make_a_page_all_the_same(home: Path) -> None:
    (home / "leads.csv").write_text("at,end,size\n2024-01-01,won,3\n2024-02-01,lost,9\n")
    (home / "map.yaml").write_text(
        "moved_at: at\noutcome: {column: end, won: [won], lost: [lost]}\n"
        "fields: {size: {column: size, type: integer}}\n"
    )
    (home / "standard.yaml").write_text(
        'version: "1"\nreview_by: 2030-01-01\n'
        "rules: [{id: big, kind: fit, says: Big, field: size, at_least: 5, fix: Grow.}]\n"
        "gates: {mql: {all: [big]}, sql: {all: [big]}}\n"
    )

    result = _run("--horizon", "1d", "--html", "page.html")

    assert result.exit_code == 0
    assert "n = 0 and 1: too few to say" in result.output
    assert "1 won without a date of it" in result.output
    assert "<svg" not in (home / "page.html").read_text(encoding="utf-8")


def test_a_terminal_too_narrow_for_the_table_gets_the_ledger_in_words(home: Path) -> None:
    typed = ("backtest", "--csv", "leads.csv", "--map", "map.yaml", "--standard", "standard.yaml")

    output = CliRunner(env={"COLUMNS": "80"}).invoke(cli, typed).output

    assert max(map(len, output.splitlines())) <= 80
    assert "has-project †: wins more often when met" in output
    assert "only reason for 28.2 % of 241 stopped" in " ".join(output.split())
