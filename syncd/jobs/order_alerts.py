"""Carry out what people say about an alert: that it was not worth reading."""

from dataclasses import replace

from syncd.commit import Commit
from syncd.core.context import Context
from syncd.domain.message import Message
from syncd.domain.order import MarkAlert, Order
from syncd.jobs.pair import Pair


def mark_alert(pair: Pair, order: Order, what: MarkAlert, ctx: Context) -> None:
    """The first one to say so is kept; of an alert long forgotten nothing is."""
    known = pair.store.messages([what.alert_key]).get(what.alert_key)
    marked = (_marked(known, order.by),) if known else ()
    pair.store.commit(Commit(now=ctx.now, messages=marked, orders_done=(order.id,)))


def _marked(message: Message, by: str) -> Message:
    return replace(message, not_useful_by=message.not_useful_by or by)
