"""How pages of `syncd explain` are laid out: headings, bullets, and lines by the day."""

import os
from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from syncd.cli.local import Local
from syncd.cli.story import Line

_WIDE = 1_000
"""Columns where nobody looks: enough that nothing is folded."""


def console() -> Console:
    """For pages: as wide as the terminal. Into a pipe or a file no line is folded, so that a
    URL can be found there."""
    shown = Console(highlight=False)
    folds = shown.is_terminal or "COLUMNS" in os.environ
    return shown if folds else Console(highlight=False, width=_WIDE)


def days(lines: Iterable[Line], local: Local) -> Iterable[RenderableType]:
    for day, of_day in groupby(lines, key=lambda line: local.day(line.at)):
        yield Text(f"  {day}", style="bold")
        for line in of_day:
            yield told(line.says, line.details, hour=local.hour(line.at))


def told(first: str, rest: Sequence[str], *, hour: str = "") -> Padding:
    """A line and what stands below it, each wrapped under its own beginning."""
    table = Table.grid(padding=(0, 2))
    if hour:
        table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    lead_in = (hour,) if hour else ()
    table.add_row(*lead_in, Text(first))
    for line in rest:
        table.add_row(*("" for _ in lead_in), Padding(Text(line, style="dim"), (0, 0, 0, 2)))
    return Padding(table, (0, 0, 0, 2), expand=False)


def bullet(text: str) -> Padding:
    return Padding(Text(text), (0, 0, 0, 2), expand=False)


def heading(text: str) -> Text:
    return Text(f"\n{text}", style="bold cyan")
