"""A Slack form drawn as the person saw it who had filled it in."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from syncd.sandbox.slack.forms import Values, View

_WIDTH = 64


def form(view: View, filled: Values) -> RenderableType:
    """Every input with what was put in; one left empty shows so."""
    says = view.says
    rows = [row for block in view.inputs() for row in _input(block, filled)]
    buttons = Text.assemble(
        ("[ Cancel ]", "dim"),
        "  ",
        (f"[ {says['submit']['text']} ]", "bold white on green"),
        justify="right",
    )
    return Panel(
        Group(*rows, buttons),
        title=says["title"]["text"],
        title_align="left",
        width=_WIDTH,
        border_style="bright_black",
    )


def _input(block: Mapping[str, Any], filled: Values) -> Iterator[Text]:
    value = filled.get(block["block_id"], "")
    values = [value] if isinstance(value, str) else value
    shown = ", ".join(_said(block["element"], one) for one in values if one)
    optional = ("  (optional)", "dim") if block.get("optional") else ""
    yield Text.assemble((block["label"]["text"], "bold"), optional)
    yield Text(f"  {shown or '–'}")


def _said(element: Mapping[str, Any], value: str) -> str:
    """An option's words for its value; everything else as it was typed."""
    groups = element.get("option_groups") or [element]
    options = (x for group in groups for x in group.get("options") or ())
    return next((str(x["text"]["text"]) for x in options if x["value"] == value), value)
