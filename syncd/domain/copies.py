"""Make and copy frozen dataclasses with slots at about half the standard price.

A frozen class sets each field of a new object through `object.__setattr__`. Here a new object
is of an open twin of its class, with the same slots, until all of them are set; nobody else
sees it before. Not for classes that compute anything when they are made.

What each changed lead goes through imports `replace` from here; all else the standard one.
"""

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from typing import TYPE_CHECKING, Any, TypeVar

T = TypeVar("T")

if TYPE_CHECKING:
    from dataclasses import replace as replace  # so that the names and types of changes are checked
else:

    def replace(value: T, /, **changes: object) -> T:
        """A copy with these fields changed. TypeError for a field it does not have."""
        copier = _copiers.get(type(value)) or _copier(type(value))
        return copier(value, **changes)


def swift(kind: type[T]) -> type[T]:
    """The class, which is made by the thousand, with an `__init__` that costs half."""
    mine = fields(kind)  # type: ignore[arg-type]  # whoever is decorated is a dataclass
    if hasattr(kind, "__post_init__") or not all(f.kw_only and f.init for f in mine):
        raise TypeError(f"{kind.__name__} computes something when it is made, or takes no keywords")
    defaults = {f"_{f.name}": f.default for f in mine if f.default is not MISSING}
    factories = {f"_{f.name}": f.default_factory for f in mine if f.default_factory is not MISSING}
    lines = (
        f"def __init__(self, *, {', '.join(map(_parameter, mine))}):",
        " _set(self, '__class__', _open)",
        *(f" self.{f.name} = {_given(f)}" for f in mine),
        " self.__class__ = _kind",
    )
    known = {"_set": object.__setattr__, **defaults, **factories}
    type.__setattr__(kind, "__init__", _function("__init__", lines, kind, known))
    return kind


_copiers: dict[type[Any], Callable[..., Any]] = {}
"""One of each class, made when it is first copied."""


def _copier(kind: type[Any]) -> Callable[..., Any]:
    names = [f.name for f in fields(kind)]
    lines = (
        f"def replace(_old, /, *, {', '.join(f'{name}=_none' for name in names)}):",
        " _new = _make(_open)",
        *(f" _new.{name} = _old.{name} if {name} is _none else {name}" for name in names),
        " _new.__class__ = _kind",
        " return _new",
    )
    return _copiers.setdefault(kind, _function("replace", lines, kind, {"_make": object.__new__}))


_NONE = object()
"""Stands for what is not given. Names that begin with a line are ours: no field has one."""


def _parameter(field: Field[Any]) -> str:
    if field.default is not MISSING:
        return f"{field.name}=_{field.name}"
    return field.name if field.default_factory is MISSING else f"{field.name}=_none"


def _given(field: Field[Any]) -> str:
    name = field.name
    made = f"_{name}() if {name} is _none else {name}"
    return name if field.default_factory is MISSING else made


def _function(
    name: str, lines: tuple[str, ...], kind: type[Any], known: dict[str, Any]
) -> Callable[..., Any]:
    """Written from names of fields alone, as the standard library writes a dataclass."""
    names = {**known, "_kind": kind, "_open": _open_twin(kind), "_none": _NONE}
    exec("\n".join(lines), names)  # noqa: S102 - see the docstring
    function: Callable[..., Any] = names[name]
    return function


def _open_twin(kind: type[Any]) -> type[Any]:
    return type(f"_Open{kind.__name__}", (), {"__slots__": tuple(kind.__slots__)})
