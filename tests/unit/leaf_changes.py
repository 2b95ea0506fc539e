"""A standard with one leaf changed, once for each: what a digest must cover, and a diff tell."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any


def changed(part: Any) -> Iterator[Any]:
    """The part with one leaf changed, once for each leaf."""
    match part:
        case bool():
            yield not part
        case int() | Decimal():
            yield part + 1
        case str():
            yield f"{part}x"
        case date():
            yield part + timedelta(days=1)
        case timedelta():
            yield part + timedelta(seconds=1)
        case tuple():
            for number, x in enumerate(part):
                yield from ((*part[:number], y, *part[number + 1 :]) for y in changed(x))
        case Mapping():
            for key, value in part.items():
                yield from ({**part, key: x} for x in changed(value))
        case _ if is_dataclass(part):
            yield from _with_one_field_changed(part)
        case _ if hasattr(part, "pattern"):
            yield re.compile(f"{part.pattern}x")


def _with_one_field_changed(part: Any) -> Iterator[Any]:
    for x in fields(part):
        if x.name not in {"signatures", "void"}:
            for value in changed(getattr(part, x.name)):
                yield replace(part, **{x.name: value})
