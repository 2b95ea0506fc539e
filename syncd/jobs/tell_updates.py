"""Say in a message what became of the alert it told: in its place, not as one more message.

What is not sent yet learns of it too: `core.alert_decision` decides whether it still goes.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import structlog

from syncd.commit import OutboxRow
from syncd.core.context import Context
from syncd.domain.action import SendAlert, UpdateAlert
from syncd.domain.message import Message, MessageState
from syncd.domain.names import ActionKey
from syncd.errors import AuthError, PermanentError, TransientError
from syncd.jobs.ledger import Ledger
from syncd.jobs.pair import Pair
from syncd.ports import Posted

log = structlog.get_logger()

_AT_ONCE = 50
"""Slack takes no more changes a minute."""
_A_MINUTE = timedelta(minutes=1)

UpdateRow = tuple[OutboxRow, UpdateAlert]
_Known = dict[ActionKey, Message]


def tell_updates(pair: Pair, rows: Sequence[UpdateRow], ctx: Context) -> None:
    """In the order they were decided: the last word stands."""
    if not rows:
        return
    known: _Known = dict(pair.store.messages({update.alert_key for _, update in rows}))
    alerts = pair.store.alerts([key for key, message in known.items() if _can_be_changed(message)])
    _note(pair, [row for row in rows if row[1].alert_key not in alerts], known, ctx)
    changing = [row for row in rows if row[1].alert_key in alerts]
    _put_off(pair, changing[_AT_ONCE:], ctx)
    for row, update in changing[:_AT_ONCE]:
        _change(pair, (row, update), alerts[update.alert_key], known, ctx)


def _put_off(pair: Pair, rows: Sequence[UpdateRow], ctx: Context) -> None:
    """Nothing else is to wait for Slack's patience."""
    ledger = Ledger(now=ctx.now)
    for row, _ in rows:
        ledger.waiting(row, "Slack takes so many changes a minute", until=ctx.now + _A_MINUTE)
    if rows:
        pair.store.commit(ledger.commit())


def _can_be_changed(message: Message) -> bool:
    """Only one of its own, whose place Slack told."""
    return message.state is MessageState.SENT and message.alone and bool(message.ts)


def _note(pair: Pair, rows: Sequence[UpdateRow], known: _Known, ctx: Context) -> None:
    """All that need nothing of Slack at once."""
    ledger = Ledger(now=ctx.now)
    noted: _Known = {}
    for row, update in rows:
        ledger.settled(row)
        message = known.get(update.alert_key)
        if message and not _is_stale(update, message):
            known[message.key] = noted[message.key] = _with_outcome(message, update)
    if rows:
        pair.store.commit(replace(ledger.commit(), messages=tuple(noted.values())))


def _change(pair: Pair, of: UpdateRow, alert: SendAlert, known: _Known, ctx: Context) -> None:
    """A message that cannot be changed any more stays as it is."""
    (row, update), message, ledger = of, known[alert.key], Ledger(now=ctx.now)
    if _is_stale(update, message):
        _note(pair, [of], known, ctx)
        return
    try:
        posted = Posted(channel_id=message.channel_id, ts=message.ts)
        pair.messenger.update(posted, _left(alert, update), update.status)
    except TransientError as error:
        ledger.postponed(row, str(error), retry_after=error.retry_after)
        pair.store.commit(ledger.commit())
        return
    except (PermanentError, AuthError) as error:
        log.warning("message_not_changed", channel=message.channel, reason=str(error))
        ledger.cancelled(row, str(error))
    else:
        ledger.settled(row)
    known[message.key] = _with_outcome(message, update)
    pair.store.commit(replace(ledger.commit(), messages=(known[message.key],)))


def _left(alert: SendAlert, update: UpdateAlert) -> SendAlert:
    """With what can still be done about it."""
    acts = alert.alert.acts if update.ends else ()
    left = tuple(act for act in acts if act is not update.ends)
    return replace(alert, alert=replace(alert.alert, acts=left))


def _is_stale(update: UpdateAlert, message: Message) -> bool:
    """Tried again after something later was said."""
    return message.outcome_at is not None and message.outcome_at > update.at


def _with_outcome(message: Message, update: UpdateAlert) -> Message:
    """It has none as long as it can be answered."""
    if update.ends:
        return replace(message, acted=message.acted or update.acted)
    return replace(
        message,
        outcome=update.status,
        outcome_at=update.at,
        acted=message.acted or update.acted,
    )
