"""Look at parked records again: what made them ambiguous may have been put right elsewhere."""

from collections.abc import Sequence

from syncd.core.context import Context
from syncd.domain.names import RecordId, System
from syncd.jobs.blind import SideDown, asking
from syncd.jobs.ingest import ingest
from syncd.jobs.pair import Pair
from syncd.ports import Commit

_MOST = 1_000


def look_again(pair: Pair, ctx: Context) -> int:
    """Read the parked records anew and try to match them; the number looked at. Those a
    person said to ignore are left alone."""
    parked = [x for x in pair.store.parked() if not x.ignored][:_MOST]
    looked_at = 0
    for system in pair.crms:
        ids = [p.record_id for p in parked if p.system is system]
        try:
            looked_at += _of_side(pair, system, ids, ctx)
        except SideDown:
            continue
    return looked_at


def _of_side(pair: Pair, system: System, ids: Sequence[RecordId], ctx: Context) -> int:
    if not ids:
        return 0
    with asking(system):
        records = pair.crms[system].read(ids)
    gone = [(system, i) for i in ids if i not in records]
    if gone:
        pair.store.commit(Commit(now=ctx.now, unparked=tuple(gone)))
    return ingest(pair, tuple(records.values()), (), ctx)
