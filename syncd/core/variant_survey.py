"""Hold the conditions of a standard's variants against each other, before any lead comes.

Tries every combination of values that the conditions can tell apart: what no combination
comes to, no lead does. Where there are too many to try, it says so and claims nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import combinations

from syncd.core.condition_groups import compile_truth
from syncd.core.telling_values import matched, patterns_of
from syncd.core.value_words import away_words, field_words, listed, plain
from syncd.core.variant_grid import Grid, Point, Tests, imagining, tests_of
from syncd.domain.names import FieldName
from syncd.domain.standard import (
    Test,
    Variant,
    Within,
)
from syncd.domain.values import FieldSpec, Value

_MOST_POINTS = 20_000
"""Combinations tried in all, which is a tenth of a second's work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """`example` is a lead that both are for, in words; the first gets it."""

    first: str
    second: str
    example: str


@dataclass(slots=True, kw_only=True)
class Survey:
    """`never` are the variants that no lead comes to, with those above that take theirs (none:
    no lead meets the condition). `unchecked` are pairs with too much to try."""

    never: dict[str, tuple[str, ...]] = field(default_factory=dict)
    overlaps: list[Overlap] = field(default_factory=list)
    unchecked: list[tuple[str, str]] = field(default_factory=list)


def survey_variants(variants: Sequence[Variant], specs: Mapping[FieldName, FieldSpec]) -> Survey:
    """All of them at once where that can be done, else two and two."""
    survey = Survey()
    if grid := Grid.over(variants, specs, most=_MOST_POINTS):
        _look(grid, variants, survey)
        return survey
    left = _MOST_POINTS
    for pair in combinations(variants, 2):
        if grid := Grid.over(pair, specs, most=left):
            left -= grid.size
            _look(grid, pair, survey)
        else:
            survey.unchecked.append((pair[0].name, pair[1].name))
    return survey


def _look(grid: Grid, variants: Sequence[Variant], survey: Survey) -> None:
    together = _together(grid, variants)
    for number, variant in enumerate(variants):
        above = [x[: x.index(number)] for x in together if number in x]
        if () not in above:
            survey.never.setdefault(variant.name, tuple(variants[n].name for n in _takers(above)))
    shared: dict[tuple[int, int], str] = {}
    for (first, *others), example in together.items():
        if example is None:
            continue
        for other in others:
            pair = [variants[first], variants[other]]
            shared.setdefault((first, other), _words(example, pair, grid.tests))
    survey.overlaps += [
        Overlap(first=variants[a].name, second=variants[b].name, example=example)
        for (a, b), example in sorted(shared.items())
    ]


def _together(
    grid: Grid, variants: Sequence[Variant]
) -> Mapping[tuple[int, ...], tuple[Point, datetime] | None]:
    """Which variants apply to one lead, and such a lead; None where it may be imagined only."""
    applies = [compile_truth(imagining(x.applies, grid.tests)) for x in variants]
    found: dict[tuple[int, ...], tuple[Point, datetime] | None] = {}
    for values, now in grid.points():
        held = tuple([n for n, truth in enumerate(applies) if truth(values, now)])
        if held and found.get(held) is None:
            found[held] = (values, now) if _may_be_there(values, grid.tests) else None
    return found


def _takers(above: Sequence[tuple[int, ...]]) -> Sequence[int]:
    """Of what stands above it for each of its leads: one that takes them all, else the first
    of each."""
    for number in sorted(set().union(*above)):
        if all(number in x for x in above):
            return [number]
    return sorted({x[0] for x in above})


def _may_be_there(values: Point, tests: Tests) -> bool:
    """A text that one pattern matches surely is; whether one that two match, nobody can tell."""
    kinds = [matched(x, patterns_of(tests[name])) for name, x in values.items()]
    return all(len(x) <= 1 for x in kinds if x is not None)


def _words(example: tuple[Point, datetime], variants: Sequence[Variant], tests: Tests) -> str:
    """`employees 1,000 and source Partner`: only what these variants ask for."""
    values, now = example
    asked = tests_of(variants)
    return listed((_value_words(x, values[x], tests[x], now) for x in asked), "and")


def _value_words(name: FieldName, value: Value, tests: Sequence[Test], now: datetime) -> str:
    label = field_words(name)
    patterns = matched(value, patterns_of(tests))
    if patterns is not None:
        return f"{label} like {patterns[0]}" if patterns else f"{label} something else"
    if isinstance(value, date) and any(isinstance(x, Within) for x in tests):
        return f"{label} {away_words(value, now)}"
    return f"{label} {plain(value)}"
