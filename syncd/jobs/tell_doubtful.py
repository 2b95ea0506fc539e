"""Alerts that may have been sent already: the answer was lost, or the worker died.

Slack is asked for them before anything is decided anew, so that what it shows is neither told
twice nor said to have stayed silent.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import structlog

from syncd.commit import OutboxRow
from syncd.core.alert_decision import Send
from syncd.core.alert_round import InHand
from syncd.core.context import Context
from syncd.core.messages import after_failure, catch_up, decided
from syncd.domain.action import SendAlert
from syncd.domain.message import Message, Why
from syncd.domain.names import ActionKey
from syncd.errors import AuthError, PermanentError, TransientError
from syncd.jobs.ledger import Ledger
from syncd.jobs.pair import Pair
from syncd.ports import Posted

log = structlog.get_logger()

_Found = dict[ActionKey, Posted]


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
        found = _posted(pair, doubtful, ctx)
    except TransientError as error:
        for x in doubtful:
            ledger.postponed(rows[x.alert.key], str(error), retry_after=error.retry_after)
        messages = _waiting(doubtful, str(error), ledger, ctx)
        gone = {x.alert.key for x in doubtful}
    else:
        for key in found:
            ledger.settled(rows[key])
        messages = _sent(doubtful, found, ctx)
        ledger.actions += catch_up(messages)
        gone = set(found)
    if gone:
        pair.store.commit(replace(ledger.commit(), messages=messages))
    return [x for x in hand if x.alert.key not in gone]


def thread_of(pair: Pair, alert: SendAlert, channel: str) -> Posted | None:
    """The message that this one answers to: the first of its conversation in that channel."""
    thread = alert.alert.thread
    opening = pair.store.opening(thread, channel) if thread else None
    return Posted(channel_id=opening.channel_id, ts=opening.ts) if opening else None


def _posted(pair: Pair, doubtful: Sequence[InHand], ctx: Context) -> _Found:
    """An alert went by itself, perhaps as an answer, or in a message for several."""
    found: _Found = {}
    channels: dict[str, list[SendAlert]] = defaultdict(list)
    for x in doubtful:
        channels[ctx.policy.alerts.channel_of(x.alert.alert)].append(x.alert)
    for channel, alerts in channels.items():
        for alert in alerts:
            if thread := thread_of(pair, alert, channel):
                found |= _ask(pair, channel, [alert.key], thread)
        if left := [alert.key for alert in alerts if alert.key not in found]:
            found |= _ask(pair, channel, left, None)
    return found


def _ask(pair: Pair, channel: str, keys: Sequence[ActionKey], thread: Posted | None) -> _Found:
    """Where Slack will not say, they count as never sent: rather twice than never."""
    try:
        return dict(pair.messenger.find_sent(channel, keys, thread=thread))
    except (PermanentError, AuthError) as error:
        log.warning("sent_alerts_not_found", channel=channel, reason=str(error))
        return {}


def _sent(doubtful: Sequence[InHand], found: _Found, ctx: Context) -> tuple[Message, ...]:
    shared = Counter(found.values())
    there = [x for x in doubtful if x.alert.key in found]
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


def _waiting(
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
