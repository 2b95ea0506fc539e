"""What the in-memory store holds, and how one commit changes it.

A commit works on a copy of the contents, which takes the old one's place when all of it
went well. It keeps the same promises as the tables in `adapters/store/tables.py`.
"""

from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime

from syncd.adapters.memory.effects import Effect, changed_effect, new_effect
from syncd.adapters.store.chain import START, ChainRow, Head, extend, needs_key
from syncd.adapters.store.effects import (
    KEEP_PAYLOAD,
    ordered_lead,
)
from syncd.adapters.store.messages import KEEP_MESSAGES
from syncd.adapters.store.orders import KEEP_ORDERS
from syncd.adapters.store.sealing import new_key
from syncd.commit import Commit, ScanMark
from syncd.domain.audit import AuditEntry
from syncd.domain.deal import Deal
from syncd.domain.decision import Parked, Plan
from syncd.domain.handoff import Handoff, HandoffState
from syncd.domain.lead import Lead
from syncd.domain.mapping import Spellings
from syncd.domain.message import Message, Silence
from syncd.domain.names import (
    ActionKey,
    FieldName,
    HandoffId,
    LeadId,
    PlanId,
    RecordId,
    System,
    TransitionId,
)
from syncd.domain.order import Order, SideStatus
from syncd.domain.preview import Preview
from syncd.domain.stage import Stage, Transition
from syncd.domain.verdict import Verdict
from syncd.errors import ConflictError
from syncd.measure.rounds import LeadRows

