"""`dataclasses.replace` at little more than half the price, for frozen dataclasses with slots.

The standard one goes over the fields of a class and then through `__init__` each time; here
the slots are copied as they are. Not for classes that compute anything when they are made.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

T = TypeVar("T")

if TYPE_CHECKING:
    from dataclasses import replace as replace  # so that the names and types of changes are checked
else:

    def replace(value: T, /, **changes: object) -> T:
        """A copy with these fields changed. TypeError for a field it does not have."""
        kind = type(value)
        slots, names = _slots(kind)
        if not names.issuperset(changes):
            raise TypeError(f"{kind.__name__} has no {sorted(changes.keys() - names)}")
        copy = object.__new__(kind)
        for name, get, put in slots:
            put(copy, changes[name] if name in changes else get(value))
        return copy


_Slot = tuple[str, Callable[[object], object], Callable[[object, object], None]]


@cache
def _slots(kind: type[Any]) -> tuple[Sequence[_Slot], frozenset[str]]:
    """How each field of a class is read, and how it is set before anybody sees the copy; and
    the names of all."""
    slots = {field.name: getattr(kind, field.name) for field in fields(kind)}
    return [(name, x.__get__, x.__set__) for name, x in slots.items()], frozenset(slots)
