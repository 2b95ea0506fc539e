"""Write field values (`domain.values.Seen`) as JSON, each with its own type.

Text, numbers, booleans and None stand for themselves, several values are a list;
everything JSON has no word for is an object of one entry that names its type. This is
the hottest code of the store: most of a lead is such values.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import NoneType
from typing import Any

from syncd.domain.stage import Stage
from syncd.domain.values import Seen, Unreadable

_PLAIN = frozenset({str, bool, NoneType})
_CONTAINERS = frozenset({dict, list})
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1
"""What every JSON reader takes for a whole number."""


def pack_value(value: Seen) -> Any:
    return value if type(value) in _PLAIN else _PACK[type(value)](value)


def pack_values(values: Mapping[str, Seen]) -> dict[str, Any]:
    """A copy, in which the few that JSON has no word for are replaced."""
    doc: dict[str, Any] = dict(values)
    for name, value in values.items():
        if type(value) not in _PLAIN:
            doc[name] = _PACK[type(value)](value)
    return doc


def unpack_value(doc: Any) -> Any:
    if type(doc) is dict:
        ((kind, raw),) = doc.items()
        return _UNPACK[kind](raw)
    return tuple(doc) if type(doc) is list else doc


def unpack_values(doc: dict[str, Any]) -> dict[str, Any]:
    """The document was just read and nobody else has it: it is changed in place."""
    for name, value in doc.items():
        if type(value) in _CONTAINERS:
            doc[name] = unpack_value(value)
    return doc


def _pack_int(value: int) -> Any:
    return value if _SMALLEST <= value <= _LARGEST else {"int": str(value)}


_PACK: Mapping[type, Callable[[Any], Any]] = {
    int: _pack_int,
    Decimal: lambda v: {"decimal": str(v)},
    datetime: lambda v: {"instant": v},
    date: lambda v: {"date": v},
    tuple: list,
    Stage: lambda v: {"stage": v._value_},
    Unreadable: lambda v: {"unreadable": v.why},
}

_UNPACK: Mapping[str, Callable[[Any], Any]] = {
    "int": int,
    "decimal": Decimal,
    "instant": datetime.fromisoformat,
    "date": date.fromisoformat,
    "stage": {stage.value: stage for stage in Stage}.__getitem__,
    "unreadable": Unreadable,
}
