"""The law of guards: a formula refuses a save exactly where the standard certainly fails it."""

from pathlib import Path

import pytest
from formula_cases import (
    Setting,
    crm_of,
    gate_of,
    source_of,
    standard_of,
)
from formula_examples import EXAMPLES, example
from formula_kinds import LAND, RULES, SPECS, SPELLED, all_kinds
from formula_tried import tried

from syncd.domain.stage import Stage
from syncd.domain.standard import Not, Variant

KINDS = all_kinds()
EACH = 600


@pytest.mark.parametrize("kind", KINDS)
def test_formula_and_judge_agree_for_every_lead(kind: str) -> None:
    settings = KINDS[kind]
    for setting in settings:
        assert setting.guards or setting.compiled.held
        for x in tried(setting, max(EACH // len(settings), 20)):
            assert x.by_formula == x.by_standard, (setting.name, x.trial, setting.guards)


@pytest.mark.parametrize("config", EXAMPLES, ids=lambda x: x.parent.name)
def test_formula_and_judge_agree_on_every_example_standard(config: Path) -> None:
    setting = example(config)

    found = list(tried(setting, 200))

    for x in found:
        assert x.by_formula == x.by_standard, (setting.name, x.trial)
    assert any(x.by_formula for x in found)


def test_in_doubt_about_the_variant_a_guard_refuses_only_what_the_standard_does() -> None:
    """Whose variant cannot be told is held to what every variant asks; syncd sees to the rest."""
    variant = Variant(
        name="abroad", applies=Not(LAND), gates={Stage.SQL: gate_of("a", "e")}, scoring=None
    )
    standard = standard_of(RULES, gate_of("a", "b"), variants=(variant,))
    source = source_of(standard, crm_of(SPECS))
    setting = Setting(name="doubt", source=source, values=SPELLED, plain=False)

    found = list(tried(setting, 2000))

    for x in found:
        assert x.by_standard or not x.by_formula, x.trial
    assert any(x.by_formula for x in found)
