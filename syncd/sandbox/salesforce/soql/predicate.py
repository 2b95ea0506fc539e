"""A WHERE clause compiled to a test of rows.

Text compares without regard to case. A null is different from every value, equal
to null alone, and neither less nor more than anything.
"""

import operator
import re
from collections.abc import Callable
from typing import Any, assert_never

from syncd.sandbox.salesforce.ids import canonical
from syncd.sandbox.salesforce.schema import IDENTIFYING, NUMERIC, Field, Type
from syncd.sandbox.salesforce.soql.resolve import Get, Resolver
from syncd.sandbox.salesforce.soql.terms import (
    Both,
    Comparison,
    Condition,
    Day,
    Either,
    Instant,
    Literal,
    Membership,
    Negation,
    Null,
    Number,
    Op,
    Path,
    Text,
    Truth,
)
from syncd.sandbox.salesforce.soql.trouble import trouble
from syncd.sandbox.salesforce.table import Row

Test = Callable[[Row], bool]

_ORDERED: dict[Op, Callable[[Any, Any], bool]] = {
    Op.LESS: operator.lt,
    Op.AT_MOST: operator.le,
    Op.MORE: operator.gt,
    Op.AT_LEAST: operator.ge,
}


def compile_test(condition: Condition, resolver: Resolver, text: str) -> Test:
    """Raises Refused INVALID_FIELD for unknown or unfilterable fields and for wrong literals."""
    match condition:
        case Both(conditions):
            tests = [compile_test(each, resolver, text) for each in conditions]
            return lambda row: all(test(row) for test in tests)
        case Either(conditions):
            tests = [compile_test(each, resolver, text) for each in conditions]
            return lambda row: any(test(row) for test in tests)
        case Negation(inner):
            test = compile_test(inner, resolver, text)
            return lambda row: not test(row)
        case Membership():
            return _membership(condition, resolver, text)
        case Comparison():
            return _comparison(condition, resolver, text)
        case _:
            assert_never(condition)


def bound(field: Field, literal: Literal, path: Path, text: str) -> Any:
    """The literal as the field's rows hold it, text folded; raises Refused INVALID_FIELD."""
    match literal:
        case Null():
            return None
        case Number(value) if field.type in NUMERIC:
            return value
        case Truth(value) if field.type is Type.BOOLEAN:
            return value
        case Day(value) if field.type is Type.DATE:
            return value
        case Instant(value) if field.type is Type.DATETIME:
            return value
        case Text(value) if field.type in IDENTIFYING:
            return canonical(value) or value
        case Text(value) if _holds_text(field):
            return value.casefold()
        case _:
            raise _wrong_literal(field, literal, path, text)


def _membership(condition: Membership, resolver: Resolver, text: str) -> Test:
    field, get = _operand(condition.path, resolver, text)
    values = {bound(field, each, condition.path, text) for each in condition.literals}
    if condition.negated:
        return lambda row: get(row) not in values
    return lambda row: get(row) in values


def _comparison(condition: Comparison, resolver: Resolver, text: str) -> Test:
    field, get = _operand(condition.path, resolver, text)
    value = bound(field, condition.literal, condition.path, text)
    match condition.op:
        case Op.EQUAL:
            return lambda row: bool(get(row) == value)
        case Op.DIFFERENT:
            return lambda row: bool(get(row) != value)
        case Op.LIKE:
            return _like(get, str(value))
        case _:
            return _ordered(get, _ORDERED[condition.op], value)


def _ordered(get: Get, compare: Callable[[Any, Any], bool], value: Any) -> Test:
    def test(row: Row) -> bool:
        seen = get(row)
        return seen is not None and value is not None and compare(seen, value)

    return test


def _like(get: Get, pattern: str) -> Test:
    wild = {"%": ".*", "_": "."}
    parts = re.findall(r"\\[_%]|.", pattern, re.DOTALL)
    shape = re.compile("".join(wild.get(part) or re.escape(part[-1]) for part in parts), re.DOTALL)

    def test(row: Row) -> bool:
        seen = get(row)
        return seen is not None and shape.fullmatch(str(seen)) is not None

    return test


def _operand(path: Path, resolver: Resolver, text: str) -> tuple[Field, Get]:
    column = resolver.column(path)
    if not column.field.filterable or column.field.long_text:
        raise trouble(
            "INVALID_FIELD",
            f"field '{column.field.name}' can not be filtered in a query call",
            text,
            path.at,
        )
    if not _holds_text(column.field):
        return column.field, column.get
    return column.field, _folded(column.get)


def _folded(get: Get) -> Get:
    def folded(row: Row) -> Any:
        seen = get(row)
        return seen.casefold() if isinstance(seen, str) else seen

    return folded


def _holds_text(field: Field) -> bool:
    return field.type not in NUMERIC | IDENTIFYING | {Type.BOOLEAN, Type.DATE, Type.DATETIME}


def _wrong_literal(field: Field, literal: Literal, path: Path, text: str) -> Exception:
    name = "dateTime" if field.type is Type.DATETIME else field.type.value
    quoted = isinstance(literal, Text)
    hint = " and should not be enclosed in quotes" if quoted else ""
    hint = " and should be enclosed in quotes" if _holds_text(field) else hint
    return trouble(
        "INVALID_FIELD",
        f"value of filter criterion for field '{field.name}' must be of type {name}{hint}",
        text,
        path.at,
    )
