"""Hold the conditions of a standard's variants against each other, before any lead comes.

Tries every combination of values that the conditions can tell apart: what no combination
comes to, no lead does. Where there are too many to try, it says so and claims nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import combinations, product
from math import prod
from typing import assert_never

from syncd.core.condition_groups import compile_truth
from syncd.core.telling_values import StandIn, matched, patterns_of, telling_values
from syncd.core.value_words import away_words, field_words, listed, plain
from syncd.domain.names import FieldName
from syncd.domain.standard import (
    AllOf,
    AnyOf,
    Condition,
    FieldTest,
    Matches,
    Not,
    Test,
    Variant,
    Within,
)
from syncd.domain.values import FieldSpec, FieldType, Value

_MOST_POINTS = 20_000
"""Combinations tried in all, which is a tenth of a second's work."""
_TIMES = tuple(datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 11, 13))
"""Of each way in which today's and its neighbours' days lie around now, one."""

_Tests = Mapping[FieldName, Sequence[Test]]
_Axes = Mapping[FieldName, tuple[Value, ...]]
_Point = Mapping[FieldName, Value]


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
    if grid := _Grid.over(variants, specs, most=_MOST_POINTS):
        _look(grid, variants, survey)
        return survey
    left = _MOST_POINTS
    for pair in combinations(variants, 2):
        if grid := _Grid.over(pair, specs, most=left):
            left -= grid.size
            _look(grid, pair, survey)
        else:
            survey.unchecked.append((pair[0].name, pair[1].name))
    return survey


@dataclass(frozen=True, slots=True)
class _Grid:
    """What the conditions ask of each field, and the values to try at each time."""

    tests: _Tests
    axes: Sequence[tuple[datetime, _Axes]]

    @classmethod
    def over(
        cls, variants: Sequence[Variant], specs: Mapping[FieldName, FieldSpec], *, most: int
    ) -> "_Grid | None":
        """None where the values are too many, or cannot be listed."""
        tests = _tests_of(variants)
        if not tests or not tests.keys() <= specs.keys():
            return None
        axes = [(now, _axes(tests, specs, now)) for now in _times(tests, specs)]
        grid = cls(tests, [(now, x) for now, x in axes if x is not None])
        return grid if len(grid.axes) == len(axes) and grid.size <= most else None

    @property
    def size(self) -> int:
        return sum(prod(map(len, axes.values())) for _, axes in self.axes)

    def points(self) -> Iterator[tuple[_Point, datetime]]:
        for now, axes in self.axes:
            for values in product(*axes.values()):
                yield dict(zip(axes, values, strict=True)), now


def _times(tests: _Tests, specs: Mapping[FieldName, FieldSpec]) -> Sequence[datetime]:
    by_day = any(
        specs[name].type is FieldType.DATE and any(isinstance(x, Within) for x in asked)
        for name, asked in tests.items()
    )
    return _TIMES if by_day else _TIMES[:1]


def _axes(tests: _Tests, specs: Mapping[FieldName, FieldSpec], now: datetime) -> _Axes | None:
    axes = {}
    for name, asked in tests.items():
        values = telling_values(asked, specs[name], now)
        if values is None:
            return None
        axes[name] = values
    return axes


def _look(grid: _Grid, variants: Sequence[Variant], survey: Survey) -> None:
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
    grid: _Grid, variants: Sequence[Variant]
) -> Mapping[tuple[int, ...], tuple[_Point, datetime] | None]:
    """Which variants apply to one lead, and such a lead; None where it may be imagined only."""
    applies = [compile_truth(_imagining(x.applies, grid.tests)) for x in variants]
    found: dict[tuple[int, ...], tuple[_Point, datetime] | None] = {}
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


def _may_be_there(values: _Point, tests: _Tests) -> bool:
    """A text that one pattern matches surely is; whether one that two match, nobody can tell."""
    kinds = [matched(x, patterns_of(tests[name])) for name, x in values.items()]
    return all(len(x) <= 1 for x in kinds if x is not None)


def _words(example: tuple[_Point, datetime], variants: Sequence[Variant], tests: _Tests) -> str:
    """`employees 1,000 and source Partner`: only what these variants ask for."""
    values, now = example
    asked = _tests_of(variants)
    return listed((_value_words(x, values[x], tests[x], now) for x in asked), "and")


def _value_words(name: FieldName, value: Value, tests: Sequence[Test], now: datetime) -> str:
    label = field_words(name)
    patterns = matched(value, patterns_of(tests))
    if patterns is not None:
        return f"{label} like {patterns[0]}" if patterns else f"{label} something else"
    if isinstance(value, date) and any(isinstance(x, Within) for x in tests):
        return f"{label} {away_words(value, now)}"
    return f"{label} {plain(value)}"


# --- conditions --------------------------------------------------------------------------


def _tests_of(variants: Sequence[Variant]) -> _Tests:
    found: dict[FieldName, list[Test]] = {}
    for variant in variants:
        for leaf in _leaves(variant.applies):
            found.setdefault(leaf.field, []).append(leaf.test)
    return found


def _leaves(condition: Condition) -> Iterator[FieldTest]:
    match condition:
        case FieldTest():
            yield condition
        case AllOf(of=of) | AnyOf(of=of):
            for part in of:
                yield from _leaves(part)
        case Not(of=inner):
            yield from _leaves(inner)
        case _:
            assert_never(condition)


def _imagining(condition: Condition, tests: _Tests) -> Condition:
    """The condition with patterns that know imagined texts."""
    match condition:
        case FieldTest(field=name, test=Matches(pattern=pattern, says=says)):
            place = patterns_of(tests[name]).index(pattern.pattern)
            return FieldTest(name, Matches(StandIn(pattern, place), says))
        case FieldTest():
            return condition
        case AllOf(of=of):
            return AllOf(tuple(_imagining(x, tests) for x in of))
        case AnyOf(of=of):
            return AnyOf(tuple(_imagining(x, tests) for x in of))
        case Not(of=inner):
            return Not(_imagining(inner, tests))
        case _:
            assert_never(condition)
