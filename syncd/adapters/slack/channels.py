"""Channel names to channel ids: Slack posts to `#name`, but tells history by id alone."""

import re
from collections.abc import Callable

from slack_sdk.web import SlackResponse

from syncd.errors import PermanentError

PAGE = 1000

_ID = re.compile(r"[CGD][A-Z0-9]{8,}")

ListChannels = Callable[[str | None], SlackResponse]
"""One page of conversations.list, from a cursor on."""


class Channels:
    """Remembers the ids that answers to posts told; asks only for names never posted to."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}

    def learn(self, name: str, channel_id: str) -> None:
        self._ids[name] = channel_id

    def id_of(self, name: str, list_channels: ListChannels) -> str:
        """PermanentError when the bot sees no such channel."""
        if _ID.fullmatch(name):
            return name
        if name not in self._ids:
            self._ids[name] = _found(name.removeprefix("#"), list_channels)
        return self._ids[name]


def _found(name: str, list_channels: ListChannels) -> str:
    cursor: str | None = None
    while True:
        page = list_channels(cursor)
        for channel in page.get("channels") or ():
            if channel.get("name") == name:
                return str(channel["id"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            raise PermanentError(f"Slack: the bot sees no channel named {name!r}: invite it")
