"""Slack messages drawn in a terminal as people see them: who, when, what, and the buttons.

A thread is indented below its first message. Nothing is decided here, and nothing is kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.columns import Columns
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from syncd.cli.demo.feed import clock_words
from syncd.cli.demo.mrkdwn import as_text
from syncd.sandbox.slack.things import Message
from syncd.sandbox.slack.workspace import Workspace

Block = Mapping[str, Any]

_BUTTONS: Mapping[str, str] = {"primary": "bold white on green", "danger": "bold white on red"}
_ANY_BUTTON = "bold white on bright_black"
INDENT = 4
_BULLET = "• "


@dataclass(frozen=True, slots=True)
class Barred:
    """Something set off from what stands above and below by a bar in front of each line."""

    inner: RenderableType
    colour: str = "bright_black"

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        room = options.update(width=max(1, options.max_width - 2))
        for line in console.render_lines(self.inner, room, pad=False):
            yield Segment("▎ ", Style(color=self.colour))
            yield from line
            yield Segment.line()


@dataclass(frozen=True, slots=True)
class Folded:
    """Something in no more than so many lines: what is too much is left out of the middle, for
    a message begins with who it is about and ends with what can be done."""

    inner: RenderableType
    most: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = console.render_lines(self.inner, options.update(height=None), pad=False)
        if len(lines) > self.most:
            above = max(1, self.most // 2 - 1)
            dots = [Segment("▎ …", Style(color="bright_black"))]
            lines = [*lines[:above], dots, *lines[above + 1 - self.most :]]
        for line in lines:
            yield from line
            yield Segment.line()


def thread(
    slack: Workspace, first: Message, *, before: datetime | None = None
) -> Iterator[RenderableType]:
    """A message and what was said below it (before an instant), oldest first."""
    yield message(slack, first)
    for answer in slack.messages:
        in_time = before is None or answer.at < before
        if answer.thread_ts == first.ts and answer is not first and in_time:
            yield Padding(message(slack, answer), (0, 0, 0, INDENT))


def message(slack: Workspace, said: Message) -> RenderableType:
    """One message, as it reads now."""
    sender = slack.users.get(said.sender)
    head = Text.assemble(
        (sender.real_name if sender else said.sender, "bold"),
        (f"  {clock_words(said.at)}", "dim"),
        ("  (edited)" if said.edits else "", "dim"),
    )
    body = [part for block in said.blocks for part in _block(block, slack)]
    return Barred(Group(head, *(body or [Text(said.text)])))


def _block(block: Block, slack: Workspace) -> Iterator[RenderableType]:
    match block["type"]:
        case "header":
            yield Text(block["text"]["text"], style="bold")
        case "section":
            if "text" in block:
                yield from _lines(_words(block["text"], slack))
            if "fields" in block:
                yield _side_by_side([_words(field, slack) for field in block["fields"]])
        case "actions":
            yield _buttons(block["elements"])
        case "context":
            yield from (_small(element, slack) for element in block["elements"])


def _words(said: Block, slack: Workspace) -> Text:
    if said["type"] == "plain_text":
        return Text(said["text"])
    return as_text(said["text"], lambda user_id: slack.user(user_id).real_name)


def _lines(words: Text) -> Iterator[RenderableType]:
    """Line by line, so that what follows a bullet stays to the right of it."""
    for line in words.split("\n"):
        if line.plain.startswith(_BULLET):
            table = Table.grid()
            table.add_row(_BULLET, line[len(_BULLET) :])
            yield table
        else:
            yield line


def _small(said: Block, slack: Workspace) -> Text:
    words = _words(said, slack)
    words.stylize("dim")
    return words


def _side_by_side(cells: list[Text]) -> Table:
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(ratio=1)
    table.add_column(ratio=1)
    for left in range(0, len(cells), 2):
        table.add_row(*cells[left : left + 2])
    return table


def _buttons(elements: list[Block]) -> Columns:
    """Side by side as far as there is room; brackets show them where there are no colours."""
    return Columns(
        Text(f"[ {x['text']['text']} ]", _BUTTONS.get(str(x.get("style")), _ANY_BUTTON))
        for x in elements
    )
