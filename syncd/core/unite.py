"""Make one lead of two. Decides nothing about whether: `match` and people do.

Baselines stay as they are on each side, so that uniting by itself never writes anything but
what was on its way already.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from syncd.core.erasing import winner_of
from syncd.core.inherit import inherit
from syncd.core.views import living, stage_seen
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.lead import MOST_ROUNDS, Lead, Side
from syncd.domain.names import STAGE, RecordId, System

_Record = tuple[System, RecordId]
_Standing = tuple[bool, bool]


def unite(
    kept: Lead,
    dropped: Lead,
    *,
    away: Collection[RecordId] = (),
    gone: Collection[RecordId] = (),
    why: str,
) -> Lead:
    """The kept lead with the other's records and memories.

    Where both have a record on a side the kept lead's stays, unless it was merged `away` or
    is gone, and the other is better off. Ids that give way stay findable. `gone` are records
    that are so by now, though neither lead knows it yet.
    """
    ranks = {
        (side.system, side.record_id): _standing(side, away, gone)
        for lead in (kept, dropped)
        for side in lead.sides.values()
    }
    sides = {s: side for s in System if (side := _side(kept, dropped, s, ranks, why)) is not None}
    united = replace(_with_memories(kept, dropped), sides=sides)
    return inherit(united, kept, dropped, away=away)


def stages_apart(lead: Lead, *, now: datetime) -> Iterator[AuditEntry]:
    """A record that shows another stage than the lead has is told of, as at first sight, and
    not moved."""
    for side in living(lead):
        shown = stage_seen(side)
        if shown is not None and shown is not lead.stage:
            why = f"the record shows {shown}, the lead is {lead.stage}"
            facts = {"field": STAGE, "system": side.system.value, "why": why}
            yield AuditEntry(
                at=now, kind=AuditKind.DISAGREEMENT, lead_id=lead.id, facts=facts, personal={}
            )


def _side(
    kept: Lead, dropped: Lead, system: System, ranks: Mapping[_Record, _Standing], why: str
) -> Side | None:
    own, other = kept.sides.get(system), dropped.sides.get(system)
    if other is None:
        return own
    joined = replace(other, why_linked=why)
    if own is None:
        return joined
    own_goes = ranks[system, own.record_id] < ranks[system, other.record_id]
    stays, goes = (joined, own) if own_goes else (own, other)
    former = dict.fromkeys((*stays.former, goes.record_id, *goes.former))
    former.pop(stays.record_id, None)
    return replace(stays, former=tuple(former))


def _standing(side: Side, away: Collection[RecordId], gone: Collection[RecordId]) -> _Standing:
    """A record that was merged away never comes back; one that is gone may."""
    is_merged = side.record_id in away or winner_of(side) is not None
    return not is_merged, side.gone is None and side.record_id not in gone


def _with_memories(kept: Lead, dropped: Lead) -> Lead:
    """What holds for either holds for both: rounds, refusals, contests, waivers, records a
    person set apart."""
    cool_offs = [x.cool_off_until for x in (kept, dropped) if x.cool_off_until]
    recycled = [x.recycled_at for x in (kept, dropped) if x.recycled_at]
    rounds = sorted((*kept.rounds, *dropped.rounds), key=lambda x: x.closed_at)
    waivers = tuple(replace(x, lead_id=kept.id) for x in dropped.waivers)
    unjudged = tuple(replace(x, lead_id=kept.id) for x in dropped.unjudged)
    asked = (replace(x, waiver=replace(x.waiver, lead_id=kept.id)) for x in dropped.asked)
    return replace(
        kept,
        stage=max(kept.stage, dropped.stage, key=lambda stage: stage.rank),
        cycle=max(kept.cycle, dropped.cycle),
        recycles=max(kept.recycles, dropped.recycles),
        cool_off_until=max(cool_offs, default=None),
        refusal=kept.refusal or dropped.refusal,
        contest=kept.contest or dropped.contest,
        recycled_at=max(recycled, default=None),
        rounds=tuple(rounds[-MOST_ROUNDS:]),
        waivers=(*kept.waivers, *waivers),
        unjudged=(*kept.unjudged, *unjudged),
        asked=(*kept.asked, *asked),
        nonconforming=kept.nonconforming or dropped.nonconforming,
        disputes={**dropped.disputes, **kept.disputes},
        apart=tuple(_apart(kept, dropped)),
        twin=kept.twin or dropped.twin,
    )


def _apart(kept: Lead, dropped: Lead) -> Iterator[RecordId]:
    """A record that is now the lead's own is set apart from it no longer."""
    own = {side.record_id for lead in (kept, dropped) for side in lead.sides.values()}
    yield from (x for x in dict.fromkeys((*kept.apart, *dropped.apart)) if x not in own)
