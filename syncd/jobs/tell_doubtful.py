"""Alerts that may have been sent already: the answer was lost, or the worker died.

Slack is asked for them before anything is decided anew, so that what it shows is neither told
twice nor said to have stayed silent. Where it cannot be asked (a webhook) they are sent once
more, a while later; whose answer was lost again is taken as told.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from syncd.commit import OutboxRow
from syncd.core.alert_decision import Send, Wait
from syncd.core.alert_round import InHand
from syncd.core.alerting_ops import in_doubt_alert
from syncd.core.context import Context
from syncd.core.messages import after_failure, catch_up, decided
from syncd.domain.action import SendAlert
from syncd.domain.message import Message, Why
from syncd.domain.names import ActionKey
from syncd.errors import TransientError
from syncd.jobs.ledger import Ledger
from syncd.jobs.pair import Pair
from syncd.ports import Posted

_MOST_LOST = 2
_APART = timedelta(minutes=15)
"""So long after a lost answer a message that cannot be asked for goes once more: what made it
be lost has passed by then, mostly."""


@dataclass(slots=True)
class _Found:
    """What Slack shows, and the alerts that it could not be asked about."""

    posted: dict[ActionKey, Posted] = field(default_factory=dict)
    unasked: set[ActionKey] = field(default_factory=set)


def without_doubt(
    pair: Pair, hand: Sequence[InHand], rows: Mapping[ActionKey, OutboxRow], ctx: Context
) -> list[InHand]:
    """Those that are still to be told. What Slack shows is settled; what it cannot be asked
    about now is asked about later."""
    doubtful = [x for x in hand if rows[x.alert.key].attempts]
    if not doubtful:
        return list(hand)
    ledger = Ledger(now=ctx.now)
    try:
        found = _look(pair, doubtful, ctx)
    except TransientError as error:
        for x in doubtful:
            ledger.postponed(rows[x.alert.key], str(error), retry_after=error.retry_after)
        messages = _postponed(doubtful, str(error), ledger, ctx)
    else:
        unasked = [x for x in doubtful if x.alert.key in found.unasked - found.posted.keys()]
        messages = (
            *_sent(doubtful, found.posted, rows, ledger, ctx),
            *_not_again(unasked, rows, ledger, ctx),
        )
        ledger.actions += catch_up(messages)
    if messages:
        pair.store.commit(replace(ledger.commit(), messages=messages))
    gone = {x.key for x in messages}
    return [x for x in hand if x.alert.key not in gone]


def thread_of(pair: Pair, alert: SendAlert, channel: str) -> Posted | None:
    """The message that this one answers to: the first of its conversation in that channel."""
    thread = alert.alert.thread
    opening = pair.store.opening(thread, channel) if thread else None
    return Posted(channel_id=opening.channel_id, ts=opening.ts) if opening else None


def _look(pair: Pair, doubtful: Sequence[InHand], ctx: Context) -> _Found:
    """An alert went by itself, perhaps as an answer, or in a message for several."""
    found = _Found()
    channels: dict[str, list[SendAlert]] = defaultdict(list)
    for x in doubtful:
        channels[ctx.policy.alerts.channel_of(x.alert.alert)].append(x.alert)
    for channel, alerts in channels.items():
        for alert in alerts:
            if thread := thread_of(pair, alert, channel):
                _ask(pair, channel, [alert.key], thread, found)
        _ask(pair, channel, [x.key for x in alerts if x.key not in found.posted], None, found)
    return found


def _ask(
    pair: Pair, channel: str, keys: Sequence[ActionKey], thread: Posted | None, found: _Found
) -> None:
    posted = pair.messenger.find_sent(channel, keys, thread=thread) if keys else {}
    if posted is None:
        found.unasked |= set(keys)
    else:
        found.posted |= posted


# --- found -------------------------------------------------------------------------------


def _sent(
    doubtful: Sequence[InHand],
    found: Mapping[ActionKey, Posted],
    rows: Mapping[ActionKey, OutboxRow],
    ledger: Ledger,
    ctx: Context,
) -> tuple[Message, ...]:
    shared = Counter(found.values())
    there = [x for x in doubtful if x.alert.key in found]
    for x in there:
        ledger.settled(rows[x.alert.key])
    return tuple(_told(x, found[x.alert.key], shared, ctx) for x in there)


def _told(x: InHand, at: Posted, shared: Counter[Posted], ctx: Context) -> Message:
    """Whether others were in its message is put down, unless the worker died first."""
    channel = ctx.policy.alerts.channel_of(x.alert.alert)
    alone = x.before.alone if x.before and x.before.post else shared[at] == 1
    why = Why.ALONE if alone else Why.TOGETHER
    message = decided(x, Send(why=why), channel, now=ctx.now)
    return replace(
        message,
        post=message.post or x.alert.key,
        alone=alone,
        channel_id=at.channel_id,
        ts=at.ts,
    )


# --- nobody can be asked -----------------------------------------------------------------


def _not_again(
    lost: Iterable[InHand], rows: Mapping[ActionKey, OutboxRow], ledger: Ledger, ctx: Context
) -> Iterator[Message]:
    """Of those whose answer was lost, all but the ones that are now sent once more."""
    for x in lost:
        sends = x.before.lost if x.before else ()
        channel = ctx.policy.alerts.channel_of(x.alert.alert)
        if len(sends) >= _MOST_LOST:
            ledger.settled(rows[x.alert.key])
            ledger.actions.append(in_doubt_alert(channel, now=ctx.now))
            yield decided(x, Send(why=Why.IN_DOUBT), channel, now=ctx.now)
        elif sends and ctx.now < sends[-1] + _APART:
            wait = Wait(until=sends[-1] + _APART, why=Why.NOT_TAKEN, detail="its answer was lost")
            ledger.waiting(rows[x.alert.key], wait.detail, until=wait.until)
            yield decided(x, wait, channel, now=ctx.now)


def _postponed(
    doubtful: Sequence[InHand], reason: str, ledger: Ledger, ctx: Context
) -> tuple[Message, ...]:
    until, policy = ledger.put_off_until(), ctx.policy.alerts
    return tuple(
        decided(
            x,
            after_failure(until.get(x.alert.key), reason),
            policy.channel_of(x.alert.alert),
            now=ctx.now,
        )
        for x in doubtful
    )
