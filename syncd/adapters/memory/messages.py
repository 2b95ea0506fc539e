"""What was decided about alerts, looked up in the in-memory store as the tables give it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from syncd.adapters.store.messages import gathers, opens
from syncd.domain.message import Message, Route, RouteCount, RouteNews, Why


def routes_of(
    messages: Iterable[Message], *, since: datetime, now: datetime
) -> Mapping[Route, RouteNews]:
    told: dict[Route, list[Message]] = defaultdict(list)
    for x in messages:
        if (x.sent_at and x.sent_at > since) or (gathers(x) and x.until and x.until > now):
            told[x.channel, x.kind].append(x)
    return {route: _news(found) for route, found in told.items()}


def _news(found: Sequence[Message]) -> RouteNews:
    gathered = (x.sent_at for x in found if x.sent_at and x.why is Why.TOGETHER)
    leaving = (x.until for x in found if x.until and gathers(x))
    return RouteNews(
        told=len(found),
        gathered_at=max(gathered, default=None),
        leaves_at=min(leaving, default=None),
    )


def opening_of(messages: Iterable[Message], thread: str, channel: str) -> Message | None:
    found = [x for x in messages if opens(x) == thread and x.channel == channel]
    return min(found, key=lambda x: str(x.sent_at), default=None)


def counts_of(
    messages: Iterable[Message], since: datetime, until: datetime
) -> Sequence[RouteCount]:
    sent: dict[Route, list[Message]] = defaultdict(list)
    for x in messages:
        if x.sent_at and since <= x.sent_at < until:
            sent[x.channel, x.kind].append(x)
    return [
        RouteCount(
            channel=channel,
            kind=kind,
            sent=len(found),
            acted=sum(x.acted for x in found),
            not_useful=sum(bool(x.not_useful_by) for x in found),
        )
        for (channel, kind), found in sorted(sent.items())
    ]
