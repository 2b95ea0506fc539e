"""Forget an erased person: what leaves the store, and what is left alone from then on (P10).

A record that a CRM no longer keeps in its recycle bin is no erased person: only that record is
forgotten. Records that vanish by the dozen are no erased people either, until a person says
so. Pure. Nothing made in here holds a personal value.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syncd.core.alerting_ops import erased_alert
from syncd.domain.action import SendAlert
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.decision import Parked
from syncd.domain.lead import Lead, Lost, Side
from syncd.domain.names import RecordId, System
from syncd.domain.record import Fate

DELETED = "deleted"
VANISHED = "cannot be found any more"
"""What a side is called until it is forgotten: when the round of reconciliation is over, or
when a person says so."""
_MERGED = "merged into "
LEFT_THE_BIN = "left the recycle bin"
_BIN_KEEPS = {System.SALESFORCE: timedelta(days=15)}
"""How long a CRM keeps what was deleted before it forgets it by itself. HubSpot's archive is
not among them: what leaves that was erased."""
_NOT_THERE = "it was erased: link it by hand should it be there again"
_USUAL = 10
_SHARE = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Farewell:
    """All that is left of a person: ids, and that there was an erasure."""

    audit: tuple[AuditEntry, ...]
    parked: tuple[Parked, ...]
    alerts: tuple[SendAlert, ...]


def may_be_erased(side: Side) -> bool:
    """What was merged away lives on in another record, however its own is emptied later."""
    return side.gone in (None, DELETED, VANISHED)


def lost_of(lead: Lead) -> Lost | None:
    """As what the lead is to be found; what vanished comes before what was deleted."""
    gone = [side for side in lead.sides.values() if side.gone]
    if any(map(is_vanished, gone)):
        return Lost.VANISHED
    return Lost.DELETED if any(side.gone == DELETED for side in gone) else None


def vanished_of(lead: Lead) -> tuple[System, ...]:
    return tuple(s for s, side in lead.sides.items() if is_vanished(side))


def is_vanished(side: Side) -> bool:
    return side.gone is not None and side.gone.endswith(VANISHED)


def winner_of(side: Side) -> RecordId | None:
    """The record that a merged one lives on in."""
    if not side.gone or not side.gone.startswith(_MERGED):
        return None
    return RecordId(side.gone.removeprefix(_MERGED).split(",")[0])


def vanish(lead: Lead, system: System, *, now: datetime) -> Lead:
    """Nothing is written to it any more."""
    side = lead.sides[system]
    gone = f"{side.gone}, {VANISHED}" if winner_of(side) else VANISHED
    side = replace(side, gone=gone, gone_at=side.gone_at or now, pending={})
    return replace(lead, sides={**lead.sides, system: side})


def found_again(lead: Lead, system: System, fate: Fate) -> Lead:
    """What was only hidden is as it was: its baselines stand."""
    side = lead.sides[system]
    deleted = DELETED if fate is Fate.BINNED else None
    winner = winner_of(side)
    gone = f"{_MERGED}{winner}" if winner else deleted
    side = replace(side, gone=gone, gone_at=side.gone_at if gone else None)
    return replace(lead, sides={**lead.sides, system: side})


def counts_for_its_losers(winner: Side, record_id: RecordId, *, now: datetime) -> bool:
    """Whether those who were merged into this record are erased when it is. One that was
    merged further, or has merely left the recycle bin, says nothing of them."""
    is_it = winner.record_id == record_id
    return is_it and may_be_erased(winner) and not _has_left_the_bin(winner, now)


def never_empties_its_bin(system: System) -> bool:
    """Whether a record that this CRM finds nowhere was erased, even where nobody had it, so
    that when it was deleted is not known."""
    return system not in _BIN_KEEPS


def most_erased(linked: int) -> int:
    """So many may vanish between two rounds, of so many linked leads, and count as erased.
    More are likelier hidden from us (a permission, a sharing rule): a person says which."""
    return max(_USUAL, int(linked * _SHARE))


def has_only_left_the_bin(lead: Lead, vanished: Collection[System], *, now: datetime) -> bool:
    """Whether the lead lives on without the records that vanished: they had been deleted so
    long ago that nobody need have asked for it, and it has another."""
    left = [side for side in lead.sides.values() if side.system not in vanished]
    return any(may_be_erased(side) for side in left) and all(
        _has_left_the_bin(lead.sides[system], now) for system in vanished
    )


def _has_left_the_bin(side: Side, now: datetime) -> bool:
    keeps = _BIN_KEEPS.get(side.system)
    if keeps is None or side.gone != DELETED or side.gone_at is None:
        return False
    return now - side.gone_at >= keeps


def without_record(lead: Lead, system: System, *, now: datetime) -> tuple[Lead, AuditEntry]:
    """The lead with nothing of its record there but the ids. A person deleted it, so none is
    made in its place."""
    side = lead.sides[system]
    lead = replace(
        lead,
        sides={s: x for s, x in lead.sides.items() if s is not system},
        disputes={},
        apart=tuple(dict.fromkeys((*lead.apart, side.record_id, *side.former))),
    )
    return lead, _entry(lead, side, AuditKind.GONE, now, why=LEFT_THE_BIN)


def farewell(lead: Lead, erased: Collection[System], *, now: datetime) -> Farewell:
    """Every record of the lead is left alone: the erased one, should an index still show it,
    and those of the other CRM, from which the person would be made anew."""
    gone = [side for side in lead.sides.values() if side.system in erased]
    left = [s for s in lead.sides.values() if s.system not in erased and may_be_erased(s)]
    words = " and ".join(f"{side.system.label} {side.record_id}" for side in gone)
    why = f"its person was erased in {gone[0].system.label}: link it by hand if you may keep it"
    return Farewell(
        audit=tuple(_entry(lead, side, AuditKind.ERASED, now) for side in gone),
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


def _entry(lead: Lead, side: Side, kind: AuditKind, now: datetime, **facts: str) -> AuditEntry:
    record = {"system": side.system.value, "record": side.record_id}
    return AuditEntry(at=now, kind=kind, lead_id=lead.id, facts={**record, **facts}, personal={})
