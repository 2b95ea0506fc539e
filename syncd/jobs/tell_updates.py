"""Say in a message what became of the alert it told: in its place, not as one more message.

What is not sent yet learns of it too: `core.alert_decision` decides whether it still goes.
"""

from collections.abc import Sequence
from dataclasses import replace

import structlog

from syncd.commit import OutboxRow
from syncd.core.context import Context
from syncd.domain.action import UpdateAlert
from syncd.domain.message import Message, MessageState
from syncd.errors import AuthError, PermanentError, TransientError
from syncd.jobs.ledger import Ledger
from syncd.jobs.pair import Pair
from syncd.ports import Posted

log = structlog.get_logger()

UpdateRow = tuple[OutboxRow, UpdateAlert]


def tell_updates(pair: Pair, rows: Sequence[UpdateRow], ctx: Context) -> None:
    """In the order they were decided: the last word stands."""
    for row, update in rows:
        known = pair.store.messages([update.alert_key]).get(update.alert_key)
        ledger = Ledger(now=ctx.now)
        messages = _tell(pair, row, update, known, ledger)
        pair.store.commit(replace(ledger.commit(), messages=messages))


def _tell(
    pair: Pair, row: OutboxRow, update: UpdateAlert, known: Message | None, ledger: Ledger
) -> tuple[Message, ...]:
    """The message as it is known from now on, if it is known at all."""
    if known is None:
        ledger.settled(row)
        return ()
    try:
        _change(pair, update, known)
    except TransientError as error:
        ledger.postponed(row, str(error), retry_after=error.retry_after)
        return ()
    except (PermanentError, AuthError) as error:
        log.warning("message_not_changed", channel=known.channel, reason=str(error))
        ledger.cancelled(row, str(error))
    else:
        ledger.settled(row)
    return (
        replace(
            known,
            outcome=update.status,
            outcome_at=update.at,
            acted=known.acted or update.acted,
        ),
    )


def _change(pair: Pair, update: UpdateAlert, known: Message) -> None:
    """Only a message of its own, and one whose place and content are still known."""
    if known.state is not MessageState.SENT or not known.alone or not known.ts:
        return
    alert = pair.store.alerts([known.key]).get(known.key)
    if alert:
        posted = Posted(channel_id=known.channel_id, ts=known.ts)
        pair.messenger.update(posted, alert, update.status)
