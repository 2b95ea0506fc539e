"""Find the lead of each record just read: look every clue up in batches, then match one by one."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from syncd.core.match import Ambiguous, Joins, Known, New, Unite, match
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.decision import Parked
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId, RecordId, System
from syncd.domain.record import Snapshot
from syncd.domain.stage import Stage
from syncd.ports import LeadStore


@dataclass(slots=True, kw_only=True)
class Linked:
    """Which snapshots belong to which lead; grows while a batch is matched, so that two
    records of one new person in the same batch become one lead."""

    leads: dict[LeadId, Lead]
    snapshots: dict[LeadId, dict[System, Snapshot]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    parked: list[Parked] = field(default_factory=list)
    dissolved: dict[LeadId, LeadId] = field(default_factory=dict)
    audit: list[AuditEntry] = field(default_factory=list)


def link(store: LeadStore, snapshots: Sequence[Snapshot], *, now: datetime) -> Linked:
    """Match a batch. Ambiguous records are parked."""
    clues = _Clues.look_up(store, snapshots)
    linked = Linked(leads=clues.leads)
    for snapshot in sorted(snapshots, key=_order):
        _match_one(snapshot, clues, linked, now)
    return linked


def _order(snapshot: Snapshot) -> tuple[bool, bool]:
    """Merged records before their winners; Salesforce first, for the connector's property
    with a Salesforce id is on the HubSpot side."""
    return snapshot.merged_into is None, snapshot.system is not System.SALESFORCE


@dataclass(slots=True, kw_only=True)
class _Clues:
    links: dict[tuple[System, RecordId], LeadId]
    emails: dict[str, set[LeadId]]
    leads: dict[LeadId, Lead]

    @classmethod
    def look_up(cls, store: LeadStore, snapshots: Sequence[Snapshot]) -> "_Clues":
        links: dict[tuple[System, RecordId], LeadId] = {}
        for system in System:
            ids = set(_ids_on(system, snapshots))
            links |= {(system, i): lead for i, lead in store.find(system, ids).items()}
        emails = store.with_email({e for s in snapshots for e in s.emails})
        external = {s.lead_id for s in snapshots if s.lead_id}
        wanted = set(links.values()) | external | {x for ids in emails.values() for x in ids}
        return cls(
            links=links,
            emails={email: set(ids) for email, ids in emails.items()},
            leads={lead.id: lead for lead in store.load(wanted).values()},
        )

    def add(self, snapshot: Snapshot, lead_id: LeadId) -> None:
        self.links[(snapshot.system, snapshot.record_id)] = lead_id
        for email in snapshot.emails:
            self.emails.setdefault(email, set()).add(lead_id)

    def follow(self, drop: LeadId, keep: LeadId) -> None:
        """Whatever pointed at the dropped lead points at the kept one."""
        self.links = {record: keep if x == drop else x for record, x in self.links.items()}
        for ids in self.emails.values():
            if drop in ids:
                ids.add(keep)

    def by_email(self, snapshot: Snapshot) -> frozenset[LeadId]:
        return frozenset(x for email in snapshot.emails for x in self.emails.get(email, ()))


def _ids_on(system: System, snapshots: Iterable[Snapshot]) -> Iterable[RecordId]:
    for snapshot in snapshots:
        if snapshot.system is system:
            yield snapshot.record_id
            if snapshot.merged_into:
                yield snapshot.merged_into
        elif snapshot.other_id:
            yield snapshot.other_id


def _match_one(snapshot: Snapshot, clues: _Clues, linked: Linked, now: datetime) -> None:
    system, record_id = snapshot.system, snapshot.record_id
    found = match(
        snapshot,
        stored=clues.links.get((system, record_id)),
        by_other=clues.links.get((system.other, snapshot.other_id)) if snapshot.other_id else None,
        by_external=snapshot.lead_id,
        by_email=clues.by_email(snapshot),
        leads=linked.leads,
    )
    match found:
        case Ambiguous(candidates=candidates, why=why):
            linked.parked.append(_parked(snapshot, candidates, why, now))
            return
        case Known(lead_id):
            pass
        case Joins(lead_id=lead_id, why=why):
            linked.audit.append(_linked(snapshot, lead_id, why, now))
        case New():
            if snapshot.deleted or snapshot.merged_into:
                return
            lead_id = new_lead_id(system, record_id)
            linked.leads[lead_id] = Lead(
                id=lead_id, cycle=1, stage=Stage.NONE, first_seen_at=now, sides={}
            )
        case Unite(keep=lead_id, drop=drop, why=why):
            _unite(linked, lead_id, drop, snapshot)
            clues.follow(drop, lead_id)
            linked.audit.append(_linked(snapshot, lead_id, why, now))
        case _:
            assert_never(found)
    side = linked.leads[lead_id].sides.get(system)
    if snapshot.merged_into and (side is None or side.record_id != record_id):
        return
    taken = linked.snapshots[lead_id].get(system)
    if taken and taken.record_id != record_id and not (taken.merged_into or taken.deleted):
        why = f"{taken.record_id}, read together with it, is already the lead's record"
        linked.parked.append(_parked(snapshot, (lead_id,), why, now))
        return
    if snapshot.merged_into:  # a winner nobody knows yet is this person
        clues.links.setdefault((system, snapshot.merged_into), lead_id)
    clues.add(snapshot, lead_id)
    linked.snapshots[lead_id][system] = snapshot


def new_lead_id(system: System, record_id: RecordId) -> LeadId:
    """Made of the first record seen, so that a crash before the commit changes nothing."""
    return LeadId("ld_" + hashlib.sha256(f"{system}|{record_id}".encode()).hexdigest()[:20])


def _unite(linked: Linked, keep: LeadId, drop: LeadId, why: Snapshot) -> None:
    """One lead of two. Where both have a record on a side the kept lead's stays, unless it
    is the very one that was merged away (`why` shows that)."""
    kept, dropped = linked.leads[keep], linked.leads.pop(drop)
    merged = why.record_id if why.merged_into else None
    living = {
        s: side for s, side in kept.sides.items() if not side.gone and side.record_id != merged
    }
    sides = {**kept.sides, **dropped.sides, **living}
    linked.leads[keep] = replace(_with_memories(kept, dropped), sides=sides)
    linked.snapshots[keep].update(linked.snapshots.pop(drop, {}))
    linked.dissolved[drop] = keep


def _with_memories(kept: Lead, dropped: Lead) -> Lead:
    """What holds for either holds for both: rounds, refusals, contests, waivers."""
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
    )


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
