"""Look at parked records again: what made them ambiguous may have been put right elsewhere."""

from collections.abc import Callable, Sequence

from syncd.commit import Commit
from syncd.core.context import Context
from syncd.domain.names import RecordId, System
from syncd.jobs.blind import SideDown, asking
from syncd.jobs.pair import Pair
from syncd.jobs.recent import Recent
from syncd.jobs.take_in import take_in

_MOST = 1_000

_Key = tuple[System, RecordId]


def look_again(
    pair: Pair, recent: Recent, ctx: Context, *, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Read the next parked records anew and try to match them; the number looked at. After
    the last of them comes the first again. Those a person said to ignore are left alone."""
    parked = _next_ones(pair, recent)
    looked_at = 0
    for system in pair.crms:
        if stopping():
            break
        ids = [record_id for s, record_id in parked if s is system]
        try:
            looked_at += _of_side(pair, system, ids, ctx)
        except SideDown:
            continue
    return looked_at


def _next_ones(pair: Pair, recent: Recent) -> Sequence[_Key]:
    waiting = sorted((x.system, x.record_id) for x in pair.store.parked() if not x.ignored)
    before = recent.looked_at_parked
    ahead = [x for x in waiting if before is None or x > before]
    some = (ahead + [x for x in waiting if before is not None and x <= before])[:_MOST]
    recent.looked_at_parked = some[-1] if some else None
    return some


def _of_side(pair: Pair, system: System, ids: Sequence[RecordId], ctx: Context) -> int:
    if not ids:
        return 0
    with asking(system):
        records = pair.crms[system].read(ids)
    over = tuple((system, i) for i in ids if i not in records or records[i].id != i)
    if over:  # what carries on under another id is parked anew where it must wait
        pair.store.commit(Commit(now=ctx.now, unparked=over))
    return take_in(pair, tuple(records.values()), (), ctx)
