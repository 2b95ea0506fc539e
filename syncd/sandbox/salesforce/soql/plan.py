"""Which rows a query need look at: by id, by an indexed field, by the cursor, else all.

Only narrows: the full test still runs on every candidate, so a plan may be
too generous but never too strict.
"""

from collections.abc import Iterable
from typing import assert_never

from syncd.sandbox.salesforce.ids import canonical
from syncd.sandbox.salesforce.schema import ObjectType
from syncd.sandbox.salesforce.soql.terms import (
    Both,
    Comparison,
    Condition,
    Either,
    Instant,
    Literal,
    Membership,
    Negation,
    Op,
    Path,
    Text,
)
from syncd.sandbox.salesforce.table import Row, Table

_FROM_BELOW = frozenset({Op.EQUAL, Op.MORE, Op.AT_LEAST})


def candidates(where: Condition | None, table: Table) -> Iterable[Row]:
    """A superset of the rows the condition holds for, each once."""
    if where is not None:
        looked_up = _looked_up(where, table)
        if looked_up is not None:
            field, values = looked_up
            return table.where(field, values)
        moment = _floor(where, table.kind)
        if moment is not None:
            return table.since(moment)
    return table.rows()


def _looked_up(condition: Condition, table: Table) -> tuple[str, list[str]] | None:
    """An indexed field and the only values it may have."""
    match condition:
        case Comparison(path=path, op=Op.EQUAL, literal=literal):
            return _values(path, (literal,), table)
        case Membership(path=path, literals=literals, negated=False):
            return _values(path, literals, table)
        case Both(conditions):
            found = (_looked_up(each, table) for each in conditions)
            return min(
                (each for each in found if each is not None),
                key=lambda each: len(each[1]),
                default=None,
            )
        case Comparison() | Membership() | Either() | Negation():
            return None
        case _:
            assert_never(condition)


def _values(
    path: Path, literals: tuple[Literal, ...], table: Table
) -> tuple[str, list[str]] | None:
    field = table.kind.field(path.parts[0]) if len(path.parts) == 1 else None
    if field is None or not table.indexes(field.name):
        return None
    texts = [literal.value for literal in literals if isinstance(literal, Text)]
    if len(texts) < len(literals):
        return None
    return field.name, [canonical(text) or text for text in texts]


def _floor(condition: Condition, kind: ObjectType) -> str | None:
    """The earliest cursor stamp a row may have, if the condition implies one."""
    match condition:
        case Comparison(path=path, op=op, literal=Instant(moment)) if op in _FROM_BELOW:
            return moment if _names(path, kind.cursor) else None
        case Both(conditions):
            floors = (_floor(each, kind) for each in conditions)
            return max((floor for floor in floors if floor is not None), default=None)
        case Either(conditions):
            each_floor = [_floor(each, kind) for each in conditions]
            known = [floor for floor in each_floor if floor is not None]
            return min(known) if len(known) == len(each_floor) else None
        case Comparison() | Membership() | Negation():
            return None
        case _:
            assert_never(condition)


def _names(path: Path, field_name: str) -> bool:
    return len(path.parts) == 1 and path.parts[0].lower() == field_name.lower()
