"""Turn domain dataclasses into compact JSON and back, driven by their type hints.

A `Codec` is compiled once per type: encoding makes plain containers that orjson writes
in one go, decoding builds the dataclasses again, equal to what went in. A field that
equals its default is left out. It decides nothing and must know no domain rule: what
is stored as what is listed in `documents.py`.
"""

import types
from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, Generic, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

from syncd.adapters.store.field_values import pack_value, pack_values, unpack_value, unpack_values
from syncd.adapters.store.jsontext import dumps, loads
from syncd.adapters.store.unrolled import Part, unrolled
from syncd.domain.values import Seen, Value

T = TypeVar("T")
Step = Callable[[Any], Any]
"""One compiled conversion. None stands for "as it is": orjson writes it, or JSON gave it."""

_AS_IT_IS = frozenset({str, int, bool, float})
_ENUM_VALUE = attrgetter("_value_")
"""What `value` gives, without the call of a Python function that it costs, here or in orjson."""
_TAG = "is"


class Codec(Generic[T]):
    """Writes and reads values of one type, a dataclass or a union of dataclasses."""

    def __init__(self, hint: object) -> None:
        self._pack = _packer(hint) or _same
        self._unpack = _unpacker(hint) or _same

    def encode(self, value: T) -> str:
        return dumps(self._pack(value))

    def decode(self, text: str) -> T:
        decoded: T = self._unpack(loads(text))
        return decoded


class Parts(Generic[T]):
    """Packs and unpacks a dataclass but for the fields of `own`, which the caller does in ways
    of his own: `pack` leaves them out, `unpack` takes them as they are."""

    def __init__(self, cls: type[T], *own: str) -> None:
        self.pack: Callable[[T], dict[str, Any]] = _pack_dataclass(cls, own)
        self.unpack: Callable[[dict[str, Any]], T] = _unpack_dataclass(cls, own)


# --- what kind of hint this is -----------------------------------------------------------


def _plain(hint: Any) -> Any:
    """The hint with its NewType taken off."""
    return hint.__supertype__ if isinstance(hint, NewType) else hint


def _members(hint: Any) -> tuple[Any, ...]:
    """The members of a union, without None; empty for anything else."""
    if get_origin(hint) in (Union, types.UnionType):
        return tuple(m for m in get_args(hint) if m is not types.NoneType)
    return ()


def _is_mapping(hint: Any) -> bool:
    return get_origin(hint) is not None and issubclass(get_origin(hint), Mapping)


def _unsupported(hint: object) -> TypeError:
    return TypeError(f"the store has no way to write {hint!r}: teach syncd.adapters.store.codec")


# --- to JSON -----------------------------------------------------------------------------


@cache
def _packer(hint: Any) -> Step | None:
    hint = _plain(hint)
    if hint in (Value, Seen):
        return pack_value
    if members := _members(hint):
        return _optional(_pack_tagged(members) if len(members) > 1 else _packer(members[0]))
    if is_dataclass(hint):
        return _pack_dataclass(hint)
    if hint is Decimal:
        return str
    if _is_mapping(hint):
        return _pack_mapping(*get_args(hint))
    if get_origin(hint) is tuple:
        return _pack_tuple(get_args(hint))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _ENUM_VALUE
    if hint in _AS_IT_IS or (isinstance(hint, type) and issubclass(hint, date)):
        return None
    raise _unsupported(hint)


def _optional(step: Step | None) -> Step | None:
    return step and (lambda value: None if value is None else step(value))


def _default(field: Field[Any]) -> object:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _pack_dataclass(cls: Any, own: Collection[str] = (), **tag: str) -> Step:
    hints = get_type_hints(cls)
    written = [f for f in fields(cls) if f.name not in own]
    return unrolled([Part(f.name, _default(f), _packer(hints[f.name])) for f in written], **tag)


def _pack_tagged(members: tuple[type, ...]) -> Step:
    steps = {cls: _pack_dataclass(cls, **{_TAG: cls.__name__}) for cls in members}
    return lambda value: steps[type(value)](value)


def _pack_mapping(key: Any, item: Any) -> Step:
    is_enum = isinstance(_plain(key), type) and issubclass(_plain(key), Enum)
    if item in (Value, Seen) and not is_enum:
        return pack_values
    step = _packer(item) or _same
    if is_enum:
        return lambda value: {k._value_: step(v) for k, v in value.items()}
    return lambda value: {k: step(v) for k, v in value.items()}


def _pack_tuple(args: tuple[Any, ...]) -> Step | None:
    if args[-1] is Ellipsis:
        step = _packer(args[0])
        return step and (lambda value: [step(item) for item in value])
    steps = tuple(_packer(arg) or _same for arg in args)
    return lambda value: [s(item) for s, item in zip(steps, value, strict=True)]


def _same(value: Any) -> Any:
    return value


# --- from JSON ---------------------------------------------------------------------------


@cache
def _unpacker(hint: Any) -> Step | None:
    hint = _plain(hint)
    if hint in (Value, Seen):
        return unpack_value
    if members := _members(hint):
        return _optional(_unpack_tagged(members) if len(members) > 1 else _unpacker(members[0]))
    if is_dataclass(hint):
        return _unpack_dataclass(hint)
    if _is_mapping(hint):
        return _unpack_mapping(*get_args(hint))
    if get_origin(hint) is tuple:
        return _unpack_tuple(get_args(hint))
    if hint in _AS_IT_IS:
        return None
    if hint is Decimal:
        return Decimal
    if hint in (datetime, date):
        return _from_iso(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {member.value: member for member in hint}.__getitem__
    raise _unsupported(hint)


def _from_iso(hint: type[date]) -> Step:
    return hint.fromisoformat


def _unpack_dataclass(cls: Any, own: Collection[str] = ()) -> Step:
    """The document was just read and nobody else has it: it is changed in place."""
    hints = get_type_hints(cls)
    names = [f.name for f in fields(cls)]
    steps = [(n, step) for n in names if n not in own and (step := _unpacker(hints[n]))]

    def unpack(doc: dict[str, Any]) -> object:
        for name, step in steps:
            if name in doc:
                doc[name] = step(doc[name])
        try:
            return cls(**doc)
        except TypeError:  # written when the class had more fields
            return cls(**{name: doc[name] for name in names if name in doc})

    return unpack


def _unpack_tagged(members: tuple[type, ...]) -> Step:
    steps = {cls.__name__: _unpack_dataclass(cls) for cls in members}
    return lambda doc: steps[doc.pop(_TAG)](doc)


def _unpack_mapping(key: Any, item: Any) -> Step:
    step, key_step = _unpacker(item) or _same, _unpacker(key)
    if item in (Value, Seen) and key_step is None:
        return unpack_values
    if key_step is None:
        return lambda doc: {k: step(v) for k, v in doc.items()}
    return lambda doc: {key_step(k): step(v) for k, v in doc.items()}


def _unpack_tuple(args: tuple[Any, ...]) -> Step:
    if args[-1] is Ellipsis:
        step = _unpacker(args[0])
        return tuple if step is None else (lambda doc: tuple([step(item) for item in doc]))
    steps = tuple(_unpacker(arg) or _same for arg in args)
    return lambda doc: tuple([s(item) for s, item in zip(steps, doc, strict=True)])
