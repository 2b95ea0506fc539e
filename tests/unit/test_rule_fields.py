"""Which fields a rule rests on, and what is left of a standard without some rules."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from syncd.core.condition_parts import fields_of
from syncd.domain.names import FieldName, RuleId
from syncd.domain.stage import Stage
from syncd.domain.standard import (
    AllOf,
    AnyOf,
    Band,
    BandName,
    DecayingPoints,
    FieldTest,
    Gate,
    Not,
    Present,
    Rule,
    RuleKind,
    RulePoints,
    Scoring,
    SomeOf,
    Standard,
    Variant,
)
from syncd.domain.verdict import SCORE_RULE
from syncd.measure.rule_fields import fields_by_rule, without

A, B, C = map(RuleId, "abc")


def _has(field: str) -> FieldTest:
    return FieldTest(FieldName(field), Present())


def _rule(rule: RuleId) -> Rule:
    return Rule(id=rule, kind=RuleKind.FIT, says=rule, fix=rule, condition=_has(f"field-{rule}"))


SCORING = Scoring(
    points=(
        RulePoints(rule=A, points=Decimal(10)),
        DecayingPoints(
            name="late", field=FieldName("seen_at"), points=Decimal(5), half_life=timedelta(days=9)
        ),
    ),
    bands=(Band(name=BandName.NURTURE, minimum=Decimal(0)),),
)
GATE = Gate(stage=Stage.SQL, all=(A,), any=SomeOf(at_least=2, of=(B, C)), score=BandName.NURTURE)
STANDARD = Standard(
    version="1",
    review_by=date(2027, 1, 1),
    signatures=(),
    rules={x: _rule(x) for x in (A, B, C)},
    gates={Stage.MQL: Gate(stage=Stage.MQL, all=(A, B)), Stage.SQL: GATE},
    scoring=SCORING,
)


def test_a_condition_rests_on_every_field_that_it_names() -> None:
    condition = AllOf((_has("a"), AnyOf((_has("b"), Not(_has("c"))))))

    assert fields_of(condition) == ("a", "b", "c")


def test_the_score_rests_on_all_that_gives_points() -> None:
    assert fields_by_rule(STANDARD)[SCORE_RULE] == {"field-a", "seen_at"}


def test_without_nothing_a_standard_is_itself() -> None:
    assert without(STANDARD, Stage.SQL, (), ()) is STANDARD


def test_a_rule_taken_out_is_asked_nowhere_in_the_gate_and_gives_no_points() -> None:
    left = without(STANDARD, Stage.SQL, {A, C}, ())

    assert left.gates[Stage.SQL] == replace(GATE, all=(), any=SomeOf(at_least=1, of=(B,)))
    assert left.scoring == replace(SCORING, points=SCORING.points[1:])
    assert left.gates[Stage.MQL] == STANDARD.gates[Stage.MQL]


def test_a_score_left_without_points_is_not_asked_for() -> None:
    left = without(STANDARD, Stage.SQL, {A}, {FieldName("seen_at")})

    assert left.scoring is None
    assert left.gates[Stage.SQL].score is None


def test_variants_lose_the_rule_too() -> None:
    own = Gate(stage=Stage.SQL, any=SomeOf(at_least=1, of=(C,)))
    gates = {**STANDARD.gates, Stage.SQL: own}
    variant = Variant(name="small", applies=_has("size"), gates=gates, scoring=None)

    left = without(replace(STANDARD, variants=(variant,)), Stage.SQL, {C}, ())

    assert left.variants[0].gates[Stage.SQL] == Gate(stage=Stage.SQL)
    assert left.variants[0].name == "small"
