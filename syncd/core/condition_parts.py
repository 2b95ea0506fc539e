"""What a condition is made of: its single tests, and the fields they look at. Judges nothing."""

from collections.abc import Iterator
from typing import assert_never

from syncd.domain.names import FieldName
from syncd.domain.standard import AllOf, AnyOf, Condition, FieldTest, Not


def tests_in(condition: Condition) -> Iterator[FieldTest]:
    """Each, as they come."""
    match condition:
        case FieldTest():
            yield condition
        case AllOf(of=of) | AnyOf(of=of):
            for part in of:
                yield from tests_in(part)
        case Not(of=inner):
            yield from tests_in(inner)
        case _:
            assert_never(condition)


def fields_of(condition: Condition) -> tuple[FieldName, ...]:
    """Every field it looks at, once, as they come."""
    return tuple(dict.fromkeys(x.field for x in tests_in(condition)))
