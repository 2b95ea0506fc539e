"""The values of a field that tests of it can tell apart: one of every kind, no more.

Whatever a lead holds, one of these makes every one of the tests come out the same, so that
what holds for all of them holds for all leads. For checking conditions against each other;
nothing here judges a lead.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain, combinations, pairwise
from math import floor

from syncd.core.conditions import EAST, WEST
from syncd.domain.standard import (
    AtLeast,
    AtMost,
    Between,
    Is,
    Matches,
    NoneOf,
    OneOf,
    Pattern,
    Test,
    Within,
)
from syncd.domain.values import FieldSpec, FieldType, Value

_NUMBERS = frozenset({FieldType.INTEGER, FieldType.NUMBER, FieldType.CURRENCY})
_MOST_CHOSEN = 6
_MOST_PATTERNS = 4
_DAY = timedelta(days=1)
_IMAGINED = "\0"
_OTHER = "something else"


def telling_values(
    tests: Collection[Test], spec: FieldSpec, now: datetime
) -> tuple[Value, ...] | None:
    """Likely ones first, nothing at all last. None where they are too many to name."""
    named = _named(tests)
    if spec.type in _NUMBERS:
        return (*_numbers(tests, named, whole=spec.type is FieldType.INTEGER), None)
    if spec.type is FieldType.BOOLEAN:
        return (True, False, None)
    if spec.type is FieldType.DATE:
        days = _days(tests, named, now)
        return None if days is None else (*days, None)
    if spec.type is FieldType.DATETIME:
        return (*_instants(tests, now), None)
    if spec.type is FieldType.MULTI_PICKLIST:
        return _choices(named, spec)
    return _texts(tests, named, spec)


def _named(tests: Iterable[Test]) -> tuple[Value, ...]:
    """Every value that a test names, each once, as written."""
    found: list[Value] = []
    for test in tests:
        match test:
            case Is(value=value):
                found.append(value)
            case OneOf(allowed=values) | NoneOf(refused=values):
                found += values
    return tuple(dict.fromkeys(found))


def _numbers(tests: Iterable[Test], named: Iterable[Value], *, whole: bool) -> Iterator[Value]:
    """Each number named, and one below, between and above them."""
    marks = {x for x in named if isinstance(x, int | Decimal)}
    for test in tests:
        match test:
            case AtLeast(minimum=mark) | AtMost(maximum=mark):
                marks.add(mark)
            case Between(minimum=low, maximum=high):
                marks |= {low, high}
    ordered = sorted(marks) or [1]
    yield from ordered
    yield from (ordered[0] - 1, ordered[-1] + 1)
    for low, high in pairwise(ordered):
        between = floor(low) + 1 if whole else (Decimal(low) + Decimal(high)) / 2
        if between < high:
            yield between


def _days(tests: Collection[Test], named: Iterable[Value], now: datetime) -> list[date] | None:
    """Each day on which something changes, with its neighbours. None where days of the
    calendar stand beside days counted from now, or what is counted is no whole days."""
    fixed = [x for x in named if isinstance(x, date)]
    windows = [x for x in tests if isinstance(x, Within)]
    spans = [span for x in windows for span in (x.last, x.next) if span is not None]
    if (fixed and windows) or any(span % _DAY for span in spans):
        return None
    ends = [(now - (WEST if x.last is None else x.last)).date() for x in windows]
    ends += [(now + (EAST if x.next is None else x.next)).date() for x in windows]
    near = [day + step for day in (*fixed, *ends) for step in (timedelta(), -_DAY, _DAY)]
    return list(dict.fromkeys(near)) or [now.date()]


def _instants(tests: Iterable[Test], now: datetime) -> Iterator[datetime]:
    """Each end of a window, and an instant before, between and after them."""
    windows = [x for x in tests if isinstance(x, Within)]
    ends = {now - (x.last or timedelta()) for x in windows}
    ends |= {now + (x.next or timedelta()) for x in windows}
    ordered = sorted(ends) or [now]
    yield from ordered
    yield from (ordered[0] - _DAY, ordered[-1] + _DAY)
    yield from (low + (high - low) / 2 for low, high in pairwise(ordered))


def _choices(named: Collection[Value], spec: FieldSpec) -> tuple[Value, ...] | None:
    """Every choice of the options named, with and without another one beside them."""
    options = [x for x in named if isinstance(x, str)]
    if len(options) > _MOST_CHOSEN:
        return None
    options = [*options, _another(options, spec)]
    chosen = (combinations(options, size) for size in range(1, len(options) + 1))
    return (*(tuple(sorted(x)) for x in chain.from_iterable(chosen)), None)


def _texts(
    tests: Iterable[Test], named: Iterable[Value], spec: FieldSpec
) -> tuple[Value, ...] | None:
    """Each text named, one that is not, and imagined ones for what patterns may match."""
    patterns = patterns_of(tests)
    if len(patterns) > _MOST_PATTERNS:
        return None
    texts = [x for x in named if isinstance(x, str)]
    kinds = sorted(range(2 ** len(patterns)), key=int.bit_count) if patterns else ()
    return (*texts, _another(texts, spec), *(f"{_IMAGINED}{kind}" for kind in kinds), None)


def _another(options: Collection[str], spec: FieldSpec) -> str:
    known = {name for side in spec.options.values() for name in side}
    return min(known.difference(options), default=_OTHER)


# --- texts that patterns may match -------------------------------------------------------


def patterns_of(tests: Iterable[Test]) -> tuple[str, ...]:
    """Each pattern once; its place is what stand-ins know it by."""
    return tuple(dict.fromkeys(x.pattern.pattern for x in tests if isinstance(x, Matches)))


@dataclass(frozen=True, slots=True)
class StandIn:
    """A pattern that also knows which imagined texts it matches: which real ones it and others
    match together, nobody can list."""

    real: Pattern
    place: int

    @property
    def pattern(self) -> str:
        return self.real.pattern

    def fullmatch(self, text: str, /) -> object | None:
        if text.startswith(_IMAGINED):
            return text if _kind(text) >> self.place & 1 else None
        return self.real.fullmatch(text)


def _kind(text: str) -> int:
    return int(text.removeprefix(_IMAGINED))


def matched(value: Value, patterns: Sequence[str]) -> tuple[str, ...] | None:
    """The patterns that an imagined text matches; None for a value that can be there."""
    if not isinstance(value, str) or not value.startswith(_IMAGINED):
        return None
    return tuple(x for place, x in enumerate(patterns) if _kind(value) >> place & 1)
