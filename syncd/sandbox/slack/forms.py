"""Modals: opened with a fresh trigger, filled in by people, answered by the app.

What a person cannot send in Slack (an empty required field, an option that is not offered)
is a ValueError here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

Json = Mapping[str, Any]
Values = Mapping[str, str | list[str]]
"""What a person fills in, by block_id: a text, an option's value, a day, or several options."""

TRIGGER_LIVES = timedelta(seconds=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What lets an app open one form for the person who just clicked."""

    id: str
    user_id: str
    at: datetime


@dataclass(slots=True, kw_only=True)
class View:
    """A modal before one person; `errors` by block_id, as the app said."""

    id: str
    user_id: str
    says: Json
    is_open: bool = True
    errors: Json = field(default_factory=dict)

    def take(self, answer: Json) -> None:
        """What the app answered when it was sent: errors keep it open."""
        self.errors = answer.get("errors") or {}
        self.is_open = answer.get("response_action") == "errors"

    def inputs(self) -> Iterator[Json]:
        return (block for block in self.says["blocks"] if block["type"] == "input")

    def filled(self, values: Values) -> Json:
        """The state Slack sends."""
        unknown = set(values) - {block["block_id"] for block in self.inputs()}
        if unknown:
            raise ValueError(f"the form has no {', '.join(sorted(unknown))}")
        return {
            block["block_id"]: {
                block["element"]["action_id"]: _given(block, values.get(block["block_id"]))
            }
            for block in self.inputs()
        }


def _given(block: Json, value: str | list[str] | None) -> Json:
    if not value and not block.get("optional"):
        raise ValueError(f"{block['block_id']} is required")
    element = block["element"]
    kind = element["type"]
    match kind:
        case "plain_text_input":
            told: Json = {"value": value or None}
        case "datepicker":
            told = {"selected_date": date.fromisoformat(str(value)).isoformat() if value else None}
        case "static_select":
            told = {"selected_option": _option(element, str(value)) if value else None}
        case "multi_static_select":
            told = {"selected_options": [_option(element, one) for one in value or ()]}
        case _:
            raise ValueError(f"people here cannot fill in a {kind}")
    return {"type": kind, **told}


def _option(element: Json, value: str) -> Json:
    groups = element.get("option_groups") or [{"options": element.get("options") or ()}]
    for group in groups:
        for option in group["options"]:
            if option["value"] == value:
                found: Json = option
                return found
    raise ValueError(f"{value!r} is not offered")
