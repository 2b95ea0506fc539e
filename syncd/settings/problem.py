"""What is wrong in a configuration file, where, and what to do next.

A problem is a value, never raised by itself: loading collects all there are. Must not
print a value that looks like a secret.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Where something stands in a file: keys and list positions from the top."""

_SECRET_SHAPES = re.compile(
    r"xox[a-z]-|xapp-|pat-[a-z]{2}\d-|-----BEGIN|hooks\.slack\.com/services/|^00D\w{12,15}!"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`message` says what and the next step; line and column count from 1."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class Mistake(ValueError):
    """One value that cannot be used: raised by a parser, reported with its place."""

    def __init__(self, what: str, next_step: str) -> None:
        super().__init__(f"{what}; {next_step}")
        self.what = what
        self.next_step = next_step


def did_you_mean(word: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """The next step after a name nobody knows: the nearest one, or all there are."""
    names = sorted(set(known))
    lowered = {name.lower(): name for name in names}
    near = difflib.get_close_matches(word.lower(), lowered, n=1, cutoff=0.6)
    if near:
        return f'did you mean "{lowered[near[0]]}"?'
    return otherwise or f"use one of {_some(names)}"


def _some(names: list[str]) -> str:
    """The names, cut short where there are too many to read."""
    most = 16
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def looks_secret(value: object) -> bool:
    """Whether a value has the shape of a token, key or webhook address."""
    return isinstance(value, str) and _SECRET_SHAPES.search(value) is not None


def shown(value: object) -> str:
    """A value as a message may quote it."""
    if value is None:
        return "an empty value"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a section"
    if isinstance(value, str):
        return '"(hidden)"' if looks_secret(value) else f'"{_short(value)}"'
    return str(value)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"