VerdictKey = tuple[LeadId, TransitionId, Stage, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRow:
    holder: str = ""
    token: int = 0
    expires_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class Contents:
    leads: dict[LeadId, Lead] = field(default_factory=dict)
    due: dict[LeadId, datetime] = field(default_factory=dict)
    links: dict[tuple[System, RecordId], LeadId] = field(default_factory=dict)
    addresses: dict[str, frozenset[LeadId]] = field(default_factory=dict)
    aliases: dict[LeadId, LeadId] = field(default_factory=dict)
    handoffs: dict[HandoffId, Handoff] = field(default_factory=dict)
    transitions: dict[TransitionId, Transition] = field(default_factory=dict)
    verdicts: dict[VerdictKey, Verdict] = field(default_factory=dict)
    effects: dict[ActionKey, Effect] = field(default_factory=dict)
    last_seq: int = 0
    parked: dict[tuple[System, RecordId], Parked] = field(default_factory=dict)
    plans: dict[PlanId, Plan] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    done: dict[str, datetime] = field(default_factory=dict)
    watermarks: dict[System, datetime] = field(default_factory=dict)
    sides: dict[System, SideStatus] = field(default_factory=dict)
    scans: dict[System, ScanMark] = field(default_factory=dict)
    sweep: LeadId | None = None
    spellings: Spellings = field(default_factory=dict)
    chain: list[ChainRow] = field(default_factory=list)
    head: Head = START
    keys: dict[LeadId, bytes] = field(default_factory=dict)
    messages: dict[ActionKey, Message] = field(default_factory=dict)
    silences: dict[str, Silence] = field(default_factory=dict)
    previews: dict[str, Preview] = field(default_factory=dict)
    lease: LeaseRow = field(default_factory=LeaseRow)
    first_start: datetime | None = None
    counted_by: tuple[FieldName, ...] = ()
    uncounted: dict[LeadId, int] = field(default_factory=dict)
    marks: int = 0
    facts: dict[LeadId, LeadRows] = field(default_factory=dict)
    deals: dict[LeadId, dict[System, tuple[Deal, ...]]] = field(default_factory=dict)

    def copy(self) -> "Contents":
        """Its own containers of the same values, which are all frozen."""
        copied = copy(self)
        for part in fields(self):
            value = getattr(self, part.name)
            if isinstance(value, dict | list):
                setattr(copied, part.name, value.copy())
        return copied

    def ids_of(self, lead_id: LeadId) -> frozenset[LeadId]:
        """The lead this id answers with, and all that were united with it."""
        survivor = self.aliases.get(lead_id, lead_id)
        return frozenset({survivor, *(old for old, new in self.aliases.items() if new == survivor)})

    def deals_with(self, leads: Collection[LeadId]) -> set[tuple[System, str]]:
        """The deals of these leads."""
        told = (self.deals.get(x, {}) for x in leads)
        return {(system, x.id) for each in told for system, some in each.items() for x in some}

    def sharing(self, leads: Collection[LeadId]) -> set[LeadId]:
        """All leads that a deal of these is of."""
        wanted = self.deals_with(leads)
        if not wanted:
            return set()
        return {x for x in self.deals if not wanted.isdisjoint(self.deals_with((x,)))}

    def uncount(self, leads: Collection[LeadId]) -> None:
        for x in leads:
            self.marks += 1
            self.uncounted[x] = self.marks


def changed(contents: Contents, work: Commit) -> Contents:
    """The contents after the commit; the ones given stay as they are."""
    after = contents.copy()
    after.uncount(after.sharing((*work.erased, *(work.dissolved or {}))))
    _dissolve(after, work.dissolved or {}, work.now)
    after.handoffs |= {x.id: x for x in work.closed}
    _save_leads(after, work)
    for lead_id, at in (work.due or {}).items():
        _set_due(after, lead_id, at)
    for transition in work.transitions:
        after.transitions.setdefault(transition.id, transition)
    for x in work.verdicts:
        after.verdicts.setdefault((x.lead_id, x.transition, x.gate, x.judged_at), x)
    _change_effects(after, work)
    _save_messages(after, work)
    _note_progress(after, work)
    _append(after, work.audit)
    for lead_id in work.erased:
        _erase(after, after.ids_of(lead_id))
    after.uncount(_touched(work))
    return after


def _touched(work: Commit) -> set[LeadId]:
    """Rather too many than too few: there is nothing to be spared here."""
    named = {x.lead_id for some in (work.transitions, work.verdicts, work.closed) for x in some}
    noted = {x.lead_id for x in work.audit if x.lead_id}
    united = {x for pair in (work.dissolved or {}).items() for x in pair}
    return named | noted | united | {x.id for x in work.leads} | set(work.erased)


# --- leads -------------------------------------------------------------------------------


def _dissolve(after: Contents, united: Mapping[LeadId, LeadId], now: datetime) -> None:
    for old, new in united.items():
        moved = {x: new for x, survivor in after.aliases.items() if survivor == old}
        after.aliases |= {**moved, old: new}
        _supersede(after, old, None, now)
        _drop(after, old)


def _save_leads(after: Contents, work: Commit) -> None:
    for lead in work.leads:
        _unindex(after, lead.id)
    for lead in work.leads:
        after.leads[lead.id] = lead
        _index(after, lead)
        _save_handoff(after, lead, work.now)


def _index(after: Contents, lead: Lead) -> None:
    for side in lead.sides.values():
        for record_id in (side.record_id, *side.former):
            owner = after.links.setdefault((side.system, record_id), lead.id)
            if owner != lead.id:
                raise ConflictError("the store refuses a contradiction: a record has one lead")
        for address in side.seen.emails:
            after.addresses[address] = after.addresses.get(address, frozenset()) | {lead.id}


def _unindex(after: Contents, lead_id: LeadId) -> None:
    before = after.leads.get(lead_id)
    for side in before.sides.values() if before else ():
        for record_id in (side.record_id, *side.former):
            after.links.pop((side.system, record_id), None)
        for address in side.seen.emails:
            after.addresses[address] = after.addresses.get(address, frozenset()) - {lead_id}


def _drop(after: Contents, lead_id: LeadId) -> None:
    _unindex(after, lead_id)
    after.leads.pop(lead_id, None)
    after.due.pop(lead_id, None)
    after.facts.pop(lead_id, None)
    after.deals.pop(lead_id, None)


def _set_due(after: Contents, lead_id: LeadId, at: datetime | None) -> None:
    after.due.pop(lead_id, None)
    if at is not None and lead_id in after.leads:
        after.due[lead_id] = at


def _save_handoff(after: Contents, lead: Lead, now: datetime) -> None:
    _supersede(after, lead.id, lead.handoff.id if lead.handoff else None, now)
    if lead.handoff:
        after.handoffs[lead.handoff.id] = lead.handoff


def _supersede(after: Contents, lead_id: LeadId, keep: HandoffId | None, now: datetime) -> None:
    for x in list(after.handoffs.values()):
        if x.lead_id == lead_id and x.id != keep and x.closed_at is None:
            after.handoffs[x.id] = replace(x, state=HandoffState.SUPERSEDED, closed_at=now)


# --- effects -----------------------------------------------------------------------------


def _change_effects(after: Contents, work: Commit) -> None:
    for change in work.outbox:
        row = after.effects.get(change.key)
        if row and row.due_at:
            after.effects[change.key] = changed_effect(row, change, work.now)
    if work.outbox:
        _empty(after, work.now - KEEP_PAYLOAD)
    for action in work.actions:
        if action.key not in after.effects:
            after.last_seq += 1
            after.effects[action.key] = new_effect(action, after.last_seq, work.now)


def _empty(after: Contents, before: datetime) -> None:
    for key, row in after.effects.items():
        if row.due_at is None and row.action and row.changed_at < before:
            after.effects[key] = replace(row, action=None)


def _save_messages(after: Contents, work: Commit) -> None:
    after.messages |= {x.key: x for x in work.messages}
    if work.messages:
        before = work.now - KEEP_MESSAGES
        after.messages = {k: x for k, x in after.messages.items() if x.decided_at >= before}


def _forget_orders(after: Contents, work: Commit) -> None:
    before = work.now - KEEP_ORDERS
    for name in [x for x, at in after.done.items() if work.orders_done and at < before]:
        after.orders.pop(name, None)
        del after.done[name]


# --- the rest ----------------------------------------------------------------------------


def _note_progress(after: Contents, work: Commit) -> None:
    for record in work.unparked:
        after.parked.pop(record, None)
    for x in work.parked:
        first = after.parked.get((x.system, x.record_id), x)
        after.parked[x.system, x.record_id] = replace(
            x, since=first.since, ignored=x.ignored or first.ignored
        )
    after.watermarks |= work.watermarks or {}
    after.sides |= work.sides or {}
    for plan in work.plans:
        _join(after, plan)
    after.orders |= {x.id: x for x in work.orders if x.id in after.orders}
    after.done |= dict.fromkeys(work.orders_done, work.now)
    _forget_orders(after, work)
    after.scans |= work.scans or {}
    if work.sweep is not None:
        after.sweep = work.sweep or None
    if work.spellings is not None:
        after.spellings = work.spellings


def _join(after: Contents, plan: Plan) -> None:
    known = after.plans.get(plan.id, plan)
    parts = {x.lead_id: x for x in (*known.leads, *plan.leads)}
    after.plans[plan.id] = replace(plan, leads=tuple(parts.values()))


def _append(after: Contents, entries: Collection[AuditEntry]) -> None:
    for entry in entries:
        if entry.lead_id and needs_key(entry) and entry.lead_id not in after.keys:
            after.keys[entry.lead_id] = new_key()
    after.chain += extend(after.head, entries, after.keys)
    if entries:
        after.head = Head(sequence=after.chain[-1].sequence, hash=after.chain[-1].hash)


def _erase(after: Contents, ids: Collection[LeadId]) -> None:
    for lead_id in ids:
        _drop(after, lead_id)
        after.keys.pop(lead_id, None)
        after.aliases.pop(lead_id, None)
    after.handoffs = {k: x for k, x in after.handoffs.items() if x.lead_id not in ids}
    after.verdicts = {k: x for k, x in after.verdicts.items() if x.lead_id not in ids}
    after.effects = {k: x for k, x in after.effects.items() if x.lead_id not in ids}
    after.orders = {k: x for k, x in after.orders.items() if ordered_lead(x) not in ids}
    after.messages = {k: x for k, x in after.messages.items() if x.lead_id not in ids}
    after.silences = {k: x for k, x in after.silences.items() if x.lead_id not in ids}
    after.plans = {k: _without(x, ids) for k, x in after.plans.items()}


def _without(plan: Plan, ids: Collection[LeadId]) -> Plan:
    return replace(plan, leads=tuple(x for x in plan.leads if x.lead_id not in ids))
