"""A proposed change of the standard, shown as a change of its file."""

import subprocess
from pathlib import Path

import pytest
from config_files import EXAMPLE, example_copy
from page_cases import SHIPPED

from syncd.domain.names import RuleId
from syncd.domain.stage import Stage
from syncd.measure import proposals
from syncd.settings.load import load
from syncd.settings.standard_edit import diff_of, without_rule

TEXT = (EXAMPLE / "standard.yaml").read_text(encoding="utf-8")
IN_BLOCK = """\
gates:
  sql:
    all:
      # what sales asked for
      - a-first
      - a-second  # and why
    any: {at_least: 1, of: [a-first]}
variants:
  - name: big
    gates: {sql: {all: [a-second, a-first]}}
"""


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        ("decision-maker", "[budget-confirmed, budget-at-least-10k, amount-known-if-confirmed]"),
        ("budget-confirmed", "[decision-maker, budget-at-least-10k, amount-known-if-confirmed]"),
        (
            "amount-known-if-confirmed",
            "[decision-maker, budget-confirmed, budget-at-least-10k]",
        ),
    ],
)
def test_a_rule_is_taken_out_of_a_list_in_brackets_and_nothing_else_changes(
    rule: str, left: str
) -> None:
    found = diff_of(TEXT, without_rule(TEXT, Stage.SQL, RuleId(rule)))

    assert [x for x in found.splitlines() if x.startswith("+") and "+++" not in x] == [
        f"+    all: {left}"
    ]
    assert sum(x.startswith("-") for x in found.splitlines()) == 2


def test_a_rule_is_taken_out_of_every_list_that_asks_for_it() -> None:
    found = without_rule(IN_BLOCK, Stage.SQL, RuleId("a-second"))

    assert found == IN_BLOCK.replace("      - a-second  # and why\n", "").replace(
        "[a-second, a-first]", "[a-first]"
    )


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("gates: {sql: {all: [a-rule]}}\n", "a-rule"),
        (IN_BLOCK, "a-third"),
        ("gates: {sql: {any: {at_least: 1, of: [a-rule]}}}\n", "a-rule"),
    ],
    ids=["the only one", "not asked for", "one of several"],
)
def test_what_cannot_be_left_out_is_left_to_a_person(text: str, rule: str) -> None:
    with pytest.raises(ValueError, match=f'"{rule}" cannot be taken out of the gate to sql'):
        without_rule(text, Stage.SQL, RuleId(rule))


@pytest.mark.parametrize("tool", [("git", "apply", "-"), ("patch", "-p1", "--silent")])
def test_a_proposed_change_applies_and_what_it_makes_is_the_standard_that_was_tried(
    tool: tuple[str, ...], tmp_path: Path
) -> None:
    config, rule = example_copy(tmp_path), RuleId("business-email")
    change = diff_of(TEXT, without_rule(TEXT, Stage.MQL, rule))

    subprocess.run(tool, cwd=config, input=change, text=True, check=True)

    tried = proposals.without_rule(SHIPPED.standard, Stage.MQL, rule)
    assert load(config, {}, None).standard.gates == tried.gates


def test_a_file_whose_last_line_does_not_end_is_changed_all_the_same(tmp_path: Path) -> None:
    text = "gates:\n  sql:\n    all: [a-first, a-second]"
    (tmp_path / "standard.yaml").write_text(text, encoding="utf-8")
    change = diff_of(text, without_rule(text, Stage.SQL, RuleId("a-second")))

    subprocess.run(("git", "apply", "-"), cwd=tmp_path, input=change, text=True, check=True)

    changed = (tmp_path / "standard.yaml").read_text(encoding="utf-8")
    assert changed == "gates:\n  sql:\n    all: [a-first]"
