"""Guards that were compiled say what the standard says, to judges that nobody here wrote.

Needs node and npm; the packages come from the npm registry as package-lock.json pins them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from formula_cases import Setting, Trial, refused, row_types, trials
from formula_court import EVALUATORS, Court, court
from formula_examples import EXAMPLES, example
from formula_kinds import all_kinds

pytestmark = [pytest.mark.slow, pytest.mark.system]

LEADS = 20_000
KINDS = all_kinds()
NOT_BY_SFORMULA = {"matches"}
"""It has no REGEX; formulon alone is the judge there."""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Court]:
    with court(tmp_path_factory.mktemp("judges")) as judges:
        yield judges


def agreed(bench: Court, setting: Setting, leads: list[Trial]) -> Mapping[str, int]:
    """How many each evaluator judged; each as the standard does."""
    types = {path: kind.value for path, kind in row_types(setting.source).items()}
    wanted = [refused(setting, trial) for trial in leads]

    answers = bench.judge([x.formula for x in setting.guards], types, leads)

    for name in EVALUATORS:
        for found, expected, trial in zip(answers.by[name], wanted, leads, strict=True):
            assert found is None or found is expected, (name, setting.name, trial)
    return {name: sum(x is not None for x in answers.by[name]) for name in EVALUATORS}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_rule_is_judged_alike_on_20_000_leads(bench: Court, kind: str) -> None:
    settings = [x for x in KINDS[kind] if x.guards]
    each = -(-LEADS // len(settings))
    judged = dict.fromkeys(EVALUATORS, 0)

    for setting in settings:
        for name, count in agreed(bench, setting, [*trials(setting, each)]).items():
            judged[name] += count

    assert judged["formulon"] >= LEADS / 2
    assert judged["sformula"] >= (0 if kind in NOT_BY_SFORMULA else LEADS / 2)


@pytest.mark.parametrize("config", EXAMPLES, ids=lambda x: x.parent.name)
def test_every_example_standard_is_judged_alike(bench: Court, config: Path) -> None:
    setting = example(config)

    judged = agreed(bench, setting, [*trials(setting, LEADS)])

    assert setting.guards
    assert judged["formulon"] == LEADS


def test_a_judge_that_finds_a_difference_says_so(bench: Court) -> None:
    setting = KINDS["at-least"][0]
    bent = replace(setting.guards[0], formula=setting.guards[0].formula.replace(">= 50", ">= 51"))
    object.__setattr__(setting.compiled, "guards", (bent,))

    with pytest.raises(AssertionError):
        agreed(bench, setting, [*trials(setting, 1_000)])
