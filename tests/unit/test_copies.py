"""Copies of frozen values."""

from dataclasses import FrozenInstanceError, dataclass, field
from dataclasses import replace as standard_replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.copies import replace


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    x: int
    y: int = 0
    names: tuple[str, ...] = field(default=())


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
    with pytest.raises(TypeError, match="_Point has no \\['z'\\]"):
        replace(_Point(x=1), z=3)  # type: ignore[call-arg]  # the very thing that must fail
