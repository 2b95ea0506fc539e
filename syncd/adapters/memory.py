"""The store in memory: for tests, simulations and trying things out.

It implements `store_ports.Store` with the same promises as the one on disk (one contract suite
runs against both) but for surviving the process. Several stores may share one `Memory`,
as several processes share one database.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice

from syncd.adapters.memory_contents import Contents, LeaseRow, changed
from syncd.adapters.memory_counting import has_other_deals, is_selling, told_of
from syncd.adapters.memory_effects import Effect, can_be_held_back, claimable, is_of
from syncd.adapters.memory_messages import counts_of, opening_of, routes_of
from syncd.adapters.memory_views import status_of, story_of
from syncd.adapters.store.chain import verified
from syncd.adapters.store.effects import OutboxState
from syncd.adapters.store.messages import stands
from syncd.commit import Commit, OutboxRow, ScanMark
from syncd.core.erasing import lost_of
from syncd.core.ids import salesforce_id_18
from syncd.core.keys import short_id
from syncd.domain.action import SendAlert, WriteKind
from syncd.domain.decision import HeldLead, Parked, Plan, PlanState
from syncd.domain.lead import Lead, Lost
from syncd.domain.mapping import Spellings
from syncd.domain.message import Message, Route, RouteCount, RouteNews, Silence
from syncd.domain.names import ActionKey, FieldName, LeadId, PlanId, RecordId, System
from syncd.domain.order import Order, SideStatus, StoreStatus
from syncd.domain.preview import Preview
from syncd.errors import LeaseLost
from syncd.fact_ports import Counted, DealsOf, Uncounted
from syncd.store_ports import KEEP_PREVIEWS, ChainReport, Story


@dataclass(slots=True)
class Memory:
    """What several stores share."""

    contents: Contents = field(default_factory=Contents)


class _Role:
    def __init__(self, memory: Memory | None = None) -> None:
        self._memory = memory or Memory()
        self._token: int | None = None

    @property
    def _now(self) -> Contents:
        return self._memory.contents

    def _check_fence(self) -> None:
        if self._token is None:
            raise LeaseLost("this worker holds no lease: it must acquire one before it writes")
        if self._now.lease.token != self._token:
            raise LeaseLost("another worker holds the lease now: this one stops writing")


class _Leads(_Role):
    def find(self, system: System, ids: Collection[RecordId]) -> Mapping[RecordId, LeadId]:
        links = self._now.links
        return {x: links[system, x] for x in ids if (system, x) in links}

    def with_email(self, emails: Collection[str]) -> Mapping[str, frozenset[LeadId]]:
        found = {x: self._now.addresses.get(x, frozenset()) for x in emails}
        return {address: ids for address, ids in found.items() if ids}

    def load(self, ids: Collection[LeadId]) -> Mapping[LeadId, Lead]:
        leads, aliases = self._now.leads, self._now.aliases
        found = {x: leads.get(x) or leads.get(aliases.get(x, x)) for x in ids}
        return {x: lead for x, lead in found.items() if lead}

    def ignored(self, system: System, ids: Collection[RecordId]) -> frozenset[RecordId]:
        rows = {x: self._now.parked.get((system, x)) for x in ids}
        return frozenset(x for x, row in rows.items() if row and row.ignored)

    def set_aside(self, system: System, ids: Collection[RecordId]) -> frozenset[RecordId]:
        return frozenset(x for x in ids if (system, x) in self._now.parked)

    def in_doubt(
        self, ids: Collection[LeadId], systems: Collection[System] = tuple(System)
    ) -> frozenset[LeadId]:
        rows = (x for x in self._now.parked.values() if not x.ignored and x.system in systems)
        return frozenset(x for row in rows for x in row.candidates) & frozenset(ids)

    def after(self, lead_id: LeadId | None, limit: int) -> Sequence[Lead]:
        later = sorted(x for x in self._now.leads if x > (lead_id or ""))
        return [self._now.leads[x] for x in later[:limit]]

    def lost(self, how: Lost, lead_id: LeadId | None, limit: int) -> Sequence[Lead]:
        lost = [x for i, x in sorted(self._now.leads.items()) if i > (lead_id or "")]
        return [x for x in lost if lost_of(x) is how][:limit]

    def offered(self, lead_id: LeadId | None, limit: int) -> Sequence[Lead]:
        leads = [x for i, x in sorted(self._now.leads.items()) if i > (lead_id or "")]
        return [x for x in leads if x.handoff][:limit]

    def scans(self) -> Mapping[System, ScanMark]:
        return dict(self._now.scans)

    def sweep(self) -> LeadId | None:
        return self._now.sweep

    def spellings(self) -> Spellings:
        return self._now.spellings

    def due(self, now: datetime, limit: int) -> Sequence[LeadId]:
        rows = [(at, x) for x, at in self._now.due.items() if at <= now]
        return [x for _, x in sorted(rows)[:limit]]

    def commit(self, work: Commit) -> None:
        self._check_fence()
        self._memory.contents = changed(self._now, work)

    def watermarks(self) -> Mapping[System, datetime]:
        return dict(self._now.watermarks)


class _Outbox(_Role):
    def claim(
        self,
        *,
        now: datetime,
        until: datetime,
        limit: int,
        held: Collection[System] = (),
        leads: Collection[LeadId] | None = None,
    ) -> Sequence[OutboxRow]:
        self._check_fence()
        free = (
            x
            for x in claimable(self._now.effects.values(), now)
            if not can_be_held_back(x, held) and (leads is None or is_of(x, leads))
        )
        rows = [*islice(free, limit)]
        return [self._claim(row, now=now, until=until) for row in rows]

    def _claim(self, row: Effect, *, now: datetime, until: datetime) -> OutboxRow:
        assert row.action, "an open row has not been emptied"
        self._now.effects[row.action.key] = replace(
            row,
            state=OutboxState.CLAIMED,
            due_at=until,
            attempts=row.attempts + 1,
            changed_at=now,
        )
        return OutboxRow(
            action=row.action,
            attempts=row.attempts,
            created_at=row.created_at,
            reason=row.reason,
            sent=row.state is OutboxState.SENT,
        )

    def spent(self, since: datetime) -> Mapping[WriteKind, int]:
        leads: dict[WriteKind, set[LeadId]] = {}
        for x in self._now.effects.values():
            if x.write_kind and x.lead_id and x.created_at >= since:
                leads.setdefault(x.write_kind, set()).add(x.lead_id)
        return {kind: len(ids) for kind, ids in leads.items()}

    def asked_for(self, since: datetime) -> Mapping[WriteKind, int]:
        since_then = (x for x in self._now.effects.values() if x.created_at >= since)
        return Counter(x.write_kind for x in since_then if x.write_kind)

    def linked(self) -> int:
        return sum(len(x.sides) > 1 for x in self._now.leads.values())


class _Messages(_Role):
    def messages(self, keys: Collection[ActionKey]) -> Mapping[ActionKey, Message]:
        return {key: self._now.messages[key] for key in keys if key in self._now.messages}

    def alerts(self, keys: Collection[ActionKey]) -> Mapping[ActionKey, SendAlert]:
        found = (x.action for key in keys if (x := self._now.effects.get(key)))
        return {x.key: x for x in found if isinstance(x, SendAlert)}

    def routes(self, *, since: datetime, now: datetime) -> Mapping[Route, RouteNews]:
        return routes_of(self._now.messages.values(), since=since, now=now)

    def opening(self, thread: str, channel: str) -> Message | None:
        return opening_of(self._now.messages.values(), thread, channel)

    def troubles(self) -> Sequence[Message]:
        found = (x for x in self._now.messages.values() if stands(x))
        return sorted(found, key=lambda x: (str(x.sent_at), x.key))

    def silences(self, now: datetime) -> Sequence[Silence]:
        in_force = (x for x in self._now.silences.values() if x.expires_at > now)
        return sorted(in_force, key=lambda x: (x.expires_at, x.id))

    def latest(self, limit: int) -> Sequence[Message]:
        found = sorted(self._now.messages.values(), key=lambda x: x.key)
        return sorted(found, key=lambda x: x.decided_at, reverse=True)[:limit]

    def named(self, text: str) -> Sequence[Message]:
        found = self._now.messages.values()
        return [x for x in found if x.key == text or short_id(x.key).startswith(text)]

    def counts(self, since: datetime, until: datetime) -> Sequence[RouteCount]:
        return counts_of(self._now.messages.values(), since, until)

    def silence(self, silence: Silence) -> None:
        self._now.silences[silence.id] = silence


class _Orders(_Role):
    def place(self, order: Order) -> None:
        self._now.orders.setdefault(order.id, order)

    def waiting(self) -> Sequence[Order]:
        waiting = (x for x in self._now.orders.values() if x.id not in self._now.done)
        return sorted(waiting, key=lambda x: (x.placed_at, x.id))

    def refused(self, since: datetime) -> Sequence[Order]:
        refused = (x for x in self._now.orders.values() if x.refused and x.placed_at >= since)
        return sorted(refused, key=lambda x: (x.placed_at, x.id))

    def open_plans(self) -> Sequence[Plan]:
        wanted = (x for x in self._now.plans.values() if x.state is not PlanState.DONE)
        return sorted(wanted, key=lambda x: (x.opened_at, x.id))

    def standing(self, leads: Collection[LeadId]) -> Sequence[Plan]:
        wanted = frozenset(leads)
        return [
            replace(plan, leads=tuple(x for x in plan.leads if x.lead_id in wanted))
            for plan in self.open_plans()
        ]

    def parts(self, plan_id: PlanId, after: LeadId | None, limit: int) -> Sequence[HeldLead]:
        plan = self._now.plans.get(plan_id)
        later = [x for x in plan.leads if x.lead_id > (after or "")] if plan else []
        return sorted(later, key=lambda x: x.lead_id)[:limit]

    def plan(self, plan_id: PlanId) -> Plan | None:
        return self._now.plans.get(plan_id)


class _Previews(_Role):
    def keep(self, made: Preview) -> None:
        self._now.previews[made.checksum] = made
        kept = sorted(self._now.previews.values(), key=lambda x: x.made_at)
        for old in kept[:-KEEP_PREVIEWS]:
            del self._now.previews[old.checksum]

    def preview(self, checksum: str) -> Preview | None:
        return self._now.previews.get(checksum)


class _Archive(_Role):
    def look_up(self, text: str) -> Sequence[LeadId]:
        text = text.strip()
        records = {text, salesforce_id_18(text) or text}
        found = {x for (_, record), x in self._now.links.items() if record in records}
        found |= self._now.addresses.get(text.lower(), frozenset())
        named = self._now.aliases.get(LeadId(text), LeadId(text))
        return sorted(found | ({named} & self._now.leads.keys()))

    def story(self, lead_id: LeadId) -> Story | None:
        lead = self._now.leads.get(self._now.aliases.get(lead_id, lead_id))
        return None if lead is None else story_of(self._now, lead)

    def status(self, now: datetime) -> StoreStatus:
        return status_of(self._now, now)

    def sides(self) -> Mapping[System, SideStatus]:
        return dict(self._now.sides)

    def parked(self) -> Sequence[Parked]:
        rows = self._now.parked.values()
        return sorted(rows, key=lambda x: (x.since, x.system, x.record_id))

    def disputed(self) -> Sequence[Lead]:
        leads = [x for x in self._now.leads.values() if x.disputes]
        return sorted(leads, key=lambda x: (min(d.since for d in x.disputes.values()), x.id))

    def start(self, now: datetime) -> datetime:
        self._now.first_start = self._now.first_start or now
        return self._now.first_start

    def first_start(self) -> datetime | None:
        return self._now.first_start

    def verify(self) -> ChainReport:
        return verified(self._now.chain, self._now.head)


class _Counting(_Role):
    def count_by(self, fields: tuple[FieldName, ...]) -> None:
        if self._now.counted_by != fields:
            self._now.counted_by = fields
            self._now.uncount(self._now.leads)

    def uncounted(self, limit: int) -> Sequence[Uncounted]:
        marks = islice(sorted(self._now.uncounted.items()), limit)
        return [Uncounted(lead_id=x, mark=m, story=told_of(self._now, x)) for x, m in marks]

    def counted(self, leads: Sequence[Counted]) -> None:
        for x in leads:
            if self._now.uncounted.get(x.lead_id) != x.mark:
                continue
            del self._now.uncounted[x.lead_id]
            self._now.facts.pop(x.lead_id, None)
            if x.rows:
                self._now.facts[x.lead_id] = x.rows

    def selling(self, after: LeadId | None, limit: int) -> Sequence[Lead]:
        found = (x for x in self._now.leads.values() if x.id > (after or ""))
        wanted = (x for x in found if is_selling(self._now, x))
        return sorted(wanted, key=lambda x: x.id)[:limit]

    def save_deals(self, deals: DealsOf) -> int:
        new = [x for x in deals if x in self._now.leads and has_other_deals(self._now, x, deals[x])]
        for x in new:
            self._now.deals[x] = {**self._now.deals.get(x, {}), **deals[x]}
        self._now.uncount(new)
        return len(new)


class _Lease(_Role):
    def acquire(self, *, holder: str, now: datetime, span: timedelta) -> bool:
        stored = self._now.lease
        is_ours = self._token is not None and stored.token == self._token
        if not is_ours and stored.holder not in ("", holder) and stored.expires_at > now:
            return False
        if not is_ours:
            self._free_claims(now)
        self._token = stored.token if is_ours else stored.token + 1
        self._now.lease = LeaseRow(holder=holder, token=self._token, expires_at=now + span)
        return True

    def _free_claims(self, now: datetime) -> None:
        """What a worker that died had claimed is due at once."""
        for key, row in self._now.effects.items():
            if row.state is OutboxState.CLAIMED:
                self._now.effects[key] = replace(row, state=OutboxState.PENDING, due_at=now)

    def renew(self, *, now: datetime, span: timedelta) -> None:
        self._check_fence()
        self._now.lease = replace(self._now.lease, expires_at=now + span)

    def must_hold(self) -> None:
        self._check_fence()

    def release(self) -> None:
        if self._now.lease.token == self._token:
            self._now.lease = LeaseRow(token=self._now.lease.token)
        self._token = None


class MemoryStore(_Leads, _Outbox, _Messages, _Orders, _Previews, _Archive, _Counting, _Lease):
    """Implements `store_ports.Store`."""

    def close(self) -> None:
        """Nothing is held open."""
