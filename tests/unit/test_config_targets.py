"""What policy.yaml says about numbers: targets, teams, and what was spent."""

from dataclasses import astuple
from datetime import date
from pathlib import Path

import pytest
from config_files import EXAMPLE, PROJECT, example_copy, replace

from syncd.domain.handoff import ClockName
from syncd.domain.stage import Stage
from syncd.domain.targets import Targets
from syncd.settings.load import load
from syncd.settings.spend_read import read_spend

SPEND = PROJECT / "tests/fixtures/spend"
_HEAD = "source,month,amount\n"


def _said(tmp_path: Path, text: str, name: str = "spend.csv") -> list[str]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    spending = read_spend(path)
    assert spending.spends == ()
    return [str(problem).replace(f"{tmp_path}/", "") for problem in spending.problems]


def test_targets_are_shares_of_each_step_and_of_each_promise(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    replace(config, "policy.yaml", "in_time: {assign: 95%, accept: 90%}", "in_time: {touch: 0.5}")

    targets = load(config, {}, None).policy.targets

    assert targets.conversion[Stage.SAL] == 0.85
    assert targets.in_time == {ClockName.TOUCH: 0.5}


def test_without_targets_and_teams_nothing_is_wanted_and_nobody_is_in_one(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    policy = (config / "policy.yaml").read_text(encoding="utf-8")
    before = policy[: policy.index("# What the team wants its numbers to be")]
    (config / "policy.yaml").write_text(before, encoding="utf-8")

    read = load(config, {}, None)

    assert (read.policy.targets, read.policy.teams, read.spend) == (Targets(), {}, None)


def test_a_person_is_in_a_team_whatever_the_capitals_of_the_address(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    replace(config, "policy.yaml", "[hanna.lind@example.com,", "[Hanna.Lind@Example.com,")

    teams = load(config, {}, None).policy.teams

    assert teams["hanna.lind@example.com"] == "inbound"


def test_the_file_of_what_was_spent_stands_beside_the_policy(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    replace(config, "policy.yaml", "# spend: spend.csv", "spend: money/spend.csv")

    assert load(config, {}, None).spend == config / "money/spend.csv"


@pytest.mark.parametrize("name", ["spend.yaml", "spend.csv"])
def test_spending_is_read_from_yaml_and_csv_alike(name: str) -> None:
    spending = read_spend(SPEND / name)

    assert spending.problems == ()
    assert [astuple(x) for x in spending.spends] == [
        ("Paid Search", date(2026, 10, 1), 12000.0),
        ("Paid Search", date(2026, 11, 1), 9500.5),
        ("Trade Show", date(2026, 10, 1), 30000.0),
    ]


def test_a_csv_may_have_other_columns_semicolons_capitals_and_empty_lines(tmp_path: Path) -> None:
    path = tmp_path / "spend.csv"
    path.write_text("Month;Amount;Note;Source\n2026-10;5;x;Web\n;;;\n\n", encoding="utf-8-sig")

    assert [astuple(x) for x in read_spend(path).spends] == [("Web", date(2026, 10, 1), 5.0)]


def test_every_mistake_in_a_csv_is_told_with_its_line(tmp_path: Path) -> None:
    lines = (
        "Web,Oct-26,12",
        "Web,2026-10,1200",
        '"We\nb",2026-10,"1,200"',
        ",2026-10,3",
        "Web,2026-10,-4",
        "Web,2026-10,7",
        "Web,2026-11,NaN",
    )

    assert _said(tmp_path, _HEAD + "\n".join(lines)) == [
        'spend.csv:2:1: "Oct-26" is not a month; write it as 2026-10',
        'spend.csv:5:1: "1,200" is not an amount; write it as 1200 or 1200.50',
        "spend.csv:6:1: there is no source; write the one that was paid for",
        "spend.csv:7:1: -4 is less than nothing; write what was spent as 0 or more",
        'spend.csv:8:1: "Web" has this month on line 3 already; add the two up, or take one out',
        "spend.csv:9:1: NaN is not a number; write digits only, such as 50 or 2.5",
    ]


@pytest.mark.parametrize("text", ["", "source,month\nWeb,2026-10\n", "Web,2026-10,12\n"])
def test_a_csv_without_its_columns_says_how_it_begins(text: str, tmp_path: Path) -> None:
    (said,) = _said(tmp_path, text)

    assert said.startswith("spend.csv:1:1: there is no column ")
    assert said.endswith("; begin with the line source,month,amount")


def test_mistakes_in_yaml_are_told_where_they_stand(tmp_path: Path) -> None:
    text = "spend:\n  Web: {2026-13: 12}\n  Fair:\n    2026-10: -4\n"

    assert _said(tmp_path, text, "spend.yaml") == [
        'spend.yaml:2:9: spend.Web: "2026-13" is not a month; write it as 2026-10',
        "spend.yaml:4:14: spend.Fair.2026-10: -4 is less than nothing; write what was spent as 0 "
        "or more",
    ]


def test_a_file_that_is_missing_or_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "spend.csv").write_bytes(b"source,month,amount\n\xff\xfe\n")

    missing = read_spend(tmp_path / "elsewhere.csv").problems
    unreadable = read_spend(tmp_path / "spend.csv").problems

    assert 'no such file; write it, or take "spend" out' in str(missing[0])
    assert "line 2 is not UTF-8 text" in str(unreadable[0])


def test_the_example_names_no_file_so_nothing_was_spent() -> None:
    assert read_spend(load(EXAMPLE, {}, None).spend).spends == ()


def test_lines_may_end_as_any_program_ends_them(tmp_path: Path) -> None:
    path = tmp_path / "spend.csv"
    path.write_bytes(b"source,month,amount\rWeb,2026-10,5\rFair,2026-10,7\r")

    assert [x.amount for x in read_spend(path).spends] == [5.0, 7.0]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Web,0000-10,5", "is not a month"),
        ("Web,\u0662\u0660\u0662\u0666-10,5", "is not a month"),
        ("Web,2026-10,1e999", "is more than anybody spends"),
        (f"{'x' * 200_000},2026-10,5", "this line cannot be read"),
    ],
)
def test_no_line_of_what_was_spent_is_more_than_a_mistake(
    tmp_path: Path, line: str, says: str
) -> None:
    (said,) = _said(tmp_path, f"{_HEAD}{line}\n")

    assert said.startswith("spend.csv:2:1: ")
    assert says in said
