"""Tell whose stage history is worth a call. It decides nothing: the core judges what comes back.

A record that shows the stage it had may still have been moved there and back. Such moves are
found with whatever call is made anyway; in a bulk edit they wait for the record's next one,
which tells the whole history since the last step known.
"""

from collections.abc import Iterator
from datetime import datetime
from math import ceil

from syncd.core.carry import is_of
from syncd.core.context import Context
from syncd.domain.lead import Side
from syncd.domain.names import STAGE, RecordId, System
from syncd.domain.record import Snapshot
from syncd.jobs.linking import Linked

_ONE_CALL = 50
"""Histories a call brings at least, whichever the vendor."""


def may_have_moved(linked: Linked, system: System, ctx: Context) -> dict[RecordId, datetime]:
    """Records whose moves count, and since when. First sight of a record from before
    `enforce_from` is not a move."""
    moved: dict[RecordId, datetime] = {}
    still: dict[RecordId, datetime] = {}
    for side, snapshot in _seen(linked, system):
        if side and is_of(snapshot, side):
            known = still if _shows_no_move(side, snapshot) else moved
            known[snapshot.record_id] = side.stage_since
        elif snapshot.created_at >= ctx.enforce_from:
            moved[snapshot.record_id] = snapshot.created_at
    room = max(1, ceil(len(moved) / _ONE_CALL)) * _ONE_CALL
    return moved | still if len(moved) + len(still) <= room else moved


def _seen(linked: Linked, system: System) -> Iterator[tuple[Side | None, Snapshot]]:
    for lead_id, sides in linked.snapshots.items():
        snapshot = sides.get(system)
        if snapshot and not snapshot.deleted:
            yield linked.leads[lead_id].sides.get(system), snapshot


def _shows_no_move(side: Side, snapshot: Snapshot) -> bool:
    """Nothing about its stage is new, in flight or undecided."""
    if snapshot.record_id != side.record_id or STAGE in side.pending or side.last_move:
        return False
    return snapshot.values.get(STAGE) == side.seen.values.get(STAGE) == side.baseline.get(STAGE)
