"""One test of one field as a polars expression over a column of leads.

It holds, does not hold, or is null where that cannot be told, exactly as `core/conditions`
finds for one lead: same empties, same misfits (a number asked of a text is unknown). Knows
no groups, rules or gates.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import ceil, floor, inf, nextafter
from typing import assert_never

import polars as pl

from syncd.core.conditions import EAST, WEST
from syncd.domain.names import FieldName
from syncd.domain.standard import (
    AtLeast,
    AtMost,
    Between,
    Blank,
    FieldTest,
    Is,
    Matches,
    NoneOf,
    OneOf,
    Present,
    Test,
    Within,
)
from syncd.domain.values import Value
from syncd.measure.column_names import unreadable_column
from syncd.measure.column_patterns import matches
from syncd.measure.outcomes import MOVED_AT

Schema = Mapping[str, pl.DataType]
_Exact = int | Decimal

UNKNOWN = pl.lit(None, dtype=pl.Boolean)
_NEVER = pl.lit(False)
_INTEGERS = range(-(2**63), 2**63)


def where_readable(field: FieldName, found: pl.Expr, schema: Schema) -> pl.Expr:
    """What was found of the field's column; null where its value could not be read."""
    flag = unreadable_column(field)
    if flag not in schema:
        return found
    return pl.when(pl.col(flag).fill_null(value=False)).then(None).otherwise(found)


def field_truth(condition: FieldTest, schema: Schema) -> pl.Expr:
    """Whether the test holds for each lead; a column that is not there is unknown."""
    field = condition.field
    if field not in schema:
        return UNKNOWN
    return where_readable(field, _holds(condition.test, pl.col(field), schema[field]), schema)


def _holds(test: Test, seen: pl.Expr, kind: pl.DataType) -> pl.Expr:
    match test:
        case Present():
            return ~_is_blank(seen, kind)
        case Blank():
            return _is_blank(seen, kind)
        case Is(value=value):
            return _equals(value, seen, kind)
        case OneOf(allowed=allowed):
            return _among(allowed, seen, kind)
        case NoneOf(refused=refused):
            return ~_among(refused, seen, kind)
        case AtLeast(minimum=low):
            return _number(seen, kind, lambda x, t: _at_least(x, t, low))
        case AtMost(maximum=high):
            return _number(seen, kind, lambda x, t: _at_most(x, t, high))
        case Between(minimum=low, maximum=high):
            return _number(seen, kind, lambda x, t: _at_least(x, t, low) & _at_most(x, t, high))
        case Matches(pattern=pattern):
            return _told(seen, matches(pattern, seen)) if kind == pl.String else _misfit(seen)
        case Within():
            return _within(test, seen, kind)
        case _:
            assert_never(test)


def _told(seen: pl.Expr, holds: pl.Expr) -> pl.Expr:
    """What is known to be empty does not hold."""
    return holds.fill_null(value=False) & seen.is_not_null()


def _misfit(seen: pl.Expr) -> pl.Expr:
    """The values are of another type than the test asks for: doubt, but for empty ones."""
    return pl.when(seen.is_null()).then(_NEVER).otherwise(UNKNOWN)


def _is_blank(seen: pl.Expr, kind: pl.DataType) -> pl.Expr:
    if isinstance(kind, pl.List):
        return seen.is_null() | (seen.list.len() == 0)
    return seen.is_null()


# --- equality -------------------------------------------------------------------------------


def _equals(value: Value, seen: pl.Expr, kind: pl.DataType) -> pl.Expr:
    if value is None:
        return seen.is_null()
    if isinstance(kind, pl.List):
        return _told(seen, _same_list((value,) if isinstance(value, str) else value, seen))
    if isinstance(value, bool) and kind != pl.Boolean:  # in Python 1 == True; in a CRM it is not
        return _NEVER
    return _told(seen, _is_in((value,), seen, kind))


def _same_list(wanted: Value, seen: pl.Expr) -> pl.Expr:
    if not isinstance(wanted, tuple):
        return _NEVER
    each = [seen.list.get(n, null_on_oob=True) == text for n, text in enumerate(wanted)]
    return pl.all_horizontal(seen.list.len() == len(wanted), *each)


