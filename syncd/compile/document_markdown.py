"""Lay the readable standard out as markdown. Knows blocks, not what they are about."""

import re
from collections.abc import Iterator
from typing import assert_never

from syncd.compile.document import (
    Block,
    Bullets,
    Clause,
    Document,
    Scale,
    Seal,
    Seals,
    Section,
    Table,
    Text,
)
from syncd.core.value_words import plain

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def markdown_of(document: Document) -> str:
    lines = [
        f"# {_safe(document.title)}",
        "",
        _safe(document.preamble),
        "",
        f"**{_safe(document.state)}.** {_safe(' '.join(document.reasons))}".rstrip(),
        "",
        *(f"- {_safe(label)}: **{_safe(value)}**" for label, value in document.facts),
    ]
    for label, section in document.numbered():
        lines += ["", *_section(label, section)]
    return "\n".join(lines) + "\n"


def _safe(text: str) -> str:
    """Text that markdown takes for nothing else."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _section(label: str, section: Section) -> Iterator[str]:
    yield f"## {label}. {_safe(section.title)}"
    if not section.is_signed:
        yield ""
        yield "*From the policy; not under the signatures.*"
    kind = ""
    for block in section.blocks:
        yield ""
        if isinstance(block, Clause) and block.kind not in {"", kind}:
            kind = block.kind
            yield f"### {_safe(kind)}"
            yield ""
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Text(text=text):
            yield _safe(text)
        case Bullets(items=items):
            yield from (f"- {_safe(x)}" for x in items)
        case Table():
            yield from _table(block)
        case Clause():
            yield from _clause(block)
        case Scale(steps=steps):
            yield " → ".join(f"{_safe(x.name)} ({plain(x.start)}–{plain(x.end)})" for x in steps)
        case Seals(seals=seals, digest=digest):
            yield from (f"- {_seal(x)}" for x in seals)
            yield ""
            yield f"Digest: `{digest}`"
        case _:
            assert_never(block)


def _table(table: Table) -> Iterator[str]:
    yield f"**{_safe(table.caption)}**"
    yield ""
    yield _row(table.head)
    yield _row(
        tuple("--:" if x in table.numeric else "---" for x in range(len(table.head))), raw=True
    )
    yield from (_row(x) for x in table.rows)


def _row(cells: tuple[str, ...], *, raw: bool = False) -> str:
    return f"| {' | '.join(x if raw else _safe(x) for x in cells)} |"


def _clause(clause: Clause) -> Iterator[str]:
    mark = f" (`{clause.mark}`)" if clause.mark else ""
    yield f"**{_safe(clause.title)}**{mark}"
    yield ""
    for says, named in clause.lists:
        yield from (_safe(says), "")
        yield from (f"- {_safe(text)} (`{mark}`)" for text, mark in named)
        yield ""
    yield from (f"- *{_safe(label)}:* {_safe(text)}" for label, text in clause.lines)


def _seal(seal: Seal) -> str:
    if not seal.name:
        return f"**{_safe(seal.team)}**: {_safe(seal.state)}"
    return f"**{_safe(seal.team)}**: {_safe(seal.name)}, {_safe(seal.on)} ({_safe(seal.state)})"
