"""The demo: the whole job on a pair of CRMs in a box, and an audit that finds nothing."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from syncd.adapters.web.access import ThisMachine
from syncd.adapters.web.dashboard import dashboard
from syncd.cli.demo.command import demo
from syncd.cli.demo.reports import dashboard_of, keep_reconciliations
from syncd.cli.demo.stage import lived, run_demo
from syncd.cli.demo.workbench import FILES, shipped

EXAMPLE = Path(__file__).parents[2] / "config"
MOVES = {
    "conforming",
    "unguarded",
    "blocked",
    "flagged",
    "escalated",
    "contested",
    "recycled",
    "rejected",
}
MESSAGES = {
    "handoff",
    "blocked",
    "flagged",
    "escalated",
    "contested",
    "qualifies",
    "sla-warning",
    "sla-breach",
    "reassigned",
    "recycled",
    "blind",
    "waiver-asked",
    "waiver-answered",
}
NO_FINDING = "audit: 0 findings. Every move, deadline, edit and message is accounted for."
ANSWERS = {"accept", "reject", "ask-waiver", "approve"}
SCENES = (
    "A lead is accepted in Slack",
    "A lead is rejected, with the reason",
    "An exception is asked for, and granted",
    "A demo request is left lying, passed on, and accepted",
    "A promise is missed and escalated, and the lead recycled",
)


def test_a_whole_week_of_every_kind_of_trouble_is_told_and_ends_with_no_finding(
    tmp_path: Path,
) -> None:
    result = CliRunner().invoke(demo, ["--leads", "60", "--seed", "1", "--out", str(tmp_path)])

    lines = result.output.splitlines()
    assert (result.exit_code, lines.count(NO_FINDING)) == (0, 1)
    it_leaves_its_report_and_its_assessment(tmp_path, lines[lines.index(NO_FINDING) :])
    assert counted("moves", lines) >= MOVES
    assert counted("messages", lines) >= MESSAGES
    assert counted("answers in Slack", lines) >= ANSWERS
    the_view_is_plain_lines_and_the_conversations_at_the_end(lines)


def counted(label: str, lines: list[str]) -> set[str]:
    """What the summary says there were some of."""
    row = next(line for line in lines if line.startswith(f"{label} "))
    return set(re.findall(r"\d ([\w-]+)", row))


def the_view_is_plain_lines_and_the_conversations_at_the_end(lines: list[str]) -> None:
    assert any("→ MQL in Salesforce" in line for line in lines)
    assert any(" Slack " in line and "#sales" in line for line in lines)
    assert [line.rstrip(" ─") for line in lines if line.endswith("───")] == list(SCENES)
    assert any("clicks [ Accept ]" in line for line in lines)
    assert any(line.startswith("▎ Accepted by ") for line in lines)
    assert any("│ Why is it not for sales?" in line for line in lines)
    assert any(line.strip().startswith("▎ Approved by revops@example.com") for line in lines)
    assert any(line.strip().startswith("▎ 🔁 ") for line in lines)
    assert any(line.startswith("▎ Demo Request ") for line in lines)
    assert any(line.startswith("▎ Expired and recycled") for line in lines)


def it_leaves_its_report_and_its_assessment(home: Path, told: list[str]) -> None:
    report, assessment = home / "report.html", home / "assessment.html"
    assert [x.split(": ")[1].strip() for x in told[2:4]] == [str(report), str(assessment)]
    text = report.read_text(encoding="utf-8")
    assert "<h1>Report, November 2026</h1>" in text
    assert "18,200" in text, "what was spent on a source in that month"
    assert "</html>" in assessment.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_dashboard_that_is_kept_is_of_the_weeks_last_moment() -> None:
    with (
        lived(leads=50, seed=1, mode=None, hours=4) as week,
        dashboard_of(week.bench) as served,
    ):
        keep_reconciliations(week.bench)
        visitor = TestClient(dashboard(served.views, ThisMachine()), base_url="http://127.0.0.1")
        answer = visitor.get(served.address.partition("0.1")[2].partition("/")[2])

        assert served.views.now() == week.bench.world.now()
        assert answer.status_code == 200
        assert "November 2026" in answer.text
        assert "MQLs of November 2026, by each CRM" in visitor.get("/reconciliation").text


@pytest.mark.slow
def test_the_command_gives_its_summary_as_json() -> None:
    result = CliRunner().invoke(demo, ["--json", "--leads", "44"])

    summary = json.loads(result.output)
    assert (result.exit_code, summary["ok"], summary["findings"]) == (0, True, [])


def test_a_summary_alone_leaves_nothing_to_serve_and_says_so() -> None:
    result = CliRunner().invoke(demo, ["--json", "--keep"])

    assert result.exit_code == 2
    assert "give --keep without it" in result.output


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["observe", "flag", "block", None])
@pytest.mark.parametrize("seed", range(1, 21))
def test_a_week_with_400_leads_ends_with_no_finding(seed: int, mode: str | None) -> None:
    summary = run_demo(leads=400, seed=seed, mode=mode)

    assert summary.findings == ()


@pytest.mark.parametrize("mode", ["observe", "flag", "block"])
def test_each_mode_is_held_on_the_first_day(mode: str) -> None:
    summary = run_demo(leads=50, seed=1, mode=mode, hours=4)

    treated = {"observe": "observed", "flag": "flagged", "block": "blocked"}
    assert summary.findings == ()
    assert {t for t in treated.values() if t in summary.moves} == {treated[mode]}


def test_the_same_seed_gives_the_same_week() -> None:
    one, two = (run_demo(leads=50, seed=3, mode=None, hours=4) for _ in range(2))

    assert (one.moves, one.messages) == (two.moves, two.messages)
    assert (one.answers, one.edits) == (two.answers, two.edits)
    assert json.loads(json.dumps(one.as_json()))["findings"] == []


@pytest.mark.parametrize("name", FILES)
def test_the_demo_uses_the_example_configuration_to_the_letter(name: str) -> None:
    assert shipped(name) == (EXAMPLE / name).read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_demo_that_is_told_to_end_leaves_nothing_in_memory(tmp_path: Path) -> None:
    command = [
        str(Path(sys.executable).with_name("syncd")),
        "demo",
        "--leads",
        "40",
        "--out",
        str(tmp_path),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        running.stdout.readline()  # by then its week has begun
        opened = [x.readlink() for x in Path(f"/proc/{running.pid}/fd").iterdir()]
        (store,) = {x for x in opened if x.name == "syncd.db"}

        running.terminate()
        running.stdout.read()

    assert running.returncode == 143
    assert not store.parent.exists()
