"""The readable standard, laid out for a terminal; and the choice between its layouts."""

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Literal, assert_never

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text as Styled

from syncd.cli.layout import console, heading
from syncd.compile.document import (
    Block,
    Bullets,
    Clause,
    Document,
    Scale,
    Seals,
    Section,
    Table,
    Text,
)
from syncd.compile.document_build import document_of
from syncd.compile.document_markdown import markdown_of
from syncd.settings.load import Settings

_WIDE = 100
"""Columns beyond which a line is hard to read, and those of a file."""


def rendered(
    settings: Settings,
    form: Literal["terminal", "markdown", "html"],
    *,
    now: datetime,
    styled: bool,
) -> str:
    """`styled` for a terminal that shows it at once; a file gets plain text."""
    document = document_of(settings.standard, settings.policy, settings.crm, now=now)
    match form:
        case "terminal":
            return _terminal(document, styled=styled)
        case "markdown":
            return markdown_of(document)
        case "html":
            from syncd.compile.page import page_of  # templates: only for whoever wants a page

            return page_of(document)
        case _:
            assert_never(form)


def _terminal(document: Document, *, styled: bool) -> str:
    seen = console() if styled else Console(file=io.StringIO(), width=_WIDE)
    shown = Console(
        file=io.StringIO(),
        width=min(seen.width, _WIDE),
        force_terminal=styled and seen.is_terminal,
        highlight=False,
    )
    shown.print(Group(*_lines(document)))
    text = shown.file
    assert isinstance(text, io.StringIO)
    return "".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines())


def _lines(document: Document) -> Iterator[RenderableType]:
    yield Styled(document.title.upper(), style="bold")
    yield Styled(document.preamble)
    yield Styled(f"\n{document.state}", style="bold red" if document.reasons else "bold green")
    yield from (Styled(x) for x in document.reasons)
    yield _pairs(document.facts, indent=0)
    for label, section in document.numbered():
        yield from _section(label, section)


def _section(label: str, section: Section) -> Iterator[RenderableType]:
    yield heading(f"{label}  {section.title}")
    if not section.is_signed:
        yield Styled("From the policy; not under the signatures.", style="italic dim")
    question = ""
    for block in section.blocks:
        if isinstance(block, Clause) and block.kind not in {"", question}:
            question = block.kind
            yield Styled(f"\n{question}", style="italic")
        yield _block(block)


def _block(block: Block) -> RenderableType:
    match block:
        case Text(text=text):
            return Styled(text)
        case Bullets(items=items):
            return Group(*map(_bullet, items))
        case Table():
            return _table(block)
        case Clause():
            return _clause(block)
        case Scale(says=says):
            return Styled(says, style="dim")
        case Seals(seals=seals, digest=digest):
            rows = tuple((x.team, f"{x.name} {x.on} {x.state}".strip()) for x in seals)
            return _pairs((*rows, ("digest", digest)), indent=2)
        case _:
            assert_never(block)


def _bullet(text: str) -> Grid:
    grid = Grid.grid(padding=(0, 1))
    grid.add_row("  -", Styled(text))
    return grid


def _pairs(rows: tuple[tuple[str, str], ...], *, indent: int) -> Padding:
    grid = Grid.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, text in rows:
        grid.add_row(Styled(label), Styled(text))
    return Padding(grid, (0, 0, 0, indent), expand=False)


def _table(table: Table) -> Grid:
    grid = Grid(title=Styled(f"\n{table.caption}"), title_justify="left", box=None, pad_edge=False)
    for number, name in enumerate(table.head):
        grid.add_column(Styled(name), justify="right" if number in table.numeric else "left")
    for row in table.rows:
        grid.add_row(*map(Styled, row))
    return grid


def _clause(clause: Clause) -> RenderableType:
    title = Styled(f"\n  {clause.title}", style="bold")
    if clause.mark:
        title.append(f"  {clause.mark}", style="not bold dim")
    lists = (x for says, named in clause.lists for x in _listed(says, named))
    return Group(title, *lists, _pairs(clause.lines, indent=2))


def _listed(says: str, named: tuple[tuple[str, str], ...]) -> Iterator[RenderableType]:
    yield Padding(Styled(says), (0, 0, 0, 2), expand=False)
    yield from (_bullet(f"{text} ({mark})") for text, mark in named)
