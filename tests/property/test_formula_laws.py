"""The law of guards: a formula refuses a save exactly where the standard certainly fails it."""

from pathlib import Path

import pytest
from formula_cases import (
    Setting,
    crm_of,
    gate_of,
    python_row,
    refused,
    row_types,
    source_of,
    standard_of,
    trials,
)
from formula_examples import EXAMPLES, example
from formula_interpreter import compile_formula
from formula_kinds import LAND, RULES, SPECS, SPELLED, all_kinds

from syncd.domain.stage import Stage
from syncd.domain.standard import Not, Variant

KINDS = all_kinds()
EACH = 600


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

    for trial in trials(setting, 200):
        row = python_row(trial, types)
        found = any(formula(row, trial.now) is True for formula in formulas)
        blocked += found
        assert found == refused(setting, trial), (setting.name, trial)

    assert blocked


def test_in_doubt_about_the_variant_a_guard_refuses_only_what_the_standard_does() -> None:
    """Whose variant cannot be told is held to what every variant asks; syncd sees to the rest."""
    variant = Variant(
        name="abroad", applies=Not(LAND), gates={Stage.SQL: gate_of("a", "e")}, scoring=None
    )
    standard = standard_of(RULES, gate_of("a", "b"), variants=(variant,))
    source = source_of(standard, crm_of(SPECS))
    setting = Setting(name="doubt", source=source, values=SPELLED, plain=False)
    types, both = row_types(source), 0
    formulas = [compile_formula(x.formula) for x in setting.guards]

    for trial in trials(setting, 2000):
        row = python_row(trial, types)
        found = any(formula(row, trial.now) is True for formula in formulas)
        both += found
        assert refused(setting, trial) or not found, trial

    assert both
