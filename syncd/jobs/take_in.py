"""Take in records of which one may crash us: it is found by halving, parked, and the others go on.

When many do, the records are not to blame: then nothing is hidden and the error goes on.
"""

from collections.abc import Collection, Sequence

import structlog

from syncd.commit import Commit
from syncd.core.context import Context
from syncd.domain.decision import Parked
from syncd.domain.record import Record
from syncd.errors import LeaseLost, StoreError, WrongAccount
from syncd.jobs.blind import SideDown
from syncd.jobs.ingest import Key, ingest
from syncd.jobs.pair import Pair

log = structlog.get_logger()

_MOST_CRASHES = 0.05
"""Of a batch so large a share, or ten records: when more crash us, they are not to blame."""
_NO_FAULT_OF_A_RECORD = (SideDown, LeaseLost, StoreError, WrongAccount)


def take_in(pair: Pair, records: Sequence[Record], touched: Collection[Key], ctx: Context) -> int:
    """As `ingest`; the number of leads decided. A parked record is looked at again each hour."""
    try:
        return ingest(pair, records, touched, ctx)
    except _NO_FAULT_OF_A_RECORD:
        raise
    except Exception:
        if not records:
            raise
        log.exception("batch_not_taken_in", records=len(records))
    most = max(10, int(len(records) * _MOST_CRASHES))
    decided = _by_halves(pair, records, ctx, crashed=[], most=most)
    return decided + (ingest(pair, (), touched, ctx) if touched else 0)


def _by_halves(
    pair: Pair, records: Sequence[Record], ctx: Context, *, crashed: list[Record], most: int
) -> int:
    try:
        return ingest(pair, records, (), ctx)
    except _NO_FAULT_OF_A_RECORD:
        raise
    except Exception:
        if len(records) == 1:
            crashed += records
            if len(crashed) > most:
                raise
            _pass_by(pair, records[0], ctx)
            return 0
    middle = len(records) // 2
    halves = (records[:middle], records[middle:])
    return sum(_by_halves(pair, half, ctx, crashed=crashed, most=most) for half in halves)


def _pass_by(pair: Pair, record: Record, ctx: Context) -> None:
    log.exception("record_not_taken_in", system=record.system, record=record.id)
    parked = Parked(
        system=record.system,
        record_id=record.id,
        why="a bug in syncd: see record_not_taken_in in the log",
        candidates=(),
        since=ctx.now,
    )
    pair.store.commit(Commit(now=ctx.now, parked=(parked,)))
