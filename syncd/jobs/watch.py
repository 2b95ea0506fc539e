"""While reconciliation has to wait: ask what became of records that are known to be lost.

Ids only, and a bounded number of them, so that who was erased does not stay because calls
run short or the other CRM is down.
"""

from collections.abc import Collection

import structlog

from syncd.core.context import Context
from syncd.domain.lead import Lost
from syncd.domain.names import System
from syncd.jobs.blind import SideDown
from syncd.jobs.farewell import Sides, ask_fates, forget_the_erased, note_fates
from syncd.jobs.pair import Pair
from syncd.jobs.recent import Recent

log = structlog.get_logger()

_MOST = 1_000


def watch_the_lost(pair: Pair, recent: Recent, ctx: Context, *, down: Collection[System]) -> int:
    """The people forgotten. SideDown when the account of a CRM cannot be asked for."""
    deleted = pair.store.lost(Lost.DELETED, recent.watched, _MOST)
    recent.watched = deleted[-1].id if len(deleted) == _MOST else None
    leads = (*deleted, *pair.store.lost(Lost.VANISHED, None, _MOST))
    for system in pair.crms.keys() - set(down):
        _ask(pair, [(x, s) for x in leads if (s := x.sides.get(system)) and s.gone], ctx)
    return forget_the_erased(pair, ctx)


def _ask(pair: Pair, sides: Sides, ctx: Context) -> None:
    try:
        note_fates(pair, ask_fates(pair, sides, now=ctx.now), ctx)
    except SideDown as problem:
        log.warning("lost_not_asked_for", system=problem.system, reason=str(problem))
