"""Write out, as one function per dataclass, what a loop over its fields would do.

One of two places where code is made of text (`domain/copies.py` is the other), as `dataclasses`
itself makes `__init__`: packing is the hottest code of the store, and written out it takes a
quarter of the time. The text is made of a class's own field names, once per class; nothing from
outside gets into it.
"""

from collections.abc import Callable, Sequence
from dataclasses import MISSING
from typing import Any, NamedTuple


class Part(NamedTuple):
    """One field: what it holds unless told otherwise (MISSING: always told), and how it is
    packed (None: it is taken as it is)."""

    name: str
    default: object
    step: Callable[[Any], Any] | None


def unrolled(parts: Sequence[Part], **first: str) -> Callable[[Any], dict[str, Any]]:
    """Packs the fields of a value into a dict that begins with `first`. What equals its
    default is left out."""
    told = [repr(name) + ": " + repr(text) for name, text in first.items()]
    told += [f"{p.name!r}: {_packed(p, 'value.' + p.name)}" for p in parts if not _may_lack(p)]
    lines = ["def pack(value):", f"    doc = {{{', '.join(told)}}}"]
    for part in filter(_may_lack, parts):
        default = f"default_{part.name}"
        lines.append(f"    item = value.{part.name}")
        lines.append(f"    if item is not {default} and item != {default}:")
        lines.append(f"        doc[{part.name!r}] = {_packed(part, 'item')}")
    scope: dict[str, Any] = {f"default_{part.name}": part.default for part in parts}
    scope |= {f"step_{part.name}": part.step for part in parts}
    exec("\n".join([*lines, "    return doc"]), scope)  # noqa: S102 - see the module's docstring
    pack: Callable[[Any], dict[str, Any]] = scope["pack"]
    return pack


def _may_lack(part: Part) -> bool:
    return part.default is not MISSING


def _packed(part: Part, item: str) -> str:
    return item if part.step is None else f"step_{part.name}({item})"
