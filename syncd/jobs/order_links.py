"""Carry out what a person said of a link: this record is that lead's, is not, or is nobody's.

An order that cannot be carried out (any more) is done, with the reason in the lead's story.
"""

import hashlib
from dataclasses import dataclass, replace

from syncd.commit import Commit
from syncd.core.context import Context
from syncd.core.decide import due_at
from syncd.core.normalise import normalise
from syncd.core.relink import (
    BY_HAND,
    joined,
    let_go,
    no_longer_apart,
    part,
    why_not_link,
    why_not_part,
    without_gone,
)
from syncd.core.stages import stage_steps
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.decision import Observation, Parked
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId, RecordId, System
from syncd.domain.order import IgnoreRecord, LinkRecord, Order, UnlinkRecord
from syncd.domain.record import Record
from syncd.errors import PermanentError
from syncd.jobs.blind import SideDown, asking
from syncd.jobs.deciding import braked, commit_of, decide_all
from syncd.jobs.pair import Pair
from syncd.jobs.work import Work


def unlink_record(pair: Pair, order: Order, what: UnlinkRecord, ctx: Context) -> None:
    errand = _Errand(pair=pair, order=order, ctx=ctx)
    lead = pair.store.load([what.lead_id]).get(what.lead_id)
    why = "the lead is gone" if lead is None else why_not_part(lead, what.system)
    if lead is None or why:
        errand.leave(lead, why or "")
        return
    record = lead.sides[what.system].record_id
    parted = part(lead, what.system, freed=errand.new_id(), now=ctx.now)
    errand.finish(
        Commit(
            now=ctx.now,
            leads=(parted.kept, parted.freed),
            due={parted.kept.id: due_at(parted.kept, ctx.now), parted.freed.id: None},
            closed=parted.closed,
            audit=errand.unlinked(parted.kept, parted.freed, record),
        )
    )


def ignore_record(pair: Pair, order: Order, what: IgnoreRecord, ctx: Context) -> None:
    """Left alone from now on, wherever it may turn up, until it is linked by hand."""
    errand = _Errand(pair=pair, order=order, ctx=ctx)
    holder = errand.holder(what.system, what.record_id)
    if holder is not None:
        errand.leave(holder, f"{what.record_id} belongs to this lead")
        return
    here = (x for x in pair.store.parked() if x.system is what.system)
    known = next((x for x in here if x.record_id == what.record_id), None)
    parked = Parked(
        system=what.system,
        record_id=what.record_id,
        why=known.why if known else "a person said so",
        candidates=known.candidates if known else (),
        since=ctx.now,
        ignored=True,
    )
    facts = {"system": what.system.value, "record": what.record_id, "order": order.id}
    entry = AuditEntry(at=ctx.now, kind=AuditKind.IGNORED, lead_id=None, facts=facts, personal={})
    errand.finish(Commit(now=ctx.now, parked=(parked,), audit=(entry,)))


def link_record(pair: Pair, order: Order, what: LinkRecord, ctx: Context) -> None:
    errand = _Errand(pair=pair, order=order, ctx=ctx)
    lead = pair.store.load([what.lead_id]).get(what.lead_id)
    if lead is None:
        errand.leave(None, "the lead is gone")
        return
    holder = errand.holder(what.system, what.record_id)
    if why := why_not_link(lead, what.system, what.record_id, holder):
        errand.leave(lead, why)
    elif holder is not None:
        _unite(errand, lead, holder, what.system)
    else:
        _read_and_link(errand, lead, what)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Errand:
    """One order, and what it takes to carry it out."""

    pair: Pair
    order: Order
    ctx: Context

    def holder(self, system: System, record: RecordId) -> Lead | None:
        """The lead a record belongs to now."""
        found = self.pair.store.find(system, [record]).get(record)
        return self.pair.store.load([found]).get(found) if found else None

    def new_id(self) -> LeadId:
        """Made of the order, so that a crash before the commit changes nothing."""
        digest = hashlib.sha256(f"order|{self.order.id}".encode()).hexdigest()
        return LeadId(f"ld_{digest[:20]}")

    def finish(self, commit: Commit) -> None:
        self.pair.commit(replace(commit, orders_done=(self.order.id,)))

    def leave(self, lead: Lead | None, why: str) -> None:
        entry = AuditEntry(
            at=self.ctx.now,
            kind=AuditKind.OVERTAKEN,
            lead_id=lead.id if lead else None,
            facts={"key": f"order {self.order.id}", "why": why},
            personal={},
        )
        self.finish(Commit(now=self.ctx.now, audit=(entry,)))

    def make_room(self, lead: Lead, system: System) -> Commit:
        """The beginning of a commit in which a record that gives way has a lead of its own."""
        parted = let_go(lead, system, freed=self.new_id(), now=self.ctx.now)
        if parted is None:
            return Commit(now=self.ctx.now, leads=(without_gone(lead, system),))
        return Commit(
            now=self.ctx.now,
            leads=(parted.kept, parted.freed),
            due={parted.freed.id: None},
            closed=parted.closed,
            audit=self.unlinked(parted.kept, parted.freed, lead.sides[system].record_id),
        )

    def linked(self, lead: LeadId, system: System, record: RecordId) -> AuditEntry:
        facts = {"system": system.value, "record": record, "why": BY_HAND}
        return AuditEntry(
            at=self.ctx.now,
            kind=AuditKind.LINKED,
            lead_id=lead,
            facts=facts,
            personal={"by": self.order.by},
        )

    def unlinked(self, kept: Lead, freed: Lead, record: RecordId) -> tuple[AuditEntry, ...]:
        """In the story of both leads."""
        (system,) = freed.sides
        facts = {"system": system.value, "record": record, "from": kept.id, "now": freed.id}
        return tuple(
            AuditEntry(
                at=self.ctx.now,
                kind=AuditKind.UNLINKED,
                lead_id=lead.id,
                facts=facts,
                personal={"by": self.order.by},
            )
            for lead in (kept, freed)
        )


