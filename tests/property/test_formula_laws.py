"""The law of guards: a formula refuses a save exactly where the standard certainly fails it."""

from pathlib import Path

import pytest
from formula_cases import python_row, refused, row_types, trials
from formula_examples import EXAMPLES, example
from formula_interpreter import compile_formula
from formula_kinds import all_kinds

KINDS = all_kinds()
EACH = 1000


@pytest.mark.parametrize("kind", KINDS)
def test_formula_and_judge_agree_for_every_lead(kind: str) -> None:
    settings = KINDS[kind]
    for setting in settings:
        types = row_types(setting.source)
        formulas = [compile_formula(x.formula) for x in setting.guards]
        assert formulas or setting.compiled.held
        for trial in trials(setting, max(EACH // len(settings), 20)):
            row = python_row(trial, types)

            found = any(formula(row, trial.now) is True for formula in formulas)

            assert found == refused(setting, trial), (setting.name, trial, setting.guards)


@pytest.mark.parametrize("config", EXAMPLES, ids=lambda x: x.parent.name)
def test_formula_and_judge_agree_on_every_example_standard(config: Path) -> None:
    setting = example(config)
    types = row_types(setting.source)
    formulas = [compile_formula(x.formula) for x in setting.guards]
    blocked = 0

    for trial in trials(setting, 400):
        row = python_row(trial, types)
        found = any(formula(row, trial.now) is True for formula in formulas)
        blocked += found
        assert found == refused(setting, trial), (setting.name, trial)

    assert blocked
