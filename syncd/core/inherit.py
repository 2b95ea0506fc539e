"""Writes in flight to a record that gives way when two leads become one.

They are never made there any more. Of a record that was merged, what they wanted is written
to the one that stays, where that shows what they were to replace; over anything else nothing
is written, and that is told. Pure; `carry.send_again` does the writing.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from syncd.core.carry import orphan
from syncd.core.views import coming, covers
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.lead import Lead, Pending, Side
from syncd.domain.names import STAGE, FieldName, RecordId


def inherit(united: Lead, *leads: Lead, away: Collection[RecordId]) -> Lead:
    """The lead these two became, with what was on its way to records merged `away`."""
    for lead, side in _giving_way(united, leads):
        if side.record_id in away:
            heir = united.sides[side.system]
            again = {n: orphan(p) for n, p in side.pending.items() if _fits(n, p, heir, united)}
            if not _keeps_partner(united, lead, side):
                again = {n: p for n, p in again.items() if n == STAGE}
            heir = replace(heir, pending={**again, **heir.pending})
            united = replace(united, sides={**united.sides, heir.system: heir})
    return united


def left_behind(united: Lead, *leads: Lead, now: datetime) -> Iterator[AuditEntry]:
    """A disagreement for each value that was on its way and does not arrive. Of stages
    `stages_apart` tells."""
    for lead, side in _giving_way(united, leads):
        heir = united.sides[side.system]
        for name, pending in side.pending.items() if _keeps_partner(united, lead, side) else ():
            if name != STAGE and coming(heir, name) != pending.writes:
                why = f"it was on its way to {side.record_id}; {heir.record_id} keeps its own"
                facts = {"field": name, "system": side.system.value, "why": why}
                yield AuditEntry(
                    at=now, kind=AuditKind.DISAGREEMENT, lead_id=united.id, facts=facts, personal={}
                )


def _giving_way(united: Lead, leads: Collection[Lead]) -> Iterator[tuple[Lead, Side]]:
    """The sides whose record is not the united lead's, each with the lead it was of."""
    for lead in leads:
        for system, side in lead.sides.items():
            if united.sides[system].record_id != side.record_id:
                yield lead, side


def _keeps_partner(united: Lead, lead: Lead, side: Side) -> bool:
    """Whether the record a value came from is still the lead's."""
    source, now = (x.sides.get(side.system.other) for x in (lead, united))
    return source is not None and now is not None and source.record_id == now.record_id


def _fits(name: FieldName, pending: Pending, heir: Side, united: Lead) -> bool:
    """Whether the heir shows what the write was to replace, and has none of its own in flight.
    A stage the lead does not have any more is out of date."""
    if name in heir.pending or name not in heir.seen.values:
        return False
    if name == STAGE and pending.writes != united.stage:
        return False
    shown = heir.seen.values[name]
    return shown != pending.writes and covers(pending, name, shown)
