"""How often each method may be called: Slack's tiers, in calls a minute. Posting messages has a
limit of its own, a message a second and channel.
"""

from collections import defaultdict, deque
from collections.abc import Mapping
from datetime import datetime, timedelta

from syncd.sandbox.slack.things import TooFast

_MINUTE = timedelta(minutes=1)
_FIRST, _SECOND, _THIRD, _FOURTH = 5, 20, 50, 100  # the first allows one, and bursts of a few

TIERS: Mapping[str, int] = {
    "apps.connections.open": _FIRST,
    "chat.postEphemeral": _FOURTH,
    "chat.update": _THIRD,
    "conversations.history": _THIRD,
    "conversations.list": _SECOND,
    "conversations.open": _THIRD,
    "conversations.replies": _THIRD,
    "users.info": _FOURTH,
    "users.list": _SECOND,
    "users.lookupByEmail": _THIRD,
    "views.open": _FOURTH,
}


class Tiers:
    """The calls of the last minute, by method."""

    def __init__(self) -> None:
        self._calls: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def count(self, method: str, now: datetime) -> None:
        """TooFast when the minute is full."""
        if method not in TIERS:
            return
        calls = self._calls[method]
        while calls and calls[0] <= now - _MINUTE:
            calls.popleft()
        if len(calls) >= TIERS[method]:
            raise TooFast(max(1, -(-(calls[0] + _MINUTE - now) // timedelta(seconds=1))))
        calls.append(now)
