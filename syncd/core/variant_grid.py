"""The combinations of values that the conditions of variants can tell apart.

Only makes them; `variant_survey` tries them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from math import prod
from typing import assert_never

from syncd.core.condition_parts import tests_in
from syncd.core.telling_values import StandIn, patterns_of, telling_values
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

_TIMES = tuple(datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 11, 13))
"""Of each way in which today's and its neighbours' days lie around now, one."""

Tests = Mapping[FieldName, Sequence[Test]]
Axes = Mapping[FieldName, tuple[Value, ...]]
Point = Mapping[FieldName, Value]


@dataclass(frozen=True, slots=True)
class Grid:
    """What the conditions ask of each field, and the values to try at each time."""

    tests: Tests
    axes: Sequence[tuple[datetime, Axes]]

    @classmethod
    def over(
        cls, variants: Sequence[Variant], specs: Mapping[FieldName, FieldSpec], *, most: int
    ) -> "Grid | None":
        """None where the values are too many, or cannot be listed."""
        tests = tests_of(variants)
        if not tests or not tests.keys() <= specs.keys():
            return None
        axes = [(now, _axes(tests, specs, now)) for now in _times(tests, specs)]
        grid = cls(tests, [(now, x) for now, x in axes if x is not None])
        return grid if len(grid.axes) == len(axes) and grid.size <= most else None

    @property
    def size(self) -> int:
        return sum(prod(map(len, axes.values())) for _, axes in self.axes)

    def points(self) -> Iterator[tuple[Point, datetime]]:
        for now, axes in self.axes:
            for values in product(*axes.values()):
                yield dict(zip(axes, values, strict=True)), now


def _times(tests: Tests, specs: Mapping[FieldName, FieldSpec]) -> Sequence[datetime]:
    by_day = any(
        specs[name].type is FieldType.DATE and any(isinstance(x, Within) for x in asked)
        for name, asked in tests.items()
    )
    return _TIMES if by_day else _TIMES[:1]


def _axes(tests: Tests, specs: Mapping[FieldName, FieldSpec], now: datetime) -> Axes | None:
    axes = {}
    for name, asked in tests.items():
        values = telling_values(asked, specs[name], now)
        if values is None:
            return None
        axes[name] = values
    return axes


# --- conditions --------------------------------------------------------------------------


def tests_of(variants: Sequence[Variant]) -> Tests:
    found: dict[FieldName, list[Test]] = {}
    for variant in variants:
        for leaf in tests_in(variant.applies):
            found.setdefault(leaf.field, []).append(leaf.test)
    return found


def imagining(condition: Condition, tests: Tests) -> Condition:
    """The condition with patterns that know imagined texts."""
    match condition:
        case FieldTest(field=name, test=Matches(pattern=pattern, says=says)):
            place = patterns_of(tests[name]).index(pattern.pattern)
            return FieldTest(name, Matches(StandIn(pattern, place), says))
        case FieldTest():
            return condition
        case AllOf(of=of):
            return AllOf(tuple(imagining(x, tests) for x in of))
        case AnyOf(of=of):
            return AnyOf(tuple(imagining(x, tests) for x in of))
        case Not(of=inner):
            return Not(imagining(inner, tests))
        case _:
            assert_never(condition)