def _among(named: tuple[Value, ...], seen: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """One of several values is enough; nothing is among nothing."""
    if isinstance(kind, pl.List):
        texts = [seen.list.contains(x) for x in dict.fromkeys(named) if isinstance(x, str)]
        among = pl.any_horizontal(_NEVER, *texts)
    else:
        among = _is_in(named, seen, kind)
    return _told(seen, among) | seen.is_null() if None in named else _told(seen, among)


def _is_in(named: Iterable[Value], seen: pl.Expr, kind: pl.DataType) -> pl.Expr:
    fitting = [x for value in named if (x := _as_held(value, kind)) is not None]
    if not fitting:
        return _NEVER
    if len(fitting) == 1:
        return seen == pl.lit(fitting[0], dtype=kind)
    return seen.is_in(pl.lit(pl.Series(fitting, dtype=kind)).implode())


def _as_held(value: Value, kind: pl.DataType) -> str | int | float | bool | date | None:
    """The value that a column of this type holds where a lead's would be equal; None when it
    can hold none such."""
    if isinstance(value, str):
        return str(value) if kind == pl.String else None
    if isinstance(value, datetime):
        return value if isinstance(kind, pl.Datetime) and value.tzinfo else None
    if isinstance(value, date):
        return value if kind == pl.Date else None
    return _as_number(value, kind) if isinstance(value, int | Decimal) else None


def _as_number(value: _Exact, kind: pl.DataType) -> int | float | bool | None:
    if kind == pl.Float64:
        near = float(Decimal(value))
        return near if exactly(near) == value else None
    if value != int(value):
        return None
    if kind == pl.Boolean:
        return bool(value) if value in (0, 1) else None
    return int(value) if kind == pl.Int64 and int(value) in _INTEGERS else None


# --- order ----------------------------------------------------------------------------------


def _number(
    seen: pl.Expr, kind: pl.DataType, holds: Callable[[pl.Expr, pl.DataType], pl.Expr]
) -> pl.Expr:
    if kind == pl.Boolean:  # as in Python, false is 0 and true is 1
        return _told(seen, holds(seen.cast(pl.Int64), pl.Int64()))
    return _told(seen, holds(seen, kind)) if kind in (pl.Int64, pl.Float64) else _misfit(seen)


def _at_least(seen: pl.Expr, kind: pl.DataType, low: _Exact) -> pl.Expr:
    if kind == pl.Float64:
        return seen >= _least_float(Decimal(low))
    least = ceil(low)
    return seen >= least if least in _INTEGERS else pl.lit(least < 0)


def _at_most(seen: pl.Expr, kind: pl.DataType, high: _Exact) -> pl.Expr:
    if kind == pl.Float64:
        return seen <= -_least_float(-Decimal(high))
    most = floor(high)
    return seen <= most if most in _INTEGERS else pl.lit(most > 0)


def exactly(number: float) -> Decimal:
    """The number that a float is read as: its shortest spelling."""
    return Decimal(repr(number))


def _least_float(low: Decimal) -> float:
    """The least float that is read as this much or more."""
    found = float(low)
    while exactly(found) < low:
        found = nextafter(found, inf)
    while exactly(below := nextafter(found, -inf)) >= low:
        found = below
    return found


# --- time -----------------------------------------------------------------------------------


def _within(test: Within, seen: pl.Expr, kind: pl.DataType) -> pl.Expr:
    now, last, ahead = pl.col(MOVED_AT), test.last, test.next
    if isinstance(kind, pl.Datetime):
        first, final = now - (last or timedelta()), now + (ahead or timedelta())
    elif kind == pl.Date:
        first = (now - (WEST if last is None else last)).dt.date()
        final = (now + (EAST if ahead is None else ahead)).dt.date()
    else:
        return _misfit(seen)
    return _told(seen, (first <= seen) & (seen <= final))


def instants(field: FieldName, kind: pl.DataType) -> pl.Expr | None:
    """The field's values as instants, a day as its beginning; None for fields of no time."""
    if isinstance(kind, pl.Datetime):
        return pl.col(field)
    if kind == pl.Date:
        return pl.col(field).cast(pl.Datetime("us")).dt.replace_time_zone(UTC.tzname(None))
    return None
