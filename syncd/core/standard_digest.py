"""The digest of a standard: what people signed, whatever its file looks like.

It covers every word and number of the standard but its signatures. Formatting, comments and
the order of parts whose order means nothing do not count.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256

from syncd.domain.standard import (
    AllOf,
    AnyOf,
    Gate,
    NoneOf,
    OneOf,
    Rule,
    Scoring,
    SomeOf,
    Standard,
)

_UNORDERED: Mapping[type, str] = {
    AllOf: "of",
    AnyOf: "of",
    OneOf: "allowed",
    NoneOf: "refused",
    Gate: "all",
    SomeOf: "of",
    Scoring: "points",
}
_LEFT_OUT: Mapping[type, frozenset[str]] = {Standard: frozenset({"signatures", "void"})}
_COUNTS_IF_GIVEN: Mapping[type, frozenset[str]] = {Rule: frozenset({"why"})}
"""What came after people had signed: empty, it is not there."""


def digest_of(standard: Standard) -> str:
    """64 hexadecimal digits."""
    return sha256(_text(_plain(standard)).encode()).hexdigest()


def short(digest: str) -> str:
    """As people compare it."""
    return digest[:12]


def _text(plain: object) -> str:
    return json.dumps(plain, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def _plain(part: object) -> object:
    """Texts stay texts; everything else names its kind, so that 5 is not "5"."""
    match part:
        case None | bool() | str():
            return part
        case int() | Decimal():
            return {"number": f"{Decimal(part).normalize():f}"}
        case date():
            return {"time": part.isoformat()}
        case timedelta():
            return {"seconds": part.total_seconds()}
        case tuple():
            return [_plain(x) for x in part]
        case Mapping():
            return {str(key): _plain(value) for key, value in part.items()}
    if is_dataclass(part):
        return _fields_of(part)
    return {"pattern": str(part.pattern)}  # type: ignore[attr-defined]  # a compiled one


def _fields_of(part: object) -> object:
    kind = type(part)
    found = {
        x.name: _plain(getattr(part, x.name))
        for x in fields(kind)  # type: ignore[arg-type]  # a dataclass, as its caller saw
        if x.name not in _LEFT_OUT.get(kind, ())
        and (getattr(part, x.name) or x.name not in _COUNTS_IF_GIVEN.get(kind, ()))
    }
    if name := _UNORDERED.get(kind):
        found[name] = sorted(found[name], key=_text)  # type: ignore[call-overload]  # a list
    return {kind.__name__: found}
