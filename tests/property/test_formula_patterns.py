"""A pattern in a formula matches what it matches in the standard, in an engine that backtracks."""

import re
from random import Random

import pytest

from syncd.compile.formula import text
from syncd.compile.formula_pattern import portable
from syncd.settings.patterns import compile_pattern

PATTERNS = (
    r"[^@\s]+@[^@\s]+\.[a-z]{2,}",
    r".+@(gmail|yahoo)\..+",
    "a|b",
    "^a|b$",
    "(a|b|)*c?",
    r"\d{2,3}-\w+",
    r"\D\W\S\s?",
    "[]a]+[^]a]",
    r"[\]\[\\^&-]+",
    "[a-c1-3_.-]{1,4}?x*?",
    "a{2}b{1,}c{0,2}",
    r"(?:ab)+(c)?",
    "a.c",
    r"[\w.%+-]+",
    r"[\s\d]*",
    "{a}",
    "a&&b",
    "[&&a]+",
    r"\.\*\+\?\(\)\{\}\|\$\^\-",
    "ä+é?",
    "",
)
LETTERS = "abcx123@@.._- \n\t[]\\^&{}gmailyohé"


def _strings(seed: str) -> list[str]:
    rng = Random(seed)
    random = ("".join(rng.choices(LETTERS, k=rng.randint(0, 8))) for _ in range(400))
    return [*random, "ann@acme.com", "ann@gmail.com", ".*+?(){}|$^-", "{a}", "a&&b", "äé", "12-ab"]


@pytest.mark.parametrize("pattern", [x for x in PATTERNS if x != "{a}"])
def test_a_portable_pattern_means_what_it_meant(pattern: str) -> None:
    ours, theirs = compile_pattern(pattern), re.compile(portable(pattern))

    for string in _strings(pattern):
        assert bool(theirs.fullmatch(string)) == bool(ours.fullmatch(string)), string


@pytest.mark.parametrize("pattern", PATTERNS[:3])
def test_without_white_space_in_sight_no_backslash_is_needed(pattern: str) -> None:
    assert "\\" not in text(portable(pattern, no_spaces=True))
