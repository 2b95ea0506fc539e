"""Forget an erased person: what leaves the store, and what is left alone from then on (P10).

Pure. Nothing in here, and nothing made in here, holds a personal value.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from syncd.core.alerting_ops import erased_alert
from syncd.domain.action import SendAlert
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.decision import Parked
from syncd.domain.lead import Lead, Side
from syncd.domain.names import System

DELETED = "deleted"
VANISHED = "cannot be found any more"
"""What a side is called while more records vanished at once than people are erased."""
_NOT_THERE = "it was erased: link it by hand should it be there again"
_USUAL = 10
_SHARE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Farewell:
    """All that is left of a person: ids, and that there was an erasure."""

    audit: tuple[AuditEntry, ...]
    parked: tuple[Parked, ...]
    alerts: tuple[SendAlert, ...]


def may_be_erased(side: Side) -> bool:
    """What was merged away lives on in another record, however its own is emptied later."""
    return side.gone in (None, DELETED, VANISHED)


def is_too_many(vanished: int, looked_at: int) -> bool:
    """Records that vanish by the dozen are more likely hidden from us (a permission, a sharing
    rule) than erased: a person looks before anything is forgotten."""
    return vanished > max(_USUAL, looked_at * _SHARE)


def farewell(lead: Lead, erased: Collection[System], *, now: datetime) -> Farewell:
    """Every record of the lead is left alone: the erased one, should an index still show it,
    and those of the other CRM, from which the person would be made anew."""
    gone = [side for side in lead.sides.values() if side.system in erased]
    left = [s for s in lead.sides.values() if s.system not in erased and may_be_erased(s)]
    words = " and ".join(f"{side.system.label} {side.record_id}" for side in gone)
    why = f"its person was erased in {gone[0].system.label}: link it by hand if you may keep it"
    return Farewell(
        audit=tuple(_entry(lead, side, now) for side in gone),
        parked=tuple(
            Parked(
                system=side.system,
                record_id=side.record_id,
                why=_NOT_THERE if side in gone else why,
                candidates=(),
                since=now,
                ignored=True,
            )
            for side in (*gone, *left)
        ),
        alerts=tuple(_alerts(words, left, now)),
    )


def _alerts(words: str, left: Sequence[Side], now: datetime) -> Sequence[SendAlert]:
    return [
        erased_alert(words, (side.system, side.record_id), now=now)
        for side in left
        if not side.gone
    ]


def _entry(lead: Lead, side: Side, now: datetime) -> AuditEntry:
    facts = {"system": side.system.value, "record": side.record_id}
    return AuditEntry(at=now, kind=AuditKind.ERASED, lead_id=lead.id, facts=facts, personal={})
