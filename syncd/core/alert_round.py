"""Decide all alerts in hand at once, and put those that go now together to messages.

Pure, like `alert_decision`, which decides each of them.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from syncd.core.alert_decision import AlertDecision, Cause, Seen, Send, decide_alert
from syncd.domain.action import SendAlert
from syncd.domain.message import Message, Route, RouteNews, Silence, Why
from syncd.domain.names import LeadId
from syncd.domain.policy import AlertPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class InHand:
    """An alert to be decided, and what was decided about it before, if anything was."""

    alert: SendAlert
    made_at: datetime
    before: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the alerts in hand are decided with: the news of each route, silences, and what
    holds alerts back: for everybody (`blind`), or for the lead that a plan holds."""

    routes: Mapping[Route, RouteNews] = field(default_factory=dict)
    silences: tuple[Silence, ...] = ()
    blind: Cause | None = None
    held: Mapping[LeadId, Cause] = field(default_factory=dict)


Decided = tuple[InHand, AlertDecision]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message to be: several alerts of one kind, or what waited for the morning."""

    channel: str
    why: Why
    parts: tuple[InHand, ...]


def decide_round(
    hand: Sequence[InHand], known: Known, policy: AlertPolicy, now: datetime
) -> list[Decided]:
    crowds = Counter(_route(x, policy) for x in hand)
    return [(x, decide_alert(x.alert, _seen(x, known, crowds, policy), policy, now)) for x in hand]


def outgoing(decided: Sequence[Decided], policy: AlertPolicy) -> list[Outgoing]:
    """The messages that go now, each at the place of its first alert."""
    messages: dict[tuple[str, ...], list[InHand]] = defaultdict(list)
    reasons: dict[tuple[str, ...], Why] = {}
    for x, decision in decided:
        if isinstance(decision, Send):
            group = _group(x, decision.why, policy)
            messages[group].append(x)
            reasons[group] = decision.why
    return [
        Outgoing(channel=group[0], why=reasons[group], parts=tuple(parts))
        for group, parts in messages.items()
    ]


def _group(x: InHand, why: Why, policy: AlertPolicy) -> tuple[str, ...]:
    channel, kind = _route(x, policy)
    if why is Why.MORNING:
        return (channel, why)
    return (channel, why, kind) if why is Why.TOGETHER else (channel, why, x.alert.key)


def _route(x: InHand, policy: AlertPolicy) -> Route:
    return (policy.channel_of(x.alert.alert), x.alert.alert.kind)


def _seen(x: InHand, known: Known, crowds: Mapping[Route, int], policy: AlertPolicy) -> Seen:
    route = _route(x, policy)
    news = known.routes.get(route, RouteNews())
    lead_id = x.alert.lead_id
    return Seen(
        made_at=x.made_at,
        route=news,
        crowd=news.told + crowds[route],
        overnight=x.before is not None and x.before.why is Why.QUIET,
        outcome=x.before.outcome if x.before else "",
        cause=known.blind or (known.held.get(lead_id) if lead_id else None),
        silences=known.silences,
    )
