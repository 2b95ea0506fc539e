"""Standards with random rules and gates, and leads with some fields hidden, for laws of judging."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

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
    Variant,
)
from syncd.domain.values import Seen, Unreadable
from syncd.domain.verdict import Verdict, Waiver

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


@st.composite
def gates(draw: st.DrawFn) -> Gate:
    some = draw(st.lists(st.sampled_from(RULES), min_size=1, unique=True))
    return Gate(
        stage=Stage.SQL,
        all=tuple(draw(st.lists(st.sampled_from(RULES), unique=True))),
        any=SomeOf(at_least=draw(st.integers(1, len(some))), of=tuple(some)),
    )


def standard(gate: Gate, *variants: Variant) -> Standard:
    """Each rule asks at least 5 of a field of its own."""
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
    return Standard(
        version="1",
        review_by=date(2027, 1, 1),
        signatures=(),
        rules=rules,
        gates={Stage.SQL: gate},
        scoring=None,
        variants=variants,
    )


def judged(
    the_standard: Standard, values: Mapping[FieldName, Seen], waived: Collection[RuleId] = ()
) -> Verdict:
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
    return Judge(the_standard).judge(Stage.SQL, case)


def hide(values: Mapping[FieldName, Seen], fields: set[FieldName]) -> Mapping[FieldName, Seen]:
    return {name: TORN if name in fields else value for name, value in values.items()}
