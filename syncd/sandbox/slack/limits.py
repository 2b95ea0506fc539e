"""What Slack refuses in blocks and forms because it is too long, too many, or there twice."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]

MOST_BLOCKS = 50
MOST_BLOCKS_IN_A_VIEW = 100
_MOST_ELEMENTS = 25
_MOST_FIELDS = 10
_MOST_OPTIONS = 100
_TEXTS = {"header": 150, "section": 3000, "button": 75, "option": 75, "input": 2000}
_VALUES = {"button": 2000, "option": 150}
_ID = 255
_VIEW = {"private_metadata": 3000, "callback_id": 255}
_VIEW_WORDS = ("title", "submit", "close")
_VIEW_WORD = 24


def unfit_blocks(blocks: Sequence[Json], *, most: int = MOST_BLOCKS) -> str:
    """What Slack has against these blocks; empty when nothing."""
    return next(_complaints(blocks, most), "")


def unfit_view(view: Json) -> str:
    """Likewise of a form."""
    if view.get("type") != "modal" or not _text(view.get("title")):
        return "a modal needs a title"
    for name, most in _VIEW.items():
        if len(str(view.get(name) or "")) > most:
            return f"{name} is longer than {most}"
    for name in _VIEW_WORDS:
        if len(_text(view.get(name))) > _VIEW_WORD:
            return f"{name} is longer than {_VIEW_WORD}"
    return unfit_blocks(view.get("blocks") or (), most=MOST_BLOCKS_IN_A_VIEW)


def _complaints(blocks: Sequence[Json], most: int) -> Iterator[str]:
    if len(blocks) > most:
        yield f"more than {most} blocks"
    ids = [block["block_id"] for block in blocks if block.get("block_id")]
    if len(ids) != len(set(ids)):
        yield "a block_id is there twice"
    for block in blocks:
        yield from _of_block(block)


def _of_block(block: Json) -> Iterator[str]:
    kind = str(block.get("type"))
    yield from _of_text(kind, block.get("label") if kind == "input" else block.get("text"))
    if len(block.get("fields") or ()) > _MOST_FIELDS:
        yield f"more than {_MOST_FIELDS} fields"
    elements = [*(block.get("elements") or ()), *filter(None, [block.get("element")])]
    if len(elements) > _MOST_ELEMENTS:
        yield f"more than {_MOST_ELEMENTS} elements"
    ids = [element["action_id"] for element in elements if "action_id" in element]
    if len(ids) != len(set(ids)):
        yield "an action_id is there twice"
    for element in elements:
        yield from _of_element(element)


def _of_element(element: Json) -> Iterator[str]:
    kind = str(element.get("type"))
    if len(str(element.get("action_id") or "")) > _ID:
        yield f"an action_id is longer than {_ID}"
    if kind == "button":
        yield from _of_text(kind, element.get("text"))
        yield from _of_value(kind, element.get("value"))
    if kind.endswith("_select"):
        groups = element.get("option_groups") or [{"options": element.get("options") or ()}]
        for group in groups:
            yield from _of_options(group.get("options") or ())


def _of_options(options: Sequence[Json]) -> Iterator[str]:
    if not 1 <= len(options) <= _MOST_OPTIONS:
        yield f"not between 1 and {_MOST_OPTIONS} options"
    for option in options:
        yield from _of_text("option", option.get("text"))
        yield from _of_value("option", option.get("value"))


def _of_text(kind: str, text: Any) -> Iterator[str]:
    most = _TEXTS.get(kind)
    if most is not None and text is not None and not 1 <= len(_text(text)) <= most:
        yield f"the text of a {kind} is not between 1 and {most} characters"


def _of_value(kind: str, value: Any) -> Iterator[str]:
    if len(str(value or "")) > _VALUES[kind]:
        yield f"the value of a {kind} is longer than {_VALUES[kind]}"


def _text(given: Any) -> str:
    return str(given.get("text") or "") if isinstance(given, Mapping) else ""
