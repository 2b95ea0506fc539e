"""The law of judging by columns: every lead is found to be what `core/judge` finds it to be."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import isclose
from typing import TypeVar

import polars as pl
import pytest
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
    AtMost,
    Band,
    BandName,
    Between,
    Blank,
    Condition,
    DecayingPoints,
    FieldTest,
    Gate,
    Is,
    Matches,
    NoneOf,
    Not,
    OneOf,
    Present,
    Rule,
    RuleKind,
    RulePoints,
    Scoring,
    SomeOf,
    Standard,
    Test,
    Variant,
    Within,
)
from syncd.domain.values import FieldType, Value
from syncd.domain.verdict import SCORE_RULE, Met, Result, Unknown, Unmet, Verdict
from syncd.measure.column_names import rule_column
from syncd.measure.column_values import lead_values
from syncd.measure.judging import Columns
from syncd.measure.outcomes import COLUMN_TYPES
from syncd.settings.patterns import compile_pattern

T = TypeVar("T")

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
INSTANT, HALF, DAY = timedelta(microseconds=1), timedelta(hours=12), timedelta(days=1)
FIELDS: Mapping[FieldName, FieldType] = {
    FieldName(name): type_
    for name, type_ in {
        "country": FieldType.PICKLIST,
        "email": FieldType.EMAIL,
        "employees": FieldType.INTEGER,
        "budget": FieldType.CURRENCY,
        "confirmed": FieldType.BOOLEAN,
        "demo_on": FieldType.DATE,
        "engaged_at": FieldType.DATETIME,
        "topics": FieldType.MULTI_PICKLIST,
    }.items()
}
ABSENT = FieldName("never_read")
RULES = tuple(RuleId(f"rule-{x}") for x in "abcd")
TRUTHS = {Result.PASSES: True, Result.FAILS: False, Result.UNKNOWN: None}
TEXTS = ("", "Austria", "austria", "Österreich", "٣", "3", "a\nb", "ann@corp.example", " ")
PATTERNS = (r"\d+", r"\w+", "(?i)austria", r"[^@\s]+@[^@\s]+\.[a-z]{2,}", "a.b", r"(?s)a.b", "a|3|")
TOPICS = ("news", "pricing", "api")

texts = st.sampled_from(TEXTS)
whole = st.one_of(
    st.integers(-3, 3), st.sampled_from((-(2**63), 2**63 - 1, 2**53 + 1, 2**53, 10_000))
)
money = st.one_of(
    st.sampled_from((0.0, -0.0, 0.1, 0.3, 1.0, 2.0, 1e300, float(2**53))),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
)
spans = st.sampled_from((INSTANT, timedelta(hours=36), DAY, 30 * DAY, 3660 * DAY))
moves = st.sampled_from((NOW, NOW + HALF, NOW - HALF, NOW + HALF - INSTANT, NOW - 10 * HALF))
instants = st.one_of(
    st.builds(
        lambda moved, sign, span, off: moved + sign * span + off,
        moves,
        st.sampled_from((-1, 0, 1)),
        spans,
        st.sampled_from((timedelta(), INSTANT, -INSTANT, DAY, -DAY, HALF, -HALF)),
    ),
    st.integers(-(10**15), 10**15).map(lambda x: NOW + x * INSTANT),
)
days = instants.map(lambda x: x.date())
topics = st.lists(st.sampled_from(TOPICS), unique=True).map(lambda x: tuple(sorted(x)))
OF_TYPE: Mapping[FieldType, st.SearchStrategy[Value]] = {
    FieldType.PICKLIST: texts,
    FieldType.EMAIL: texts,
    FieldType.INTEGER: whole,
    FieldType.CURRENCY: money.map(lambda x: Decimal(repr(x))),
    FieldType.BOOLEAN: st.booleans(),
    FieldType.DATE: days,
    FieldType.DATETIME: instants,
    FieldType.MULTI_PICKLIST: topics,
}
any_value = st.one_of(*OF_TYPE.values(), st.none(), st.sampled_from(TOPICS))
bounds: st.SearchStrategy[int | Decimal] = st.one_of(
    whole,
    whole.map(Decimal),
    money.map(lambda x: Decimal(repr(x))),
    st.sampled_from((2**70, -(2**70), Decimal("0.1000000000000000055"), Decimal("2.5"))),
)


@st.composite
def value_tests(draw: st.DrawFn, field: FieldName) -> Test:
    """Mostly values that the field can hold, and some that it cannot."""
    own = OF_TYPE.get(FIELDS.get(field, FieldType.PICKLIST), texts)
    values = st.one_of(own, own, any_value)
    some = st.lists(values, min_size=1, max_size=3).map(tuple)
    return draw(st.one_of(values.map(Is), some.map(OneOf), some.map(NoneOf)))


@st.composite
def field_tests(draw: st.DrawFn) -> FieldTest:
    field = draw(st.sampled_from((*FIELDS, ABSENT)))
    low, high = sorted((draw(bounds), draw(bounds)))
    test = draw(
        st.one_of(
            st.sampled_from((Present(), Blank())),
            value_tests(field),
            st.sampled_from((AtLeast(low), AtMost(low), Between(low, high))),
            st.sampled_from(PATTERNS).map(lambda x: Matches(compile_pattern(x), "text")),
            st.builds(Within, last=spans, next=st.none() | spans),
            st.builds(Within, next=spans),
        )
    )
    return FieldTest(field, test)


conditions: st.SearchStrategy[Condition] = st.recursive(
    field_tests(),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda x: AllOf(tuple(x))),
        st.lists(inner, max_size=3).map(lambda x: AnyOf(tuple(x))),
        inner.map(Not),
    ),
    max_leaves=3,
)
points = st.decimals(-40, 40, places=3).filter(bool) | st.integers(-40, 40).filter(bool).map(
    Decimal
)
fading = st.builds(
    DecayingPoints,
    name=st.just("latest"),
    field=st.sampled_from((*FIELDS, ABSENT)),
    points=points,
    half_life=st.sampled_from((DAY, 10 * DAY, timedelta(hours=36))),
)


@st.composite
def scorings(draw: st.DrawFn) -> Scoring:
    named = draw(st.lists(st.sampled_from(RULES), unique=True, min_size=1, max_size=4))
    for_rules = tuple(RulePoints(rule=x, points=draw(points)) for x in named)
    minima = sorted(draw(st.sets(st.integers(-300, 300), min_size=3, max_size=3)))
    return Scoring(
        points=(*for_rules, *draw(st.lists(fading, max_size=1))),
        bands=tuple(
            Band(name=name, minimum=Decimal(minimum) / 10)
            for name, minimum in zip(BandName, minima, strict=True)
        ),
    )


@st.composite
def gates(draw: st.DrawFn, scoring: Scoring | None) -> Gate:
    some = draw(st.lists(st.sampled_from(RULES), unique=True))
    return Gate(
        stage=Stage.SQL,
        all=tuple(draw(st.lists(st.sampled_from(RULES), unique=True, max_size=3))),
        any=SomeOf(at_least=draw(st.integers(1, len(some))), of=tuple(some)) if some else None,
        score=draw(st.none() | st.sampled_from(BandName)) if scoring else None,
    )


@st.composite
def variants_beside(draw: st.DrawFn, everybodys: Scoring | None) -> Variant:
    scoring = draw(st.sampled_from((everybodys, None)) | scorings())
    return Variant(
        name=draw(st.sampled_from(("enterprise", "partner"))),
        applies=draw(conditions),
        gates={Stage.SQL: draw(gates(scoring))},
        scoring=scoring,
    )


@st.composite
def standards(draw: st.DrawFn) -> Standard:
    rules = {
        x: Rule(id=x, kind=RuleKind.FIT, says=x, fix=x, condition=draw(conditions)) for x in RULES
    }
    scoring = draw(st.none() | scorings())
    variants = draw(st.lists(variants_beside(scoring), max_size=2, unique_by=lambda x: x.name))
    return Standard(
        version="1",
        review_by=date(2027, 1, 1),
        signatures=(),
        rules=rules,
        gates={Stage.SQL: draw(gates(scoring))},
        scoring=scoring,
        variants=tuple(variants),
    )


@st.composite
def frames(draw: st.DrawFn, fields: frozenset[FieldName] = frozenset(FIELDS)) -> pl.DataFrame:
    """Leads with most of these fields."""
    size = draw(st.integers(1, 8))
    columns = {"_moved_at": pl.Series(_drawn(draw, moves, size), dtype=pl.Datetime("us", "UTC"))}
    for field in sorted(fields - {ABSENT}):
        if draw(st.integers(0, 9)) == 0:
            continue
        values = [_held(x) for x in _drawn(draw, st.none() | OF_TYPE[FIELDS[field]], size)]
        columns[field] = pl.Series(values, dtype=COLUMN_TYPES[FIELDS[field]])
        if draw(st.booleans()):
            flags = _drawn(draw, st.sampled_from((False, False, True, None)), size)
            columns[f"?{field}"] = pl.Series(flags, dtype=pl.Boolean)
    return pl.DataFrame(columns)


def _drawn(draw: st.DrawFn, values: st.SearchStrategy[T], size: int) -> list[T]:
    return [draw(values) for _ in range(size)]


def fields_in(condition: Condition) -> frozenset[FieldName]:
    match condition:
        case FieldTest(field=field):
            return frozenset({field})
        case Not(of=inner):
            return fields_in(inner)
        case _:
            return frozenset().union(*map(fields_in, condition.of))


@st.composite
def judged_conditions(draw: st.DrawFn) -> tuple[Condition, pl.DataFrame]:
    condition = draw(conditions)
    return condition, draw(frames(fields_in(condition)))


@st.composite
def judged_standards(draw: st.DrawFn) -> tuple[Standard, pl.DataFrame]:
    standard = draw(standards())
    asked = [x.condition for x in standard.rules.values()]
    asked += [x.applies for x in standard.variants]
    points = [x.points for v in standard.every_variant() if v.scoring for x in [v.scoring]]
    faded = (x for part in points for x in part if isinstance(x, DecayingPoints))
    fading = frozenset(x.field for x in faded)
    return standard, draw(frames(fading.union(*map(fields_in, asked))))


def _held(value: Value) -> object:
    if isinstance(value, tuple):
        return list(value)
    return float(value) if isinstance(value, Decimal) else value


def verdicts(standard: Standard, leads: pl.DataFrame) -> list[Verdict]:
    judge = Judge(standard)
    return [
        judge.judge(
            Stage.SQL,
            Case(
                transition=TransitionId("t"),
                lead_id=LeadId("lead"),
                cycle=1,
                values=values,
                now=now,
            ),
        )
        for values, now in zip(lead_values(leads), leads["_moved_at"], strict=True)
    ]


def truth_of_band(standard: Standard, verdict: Verdict) -> bool | None:
    """Unknown as well where no band is asked for."""
    asked = {x.name: x for x in standard.every_variant()}.get(verdict.variant)
    if asked is None or asked.scoring is None or asked.gates[Stage.SQL].score is None:
        return None
    finding = {x.rule: x for x in verdict.findings}.get(SCORE_RULE)
    if finding is None:
        return True
    return None if isinstance(finding.outcome, Unknown) else False


def assert_same_verdicts(standard: Standard, leads: pl.DataFrame) -> None:
    expected = verdicts(standard, leads)

    found = Columns(standard).judge(leads)

    assert found["_result"].to_list() == [TRUTHS[x.result] for x in expected]
    assert found["_segment"].to_list() == [x.variant for x in expected]
    assert found["_band"].to_list() == [x.score.band if x.score else None for x in expected]
    for seen, verdict in zip(found["_score"], expected, strict=True):
        points = verdict.score.points if verdict.score else None
        assert (seen is None) == (points is None)
        assert points is None or isclose(seen, points, rel_tol=1e-12, abs_tol=1e-9)
    if rule_column(SCORE_RULE) in found.columns:
        bands = [truth_of_band(standard, x) for x in expected]
        assert found[rule_column(SCORE_RULE)].to_list() == bands


def assert_same_truths(condition: Condition, leads: pl.DataFrame) -> None:
    rule = Rule(id=RULES[0], kind=RuleKind.FIT, says="", fix="", condition=condition)
    standard = Standard(
        version="1",
        review_by=date(2027, 1, 1),
        signatures=(),
        rules={rule.id: rule},
        gates={Stage.SQL: Gate(stage=Stage.SQL, all=(rule.id,))},
        scoring=None,
    )
    check, moved = compile_condition(condition), leads["_moved_at"]
    outcomes = [check(x, now) for x, now in zip(lead_values(leads), moved, strict=True)]

    found = Columns(standard).judge(leads)

    truths = [{Met: True, Unmet: False, Unknown: None}[type(x)] for x in outcomes]
    assert found[rule_column(rule.id)].to_list() == truths
    assert found["_result"].to_list() == truths


@settings(max_examples=30)
@given(judged_standards())
def test_columns_find_the_result_score_band_and_variant_that_the_judge_finds(
    case: tuple[Standard, pl.DataFrame],
) -> None:
    assert_same_verdicts(*case)


@settings(max_examples=100)
@given(judged_conditions())
def test_columns_find_of_each_rule_what_its_check_finds(
    case: tuple[Condition, pl.DataFrame],
) -> None:
    assert_same_truths(*case)


@pytest.mark.slow
@settings(max_examples=800)
@given(judged_standards())
def test_columns_and_judge_agree_on_thousands_of_standards(
    case: tuple[Standard, pl.DataFrame],
) -> None:
    assert_same_verdicts(*case)


@pytest.mark.slow
@settings(max_examples=3_000)
@given(judged_conditions())
def test_columns_and_checks_agree_on_thousands_of_conditions(
    case: tuple[Condition, pl.DataFrame],
) -> None:
    assert_same_truths(*case)
