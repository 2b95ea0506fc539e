"""Canonical owners to Slack mentions, looked up by address and kept for an hour.

A mention is a courtesy: whoever Slack does not know is named in words, and a bot that may
not look people up mentions nobody.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from syncd.errors import AuthError, PermanentError
from syncd.ports import Clock

KEPT = timedelta(hours=1)

LookUp = Callable[[str], str]
"""The user id of an address. PermanentError when Slack has nobody by it."""


class Mentions:
    def __init__(self, look_up: LookUp, clock: Clock) -> None:
        self._look_up = look_up
        self._clock = clock
        self._kept: dict[str, tuple[datetime, str | None]] = {}

    def of(self, owners: Iterable[str | None]) -> Mapping[str, str]:
        """`<@U123>` by owner, for those that have one. Queues have none."""
        found = {o: self._user_id(o) for o in set(owners) if o and not o.startswith("queue:")}
        return {owner: f"<@{user_id}>" for owner, user_id in found.items() if user_id}

    def _user_id(self, email: str) -> str | None:
        now = self._clock.now()
        kept = self._kept.get(email)
        if kept is None or now - kept[0] >= KEPT:
            kept = self._kept[email] = (now, self._ask(email))
        return kept[1]

    def _ask(self, email: str) -> str | None:
        try:
            return self._look_up(email)
        except (PermanentError, AuthError):
            return None
