"""Settle writes that a later snapshot proves, so that nobody needs to read them back.

Pure. A write the vendor took and echoed stays in flight until the record is seen as it was
after it; `settle` is for writes that were read back at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from syncd.core.context import Context
from syncd.domain.copies import replace, swift
from syncd.domain.lead import Lead, Pending, Side
from syncd.domain.names import ActionKey, FieldName
from syncd.domain.record import Snapshot


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """The lead with what is proven settled, and the actions of which nothing is left."""

    lead: Lead
    actions: tuple[ActionKey, ...]


def prove(lead: Lead, ctx: Context) -> Proven:
    """What a record shows instead of our write is then an edit like any other: it was made
    after ours."""
    found = {s: dict(_proven(side)) for s, side in lead.sides.items() if side.pending}
    if not any(found.values()):
        return Proven(lead=lead, actions=())
    sides, actions = dict(lead.sides), dict[ActionKey, None]()
    for system, proven in found.items():
        if proven:
            sides[system] = _settled(sides[system], proven, ctx)
            actions |= dict.fromkeys(p.key for p in proven.values())
    left = {p.key for side in sides.values() for p in side.pending.values()}
    return Proven(
        lead=replace(lead, sides=sides), actions=tuple(key for key in actions if key not in left)
    )


def is_past(pending: Pending, field: FieldName, shown: Snapshot) -> bool:
    """Whether the record is shown as it was after this write. At the very instant of the
    write only the value tells: the stamp may be that of the moment before."""
    at = pending.written_at
    if at is None or shown.modified_at < at:
        return False
    return shown.modified_at > at or shown.values.get(field) == pending.writes


def _proven(side: Side) -> Iterator[tuple[FieldName, Pending]]:
    for field, pending in side.pending.items():
        if is_past(pending, field, side.seen):
            yield field, pending


def _settled(side: Side, proven: dict[FieldName, Pending], ctx: Context) -> Side:
    """As `settle` does it: the fields only syncd writes have no baseline."""
    ours = ctx.crm.marks.values()
    stamps = {name: p.written_at for name, p in proven.items() if p.written_at}
    return replace(
        side,
        baseline={**side.baseline, **{n: p.writes for n, p in proven.items() if n not in ours}},
        settled_at={**side.settled_at, **stamps},
        pending={n: p for n, p in side.pending.items() if n not in proven},
    )
