"""Make one lead of two. Decides nothing about whether: `match` and people do.

Baselines stay as they are on each side, so that uniting by itself never writes anything.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

from syncd.domain.lead import Lead, Side
from syncd.domain.names import RecordId, System


def unite(kept: Lead, dropped: Lead, *, away: Collection[RecordId] = (), why: str) -> Lead:
    """The kept lead with the other's records and memories.

    Where both have a record on a side the kept lead's stays, unless it is gone or one of
    those that were merged `away`. Ids that give way stay findable.
    """
    sides = {s: side for s in System if (side := _side(kept, dropped, s, away, why)) is not None}
    return replace(_with_memories(kept, dropped), sides=sides)


def _side(
    kept: Lead, dropped: Lead, system: System, away: Collection[RecordId], why: str
) -> Side | None:
    own, other = kept.sides.get(system), dropped.sides.get(system)
    if other is None:
        return own
    joined = replace(other, why_linked=why)
    if own is None:
        return joined
    own_goes = _gives_way(own, away) and not _gives_way(other, away)
    stays, goes = (joined, own) if own_goes else (own, other)
    former = dict.fromkeys((*stays.former, goes.record_id, *goes.former))
    former.pop(stays.record_id, None)
    return replace(stays, former=tuple(former))


def _gives_way(side: Side, away: Collection[RecordId]) -> bool:
    return side.gone is not None or side.record_id in away


def _with_memories(kept: Lead, dropped: Lead) -> Lead:
    """What holds for either holds for both: rounds, refusals, contests, waivers, records a
    person set apart."""
    cool_offs = [x.cool_off_until for x in (kept, dropped) if x.cool_off_until]
    waivers = tuple(replace(x, lead_id=kept.id) for x in dropped.waivers)
    return replace(
        kept,
        stage=max(kept.stage, dropped.stage, key=lambda stage: stage.rank),
        cycle=max(kept.cycle, dropped.cycle),
        recycles=max(kept.recycles, dropped.recycles),
        cool_off_until=max(cool_offs, default=None),
        refusal=kept.refusal or dropped.refusal,
        contest=kept.contest or dropped.contest,
        waivers=(*kept.waivers, *waivers),
        nonconforming=kept.nonconforming or dropped.nonconforming,
        disputes={**dropped.disputes, **kept.disputes},
        apart=tuple(_apart(kept, dropped)),
        twin=kept.twin or dropped.twin,
    )


def _apart(kept: Lead, dropped: Lead) -> Iterator[RecordId]:
    """A record that is now the lead's own is set apart from it no longer."""
    own = {side.record_id for lead in (kept, dropped) for side in lead.sides.values()}
    yield from (x for x in dict.fromkeys((*kept.apart, *dropped.apart)) if x not in own)
