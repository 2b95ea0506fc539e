"""A lead's story for programs: keys that stay, every effect with what it is."""

from collections.abc import Mapping
from typing import assert_never

from syncd.domain.action import (
    Action,
    AddNote,
    CreateRecord,
    Enlist,
    SendAlert,
    UpdateAlert,
    WriteRecord,
)
from syncd.store_ports import Story


def story_json(story: Story) -> Mapping[str, object]:
    return {
        "lead": story.lead,
        "transitions": story.transitions,
        "verdicts": story.verdicts,
        "handoffs": story.handoffs,
        "effects": [
            {"what": _what(action), "state": state, "reason": reason, "at": at, "action": action}
            for action, state, reason, at in story.outbox
        ],
        "audit": story.audit,
    }


def _what(action: Action) -> str:
    match action:
        case WriteRecord():
            return "write"
        case CreateRecord():
            return "create"
        case AddNote():
            return "note"
        case SendAlert():
            return "message"
        case Enlist():
            return "list"
        case UpdateAlert():
            return "message changed"
        case _:
            assert_never(action)
