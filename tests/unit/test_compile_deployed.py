"""What is deployed is held against the files, and nobody else's rules are looked at."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from formula_cases import one_rule, spec_of

from syncd.compile.deployed import deployed_findings
from syncd.compile.formula_guards import Source, compile_guards
from syncd.compile.salesforce import description_of, stamp_of
from syncd.core.doctor.facts import Drift, NativeRule
from syncd.domain.names import FieldName
from syncd.domain.standard import AtLeast, FieldTest
from syncd.domain.values import FieldType


def source(minimum: int = 50) -> Source:
    condition = FieldTest(FieldName("seen"), AtLeast(minimum))
    return one_rule("it", [spec_of(FieldType.INTEGER)], condition, {}).source


def deployed(made_from: Source) -> NativeRule:
    (guard,) = compile_guards(made_from).guards
    return NativeRule(
        name=guard.name,
        active=True,
        description=description_of(guard, stamp_of(made_from.standard)),
        formula=guard.formula,
        message=guard.message,
    )


def drifts(found: Sequence[NativeRule]) -> list[Drift]:
    return [x.kind for x in deployed_findings(source(), found)]


def test_what_was_deployed_from_the_same_files_is_fine() -> None:
    assert not drifts([deployed(source())])


def test_nothing_deployed_is_nothing_missing() -> None:
    assert not drifts([NativeRule(name="Their_Rule", active=False, description="", message="")])


@pytest.mark.parametrize(
    ("found", "drift"),
    [
        (replace(deployed(source()), active=False), Drift.INACTIVE),
        (deployed(source(51)), Drift.OUTDATED),
        (replace(deployed(source()), formula="FALSE"), Drift.EDITED),
        (replace(deployed(source()), message="No."), Drift.EDITED),
    ],
)
def test_each_difference_is_told_by_its_name(found: NativeRule, drift: Drift) -> None:
    assert drifts([found]) == [drift]


def test_rules_that_are_missing_and_left_over_are_told() -> None:
    old = replace(deployed(source()), name="Syncd_sql_old")

    found = deployed_findings(source(), [old])

    assert [(x.kind, x.name) for x in found] == [
        (Drift.MISSING, "Syncd_sql_it"),
        (Drift.LEFT_OVER, "Syncd_sql_old"),
    ]
    assert all(x.says and x.fix for x in found)


def test_a_formula_that_was_only_laid_out_anew_is_not_edited() -> None:
    rule = deployed(source())
    assert rule.formula

    assert not drifts([replace(rule, formula=rule.formula.replace(", ", ",\n  "))])
