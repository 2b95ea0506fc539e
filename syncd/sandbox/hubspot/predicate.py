"""One search filter as a function from a version of a record to yes or no."""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import assert_never

from syncd.sandbox.hubspot.kinds import Kind
from syncd.sandbox.hubspot.properties import Property
from syncd.sandbox.hubspot.query import CONFUSED, Filter, Operator
from syncd.sandbox.hubspot.record import Version
from syncd.sandbox.hubspot.refusals import BadRequest
from syncd.sandbox.hubspot.stamps import parse_instant

Predicate = Callable[[Version], bool]
Comparable = str | float
Getter = Callable[[Version], Comparable | None]
Reader = Callable[[str], Comparable | None]  # None for a text that is no such value

_WORD = re.compile(r"[^\W_]+")


def reader_of(definition: Property) -> Reader:
    """How texts of a property compare: as numbers, as instants, by case or without it."""
    match definition.type:
        case "number":
            return _number
        case "date" | "datetime":
            return _instant
        case "enumeration" | "bool":
            return str
        case _:
            return str.lower


def getter_of(kind: Kind, definition: Property) -> Getter:
    name, read = definition.name, reader_of(definition)
    if name == kind.modified:
        return lambda version: version.at  # the same instant, without parsing it

    def get(version: Version) -> Comparable | None:
        text = version.values.get(name)
        return None if text is None else read(text)

    return get


def predicate(kind: Kind, wanted: Filter, definition: Property) -> Predicate:
    """Raises BadRequest for an operand that is no value of the property, a bare date included."""
    name = wanted.property
    if wanted.operator is Operator.HAS_PROPERTY:
        return lambda version: name in version.values
    if wanted.operator is Operator.NOT_HAS_PROPERTY:
        return lambda version: name not in version.values
    if wanted.operator in (Operator.CONTAINS_TOKEN, Operator.NOT_CONTAINS_TOKEN):
        return _token_predicate(wanted)
    get, holds = getter_of(kind, definition), _comparison(wanted, reader_of(definition))

    def decide(version: Version) -> bool:
        value = get(version)
        return value is not None and holds(value)

    return decide


def operand(text: str, read: Reader) -> Comparable:
    if read is _instant and "-" in text and len(text) == len("2020-11-15"):
        raise BadRequest(CONFUSED)  # the real search knows no bare dates
    value = read(text)
    if value is None:
        raise BadRequest(CONFUSED)
    return value


def _comparison(wanted: Filter, read: Reader) -> Callable[[Comparable], bool]:
    if wanted.operator in (Operator.IN, Operator.NOT_IN):
        members = _members(wanted, read)
        inside = wanted.operator is Operator.IN
        return lambda value: (value in members) is inside
    low = operand(wanted.value, read)
    match wanted.operator:
        case Operator.EQ:
            return lambda value: value == low
        case Operator.NEQ:
            return lambda value: value != low
        case Operator.LT:
            return lambda value: value < low  # type: ignore[operator]  # one reader, one type
        case Operator.LTE:
            return lambda value: value <= low  # type: ignore[operator]  # one reader, one type
        case Operator.GT:
            return lambda value: value > low  # type: ignore[operator]  # one reader, one type
        case Operator.GTE:
            return lambda value: value >= low  # type: ignore[operator]  # one reader, one type
        case Operator.BETWEEN:
            high = operand(wanted.high, read)
            return lambda value: low <= value <= high  # type: ignore[operator]  # one reader, one type
        case Operator.HAS_PROPERTY | Operator.NOT_HAS_PROPERTY:
            raise AssertionError("needs no operand")
        case Operator.CONTAINS_TOKEN | Operator.NOT_CONTAINS_TOKEN:
            raise AssertionError("compares words")
        case _:
            assert_never(wanted.operator)


def _members(wanted: Filter, read: Reader) -> set[Comparable]:
    """A string in a list matches only if it was given in lower case: the vendor folds one side."""
    if read is str.lower:
        return set(wanted.values)
    return {operand(text, read) for text in wanted.values}


def _token_predicate(wanted: Filter) -> Predicate:
    name, pattern = wanted.property, wanted.value.lower()
    inside = wanted.operator is Operator.CONTAINS_TOKEN

    def decide(version: Version) -> bool:
        text = version.values.get(name, "").lower()
        found = fnmatchcase(text, pattern) or pattern in _WORD.findall(text)
        return bool(text) and found is inside

    return decide


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _instant(text: str) -> float | None:
    instant = parse_instant(text)
    if instant is None and len(text) == len("2020-11-15"):
        return parse_instant(f"{text}T00:00:00Z")
    return instant
