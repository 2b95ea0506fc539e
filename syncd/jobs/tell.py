"""Tell people: what is decided about each alert is stored, and what goes now is sent.

Each message is marked sent right after it was, so that a crash doubles at most one. Nothing is
decided here (`core.alert_decision`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import assert_never

import structlog

from syncd.commit import Cancelled, Commit, OutboxChange, OutboxRow, Waiting
from syncd.core.alert_decision import AlertDecision, Cause, Send, Silent, Wait, may_be_caused
from syncd.core.alert_reasons import reason_words
from syncd.core.alert_round import Decided, InHand, Known, Outgoing, decide_round, outgoing
from syncd.core.alerting_ops import undeliverable_alert
from syncd.core.context import Context
from syncd.core.messages import after_failure, catch_up, decided
from syncd.domain.action import SendAlert
from syncd.domain.alert import AlertKind
from syncd.domain.message import Message, Why
from syncd.domain.names import ActionKey, LeadId
from syncd.domain.order import Health
from syncd.errors import AuthError, LostAnswer, PermanentError, SyncdError, TransientError
from syncd.jobs.ledger import Ledger
from syncd.jobs.pair import Pair
from syncd.jobs.tell_doubtful import thread_of, without_doubt
from syncd.ports import Posted

log = structlog.get_logger()

AlertRow = tuple[OutboxRow, SendAlert]
_Rows = Mapping[ActionKey, OutboxRow]


def tell(pair: Pair, rows: Sequence[AlertRow], ctx: Context) -> None:
    if not rows:
        return
    before = pair.store.messages([alert.key for _, alert in rows])
    by_key = {alert.key: row for row, alert in rows}
    hand = without_doubt(pair, [_in_hand(row, x, before) for row, x in rows], by_key, ctx)
    policy = ctx.policy.alerts
    found = decide_round(hand, _known(pair, hand, ctx), policy, ctx.now)
    _put_down(pair, found, ctx)
    for message in outgoing(found, policy):
        _send(pair, message, by_key, ctx.now)


def _in_hand(row: OutboxRow, alert: SendAlert, before: Mapping[ActionKey, Message]) -> InHand:
    return InHand(alert=alert, made_at=row.created_at, before=before.get(alert.key))


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


def _put_down(pair: Pair, found: Sequence[Decided], ctx: Context) -> None:
    policy, now = ctx.policy.alerts, ctx.now
    changes: list[OutboxChange] = []
    messages: list[Message] = []
    for x, decision in found:
        if change := _change(x.alert.key, decision):
            changes.append(change)
            messages.append(decided(x, decision, policy.channel_of(x.alert.alert), now=now))
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


# --- what goes now -----------------------------------------------------------------------


def _send(pair: Pair, message: Outgoing, rows: _Rows, now: datetime) -> None:
    """Alerts fail open: a message that cannot be sent never stops the work."""
    ledger = Ledger(now=now)
    alerts = [x.alert for x in message.parts]
    try:
        thread = thread_of(pair, alerts[0], message.channel) if len(alerts) == 1 else None
        posted = pair.messenger.send(message.channel, alerts, thread=thread)
    except TransientError as error:
        for alert in alerts:
            ledger.postponed(rows[alert.key], str(error), retry_after=error.retry_after)
        told = _not_told(message, error, ledger)
        if isinstance(error, LostAnswer):
            told = tuple(replace(x, lost=(*x.lost, now)) for x in told)
    except AuthError as error:
        log.error("alert_not_sent", channel=message.channel, reason=str(error))
        for alert in alerts:
            ledger.postponed(rows[alert.key], str(error))
        ledger.actions.append(undeliverable_alert(message.channel, str(error), now=now))
        told = _not_told(message, error, ledger)
    except PermanentError as error:
        log.error("alert_not_sent", channel=message.channel, reason=str(error))
        for alert in alerts:
            _give_up(rows[alert.key], alert, str(error), ledger)
        told = _not_told(message, error, ledger)
    else:
        for alert in alerts:
            ledger.settled(rows[alert.key])
        told = _told(message, posted, now)
        ledger.actions += catch_up(told)
    pair.store.commit(replace(ledger.commit(), messages=told))


def _told(message: Outgoing, posted: Posted | None, now: datetime) -> tuple[Message, ...]:
    """Where each of its alerts is, as far as Slack said so."""
    return tuple(
        replace(
            decided(x, Send(why=message.why), message.channel, now=now),
            post=message.parts[0].alert.key,
            alone=len(message.parts) == 1,
            channel_id=posted.channel_id if posted else "",
            ts=posted.ts if posted else "",
        )
        for x in message.parts
    )


def _not_told(message: Outgoing, error: SyncdError, ledger: Ledger) -> tuple[Message, ...]:
    """They are tried again, or given up. It is kept whether they were to be one message."""
    until = ledger.put_off_until()
    return tuple(
        replace(
            decided(
                x,
                after_failure(until.get(x.alert.key), str(error)),
                message.channel,
                now=ledger.now,
            ),
            post=message.parts[0].alert.key,
            alone=len(message.parts) == 1,
        )
        for x in message.parts
    )


def _give_up(row: OutboxRow, alert: SendAlert, why: str, ledger: Ledger) -> None:
    """That an alert could not be sent is told once, not for ever."""
    if alert.alert.kind is AlertKind.GIVEN_UP:
        ledger.cancelled(row, why)
    else:
        ledger.buried(row, why)
