"""Tell people: alerts leave one message at a time, or one for many of a kind.

Each message is marked sent right after it was, so that a crash doubles at most one.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import structlog

from syncd.commit import OutboxRow
from syncd.core.context import Context
from syncd.domain.action import SendAlert
from syncd.domain.alert import AlertKind
from syncd.errors import AuthError, PermanentError, TransientError
from syncd.jobs.ledger import Ledger
from syncd.jobs.pair import Pair

log = structlog.get_logger()

AlertRow = tuple[OutboxRow, SendAlert]


def tell(pair: Pair, rows: Sequence[AlertRow], ctx: Context) -> None:
    for channel, message in _messages(rows, ctx):
        _send(pair, channel, message, ctx)


def _messages(rows: Sequence[AlertRow], ctx: Context) -> Iterable[tuple[str, list[AlertRow]]]:
    """Alerts of one kind for one channel become one message when they are many."""
    alerts = ctx.policy.alerts
    groups: dict[tuple[str, AlertKind], list[AlertRow]] = defaultdict(list)
    for row, action in rows:
        kind = action.alert.kind
        groups[(alerts.routes.get(kind, alerts.channel), kind)].append((row, action))
    for (channel, _), group in groups.items():
        if len(group) >= alerts.group_from:
            yield channel, group
        else:
            yield from ((channel, [one]) for one in group)


def _send(pair: Pair, channel: str, message: list[AlertRow], ctx: Context) -> None:
    """Alerts fail open: a message that cannot be sent never stops the work."""
    ledger = Ledger(now=ctx.now)
    try:
        doubtful = [action.key for row, action in message if row.attempts]
        sent = pair.messenger.find_sent(channel, doubtful) if doubtful else frozenset()
        unsent = [action for _, action in message if action.key not in sent]
        if unsent:
            pair.messenger.send(channel, unsent)
    except TransientError as error:
        for row, _ in message:
            ledger.postponed(row, str(error), retry_after=error.retry_after)
    except (PermanentError, AuthError) as error:
        log.error("alert_not_sent", channel=channel, reason=str(error))
        for row, action in message:
            if action.alert.kind is AlertKind.GIVEN_UP:
                ledger.cancelled(row, str(error))
            else:
                ledger.buried(row, str(error))
    else:
        for row, _ in message:
            ledger.settled(row)
    pair.store.commit(ledger.commit())
