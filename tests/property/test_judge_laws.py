"""Laws of judging: what is not known never decides, and a waiver never harms."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st
from judge_cases import (
    NOW,
    RULES,
    conditions,
    gates,
    hidden_fields,
    hide,
    judged,
    known_values,
    standard,
)

from syncd.core.condition_groups import compile_condition
from syncd.domain.names import FieldName, RuleId
from syncd.domain.standard import AllOf, AnyOf, AtLeast, Condition, FieldTest, Gate, Not
from syncd.domain.values import Seen
from syncd.domain.verdict import Met, Result, Unknown, Unmet


def plain(condition: Condition, values: Mapping[FieldName, Seen]) -> bool:
    """Two-valued truth, spelled out."""
    match condition:
        case FieldTest(field=field, test=AtLeast(minimum=minimum)):
            value = values[field]
            return isinstance(value, int) and value >= minimum
        case FieldTest(field=field):
            return values[field] is not None
        case AllOf(of=of):
            return all(plain(x, values) for x in of)
        case AnyOf(of=of):
            return any(plain(x, values) for x in of)
        case Not(of=inner):
            return not plain(inner, values)


@given(conditions, known_values)
def test_with_everything_known_a_condition_is_met_or_unmet_as_logic_says(
    condition: Condition, values: Mapping[FieldName, Seen]
) -> None:
    outcome = compile_condition(condition)(values, NOW)

    assert isinstance(outcome, Met if plain(condition, values) else Unmet)


@given(conditions, known_values, hidden_fields)
def test_a_condition_decided_without_a_field_is_decided_the_same_with_it(
    condition: Condition, values: Mapping[FieldName, Seen], hidden: set[FieldName]
) -> None:
    guess = compile_condition(condition)(hide(values, hidden), NOW)

    truth = plain(condition, values)
    assert isinstance(guess, Unknown | (Met if truth else Unmet))


@given(conditions, known_values, hidden_fields)
def test_what_is_not_met_is_always_told_in_words(
    condition: Condition, values: Mapping[FieldName, Seen], hidden: set[FieldName]
) -> None:
    match compile_condition(condition)(hide(values, hidden), NOW):
        case Unmet(seen=seen, needed=needed):
            assert seen
            assert needed
        case Unknown(why=why):
            assert why


@settings(max_examples=200)
@given(gates(), known_values, hidden_fields)
def test_a_verdict_reached_without_a_field_stands_whatever_the_field_holds(
    gate: Gate, values: Mapping[FieldName, Seen], hidden: set[FieldName]
) -> None:
    guess = judged(standard(gate), hide(values, hidden)).result

    assert guess in (Result.UNKNOWN, judged(standard(gate), values).result)


@settings(max_examples=200)
@given(gates(), known_values, hidden_fields, st.frozensets(st.sampled_from(RULES)))
def test_a_waiver_never_makes_a_verdict_worse(
    gate: Gate,
    values: Mapping[FieldName, Seen],
    hidden: set[FieldName],
    waived: frozenset[RuleId],
) -> None:
    order = (Result.FAILS, Result.UNKNOWN, Result.PASSES)
    shown = hide(values, hidden)

    with_waiver = judged(standard(gate), shown, waived)

    without = judged(standard(gate), shown)
    assert order.index(with_waiver.result) >= order.index(without.result)
    assert with_waiver.waived == (
        with_waiver.result is Result.PASSES and without.result is not Result.PASSES
    )


@settings(max_examples=200)
@given(gates(), known_values, hidden_fields)
def test_a_verdict_passes_exactly_when_nothing_was_found(
    gate: Gate, values: Mapping[FieldName, Seen], hidden: set[FieldName]
) -> None:
    verdict = judged(standard(gate), hide(values, hidden))

    assert (verdict.result is Result.PASSES) == (not verdict.findings)
