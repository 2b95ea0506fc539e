"""The messages that were sent, and what is to be silent, in memory. Counts and routes are made by
`messages`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from syncd.adapters.memory.messages import counts_of, opening_of, routes_of
from syncd.adapters.memory.role import Role
from syncd.adapters.store.messages import stands
from syncd.core.keys import short_id
from syncd.domain.action import SendAlert
from syncd.domain.message import Message, Route, RouteCount, RouteNews, Silence
from syncd.domain.names import ActionKey


class MemoryBook(Role):
    def messages(self, keys: Collection[ActionKey]) -> Mapping[ActionKey, Message]:
        return {key: self._now.messages[key] for key in keys if key in self._now.messages}

    def alerts(self, keys: Collection[ActionKey]) -> Mapping[ActionKey, SendAlert]:
        found = (x.action for key in keys if (x := self._now.effects.get(key)))
        return {x.key: x for x in found if isinstance(x, SendAlert)}

    def routes(self, *, since: datetime, now: datetime) -> Mapping[Route, RouteNews]:
        return routes_of(self._now.messages.values(), since=since, now=now)

    def opening(self, thread: str, channel: str) -> Message | None:
        return opening_of(self._now.messages.values(), thread, channel)

    def troubles(self) -> Sequence[Message]:
        found = (x for x in self._now.messages.values() if stands(x))
        return sorted(found, key=lambda x: (str(x.sent_at), x.key))

    def silences(self, now: datetime) -> Sequence[Silence]:
        in_force = (x for x in self._now.silences.values() if x.expires_at > now)
        return sorted(in_force, key=lambda x: (x.expires_at, x.id))

    def latest(self, limit: int) -> Sequence[Message]:
        found = sorted(self._now.messages.values(), key=lambda x: x.key)
        return sorted(found, key=lambda x: x.decided_at, reverse=True)[:limit]

    def named(self, text: str) -> Sequence[Message]:
        found = self._now.messages.values()
        return [x for x in found if x.key == text or short_id(x.key).startswith(text)]

    def counts(self, since: datetime, until: datetime) -> Sequence[RouteCount]:
        return counts_of(self._now.messages.values(), since, until)

    def silence(self, silence: Silence) -> None:
        self._now.silences[silence.id] = silence
