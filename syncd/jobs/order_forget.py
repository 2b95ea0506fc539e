"""Carry out what a person said of records that vanished: they were erased, forget the people.

Each is asked for once more: what is there again is not forgotten. Many are forgotten in
parts, one a cycle.
"""

from collections.abc import Sequence
from dataclasses import replace

from syncd.commit import Commit
from syncd.core.context import Context
from syncd.core.erasing import is_vanished, vanished_of
from syncd.domain.lead import Lead, Lost
from syncd.domain.order import ForgetVanished, Order
from syncd.jobs.farewell import ask_fates, forget, note_fates
from syncd.jobs.pair import Pair

PART = 1_000
"""People forgotten in one cycle."""


def forget_vanished(
    pair: Pair, order: Order, what: ForgetVanished, ctx: Context, *, part: int = PART
) -> None:
    """The next part of it. SideDown when a CRM that is asked is down: then it waits."""
    walked = _walked(pair, what, part)
    _forget_if_still_lost(pair, [x for x in walked if _is_meant(x, what)], ctx)
    if what.record_id or len(walked) < part:
        pair.store.commit(Commit(now=ctx.now, orders_done=(order.id,)))
        return
    further = replace(order, what=replace(what, after=walked[-1].id))
    pair.store.commit(Commit(now=ctx.now, orders=(further,)))


def _walked(pair: Pair, what: ForgetVanished, part: int) -> Sequence[Lead]:
    if what.record_id is None:
        return pair.store.lost(Lost.VANISHED, what.after, part)
    links = pair.store.find(what.system, [what.record_id])
    return tuple(pair.store.load(links.values()).values())


def _is_meant(lead: Lead, what: ForgetVanished) -> bool:
    side = lead.sides.get(what.system)
    return side is not None and is_vanished(side)


def _forget_if_still_lost(pair: Pair, leads: Sequence[Lead], ctx: Context) -> None:
    sides = [(lead, lead.sides[system]) for lead in leads for system in vanished_of(lead)]
    note_fates(pair, ask_fates(pair, sides, now=ctx.now), ctx)
    now = pair.store.load([lead.id for lead in leads])
    forget(pair, [lead for lead in now.values() if vanished_of(lead)], ctx)
