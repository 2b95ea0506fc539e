"""Copies of frozen values."""

from dataclasses import FrozenInstanceError, dataclass, field
from dataclasses import replace as standard_replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.copies import replace, swift


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    x: int
    y: int = 0
    names: tuple[str, ...] = field(default=())


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class _SwiftPoint:
    x: int
    y: int = 0
    names: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Single:
    word: str


_CHANGES = st.fixed_dictionaries(
    {}, optional={"x": st.integers(), "y": st.integers(), "names": st.just(("a", "b"))}
)


@given(_CHANGES)
def test_a_copy_is_what_the_standard_library_makes(changes: dict[str, object]) -> None:
    point = _Point(x=1, y=2, names=("n",))

    copy = replace(point, **changes)  # type: ignore[arg-type]  # of three types, as generated

    assert copy == standard_replace(point, **changes)  # type: ignore[arg-type]  # as above
    assert type(copy) is _Point


def test_the_original_stays_as_it_was() -> None:
    point = _Point(x=1)

    replace(point, x=5)

    assert point == _Point(x=1)


def test_a_copy_is_as_frozen_as_the_original() -> None:
    copy = replace(_Single("a"), word="b")

    with pytest.raises(FrozenInstanceError):
        copy.word = "c"  # type: ignore[misc]  # the very thing that must fail


def test_a_field_that_is_not_there_is_an_error() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'z'"):
        replace(_Point(x=1), z=3)  # type: ignore[call-arg]  # the very thing that must fail


def test_a_swift_class_is_made_as_any_other() -> None:
    made = _SwiftPoint(x=1, names=["a"])

    assert (made.x, made.y, made.names) == (1, 0, ["a"])
    assert made == _SwiftPoint(x=1, y=0, names=["a"])
    assert repr(made) == "_SwiftPoint(x=1, y=0, names=['a'])"
    assert type(made) is _SwiftPoint


def test_each_object_of_a_swift_class_has_its_own_default() -> None:
    assert _SwiftPoint(x=1).names is not _SwiftPoint(x=1).names


def test_a_swift_class_is_frozen() -> None:
    made = _SwiftPoint(x=1)

    with pytest.raises(FrozenInstanceError):
        made.x = 2  # type: ignore[misc]  # the very thing that must fail


def test_a_swift_class_insists_on_what_it_needs() -> None:
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'x'"):
        _SwiftPoint()  # type: ignore[call-arg]  # the very thing that must fail


def test_a_class_that_takes_more_than_its_keywords_cannot_be_swift() -> None:
    with pytest.raises(TypeError, match="_Single computes something"):
        swift(_Single)
