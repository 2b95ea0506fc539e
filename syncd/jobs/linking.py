"""Find the lead of each record just read: look every clue up in batches, then match one by one."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from syncd.core.match import Ambiguous, Clues, Joins, Known, New, Unite, match
from syncd.core.unite import unite
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
    records of one new person in the same batch become one lead. `why` names the clue by
    which a record joined its lead just now; `over` are records that need no lead any more."""

    leads: dict[LeadId, Lead]
    snapshots: dict[LeadId, dict[System, Snapshot]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    parked: list[Parked] = field(default_factory=list)
    dissolved: dict[LeadId, LeadId] = field(default_factory=dict)
    audit: list[AuditEntry] = field(default_factory=list)
    why: dict[tuple[System, RecordId], str] = field(default_factory=dict)
    over: list[tuple[System, RecordId]] = field(default_factory=list)


def link(store: LeadStore, snapshots: Sequence[Snapshot], *, now: datetime) -> Linked:
    """Match a batch. Ambiguous records are parked; what a person said to ignore is left out."""
    ignored = {s: store.ignored(s, _own_ids(s, snapshots)) for s in System}
    snapshots = [s for s in snapshots if s.record_id not in ignored[s.system]]
    seen = _Seen.look_up(store, snapshots)
    linked = Linked(leads=seen.leads)
    for snapshot in sorted(snapshots, key=_order):
        _match_one(snapshot, seen, linked, now)
    return linked


def _own_ids(system: System, snapshots: Iterable[Snapshot]) -> list[RecordId]:
    return [s.record_id for s in snapshots if s.system is system]


def _order(snapshot: Snapshot) -> tuple[bool, bool]:
    """Merged records before their winners; Salesforce first, for the connector's property
    with a Salesforce id is on the HubSpot side."""
    return snapshot.merged_into is None, snapshot.system is not System.SALESFORCE


@dataclass(slots=True, kw_only=True)
class _Seen:
    """Where the clues of a batch lead to, as far as the batch has been matched."""

    links: dict[tuple[System, RecordId], LeadId]
    emails: dict[str, set[LeadId]]
    leads: dict[LeadId, Lead]
    now_named: dict[LeadId, LeadId]
    """The lead that an id stands for: itself, or the one it was united with."""

    @classmethod
    def look_up(cls, store: LeadStore, snapshots: Sequence[Snapshot]) -> "_Seen":
        links: dict[tuple[System, RecordId], LeadId] = {}
        for system in System:
            ids = set(_ids_on(system, snapshots))
            links |= {(system, i): lead for i, lead in store.find(system, ids).items()}
        emails = store.with_email({e for s in snapshots for e in s.emails})
        external = {s.lead_id for s in snapshots if s.lead_id}
        loaded = store.load(
            set(links.values()) | external | {x for ids in emails.values() for x in ids}
        )
        leads = {lead.id: lead for lead in loaded.values()}
        return cls(
            links=links,
            emails=_still_there(emails, leads, snapshots),
            leads=leads,
            now_named={asked: lead.id for asked, lead in loaded.items()},
        )

    def add(self, snapshot: Snapshot, lead_id: LeadId) -> None:
        self.links[(snapshot.system, snapshot.record_id)] = lead_id
        self.now_named.setdefault(lead_id, lead_id)
        for email in snapshot.emails:
            self.emails.setdefault(email, set()).add(lead_id)

    def follow(self, drop: LeadId, keep: LeadId) -> None:
        """Whatever pointed at the dropped lead points at the kept one."""
        self.links = {record: keep if x == drop else x for record, x in self.links.items()}
        self.now_named = {x: keep if y == drop else y for x, y in self.now_named.items()}
        for ids in self.emails.values():
            if drop in ids:
                ids.add(keep)

    def clues(self, snapshot: Snapshot) -> Clues:
        system = snapshot.system
        former = (self.links.get((system, x)) for x in snapshot.former)
        other = (system.other, snapshot.other_id) if snapshot.other_id else None
        return Clues(
            stored=self.links.get((system, snapshot.record_id)),
            by_former=frozenset(x for x in former if x),
            by_external=self.now_named.get(snapshot.lead_id) if snapshot.lead_id else None,
            by_other=self.links.get(other) if other else None,
            names_unread=other is not None and other not in self.links,
            by_email=frozenset(x for e in snapshot.emails for x in self.emails.get(e, ())),
        )


def _still_there(
    emails: Mapping[str, Iterable[LeadId]],
    leads: Mapping[LeadId, Lead],
    snapshots: Iterable[Snapshot],
) -> dict[str, set[LeadId]]:
    """The leads of each address, but for those that this very batch shows without it: an
    address that went from one person to another must not take the one for the other."""
    read = {(s.system, s.record_id): s.emails for s in snapshots if not _is_over(s)}
    now = {
        lead.id: {
            email
            for side in lead.sides.values()
            for email in read.get((side.system, side.record_id), side.seen.emails)
        }
        for lead in leads.values()
    }
    return {email: {x for x in ids if email in now.get(x, ())} for email, ids in emails.items()}


def _is_over(snapshot: Snapshot) -> bool:
    """A deleted record shows no address any more, and yet it had one."""
    return snapshot.deleted or snapshot.merged_into is not None


def _ids_on(system: System, snapshots: Iterable[Snapshot]) -> Iterable[RecordId]:
    for snapshot in snapshots:
        if snapshot.system is system:
            yield from (snapshot.record_id, *snapshot.former)
            if snapshot.merged_into:
                yield snapshot.merged_into
        elif snapshot.other_id:
            yield snapshot.other_id


def _match_one(snapshot: Snapshot, seen: _Seen, linked: Linked, now: datetime) -> None:
    found = match(snapshot, seen.clues(snapshot), linked.leads)
    while isinstance(found, Unite):  # a record may carry on for those of several leads
        _unite(found, snapshot, seen, linked, now)
        found = match(snapshot, seen.clues(snapshot), linked.leads)
    lead_id = _lead_of(found, snapshot, linked, now)
    if snapshot.merged_into and isinstance(found, Ambiguous):
        lead_id = seen.clues(snapshot).stored  # it is gone, whatever becomes of its lead
    if lead_id is not None:
        _lose_others(snapshot, lead_id, seen, linked)
        _take_in(snapshot, lead_id, seen, linked, now)


def _unite(found: Unite, snapshot: Snapshot, seen: _Seen, linked: Linked, now: datetime) -> None:
    keep, drop = found.keep, found.drop
    away = (snapshot.record_id,) if snapshot.merged_into else snapshot.former
    kept, dropped = linked.leads[keep], linked.leads.pop(drop)
    linked.leads[keep] = unite(kept, dropped, away=away, why=found.why)
    linked.snapshots[keep].update(linked.snapshots.pop(drop, {}))
    linked.dissolved[drop] = keep
    seen.follow(drop, keep)
    linked.audit.append(_linked(snapshot, keep, found.why, now))


def _lead_of(
    found: Known | Joins | New | Ambiguous, snapshot: Snapshot, linked: Linked, now: datetime
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
            if not _is_over(snapshot):
                return _new_lead(snapshot, linked, now)
            linked.over.append((snapshot.system, snapshot.record_id))
            return None
        case Ambiguous(candidates=candidates, why=why):
            linked.parked.append(_parked(snapshot, candidates, why, now))
            return None
        case _:
            assert_never(found)


def _new_lead(snapshot: Snapshot, linked: Linked, now: datetime) -> LeadId:
    lead_id = new_lead_id(snapshot.system, snapshot.record_id)
    linked.leads[lead_id] = Lead(id=lead_id, cycle=1, stage=Stage.NONE, first_seen_at=now, sides={})
    return lead_id


def _lose_others(snapshot: Snapshot, lead_id: LeadId, seen: _Seen, linked: Linked) -> None:
    """Leads that stay apart though their records became this one lose theirs: no vendor tells
    of a contact that was merged away."""
    for other in sorted(seen.clues(snapshot).by_former - {lead_id}):
        lead = linked.leads.get(other)
        side = lead.sides.get(snapshot.system) if lead else None
        if side is None or side.gone or snapshot.system in linked.snapshots.get(other, {}):
            continue
        linked.snapshots[other][snapshot.system] = replace(
            side.seen,
            modified_at=max(side.seen.modified_at, snapshot.modified_at),
            deleted=True,
            merged_into=snapshot.record_id,
        )


def _take_in(
    snapshot: Snapshot, lead_id: LeadId, seen: _Seen, linked: Linked, now: datetime
) -> None:
    system, record_id = snapshot.system, snapshot.record_id
    side = linked.leads[lead_id].sides.get(system)
    if snapshot.merged_into and (side is None or side.record_id != record_id):
        linked.over.append((system, record_id))
        return
    taken = linked.snapshots[lead_id].get(system)
    if taken and taken.record_id != record_id and not _is_over(taken):
        why = f"{taken.record_id}, read together with it, is already the lead's record"
        linked.parked.append(_parked(snapshot, (lead_id,), why, now))
        return
    if snapshot.merged_into:  # a winner nobody knows yet is this person
        seen.links.setdefault((system, snapshot.merged_into), lead_id)
    seen.add(snapshot, lead_id)
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
