"""Compile one rule: what it finds wrong with a lead's values, or nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from syncd.core.condition_groups import compile_condition
from syncd.core.conditions import Values
from syncd.domain.standard import Rule
from syncd.domain.verdict import Finding, Met, Unknown

RuleCheck = Callable[[Values, datetime], Finding | None]


def compile_rule(rule: Rule) -> RuleCheck:
    """None where the rule holds, else the finding in its words."""
    check = compile_condition(rule.condition)

    def find(values: Values, now: datetime) -> Finding | None:
        outcome = check(values, now)
        if isinstance(outcome, Met):
            return None
        return Finding(rule=rule.id, says=rule.says, fix=rule.fix, outcome=outcome)

    return find


def add_words(finding: Finding, words: str) -> Finding:
    """With a remark about what is needed."""
    outcome = finding.outcome
    if isinstance(outcome, Unknown):
        return replace(finding, outcome=Unknown(why=f"{outcome.why} ({words})"))
    return replace(finding, outcome=replace(outcome, needed=f"{outcome.needed} ({words})"))
