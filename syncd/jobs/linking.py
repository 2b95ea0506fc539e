"""Find the lead of each record just read: look every clue up in batches, then match one by one."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from syncd.core.inherit import left_behind
from syncd.core.match import Ambiguous, Joins, Known, New, Unite, match, merged
from syncd.core.unite import stages_apart, unite
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.decision import Parked
from syncd.domain.lead import Lead, Side
from syncd.domain.names import LeadId, RecordId, System
from syncd.domain.record import Snapshot
from syncd.domain.stage import Stage
from syncd.jobs.stored_links import StoredLinks
from syncd.jobs.traces import DELETED, MERGED, Traces, is_over, order
from syncd.store_ports import LeadStore


@dataclass(slots=True, kw_only=True)
class Linked:
    """Which snapshots belong to which lead; grows while a batch is matched, so that two
    records of one new person in the same batch become one lead. `why` names the clue by
    which a record joined its lead just now; `over` are records that need no lead any more, with
    the one they ended in."""

    leads: dict[LeadId, Lead]
    snapshots: dict[LeadId, dict[System, Snapshot]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    parked: list[Parked] = field(default_factory=list)
    dissolved: dict[LeadId, LeadId] = field(default_factory=dict)
    audit: list[AuditEntry] = field(default_factory=list)
    why: dict[tuple[System, RecordId], str] = field(default_factory=dict)
    over: dict[tuple[System, RecordId], LeadId | None] = field(default_factory=dict)


def link(store: LeadStore, snapshots: Sequence[Snapshot], *, now: datetime) -> Linked:
    """Match a batch. Ambiguous records are parked; what a person said to ignore is left out."""
    stored = StoredLinks.look_up(store, snapshots)
    held = stored.held(snapshots)
    return _match(store, snapshots, stored, now) if held is None else _as_stored(held)


def _as_stored(held: Sequence[tuple[Lead, Snapshot]]) -> Linked:
    """In the order in which they would have been matched."""
    linked = Linked(leads={lead.id: lead for lead, _ in held})
    for lead, snapshot in sorted(held, key=lambda x: order(x[1], x[0])):
        linked.snapshots[lead.id][snapshot.system] = snapshot
    return linked


def _match(
    store: LeadStore, snapshots: Sequence[Snapshot], stored: StoredLinks, now: datetime
) -> Linked:
    ignored = {s: store.ignored(s, _ids(s, snapshots)) for s in {x.system for x in snapshots}}
    snapshots = [s for s in snapshots if s.record_id not in ignored[s.system]]
    seen = Traces.look_up(store, snapshots, stored)
    linked = Linked(leads=dict(seen.leads))
    snapshots = sorted(snapshots, key=seen.order)
    for snapshot in snapshots:
        if before := _left_alone(snapshot, seen, ignored[snapshot.system]):
            why = f"{before}, left alone, became this one"
            linked.parked.append(_parked(snapshot, (), why, now))
        else:
            _match_one(snapshot, seen, linked, now)
    _match_again(snapshots, seen, linked, now)
    return linked


def _match_again(
    snapshots: Sequence[Snapshot], seen: Traces, linked: Linked, now: datetime
) -> None:
    """Of leads that a merge left apart, for each had a partner of its own, one may have lost it
    by what was matched after that."""
    parked = {(x.system, x.record_id) for x in linked.parked}
    for snapshot in snapshots:
        records = {(snapshot.system, x) for x in (snapshot.record_id, *snapshot.former)}
        if parked.isdisjoint(records) and seen.stays_apart(snapshot):
            _match_one(snapshot, seen, linked, now)


def _ids(system: System, snapshots: Iterable[Snapshot]) -> list[RecordId]:
    return [x for s in snapshots if s.system is system for x in (s.record_id, *s.former)]


def _left_alone(snapshot: Snapshot, seen: Traces, ignored: Collection[RecordId]) -> RecordId | None:
    """The ignored record that this one carries on for, where it is nobody's by now: somebody
    who was erased must not come back as the contact their lead became."""
    if any((snapshot.system, x) in seen.links for x in (snapshot.record_id, *snapshot.former)):
        return None
    return next((x for x in snapshot.former if x in ignored), None)


def _match_one(snapshot: Snapshot, seen: Traces, linked: Linked, now: datetime) -> None:
    found = match(snapshot, seen.clues(snapshot), seen.leads)
    while isinstance(found, Unite):  # a record may carry on for those of several leads
        _unite(found, snapshot, seen, linked, now)
        found = match(snapshot, seen.clues(snapshot), seen.leads)
    lead_id = _lead_of(found, snapshot, seen, linked, now)
    if snapshot.merged_into and isinstance(found, Ambiguous):
        lead_id = seen.clues(snapshot).stored  # it is gone, whatever becomes of its lead
    if lead_id is not None:
        _lose_others(snapshot, lead_id, seen, linked, now)
        _take_in(snapshot, lead_id, seen, linked, now)


def _unite(found: Unite, snapshot: Snapshot, seen: Traces, linked: Linked, now: datetime) -> None:
    keep, drop = found.keep, found.drop
    merged_away = (snapshot.record_id,) if snapshot.merged_into else snapshot.former
    away = (*merged_away, *seen.ended(MERGED, keep, drop))
    gone = seen.ended(DELETED, keep, drop)
    kept, dropped = linked.leads[keep], linked.leads[drop]
    for leads in (linked.leads, seen.leads):
        leads[keep] = unite(leads[keep], leads.pop(drop), away=away, gone=gone, why=found.why)
    stays = {system: side.record_id for system, side in linked.leads[keep].sides.items()}
    mine, theirs = linked.snapshots[keep], linked.snapshots.pop(drop, {})
    mine |= {s: x for s, x in theirs.items() if s not in mine or mine[s].record_id != stays.get(s)}
    linked.dissolved = {x: keep if y == drop else y for x, y in linked.dissolved.items()}
    linked.dissolved[drop] = keep
    seen.follow(drop, keep)
    linked.audit.append(_linked(snapshot, keep, found.why, now))
    linked.audit += stages_apart(linked.leads[keep], now=now)
    linked.audit += left_behind(linked.leads[keep], kept, dropped, now=now)


def _lead_of(
    found: Known | Joins | New | Ambiguous,
    snapshot: Snapshot,
    seen: Traces,
    linked: Linked,
    now: datetime,
) -> LeadId | None:
    """The lead a record belongs to; None for one that is parked, or over before it was known."""
    match found:
        case Known(lead_id):
            return lead_id
        case Joins(lead_id=lead_id, why=why):
            linked.why[(snapshot.system, snapshot.record_id)] = why
            linked.audit.append(_linked(snapshot, lead_id, why, now))
            return lead_id
        case New():
            if not is_over(snapshot):
                return _new_lead(snapshot, seen, linked, now)
            linked.over[(snapshot.system, snapshot.record_id)] = None
            return None
        case Ambiguous(candidates=candidates, why=why):
            linked.parked.append(_parked(snapshot, candidates, why, now))
            seen.doubted[snapshot.system].update(candidates)
            return None
        case _:
            assert_never(found)


def _new_lead(snapshot: Snapshot, seen: Traces, linked: Linked, now: datetime) -> LeadId:
    lead_id = new_lead_id(snapshot.system, snapshot.record_id)
    lead = Lead(id=lead_id, cycle=1, stage=Stage.NONE, first_seen_at=now, sides={})
    linked.leads[lead_id] = seen.leads[lead_id] = lead
    return lead_id


def _lose_others(
    snapshot: Snapshot, lead_id: LeadId, seen: Traces, linked: Linked, now: datetime
) -> None:
    """Leads that stay apart though their records became this one lose theirs: no vendor tells
    of a contact that was merged away. Those that only wait for something to be over are parked."""
    if not snapshot.former:
        return
    system = snapshot.system
    for other in sorted(seen.clues(snapshot).by_former - {lead_id}):
        lead = linked.leads.get(other)
        if lead is None or (side := lead.sides.get(system)) is None:
            continue
        waits = merged(seen.leads[lead_id], seen.leads[other], system)
        if isinstance(waits, Ambiguous):
            parked = _parked(snapshot, waits.candidates, waits.why, now)
            linked.parked.append(replace(parked, record_id=side.record_id))
        if not side.gone:
            told = linked.snapshots[other].setdefault(system, _lost(side, snapshot))
            if is_over(told):
                seen.show(told, other)


def _lost(side: Side, winner: Snapshot) -> Snapshot:
    return replace(
        side.seen,
        modified_at=max(side.seen.modified_at, winner.modified_at),
        deleted=True,
        merged_into=winner.record_id,
    )


def _take_in(
    snapshot: Snapshot, lead_id: LeadId, seen: Traces, linked: Linked, now: datetime
) -> None:
    system, record_id = snapshot.system, snapshot.record_id
    side = linked.leads[lead_id].sides.get(system)
    if snapshot.merged_into and (side is None or side.record_id != record_id):
        linked.over[(system, record_id)] = lead_id
        return
    taken = linked.snapshots[lead_id].get(system)
    if taken and taken.record_id != record_id and not is_over(taken):
        why = f"{taken.record_id}, read together with it, is already the lead's record"
        linked.parked.append(_parked(snapshot, (lead_id,), why, now))
        return
    if snapshot.merged_into:
        seen.expect(system, snapshot.merged_into, lead_id)
    if snapshot.former:
        snapshot = replace(snapshot, former=seen.free(snapshot, lead_id))
    seen.add(snapshot, lead_id)
    if not seen.carries_on(snapshot, lead_id):
        seen.show(snapshot, lead_id)
    linked.snapshots[lead_id][system] = snapshot


def new_lead_id(system: System, record_id: RecordId) -> LeadId:
    """Made of the first record seen, so that a crash before the commit changes nothing."""
    return LeadId("ld_" + hashlib.sha256(f"{system}|{record_id}".encode()).hexdigest()[:20])


def _parked(snapshot: Snapshot, candidates: tuple[LeadId, ...], why: str, now: datetime) -> Parked:
    return Parked(
        system=snapshot.system,
        record_id=snapshot.record_id,
        why=why,
        candidates=candidates,
        since=now,
    )


def _linked(snapshot: Snapshot, lead_id: LeadId, why: str, now: datetime) -> AuditEntry:
    facts = {"system": snapshot.system.value, "record": snapshot.record_id, "why": why}
    return AuditEntry(at=now, kind=AuditKind.LINKED, lead_id=lead_id, facts=facts, personal={})
