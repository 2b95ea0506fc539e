"""Microseconds to judge one lead at 20 rules with every finding explained.

Run alone with `python tests/benchmarks/bench_judge.py`.
"""

import timeit
from datetime import UTC, date, datetime, timedelta

from syncd.core.judge import Case, Judge
from syncd.domain.names import FieldName, LeadId, RuleId, TransitionId
from syncd.domain.stage import Stage
from syncd.domain.standard import (
    AtLeast,
    Condition,
    FieldTest,
    Gate,
    Is,
    OneOf,
    Present,
    Rule,
    RuleKind,
    Standard,
    Test,
    Variant,
    Within,
)
from syncd.domain.values import Value

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
RULES = 20
VARIANTS = (1, 5)
REPEATS, LEADS = 7, 5_000
TESTS: tuple[tuple[Test, Value, Value], ...] = (
    (Present(), "yes", None),
    (AtLeast(50), 1_200, 12),
    (OneOf(("Austria", "Germany", "Switzerland")), "Germany", "France"),
    (Is(True), True, False),
    (Within(last=timedelta(days=30)), NOW - timedelta(days=3), NOW - timedelta(days=90)),
)


def standard(variants: int = 0) -> Standard:
    """With so many variants for nobody, each to be asked before everybody's gates hold."""
    rules = {}
    for number in range(RULES):
        field = FieldName(f"field_{number}")
        condition: Condition = FieldTest(field, TESTS[number % len(TESTS)][0])
        rule = Rule(
            id=RuleId(f"rule-{number}"),
            kind=RuleKind.FIT,
            says=f"Rule {number} holds",
            fix=f"Fill in field {number}.",
            condition=condition,
        )
        rules[rule.id] = rule
    gates = {Stage.SQL: Gate(stage=Stage.SQL, all=tuple(rules))}
    nobody = FieldTest(FieldName("field_1"), AtLeast(1_000_000))
    return Standard(
        version="1",
        review_by=date(2027, 1, 1),
        signatures=(),
        rules=rules,
        gates=gates,
        scoring=None,
        variants=tuple(
            Variant(name=f"variant-{number}", applies=nobody, gates=gates, scoring=None)
            for number in range(variants)
        ),
    )


def lead(failing: int) -> dict[FieldName, Value]:
    """A lead for which the first so many rules fail."""
    values: dict[FieldName, Value] = {}
    for number in range(RULES):
        _, good, bad = TESTS[number % len(TESTS)]
        values[FieldName(f"field_{number}")] = bad if number < failing else good
    return values


def microseconds(judge: Judge, failing: int) -> float:
    case = Case(
        transition=TransitionId("t"), lead_id=LeadId("l"), cycle=1, values=lead(failing), now=NOW
    )
    assert len(judge.judge(Stage.SQL, case).findings) == failing
    runs = timeit.repeat(lambda: judge.judge(Stage.SQL, case), number=LEADS, repeat=REPEATS)
    return min(runs) / LEADS * 1e6


def judging() -> dict[int, float]:
    """Microseconds per lead by the number of rules it fails."""
    judge = Judge(standard())
    return {failing: microseconds(judge, failing) for failing in (0, 3, 5, 10, RULES)}


def main() -> None:
    for failing, spent in judging().items():
        print(f"{RULES} rules, {failing:2} unmet: {spent:5.1f} µs per lead")
    for variants in VARIANTS:
        spent = microseconds(Judge(standard(variants)), 0)
        print(f"{RULES} rules,  0 unmet, {variants} variants: {spent:5.1f} µs per lead")


if __name__ == "__main__":
    main()
