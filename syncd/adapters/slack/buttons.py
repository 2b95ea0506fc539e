"""What people can do about one message: a row of buttons, and what a click on one of them is
about. Pure, and the only place that knows how a button carries it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import orjson

from syncd.adapters.slack.blocks import Block
from syncd.domain.action import SendAlert
from syncd.domain.alert import Act
from syncd.domain.names import ActionKey, LeadId

VALUE_LIMIT = 2000

_LOOKS: Mapping[Act, tuple[str, str | None]] = {
    Act.ACCEPT: ("Accept", "primary"),
    Act.REJECT: ("Reject…", "danger"),
    Act.SNOOZE: ("Snooze once", None),
    Act.ASK_WAIVER: ("Ask for a waiver…", None),
    Act.APPROVE: ("Approve", "primary"),
    Act.REFUSE: ("Refuse", "danger"),
    Act.NOT_USEFUL: ("Not useful", None),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The alert that was shown, its lead where it has one, and its subject (a handoff, a
    waiver asked for)."""

    alert: ActionKey
    lead: LeadId | None
    subject: str


def buttons(action: SendAlert) -> tuple[Block, ...]:
    """One row for all acts; none where there are none, or where it could not be told from a
    click what it is about."""
    about = About(alert=action.key, lead=action.lead_id, subject=action.alert.subject)
    value = orjson.dumps(asdict(about)).decode()
    if not action.alert.acts or len(value) > VALUE_LIMIT:
        return ()
    return ({"type": "actions", "elements": [_button(act, value) for act in action.alert.acts]},)


def about(value: str) -> About:
    """What a button's value says. ValueError when it is none of ours."""
    try:
        return About(**orjson.loads(value))
    except (TypeError, orjson.JSONDecodeError) as error:
        raise ValueError("this button says nothing that syncd knows") from error


def _button(act: Act, value: str) -> Block:
    words, style = _LOOKS[act]
    text = {"type": "plain_text", "text": words, "emoji": False}
    button = {"type": "button", "action_id": act.value, "text": text, "value": value}
    return button if style is None else {**button, "style": style}
