"""The quick look never overlooks a change."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from decide_cases import SALESFORCE, known
from hypothesis import given
from hypothesis import strategies as st

from syncd.core.views import changed, suspects
from syncd.domain.lead import Pending
from syncd.domain.names import ActionKey, FieldName
from syncd.domain.values import Seen, Unreadable, Value

fields = st.sampled_from([FieldName(name) for name in "abcd"])
values = st.sampled_from(
    [None, "", "x", 1, Decimal("1.0"), True, ("x",), datetime(2026, 1, 1, tzinfo=UTC)]
)
seen = st.one_of(values, st.just(Unreadable("hidden")))
pending = st.builds(Pending, key=st.just(ActionKey("k")), replaces=st.tuples(values), writes=values)


@given(
    shown=st.dictionaries(fields, seen),
    baseline=st.dictionaries(fields, values),
    flights=st.dictionaries(fields, pending),
)
def test_whatever_changed_is_suspected(
    shown: dict[FieldName, Seen],
    baseline: dict[FieldName, Value],
    flights: dict[FieldName, Pending],
) -> None:
    side = known().sides[SALESFORCE]
    snapshot = replace(side.seen, values=shown)
    side = replace(side, seen=snapshot, baseline=baseline, pending=flights)

    assert {name for name in map(FieldName, "abcd") if changed(side, name)} <= suspects(side)
