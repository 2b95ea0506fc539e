"""What was decided about alerts, where their messages are, and the silences people placed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, case, delete, func, or_, select

from syncd.adapters.store.database import upsert
from syncd.adapters.store.documents import ACTION, MESSAGE, SILENCE
from syncd.adapters.store.many import among, listed
from syncd.adapters.store.role import Role
from syncd.adapters.store.tables import instant, message, outbox, silence
from syncd.core.keys import short_id
from syncd.domain.action import SendAlert
from syncd.domain.alert import AlertKind
from syncd.domain.message import (
    TROUBLES,
    Message,
    MessageState,
    Route,
    RouteCount,
    RouteNews,
    Silence,
    Why,
)
from syncd.domain.names import ActionKey

KEEP_MESSAGES = timedelta(days=90)
_GATHERING = frozenset({Why.FOR_MORE, Why.INTERVAL})


class SqlMessages(Role):
    def messages(self, keys: Collection[ActionKey]) -> Mapping[ActionKey, Message]:
        with self._database.reading() as connection:
            found = [MESSAGE.decode(x) for x in connection.scalars(_BY_KEY, listed(keys))]
        return {x.key: x for x in found}

    def alerts(self, keys: Collection[ActionKey]) -> Mapping[ActionKey, SendAlert]:
        with self._database.reading() as connection:
            found = [ACTION.decode(doc) for doc in connection.scalars(_ALERTS, listed(keys))]
        return {x.key: x for x in found if isinstance(x, SendAlert)}

    def routes(self, *, since: datetime, now: datetime) -> Mapping[Route, RouteNews]:
        with self._database.reading() as connection:
            told = connection.execute(_TOLD, {"b_since": since}).all()
            waiting = connection.execute(_GATHERED, {"b_now": now}).all()
        news = {(x, AlertKind(kind)): _told(count, at) for x, kind, count, at in told}
        for channel, kind, count, leaves_at in waiting:
            before = news.get((channel, AlertKind(kind)), RouteNews())
            news[channel, AlertKind(kind)] = replace(
                before, told=before.told + count, leaves_at=leaves_at
            )
        return news

    def opening(self, thread: str, channel: str) -> Message | None:
        with self._database.reading() as connection:
            doc = connection.scalar(_OPENING, {"b_thread": thread, "b_channel": channel})
        return MESSAGE.decode(doc) if doc else None

    def troubles(self) -> Sequence[Message]:
        with self._database.reading() as connection:
            return [MESSAGE.decode(doc) for doc in connection.scalars(_TROUBLES)]

    def silences(self, now: datetime) -> Sequence[Silence]:
        with self._database.reading() as connection:
            return [SILENCE.decode(doc) for doc in connection.scalars(_IN_FORCE, {"b_now": now})]


class SqlMessageBook(Role):
    def latest(self, limit: int) -> Sequence[Message]:
        with self._database.reading() as connection:
            return [MESSAGE.decode(x) for x in connection.scalars(_LATEST, {"b_most": limit})]

    def named(self, text: str) -> Sequence[Message]:
        query = select(message.c.doc).where(
            or_(message.c.key == text, message.c.short.startswith(text, autoescape=True))
        )
        with self._database.reading() as connection:
            return [MESSAGE.decode(doc) for doc in connection.scalars(query.limit(_MOST_NAMED))]

    def counts(self, since: datetime, until: datetime) -> Sequence[RouteCount]:
        with self._database.reading() as connection:
            rows = connection.execute(_COUNTS, {"b_since": since, "b_until": until}).all()
        return [
            RouteCount(channel=x, kind=AlertKind(k), sent=sent, acted=acted, not_useful=marked)
            for x, k, sent, acted, marked in rows
        ]

    def silence(self, silence: Silence) -> None:
        with self._database.writing() as connection:
            upsert(connection, _silences, [_silence_row(silence)])
            ended = silence.placed_at - KEEP_MESSAGES
            connection.execute(delete(_silences).where(_silences.c.expires_at < ended))


_MOST_NAMED = 20
_silences = silence
_BY_KEY = select(message.c.doc).where(among(message.c.key))
_ALERTS = select(outbox.c.doc).where(among(outbox.c.key), outbox.c.doc.is_not(None))
_TOLD = (
    select(
        message.c.channel,
        message.c.kind,
        func.count(),
        func.max(case((message.c.why == Why.TOGETHER.value, message.c.sent_at))),
    )
    .where(message.c.sent_at > bindparam("b_since"))
    .group_by(message.c.channel, message.c.kind)
)
_GATHERED = (
    select(message.c.channel, message.c.kind, func.count(), func.min(message.c.waits_until))
    .where(
        message.c.waits_until > bindparam("b_now"), message.c.why.in_([x.value for x in _GATHERING])
    )
    .group_by(message.c.channel, message.c.kind)
)
_OPENING = (
    select(message.c.doc)
    .where(message.c.opens == bindparam("b_thread"), message.c.channel == bindparam("b_channel"))
    .order_by(message.c.sent_at)
    .limit(1)
)
_TROUBLES = select(message.c.doc).where(message.c.stands.is_not(None)).order_by(message.c.sent_at)
_IN_FORCE = (
    select(silence.c.doc)
    .where(silence.c.expires_at > bindparam("b_now"))
    .order_by(silence.c.expires_at, silence.c.id)
)
_LATEST = (
    select(message.c.doc)
    .order_by(message.c.decided_at.desc(), message.c.key)
    .limit(bindparam("b_most"))
)
_COUNTS = (
    select(
        message.c.channel,
        message.c.kind,
        func.count(),
        func.sum(case((message.c.acted.is_(True), 1), else_=0)),
        func.sum(case((message.c.not_useful.is_(True), 1), else_=0)),
    )
    .where(message.c.sent_at >= bindparam("b_since"), message.c.sent_at < bindparam("b_until"))
    .group_by(message.c.channel, message.c.kind)
    .order_by(message.c.channel, message.c.kind)
)
_FORGET = delete(message).where(message.c.decided_at < bindparam("b_before"))


def save_messages(connection: Connection, messages: Iterable[Message], *, now: datetime) -> None:
    """As they now are; those decided long ago are forgotten."""
    rows = [_row(x) for x in messages]
    upsert(connection, message, rows)
    if rows:
        connection.execute(_FORGET, {"b_before": now - KEEP_MESSAGES})


def opens(x: Message) -> str | None:
    """The conversation whose answers go to this message."""
    return x.thread or None if x.state is MessageState.SENT and x.alone and x.ts else None


def stands(x: Message) -> bool:
    """About something that lasts, told or kept silent, and not marked resolved."""
    return x.state is not MessageState.WAITS and x.kind in TROUBLES and x.outcome_at is None


def gathers(x: Message) -> bool:
    return x.state is MessageState.WAITS and x.why in _GATHERING


def _told(count: int, gathered_at: int | datetime | None) -> RouteNews:
    at = instant(gathered_at) if isinstance(gathered_at, int) else gathered_at
    return RouteNews(told=count, gathered_at=at)


def _row(x: Message) -> dict[str, Any]:
    return {
        "key": x.key,
        "short": short_id(x.key),
        "lead_id": x.lead_id,
        "channel": x.channel,
        "kind": x.kind.value,
        "why": x.why.value,
        "waits_until": x.until if x.state is MessageState.WAITS else None,
        "sent_at": x.sent_at,
        "opens": opens(x),
        "stands": x.kind.value if stands(x) else None,
        "acted": x.acted,
        "not_useful": bool(x.not_useful_by),
        "decided_at": x.decided_at,
        "doc": MESSAGE.encode(x),
    }


def _silence_row(x: Silence) -> dict[str, Any]:
    return {
        "id": x.id,
        "lead_id": x.lead_id,
        "expires_at": x.expires_at,
        "doc": SILENCE.encode(x),
    }
