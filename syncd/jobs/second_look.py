"""Poll the last day once more, at leisure: has polling missed a record nobody knows?

A walk over the known records cannot find it. The pages are taken a few each cycle; a
restart in between leaves the rest to the next round.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from itertools import islice

import structlog

from syncd.core.context import Context
from syncd.core.drift import Drift
from syncd.jobs.blind import SideDown, asking
from syncd.jobs.drifting import drifted, leads_of, put_right
from syncd.jobs.pair import Pair
from syncd.jobs.recent import Recent
from syncd.ports import Page

log = structlog.get_logger()

_SPAN = timedelta(hours=25)
_PAGES = 2


def begin_second_look(pair: Pair, recent: Recent, ctx: Context) -> None:
    recent.second_look = {s: crm.poll(ctx.now - _SPAN) for s, crm in pair.crms.items()}


def second_look(pair: Pair, recent: Recent, ctx: Context) -> Counter[Drift]:
    """The next pages of both CRMs. Where one fails, its look ends for this round."""
    counts: Counter[Drift] = Counter()
    for system in tuple(recent.second_look):
        pages = recent.second_look.pop(system)
        try:
            with asking(system):
                some = list(islice(pages, _PAGES))
            counts += _held_against(pair, some, ctx)
        except SideDown as down:
            log.warning("second_look_ended", system=down.system, reason=str(down))
            continue
        if some:
            recent.second_look[system] = pages
    return counts


def _held_against(pair: Pair, pages: Sequence[Page], ctx: Context) -> Counter[Drift]:
    records = [record for page in pages for record in page.records]
    return put_right(pair, list(drifted(pair, records, leads_of(pair, records), ctx)), ctx)
