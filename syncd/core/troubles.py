"""Follow troubles that last: which are to be told again, and of which it is to be said that
they are over. Pure; what a trouble is, its alert says.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from syncd.core.alert_words import local_words
from syncd.core.context import Context
from syncd.domain.action import UpdateAlert
from syncd.domain.alert import AlertKind
from syncd.domain.message import Message
from syncd.domain.names import ActionKey

_TIMES = "#"


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """`again` maps the key of a trouble's first alert to that of the next; `over` are the
    messages about troubles that ended."""

    again: dict[ActionKey, ActionKey]
    over: tuple[Message, ...]


def follow(
    told: Sequence[Message], lasting: Collection[ActionKey], *, repeat: timedelta, now: datetime
) -> Followed:
    """`told` are all messages not marked over yet, those among them that had to stay silent:
    their turn comes again as well. `lasting` are the first alerts' keys of what is still so."""
    spells: dict[ActionKey, list[Message]] = defaultdict(list)
    for message in told:
        spells[first_key(message.key)].append(message)
    again = {
        key: ActionKey(f"{key}{_TIMES}{len(messages) + 1}")
        for key, messages in spells.items()
        if key in lasting and all(_is_old(x, now - repeat) for x in messages)
    }
    over = (x for key, messages in spells.items() if key not in lasting for x in messages)
    return Followed(again=again, over=tuple(over))


def _is_old(message: Message, before: datetime) -> bool:
    return (message.sent_at or message.decided_at) <= before


def first_key(key: ActionKey) -> ActionKey:
    """Of the first alert about the same trouble."""
    return ActionKey(key.partition(_TIMES)[0])


def spell_key(key: ActionKey, *, after: datetime) -> ActionKey:
    """Of the first alert about the same trouble that came back after it was over."""
    return ActionKey(f"{key}{_TIMES}{after:%H%M%S}")


def over_update(message: Message, ctx: Context) -> UpdateAlert:
    """A CRM comes back by itself; the other troubles end when somebody does something."""
    return UpdateAlert(
        key=ActionKey(f"over:{message.key}"),
        lead_id=None,
        alert_key=message.key,
        status=f"Resolved {local_words(ctx.now, ctx)}",
        at=ctx.now,
        acted=message.kind is not AlertKind.BLIND,
    )
