"""Laws of variants: who is nobody changes nothing, doubt never condemns, and what is told of a
standard beforehand holds for every lead."""

from collections.abc import Mapping, Sequence
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from judge_cases import (
    FIELDS,
    NOW,
    conditions,
    gates,
    hidden_fields,
    hide,
    judged,
    known_values,
    standard,
)

from syncd.core.condition_groups import compile_condition, compile_truth, truth_of
from syncd.core.variant_survey import survey_variants
from syncd.core.variants import Variants, variant_of
from syncd.domain.names import FieldName, System
from syncd.domain.stage import Stage
from syncd.domain.standard import (
    EVERYBODY,
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    FieldTest,
    Gate,
    Not,
    Standard,
    Variant,
)
from syncd.domain.values import FieldSpec, FieldType, Seen
from syncd.domain.verdict import Result

NOBODY: Condition = AnyOf(())
SPECS = {
    x: FieldSpec(name=x, type=FieldType.INTEGER, properties=dict.fromkeys(System, x), options={})
    for x in FIELDS
}


def variant(number: int, applies: Condition, gate: Gate) -> Variant:
    return Variant(name=f"v{number}", applies=applies, gates={Stage.SQL: gate}, scoring=None)


def small(fields: Sequence[FieldName]) -> st.SearchStrategy[Condition]:
    """Conditions over these fields, quickly made."""
    tests = st.builds(FieldTest, st.sampled_from(fields), st.integers(0, 9).map(AtLeast))
    pairs = st.tuples(tests, tests)
    return st.one_of(tests, tests.map(Not), pairs.map(AllOf), pairs.map(AnyOf))


@st.composite
def segmented(draw: st.DrawFn) -> Standard:
    """With one to three variants."""
    parts = draw(st.lists(st.tuples(small(FIELDS), gates()), min_size=1, max_size=3))
    return standard(draw(gates()), *(variant(n, *part) for n, part in enumerate(parts)))


@given(conditions, known_values, hidden_fields, st.sets(st.sampled_from(FIELDS)))
def test_the_truth_without_words_is_the_truth_with_them(
    condition: Condition,
    values: Mapping[FieldName, Seen],
    hidden: set[FieldName],
    misfits: set[FieldName],
) -> None:
    shown = {**hide(values, hidden), **dict.fromkeys(misfits, "a text")}

    truth = compile_truth(condition)(shown, NOW)

    assert truth == truth_of(compile_condition(condition)(shown, NOW))


@settings(max_examples=40)
@given(gates(), gates(), known_values, hidden_fields)
def test_variants_for_nobody_change_no_verdict(
    gate: Gate, other: Gate, values: Mapping[FieldName, Seen], hidden: set[FieldName]
) -> None:
    shown = hide(values, hidden)

    found = judged(standard(gate, variant(1, NOBODY, other), variant(2, NOBODY, other)), shown)

    assert found == judged(standard(gate), shown)


@settings(max_examples=40)
@given(gates(), gates(), known_values, hidden_fields)
def test_a_variant_for_all_is_as_if_its_gates_were_everybodys(
    gate: Gate, other: Gate, values: Mapping[FieldName, Seen], hidden: set[FieldName]
) -> None:
    shown = hide(values, hidden)

    found = judged(standard(gate, variant(1, AllOf(()), other)), shown)

    alone = judged(standard(other), shown)
    assert (found.result, found.findings, found.met) == (alone.result, alone.findings, alone.met)
    assert found.variant == "v1"


@settings(max_examples=60)
@given(segmented(), known_values, hidden_fields)
def test_the_variant_that_holds_is_among_those_that_may_while_fields_are_hidden(
    asked: Standard, values: Mapping[FieldName, Seen], hidden: set[FieldName]
) -> None:
    possible = Variants(asked).may_hold(hide(values, hidden), NOW)

    assert variant_of(asked, values, NOW) in {x.name for x in possible}


@settings(max_examples=100)
@given(segmented(), known_values, hidden_fields)
def test_a_verdict_reached_in_doubt_stands_whatever_the_hidden_fields_hold(
    asked: Standard, values: Mapping[FieldName, Seen], hidden: set[FieldName]
) -> None:
    guess = judged(asked, hide(values, hidden))

    truth = judged(asked, values)
    assert guess.result in (Result.UNKNOWN, truth.result)
    assert guess.result is Result.PASSES or guess.findings


EVERY_LEAD = [dict(zip(FIELDS, x, strict=False)) for x in product((None, *range(-1, 11)), repeat=2)]


@settings(max_examples=60)
@given(st.lists(small(FIELDS[:2]), min_size=1, max_size=4))
def test_exactly_the_variants_that_no_lead_comes_to_are_told(
    applies: Sequence[Condition],
) -> None:
    gate = Gate(stage=Stage.SQL)
    asked = standard(gate, *(variant(n, x, gate) for n, x in enumerate(applies)))

    never = survey_variants(asked.variants, SPECS).never

    variants = Variants(asked)
    come = {variants.may_hold(values, NOW)[0].name for values in EVERY_LEAD}
    assert set(never) == {x.name for x in asked.variants} - come
    assert EVERYBODY not in never
