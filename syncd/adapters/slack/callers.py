"""Who clicked: the address of a person of our own workspace, kept for an hour.

Somebody else's workspace, in a shared channel, gives its people whatever addresses it likes:
nobody of theirs is anybody here.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient

from syncd.adapters.slack.translate import slack_errors
from syncd.ports import Clock

KEPT = timedelta(hours=1)


class Callers:
    def __init__(self, client: WebClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._kept: dict[str, tuple[datetime, str]] = {}

    def address_of(self, user_id: str, *, team_id: str) -> str | None:
        """Lower case; None for who is not of our team, is a bot, or shows no address."""
        now = self._clock.now()
        kept = self._kept.get(user_id)
        if kept is not None and now - kept[0] < KEPT:
            return kept[1]
        with slack_errors("Slack users.info", self._clock):
            user = self._client.users_info(user=user_id).get("user") or {}
        address = str((user.get("profile") or {}).get("email") or "").lower()
        if not address or user.get("is_bot") or user.get("deleted"):
            return None
        if team_id not in _teams(user):
            return None
        self._kept[user_id] = (now, address)
        return address


def _teams(user: Mapping[str, Any]) -> set[str]:
    """One, or in an Enterprise Grid all of the person's."""
    return {str(user.get("team_id")), *((user.get("enterprise_user") or {}).get("teams") or ())}
