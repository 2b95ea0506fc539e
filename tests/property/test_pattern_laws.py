"""The law of patterns: polars' engine finds the texts that google-re2 finds, or is not asked."""

from collections.abc import Iterable

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.domain.standard import Matches
from syncd.measure.column_patterns import matches, re2_in_polars
from syncd.settings.patterns import compile_pattern
from syncd.settings.problem import Mistake

ALPHABET = "aAkKsSz09_ \t\n\v\r\f@.-,é^$[](){}*+?|\\&~#<>'\u212a\u017f\u0663\u00a0"
ATOMS = (
    "a", "k", "S", "é", "0", "_", "@", "-", ",", " ", "\n", "#", "&", "~", "<", "'", ".", "\\.",
    "\\-", "\\\\", "\\&", "\\<", "\\[", "\\{", r"\d", r"\w", r"\s", "[a-z]", "[^a]", r"[^@\s]",
    r"[\w.\-]", "[&~]", "[a&&k]", "[0-9A-F]", "(a|k)", "(?:s|)", "^", "$", r"[\d,]", "[#<>]",
    # and what has no certain meaning in the other engine:
    r"\b", r"\D", r"\S", r"\pL", "[[:alpha:]]", "(?P<x>a)", "(?s).", r"\x41", r"\Qa.\E", "[a-]",
    "[]a]", "a{,2}", "]", "}", "(?-s).", r"\z", "[^^]", r"[^\D]",
)  # fmt: skip
REPEATS = ("", "", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "*?")

patterns = st.builds(
    lambda parts, folds: folds + "".join(parts),
    st.lists(st.builds(str.__add__, st.sampled_from(ATOMS), st.sampled_from(REPEATS)), max_size=5),
    st.sampled_from(("", "", "(?i)")),
)
texts = st.lists(st.text(ALPHABET, max_size=6), min_size=1, max_size=30)


def assert_same(pattern: str, found_in: Iterable[str]) -> None:
    try:
        compiled = compile_pattern(pattern)
    except Mistake:
        return
    column = pl.Series("x", list(found_in), dtype=pl.String)
    expected = [compiled.fullmatch(x) is not None for x in column]

    found = column.to_frame().select(matches(compiled, pl.col("x"))).to_series()

    assert found.to_list() == expected


@settings(max_examples=100)
@given(patterns, texts)
def test_a_column_matches_as_re2_matches_each_text(pattern: str, found_in: list[str]) -> None:
    assert_same(pattern, found_in)


@pytest.mark.slow
@settings(max_examples=5_000)
@given(patterns, texts)
def test_columns_match_as_re2_for_thousands_of_patterns(pattern: str, found_in: list[str]) -> None:
    assert_same(pattern, found_in)


@pytest.mark.slow
@pytest.mark.parametrize("pattern", [".", r"[^\w]", "(?i)[a-z]"])
def test_every_character_there_is_matches_alike(pattern: str) -> None:
    characters = (chr(x) for x in range(0x110000) if not 0xD800 <= x <= 0xDFFF)

    assert re2_in_polars(pattern)
    assert_same(pattern, characters)


@pytest.mark.parametrize(
    "pattern", [r"[^@\s]+@[^@\s]+\.[a-z]{2,}", r".+@(gmail|gmx)\..+", "(?i)austria", r"\+?\d{5,20}"]
)
def test_the_usual_patterns_are_left_to_polars(pattern: str) -> None:
    assert re2_in_polars(pattern)


def test_a_pattern_only_re2_knows_is_asked_once_for_each_text() -> None:
    asked: list[str] = []

    class Counting:
        pattern = r"\bann\b"

        def fullmatch(self, text: str, /) -> object | None:
            asked.append(text)
            return text if text == "ann" else None

    column = pl.Series("x", ["ann", "bob", None, "ann", "bob"])

    found = column.to_frame().select(matches(Matches(Counting(), "").pattern, pl.col("x")))

    assert found["x"].to_list() == [True, False, None, True, False]
    assert sorted(asked) == ["ann", "bob"]
