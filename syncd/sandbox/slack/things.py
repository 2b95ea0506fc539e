"""What a workspace is made of: people, channels, messages, and the ways it says no."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = Mapping[str, Any]


class SlackError(Exception):
    """What the Web API answers with `ok: false`; the text is Slack's error code, `why` what it
    tells besides."""

    def __init__(self, code: str, why: str = "") -> None:
        super().__init__(code)
        self.why = why


class TooFast(Exception):
    """More than Slack takes at once; `retry_after` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """`team_id` is set for who is of another team and sees a shared channel."""

    id: str
    name: str
    email: str
    real_name: str
    is_bot: bool = False
    deleted: bool = False
    team_id: str = ""


@dataclass(slots=True, kw_only=True)
class Channel:
    """A channel, or a conversation with one person if `user` is set."""

    id: str
    name: str
    user: str | None = None
    is_archived: bool = False
    has_bot: bool = True  # whether the bot was invited
    recent: deque[datetime] = field(default_factory=deque)


@dataclass(slots=True, kw_only=True)
class Message:
    """`sender` is a user's id, or the webhook's; `edits` counts later changes."""

    ts: str
    channel: str
    sender: str
    text: str
    blocks: list[Json]
    metadata: Json | None
    thread_ts: str | None
    at: datetime
    edits: int = 0

    def button(self, action_id: str) -> tuple[Json, Json] | None:
        """The block and the button in it."""
        for block in self.blocks:
            for element in block.get("elements") or ():
                if element.get("action_id") == action_id:
                    return block, element
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisper:
    """What one person alone was shown; it is gone when they look away."""

    channel: str
    user: str
    text: str
    thread_ts: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What a sender wants a message to say."""

    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None


ALL_SCOPES = frozenset(
    {
        "channels:history",
        "channels:read",
        "chat:write",
        "groups:history",
        "groups:read",
        "im:write",
        "users:read",
        "users:read.email",
    }
)


@dataclass(slots=True, kw_only=True)
class WorkspaceSettings:
    """Mutable on purpose: a test changes them in the middle of a story."""

    limited: bool = True
    burst: int = 5  # messages a channel takes at once before a message a second holds
    scopes: frozenset[str] = ALL_SCOPES  # of the bot's token
