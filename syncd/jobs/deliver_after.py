"""What goes with a write of a record (a note on it, a place on a list) comes after that write."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TypeVar

from syncd.commit import OutboxRow
from syncd.domain.action import AddNote, Enlist
from syncd.domain.lead import Side
from syncd.domain.names import RecordId
from syncd.jobs.ledger import Ledger
from syncd.jobs.pair import Pair

Follower = TypeVar("Follower", AddNote, Enlist)


def due_after_writes(
    pair: Pair,
    rows: Sequence[tuple[OutboxRow, Follower]],
    waiting: Collection[RecordId],
    ledger: Ledger,
) -> list[tuple[OutboxRow, Follower]]:
    """Those that may be carried out now, on the records there are now. None tells of a write
    that has not been made yet, none is done to a record that is gone."""
    leads = pair.store.load({action.lead_id for _, action in rows})
    due = []
    for row, asked in rows:
        lead = leads.get(asked.lead_id)
        side = lead.sides.get(asked.system) if lead else None
        action = _on_present_record(asked, side)
        if action.record_id in waiting:
            ledger.postponed(row, "the write it goes with was not made yet")
        elif side and side.gone and side.record_id == action.record_id:
            ledger.cancelled(row, "the record is gone")
        else:
            due.append((row, action))
    return due


def _on_present_record(action: Follower, side: Side | None) -> Follower:
    """What is for a record that has carried on under another id is done there."""
    if side is None or action.record_id not in side.former:
        return action
    return replace(action, record_id=side.record_id, record_kind=side.seen.kind)
