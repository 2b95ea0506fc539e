"""Rows of filters put together: few stay what they mean, too many are refused unmade."""

import pytest

from syncd.compile.formula import NotNative
from syncd.compile.hubspot_filters import ALWAYS, NEVER, Branches, both

A, B, C = ({"property": x} for x in "abc")


def test_rows_are_met_together_and_each_filter_stands_once() -> None:
    assert both(((A,), (B,)), ((A, C),)) == ((A, C), (B, A, C))


def test_nobody_is_in_all_of_them_where_nobody_is_in_one() -> None:
    assert both(((A,), (B,)), NEVER, ((C,),)) == NEVER


def test_everybody_is_in_all_of_nothing() -> None:
    assert both() == ALWAYS


def test_sixteen_million_rows_are_refused_and_never_made() -> None:
    parts: list[Branches] = [
        tuple(({"property": f"{part} {n}"},) for n in range(4)) for part in range(12)
    ]

    with pytest.raises(NotNative, match="more than 60 rows"):
        both(*parts)
