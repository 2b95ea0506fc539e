"""Carry out what people ordered since the last cycle, on the command line or in Slack."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import assert_never

import structlog

from syncd.commit import Commit
from syncd.core.alerting_ops import order_given_up_alert
from syncd.core.backoff import next_attempt
from syncd.core.context import Context
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.names import ActionKey
from syncd.domain.order import (
    AcceptHandoff,
    AnswerWaiver,
    ApplyPlan,
    AskWaiver,
    ForgetVanished,
    GrantWaiver,
    IgnoreRecord,
    LinkRecord,
    MarkAlert,
    Order,
    RejectHandoff,
    ReleaseLead,
    RepairField,
    ResolveDispute,
    SnoozeHandoff,
    UnlinkRecord,
    WithdrawOrder,
)
from syncd.errors import AuthError, LeaseLost, StoreError, TransientError, WrongAccount
from syncd.jobs.blind import SideDown
from syncd.jobs.order_alerts import mark_alert
from syncd.jobs.order_disputes import resolve_dispute
from syncd.jobs.order_forget import forget_vanished
from syncd.jobs.order_handoffs import take_answer
from syncd.jobs.order_leads import change_lead
from syncd.jobs.order_links import ignore_record, link_record, unlink_record
from syncd.jobs.order_plan import apply_plan
from syncd.jobs.order_repair import carry_out_repair
from syncd.jobs.order_withdraw import withdraw_order
from syncd.jobs.pair import Pair
from syncd.store_ports import Store

log = structlog.get_logger()


def carry_out_orders(
    pair: Pair, ctx: Context, *, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Each order in its own commit, together with what follows from it; how many were taken
    up. One that cannot be carried out stops no other. What is taken back is so before more of
    it is done."""
    taken = 0
    for order in _in_turn(pair.store):
        if stopping():
            break
        if order.not_before is None or order.not_before <= ctx.now:
            taken += 1
            _try(pair, order, ctx)
    return taken


def _in_turn(store: Store) -> Iterator[Order]:
    """What is to be taken back first, then what that left, in the order it was placed."""
    waiting = store.waiting()
    if withdrawals := [x for x in waiting if isinstance(x.what, WithdrawOrder)]:
        yield from withdrawals
        waiting = store.waiting()
    yield from waiting


def _try(pair: Pair, order: Order, ctx: Context) -> None:
    try:
        _carry_out(pair, order, ctx)
    except (LeaseLost, StoreError, WrongAccount):
        raise
    except (SideDown, TransientError, AuthError) as error:
        log.warning("order_waits", order=order.id, reason=str(error))
    except Exception:
        log.exception("order_crashed", order=order.id)
        _put_off(pair, order, ctx)


def _carry_out(pair: Pair, order: Order, ctx: Context) -> None:
    match order.what:
        case GrantWaiver() | ReleaseLead():
            change_lead(pair, order, order.what, ctx)
        case ApplyPlan():
            apply_plan(pair, order, order.what, ctx)
        case LinkRecord():
            link_record(pair, order, order.what, ctx)
        case UnlinkRecord():
            unlink_record(pair, order, order.what, ctx)
        case IgnoreRecord():
            ignore_record(pair, order, order.what, ctx)
        case ForgetVanished():
            forget_vanished(pair, order, order.what, ctx)
        case ResolveDispute():
            resolve_dispute(pair, order, order.what, ctx)
        case RepairField():
            carry_out_repair(pair, order, order.what, ctx)
        case WithdrawOrder():
            withdraw_order(pair, order, order.what, ctx)
        case AcceptHandoff() | RejectHandoff() | SnoozeHandoff() | AskWaiver() | AnswerWaiver():
            take_answer(pair, order, order.what, ctx)
        case MarkAlert():
            mark_alert(pair, order, order.what, ctx)
        case _:
            assert_never(order.what)


def _put_off(pair: Pair, order: Order, ctx: Context) -> None:
    """As long as an effect is tried, an order is: a version without the bug may come meanwhile."""
    until = next_attempt(order.tries, key=ActionKey(order.id), now=ctx.now)
    if until is not None:
        later = replace(order, tries=order.tries + 1, not_before=until)
        pair.store.commit(Commit(now=ctx.now, orders=(later,)))
        return
    facts = {"key": f"order {order.id}", "why": "a bug in syncd: see order_crashed in the log"}
    entry = AuditEntry(at=ctx.now, kind=AuditKind.GIVEN_UP, lead_id=None, facts=facts, personal={})
    alert = order_given_up_alert(order, now=ctx.now)
    pair.store.commit(
        Commit(now=ctx.now, audit=(entry,), actions=(alert,), orders_done=(order.id,))
    )