def _unite(errand: _Errand, lead: Lead, holder: Lead, system: System) -> None:
    """The record is known as a lead of its own: nothing new has to be read."""
    record, now = holder.sides[system].record_id, errand.ctx.now
    room = errand.make_room(lead, system)
    kept, *freed = room.leads
    united, dropped = joined(kept, holder, system)
    errand.finish(
        replace(
            room,
            leads=(united, *freed),
            dissolved={dropped: united.id},
            due={**(room.due or {}), united.id: due_at(united, now)},
            unparked=((system, record),),
            audit=(*room.audit, errand.linked(united.id, system, record)),
        )
    )


def _read_and_link(errand: _Errand, lead: Lead, what: LinkRecord) -> None:
    """A record nobody has is read first. While its CRM is down the order waits; for ever it
    would where the CRM says that it never will answer this."""
    try:
        with asking(what.system):
            record = errand.pair.crms[what.system].read([what.record_id]).get(what.record_id)
            seen = _observed(errand, record) if record and not record.deleted else None
    except SideDown as down:
        if not isinstance(down.__cause__, PermanentError):
            raise
        errand.leave(lead, f"it could not be read: {down}")
        return
    if seen is None:
        errand.leave(lead, f"there is no {what.system.label} record {what.record_id}")
    elif errand.holder(what.system, seen.snapshot.record_id) is not None:
        asked = replace(what, record_id=seen.snapshot.record_id)  # converted or merged since
        link_record(errand.pair, errand.order, asked, errand.ctx)
    else:
        _take_in(errand, lead, seen)


def _observed(errand: _Errand, record: Record) -> Observation:
    crm, crm_map = errand.pair.crms[record.system], errand.ctx.crm
    directory = crm.directory()
    changes = crm.history([record.id], record.created_at).get(record.id, ())
    side = crm_map.sides[record.system]
    return Observation(
        snapshot=normalise(record, crm_map, directory),
        steps=stage_steps(changes, record.properties, side, directory),
        why_linked=BY_HAND,
    )


def _take_in(errand: _Errand, lead: Lead, seen: Observation) -> None:
    """The record becomes the lead's, and what it shows there is decided like any first sight."""
    pair, ctx = errand.pair, errand.ctx
    system, record_id = seen.snapshot.system, seen.snapshot.record_id
    room = errand.make_room(lead, system)
    kept, *freed = room.leads
    kept = no_longer_apart(kept, seen.snapshot)
    decided = decide_all(pair, Work(leads={kept.id: kept}, seen={kept.id: {system: seen}}), ctx)
    if decided.failed:
        errand.leave(lead, "a bug in syncd: see lead_not_decided in the log")
        return
    commit = commit_of(braked(pair.store, decided.decisions, ctx), pair.store, ctx)
    errand.finish(
        replace(
            commit,
            leads=(*freed, *commit.leads),
            due={**(room.due or {}), **(commit.due or {})},
            closed=(*room.closed, *commit.closed),
            unparked=tuple((system, x) for x in (record_id, *seen.snapshot.former)),
            audit=(*room.audit, errand.linked(kept.id, system, record_id), *commit.audit),
        )
    )
