"""Tell people: what is decided about each alert is stored, and what goes now is sent.

Each message is marked sent right after it was, so that a crash doubles at most one. Nothing is
decided here (`core.alert_decision`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

import structlog

from syncd.commit import Cancelled, Commit, OutboxChange, OutboxRow, Waiting
from syncd.core.alert_decision import AlertDecision, Cause, Send, Silent, Wait, may_be_caused
from syncd.core.alert_reasons import reason_words
from syncd.core.alert_round import Decided, InHand, Known, Outgoing, decide_round, outgoing
from syncd.core.context import Context
from syncd.domain.action import SendAlert
from syncd.domain.alert import AlertKind
from syncd.domain.message import Message, MessageState, Why
from syncd.domain.names import ActionKey, LeadId
from syncd.domain.order import Health
from syncd.domain.policy import AlertPolicy
from syncd.errors import AuthError, PermanentError, SyncdError, TransientError
from syncd.jobs.ledger import Ledger
from syncd.jobs.pair import Pair
from syncd.ports import Posted

log = structlog.get_logger()

AlertRow = tuple[OutboxRow, SendAlert]
_Rows = Mapping[ActionKey, OutboxRow]


def tell(pair: Pair, rows: Sequence[AlertRow], ctx: Context) -> None:
    if not rows:
        return
    before = pair.store.messages([alert.key for _, alert in rows])
    hand = [
        InHand(alert=alert, made_at=row.created_at, before=before.get(alert.key))
        for row, alert in rows
    ]
    policy = ctx.policy.alerts
    decided = decide_round(hand, _known(pair, hand, ctx), policy, ctx.now)
    _put_down(pair, decided, policy, ctx.now)
    by_key = {alert.key: row for row, alert in rows}
    for message in outgoing(decided, policy):
        _send(pair, message, by_key, ctx.now)


# --- what is known -----------------------------------------------------------------------


def _known(pair: Pair, hand: Sequence[InHand], ctx: Context) -> Known:
    since = ctx.now - ctx.policy.alerts.interval
    return Known(
        routes=pair.store.routes(since=since, now=ctx.now),
        silences=tuple(pair.store.silences(ctx.now)),
        blind=_blindness(pair),
        held=_held(pair, hand),
    )


def _blindness(pair: Pair) -> Cause | None:
    sides = pair.store.sides().items()
    blind = [system.label for system, x in sides if x.health is Health.BLIND]
    return Cause(why=Why.BLIND, says=" and ".join(blind)) if blind else None


def _held(pair: Pair, hand: Sequence[InHand]) -> Mapping[LeadId, Cause]:
    """Plans that hold one of these leads; only those are loaded whose alert that may explain."""
    ids = {x.alert.lead_id for x in hand if x.alert.lead_id and may_be_caused(x.alert.alert)}
    leads = pair.store.load(ids) if ids else {}
    return {
        lead_id: Cause(why=Why.HELD, says=lead.held) for lead_id, lead in leads.items() if lead.held
    }


# --- what does not go now ----------------------------------------------------------------


def _put_down(pair: Pair, decided: Sequence[Decided], policy: AlertPolicy, now: datetime) -> None:
    changes: list[OutboxChange] = []
    messages: list[Message] = []
    for x, decision in decided:
        change = _change(x.alert.key, decision)
        if change:
            changes.append(change)
            messages.append(_message(x, decision, policy.channel_of(x.alert.alert), now))
    if changes:
        pair.store.commit(Commit(now=now, outbox=tuple(changes), messages=tuple(messages)))


def _change(key: ActionKey, decision: AlertDecision) -> OutboxChange | None:
    match decision:
        case Send():
            return None
        case Wait(until=until, why=why, detail=detail):
            return Waiting(key=key, until=until, reason=reason_words(why, detail))
        case Silent(why=why, detail=detail):
            return Cancelled(key=key, reason=reason_words(why, detail))
        case _:
            assert_never(decision)


def _message(x: InHand, decision: AlertDecision, channel: str, now: datetime) -> Message:
    """Nothing that was put down before is lost."""
    alert = x.alert.alert
    known = x.before or Message(
        key=x.alert.key,
        kind=alert.kind,
        channel=channel,
        made_at=x.made_at,
        decided_at=now,
        state=MessageState.WAITS,
        why=decision.why,
        lead_id=x.alert.lead_id,
        thread=alert.thread,
    )
    return replace(
        known,
        channel=channel,
        decided_at=now,
        state=MessageState.SILENT if isinstance(decision, Silent) else MessageState.WAITS,
        why=decision.why,
        detail=decision.detail,
        until=decision.until if isinstance(decision, Wait) else None,
    )


# --- what goes now -----------------------------------------------------------------------


def _send(pair: Pair, message: Outgoing, rows: _Rows, now: datetime) -> None:
    """Alerts fail open: a message that cannot be sent never stops the work."""
    ledger = Ledger(now=now)
    try:
        posted = _post(pair, message, rows)
    except TransientError as error:
        for x in message.parts:
            ledger.postponed(rows[x.alert.key], str(error), retry_after=error.retry_after)
        told = _not_told(message, error, ledger, now)
    except (PermanentError, AuthError) as error:
        log.error("alert_not_sent", channel=message.channel, reason=str(error))
        for x in message.parts:
            _give_up(rows[x.alert.key], x.alert, str(error), ledger)
        told = _not_told(message, error, ledger, now)
    else:
        for x in message.parts:
            ledger.settled(rows[x.alert.key])
        told = _told(message, posted, now)
    pair.store.commit(replace(ledger.commit(), messages=told))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Post:
    """Where the message is, as far as Slack said so, and what each alert found of an earlier
    attempt has as its own."""

    posted: Posted | None
    found: Mapping[ActionKey, Posted]


def _post(pair: Pair, message: Outgoing, rows: _Rows) -> _Post:
    """What a doubtful attempt has posted is not posted again."""
    thread = _thread(pair, message)
    doubtful = [x.alert.key for x in message.parts if rows[x.alert.key].attempts]
    found = pair.messenger.find_sent(message.channel, doubtful, thread=thread) if doubtful else {}
    unsent = [x.alert for x in message.parts if x.alert.key not in found]
    posted = pair.messenger.send(message.channel, unsent, thread=thread) if unsent else None
    return _Post(posted=posted, found=found)


def _thread(pair: Pair, message: Outgoing) -> Posted | None:
    """The message that this one answers to: the first of its conversation in that channel."""
    alert = message.parts[0].alert.alert
    if len(message.parts) != 1 or not alert.thread:
        return None
    opening = pair.store.opening(alert.thread, message.channel)
    if opening is None:
        return None
    return Posted(channel_id=opening.channel_id, ts=opening.ts)


def _told(message: Outgoing, post: _Post, now: datetime) -> tuple[Message, ...]:
    return tuple(_sent(x, message, post, now) for x in message.parts)


def _sent(x: InHand, message: Outgoing, post: _Post, now: datetime) -> Message:
    at = post.found.get(x.alert.key, post.posted)
    return replace(
        _message(x, Send(why=message.why), message.channel, now),
        state=MessageState.SENT,
        sent_at=now,
        post=message.parts[0].alert.key,
        alone=len(message.parts) == 1,
        channel_id=at.channel_id if at else "",
        ts=at.ts if at else "",
    )


def _not_told(
    message: Outgoing, error: SyncdError, ledger: Ledger, now: datetime
) -> tuple[Message, ...]:
    until = ledger.put_off_until()
    return tuple(
        _message(x, _after_failure(until.get(x.alert.key), error), message.channel, now)
        for x in message.parts
    )


def _after_failure(until: datetime | None, error: SyncdError) -> Wait | Silent:
    if until is None:
        return Silent(why=Why.GIVEN_UP, detail=str(error))
    return Wait(until=until, why=Why.NOT_TAKEN, detail=str(error))


def _give_up(row: OutboxRow, alert: SendAlert, why: str, ledger: Ledger) -> None:
    """That an alert could not be sent is told once, not for ever."""
    if alert.alert.kind is AlertKind.GIVEN_UP:
        ledger.cancelled(row, why)
    else:
        ledger.buried(row, why)
