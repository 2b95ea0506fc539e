"""Slack's markup as text in a terminal: bold, mentions, links and dates as people see them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape

from rich.text import Text

from syncd.cli.demo.feed import clock_words

_PIECE = re.compile(r"\*(?P<bold>[^*\s](?:[^*\n]*[^*\s])?)\*|<(?P<angled>[^>\n]+)>")

NameOf = Callable[[str], str]
"""The name of the person with this user id."""


def as_text(markup: str, name_of: NameOf) -> Text:
    """What a section, a field or a footer says, over as many lines as it has."""
    text, end = Text(), 0
    for found in _PIECE.finditer(markup):
        text.append(unescape(markup[end : found.start()]))
        if found["bold"]:
            inner = as_text(found["bold"], name_of)
            inner.stylize("bold")
            text.append_text(inner)
        else:
            text.append(*_angled(found["angled"], name_of))
        end = found.end()
    return text.append(unescape(markup[end:]))


def _angled(inside: str, name_of: NameOf) -> tuple[str, str]:
    """A mention, a date or a link, and how it looks."""
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return f"@{name_of(target[1:])}", "bold cyan"
    if target.startswith("!date^"):
        seconds = int(target.split("^")[1])
        return clock_words(datetime.fromtimestamp(seconds, UTC)), ""
    return unescape(label or target), "underline"
