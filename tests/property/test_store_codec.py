"""What is stored comes back equal, whatever a CRM or a person put in it."""

import types
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.adapters.store.codec import Codec
from syncd.adapters.store.documents import (
    ACTION,
    LEAD,
    ORDER,
    SCAN_MARK,
    SIDE_STATUS,
    TRANSITION,
    VERDICT,
)
from syncd.commit import ScanMark
from syncd.domain.action import Action, AddNote, FieldWrite, SendAlert, WriteRecord
from syncd.domain.lead import Lead
from syncd.domain.names import FieldName
from syncd.domain.order import Order, SideStatus
from syncd.domain.stage import Stage, Transition
from syncd.domain.values import Seen, Unreadable, Value
from syncd.domain.verdict import Verdict

TEXT = st.text(st.characters(exclude_categories=()), max_size=6)
INSTANTS = st.datetimes(timezones=st.just(UTC))
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False)
PLAIN = {
    str: TEXT,
    int: st.integers(-(2**63), 2**63 - 1),
    bool: st.booleans(),
    Decimal: DECIMALS,
    datetime: INSTANTS,
    date: st.dates(),
    types.NoneType: st.none(),
}
VALUES = st.one_of(
    TEXT,
    st.integers(),
    st.booleans(),
    st.none(),
    DECIMALS,
    INSTANTS,
    st.dates(),
    st.lists(TEXT, max_size=3).map(tuple),
    st.sampled_from(Stage),
)


def made_of(hint: Any) -> st.SearchStrategy[Any]:
    """Anything the hint allows."""
    hint = hint.__supertype__ if isinstance(hint, NewType) else hint
    origin, args = get_origin(hint), get_args(hint)
    if hint == Value:
        return VALUES
    if hint == Seen:
        return VALUES | st.builds(Unreadable, TEXT)
    if is_dataclass(hint):
        return _dataclasses(hint)
    if origin in (Union, types.UnionType):
        return st.one_of(*map(made_of, args))
    if origin is tuple:
        return _tuples(args)
    if origin is not None:
        return st.dictionaries(made_of(args[0]), made_of(args[1]), max_size=3)
    return st.sampled_from(hint) if issubclass(hint, Enum) else PLAIN[hint]


def _dataclasses(cls: Any) -> st.SearchStrategy[Any]:
    hints = get_type_hints(cls)
    return st.builds(cls, **{f.name: made_of(hints[f.name]) for f in fields(cls)})


def _tuples(args: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if args[-1] is Ellipsis:
        return st.lists(made_of(args[0]), max_size=2).map(tuple)
    return st.tuples(*map(made_of, args))


@settings(max_examples=25, deadline=None)
@given(lead=made_of(Lead))
def test_a_lead_comes_back_as_it_was(lead: Lead) -> None:
    assert LEAD.decode(LEAD.encode(lead)) == lead


@settings(max_examples=40, deadline=None)
@given(action=made_of(Action))
def test_an_action_comes_back_as_it_was(action: WriteRecord | AddNote | SendAlert) -> None:
    back = ACTION.decode(ACTION.encode(action))

    assert (type(back), back) == (type(action), action)


@pytest.mark.parametrize(
    ("codec", "hint"),
    [
        (ORDER, Order),
        (VERDICT, Verdict),
        (TRANSITION, Transition),
        (SIDE_STATUS, SideStatus),
        (SCAN_MARK, ScanMark),
    ],
    ids=["order", "verdict", "transition", "side", "scan"],
)
def test_what_is_stored_comes_back_as_it_was(codec: Codec[Any], hint: Any) -> None:
    @settings(max_examples=25, deadline=None)
    @given(value=made_of(hint))
    def holds(value: Any) -> None:
        assert codec.decode(codec.encode(value)) == value

    holds()


@given(value=VALUES | st.builds(Unreadable, TEXT))
def test_a_value_keeps_its_type(value: Seen) -> None:
    codec: Codec[FieldWrite] = Codec(FieldWrite)
    written = FieldWrite(field=FieldName("f"), seen=value, value=None, rule="r")

    back = codec.decode(codec.encode(written)).seen

    assert (type(back), back) == (type(value), value)


def test_what_equals_its_default_is_not_written() -> None:
    written = FieldWrite(field=FieldName("f"), seen=None, value="x", rule="r")

    text = Codec[FieldWrite](FieldWrite).encode(written)

    assert text == '{"field":"f","seen":null,"value":"x","rule":"r"}'


def test_a_type_nobody_taught_the_codec_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match="no way to write"):
        Codec(complex)
