"""Laws of judging: what is not known never decides, and a waiver never harms."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.core.condition_groups import compile_condition
from syncd.core.judge import Case, Judge
from syncd.domain.names import FieldName, LeadId, RuleId, TransitionId
from syncd.domain.stage import Stage
from syncd.domain.standard import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    FieldTest,
    Gate,
    Not,
    Present,
    Rule,
    RuleKind,
    SomeOf,
    Standard,
)
from syncd.domain.values import Seen, Unreadable
from syncd.domain.verdict import Met, Result, Unknown, Unmet, Verdict, Waiver

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
FIELDS = tuple(map(FieldName, "abcde"))
RULES = tuple(map(RuleId, ("r-a", "r-b", "r-c", "r-d", "r-e")))
LEAD = LeadId("lead")
TORN = Unreadable(why="?")

known_values = st.fixed_dictionaries({f: st.one_of(st.none(), st.integers(0, 9)) for f in FIELDS})
hidden_fields = st.sets(st.sampled_from(FIELDS))
tests = st.builds(
    FieldTest,
    st.sampled_from(FIELDS),
    st.one_of(st.just(Present()), st.integers(0, 9).map(AtLeast)),
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    tests,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda x: AllOf(tuple(x))),
        st.lists(inner, min_size=1, max_size=3).map(lambda x: AnyOf(tuple(x))),
        inner.map(Not),
    ),
    max_leaves=8,
)


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


@st.composite
def gates(draw: st.DrawFn) -> Gate:
    some = draw(st.lists(st.sampled_from(RULES), min_size=1, unique=True))
    return Gate(
        stage=Stage.SQL,
        all=tuple(draw(st.lists(st.sampled_from(RULES), unique=True))),
        any=SomeOf(at_least=draw(st.integers(1, len(some))), of=tuple(some)),
    )


def judged(gate: Gate, values: Mapping[FieldName, Seen], waived: frozenset[RuleId]) -> Verdict:
    rules = {
        rule: Rule(
            id=rule,
            kind=RuleKind.FIT,
            says=rule,
            fix="",
            condition=FieldTest(field, AtLeast(5)),
        )
        for rule, field in zip(RULES, FIELDS, strict=True)
    }
    standard = Standard(
        version="1",
        review_by=date(2027, 1, 1),
        signatures=(),
        rules=rules,
        gates={Stage.SQL: gate},
        scoring=None,
    )
    waiver = Waiver(
        id="w",
        lead_id=LEAD,
        gate=Stage.SQL,
        rules=tuple(waived),
        reason="",
        by="",
        cycle=1,
        granted_at=NOW,
        expires_at=NOW + timedelta(days=1),
    )
    case = Case(
        transition=TransitionId("t"),
        lead_id=LEAD,
        cycle=1,
        values=values,
        now=NOW,
        waivers=(waiver,),
    )
    return Judge(standard).judge(Stage.SQL, case)


def hide(values: Mapping[FieldName, Seen], fields: set[FieldName]) -> Mapping[FieldName, Seen]:
    return {name: TORN if name in fields else value for name, value in values.items()}


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
    guess = judged(gate, hide(values, hidden), frozenset()).result

    assert guess in (Result.UNKNOWN, judged(gate, values, frozenset()).result)


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

    with_waiver = judged(gate, shown, waived)

    without = judged(gate, shown, frozenset())
    assert order.index(with_waiver.result) >= order.index(without.result)
    assert with_waiver.waived == (
        with_waiver.result is Result.PASSES and without.result is not Result.PASSES
    )


@settings(max_examples=200)
@given(gates(), known_values, hidden_fields)
def test_a_verdict_passes_exactly_when_nothing_was_found(
    gate: Gate, values: Mapping[FieldName, Seen], hidden: set[FieldName]
) -> None:
    verdict = judged(gate, hide(values, hidden), frozenset())

    assert (verdict.result is Result.PASSES) == (not verdict.findings)
