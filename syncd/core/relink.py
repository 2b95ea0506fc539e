"""Link and unlink records by a person's word.

Nothing is ever written because of it: what each side shows becomes its baseline. What cannot
be done is said in words, before anything is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from syncd.core.handoff import by_syncd, close, still_due
from syncd.core.match import is_busy, is_taken_on
from syncd.core.unite import unite
from syncd.core.views import stage_seen
from syncd.domain.handoff import Handoff, HandoffState
from syncd.domain.lead import Lead, Move, Side
from syncd.domain.names import FieldName, LeadId, RecordId, System
from syncd.domain.record import Snapshot
from syncd.domain.stage import Stage
from syncd.domain.values import Unreadable, Value

BY_HAND = "a person's word"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """`kept` goes on without the record; `freed` is the record's own lead now."""

    kept: Lead
    freed: Lead
    closed: tuple[Handoff, ...] = ()


def why_not_part(lead: Lead, system: System) -> str | None:
    """Why the lead cannot let go of its record on this side; None when it can."""
    if system not in lead.sides:
        return f"it has no record in {system.label}"
    if system.other not in lead.sides:
        return f"{lead.sides[system].record_id} in {system.label} is its only record"
    return None


def part(lead: Lead, system: System, *, freed: LeadId, now: datetime) -> Parted:
    """Two leads of one. Each remembers the other's records, so that no address, id or
    property joins them again."""
    gone, rest = lead.sides[system], lead.sides[system.other]
    kept = replace(
        lead,
        sides={rest.system: _calm(rest)},
        stage=stage_seen(rest) or lead.stage,
        move=_left_of(lead.move, system),
        disputes={},
        apart=tuple(dict.fromkeys((*lead.apart, *_ids(gone)))),
    )
    other = Lead(
        id=freed,
        cycle=1,
        stage=stage_seen(gone) or Stage.NONE,
        first_seen_at=now,
        sides={system: _calm(gone)},
        apart=_ids(rest),
    )
    return _without_stray_handoff(Parted(kept=kept, freed=other), now)


def _ids(side: Side) -> tuple[RecordId, ...]:
    return side.record_id, *side.former


def _calm(side: Side) -> Side:
    """Settled as it is shown, with nothing in flight."""
    shown: dict[FieldName, Value] = {
        name: seen for name, seen in side.seen.values.items() if not isinstance(seen, Unreadable)
    }
    return replace(side, baseline={**side.baseline, **shown}, pending={}, why_linked="")


def _left_of(move: Move | None, system: System) -> Move | None:
    """A move that waits in its grace goes on where it was made."""
    if move is None:
        return None
    sides = tuple(x for x in move.sides if x is not system)
    return replace(move, sides=sides) if sides else None


def _without_stray_handoff(parted: Parted, now: datetime) -> Parted:
    """A handoff is of an MQL, or one that sales took on: a lead that turns out to be neither
    has none to keep."""
    handoff = parted.kept.handoff
    if handoff is None or parted.kept.stage in (Stage.MQL, Stage.SAL):
        return parted
    over = close(handoff, by_syncd(HandoffState.SUPERSEDED, at=now), because="unlinked")
    unjudged = (*parted.kept.unjudged, *still_due(over))
    return replace(
        parted, kept=replace(parted.kept, handoff=None, unjudged=unjudged), closed=(over,)
    )


def why_not_link(lead: Lead, system: System, record: RecordId, holder: Lead | None) -> str | None:
    """Why this record cannot become the lead's; None when it can. `holder` is the lead it
    belongs to now."""
    own, partner = lead.sides.get(system), lead.sides.get(system.other)
    if partner is None or partner.gone:
        return f"the lead has no record in {system.other.label} to link it with"
    if own and own.record_id == record:
        return "it is linked already"
    if holder is None:
        return None
    return _why_not_unite(lead, holder, system)


def _why_not_unite(lead: Lead, holder: Lead, system: System) -> str | None:
    side, partner = holder.sides[system], holder.sides.get(system.other)
    if holder.id == lead.id:
        return f"it is what the lead's record {side.record_id} was before"
    if side.gone:
        return f"it is {side.gone}"
    if partner and not partner.gone:
        return (
            f"it is linked with {system.other.label} {partner.record_id}: unlink it first "
            f"(`syncd links unlink {holder.id} {system}`)"
        )
    if is_busy(lead) and is_busy(holder):
        return "both leads have a handoff or a move open: wait until one of them is over"
    return None


def let_go(lead: Lead, system: System, *, freed: LeadId, now: datetime) -> Parted | None:
    """Make room on this side; None where there is no record to let go. One that is gone is
    forgotten: should it come back, it is looked at anew."""
    side = lead.sides.get(system)
    if side is None or side.gone:
        return None
    return part(lead, system, freed=freed, now=now)


def without_gone(lead: Lead, system: System) -> Lead:
    side = lead.sides.get(system)
    if side is None or not side.gone:
        return lead
    return replace(lead, sides=_others(lead.sides, system))


def _others(sides: Mapping[System, Side], system: System) -> dict[System, Side]:
    return {s: side for s, side in sides.items() if s is not system}


def joined(lead: Lead, holder: Lead, system: System) -> tuple[Lead, LeadId]:
    """One lead of the two, and the id that is dropped. The lead a person named keeps its
    name, unless something is under way with the other one."""
    side = replace(holder.sides[system], why_linked=BY_HAND)
    holder = replace(holder, sides={system: side})
    holder_stays = is_busy(holder) or (is_taken_on(holder) and lead.handoff is None)
    keep, drop = (holder, lead) if holder_stays else (lead, holder)
    united = unite(keep, drop, why=BY_HAND)
    return replace(united, sides={**united.sides, system: side}), drop.id


def no_longer_apart(lead: Lead, snapshot: Snapshot) -> Lead:
    """A record that is to be the lead's own is set apart from it no longer."""
    mine = {snapshot.record_id, *snapshot.former}
    return replace(lead, apart=tuple(x for x in lead.apart if x not in mine))
