"""Where the clues of a batch lead to. Looks everything up at once; matches nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from syncd.core.match import Clues, lives_on_as
from syncd.domain.lead import Lead, Side
from syncd.domain.names import SYSTEMS, LeadId, RecordId, System
from syncd.domain.record import Snapshot
from syncd.jobs.stored_links import StoredLinks
from syncd.store_ports import LeadStore

MERGED, DELETED = "merged just now", "deleted just now"
Order = tuple[bool, bool, datetime, str]


@dataclass(slots=True, kw_only=True)
class Traces:
    """Where the clues of a batch lead to, as far as the batch has been matched. `leads` are as
    this batch shows them: what one page tells together must come to what several would."""

    links: dict[tuple[System, RecordId], LeadId]
    emails: dict[str, set[LeadId]]
    leads: dict[LeadId, Lead]
    now_named: dict[LeadId, LeadId]
    """The lead that an id stands for: itself, or the one it was united with."""
    doubted: dict[System, set[LeadId]]
    """Leads that a parked record of this CRM may be of."""
    awaited: set[tuple[System, RecordId]] = field(default_factory=set)
    """Winners of merges that were nobody's, and not yet matched: in `links` for their losers."""

    @classmethod
    def look_up(
        cls, store: LeadStore, snapshots: Sequence[Snapshot], stored: StoredLinks
    ) -> "Traces":
        links = dict(stored.links)
        for system in SYSTEMS:
            if ids := set(_named_on(system, snapshots)):
                links |= {(system, i): lead for i, lead in store.find(system, ids).items()}
        open_ = [s for s in snapshots if stored.holder(s) is None]
        emails = store.with_email({e for s in open_ for e in s.emails})
        external = {s.lead_id for s in open_ if s.lead_id}
        wanted = set(links.values()) | external | {x for ids in emails.values() for x in ids}
        loaded = {**stored.leads, **store.load(wanted - stored.leads.keys())}
        leads = {lead.id: lead for lead in loaded.values()}
        return cls(
            links=links,
            emails=_still_there(emails, leads, snapshots),
            leads=leads,
            now_named={asked: lead.id for asked, lead in loaded.items()},
            doubted={s: set(store.in_doubt(leads, [s])) if leads else set() for s in SYSTEMS},
        )

    def order(self, snapshot: Snapshot) -> Order:
        """The place of a snapshot among those of the batch."""
        lead_id = self.links.get((snapshot.system, snapshot.record_id))
        return order(snapshot, self.leads.get(lead_id) if lead_id else None)

    def add(self, snapshot: Snapshot, lead_id: LeadId) -> None:
        for record in (snapshot.record_id, *snapshot.former):
            self.links[(snapshot.system, record)] = lead_id
        self.awaited.discard((snapshot.system, snapshot.record_id))
        self.now_named.setdefault(lead_id, lead_id)
        if is_over(snapshot):  # its address may be somebody else's by now
            return
        for email in snapshot.emails:
            self.emails.setdefault(email, set()).add(lead_id)

    def expect(self, system: System, winner: RecordId, lead_id: LeadId) -> None:
        """The winner of a merge carries on for this lead, unless it is somebody's already."""
        if (system, winner) not in self.links:
            self.links[(system, winner)] = lead_id
            self.awaited.add((system, winner))

    def show(self, snapshot: Snapshot, lead_id: LeadId) -> None:
        """The lead has, or has lost, this record by now."""
        self.leads[lead_id] = _as_shown(self.leads[lead_id], snapshot)

    def carries_on(self, snapshot: Snapshot, lead_id: LeadId) -> bool:
        """Whether the record went, and what it became is the lead's as well."""
        winner = snapshot.merged_into
        return winner is not None and self.links.get((snapshot.system, winner)) == lead_id

    def stays_apart(self, snapshot: Snapshot) -> bool:
        """Whether a record that is this one by now is another lead's."""
        ids = (snapshot.record_id, *snapshot.former, snapshot.merged_into)
        leads = {self.links.get((snapshot.system, x)) for x in ids if x}
        return len(leads - {None}) > 1

    def ended(self, how: str, *leads: LeadId) -> tuple[RecordId, ...]:
        """Records of these leads that this batch shows to be `MERGED` or `DELETED`."""
        sides = (side for x in leads for side in self.leads[x].sides.values())
        return tuple(side.record_id for side in sides if side.gone == how)

    def free(self, snapshot: Snapshot, lead_id: LeadId) -> tuple[RecordId, ...]:
        """The ids the record had before, but for those a lead that stays apart goes by: no id
        is ever two leads'."""
        system = snapshot.system
        return tuple(x for x in snapshot.former if self.links.get((system, x)) in (None, lead_id))

    def follow(self, drop: LeadId, keep: LeadId) -> None:
        """Whatever pointed at the dropped lead points at the kept one."""
        self.links = {record: keep if x == drop else x for record, x in self.links.items()}
        self.now_named = {x: keep if y == drop else y for x, y in self.now_named.items()}
        for ids in self.emails.values():
            if drop in ids:
                ids.add(keep)

    def clues(self, snapshot: Snapshot) -> Clues:
        system = snapshot.system
        record = (system, snapshot.record_id)
        other = (system.other, snapshot.other_id) if snapshot.other_id else None
        return Clues(
            stored=None if record in self.awaited else self.links.get(record),
            by_former=frozenset(self._carried_on(snapshot)),
            by_external=self.now_named.get(snapshot.lead_id) if snapshot.lead_id else None,
            by_other=self.links.get(other) if other else None,
            names_unread=other is not None and other not in self.links,
            by_email=frozenset(x for e in snapshot.emails for x in self.emails.get(e, ())),
            doubted=frozenset(self.doubted[system.other]),
        )

    def _carried_on(self, snapshot: Snapshot) -> Iterator[LeadId]:
        """The leads whose record this is by now."""
        system = snapshot.system
        for record_id in snapshot.former:
            lead = self.leads.get(self.links.get((system, record_id), LeadId("")))
            if lead and lives_on_as(lead, system, record_id):
                yield lead.id
        if (record := (system, snapshot.record_id)) in self.awaited:
            yield self.links[record]


def order(snapshot: Snapshot, lead: Lead | None) -> Order:
    """Merged records before their winners, those of the oldest lead first, so that a winner
    nobody knows is that lead's however a page is sorted. Salesforce before HubSpot, for there
    is the connector's property with a Salesforce id."""
    return (
        snapshot.merged_into is None,
        snapshot.system is not System.SALESFORCE,
        lead.first_seen_at if lead else snapshot.modified_at,
        lead.id if lead else snapshot.record_id,
    )


def _still_there(
    emails: Mapping[str, Iterable[LeadId]],
    leads: Mapping[LeadId, Lead],
    snapshots: Iterable[Snapshot],
) -> dict[str, set[LeadId]]:
    """The leads of each address, but for those that this very batch shows without it: an
    address that went from one person to another must not take the one for the other."""
    read = {(s.system, s.record_id): s for s in snapshots}
    named = {x for ids in emails.values() for x in ids}
    now = {x: _addresses(leads[x], read) for x in named if x in leads}
    return {email: {x for x in ids if email in now.get(x, ())} for email, ids in emails.items()}


def _addresses(lead: Lead, read: Mapping[tuple[System, RecordId], Snapshot]) -> set[str]:
    """What the lead's living records show by now; of a lead that has none, what they had."""
    shown = [read.get((x.system, x.record_id), x.seen) for x in lead.sides.values() if not x.gone]
    living = [x for x in shown if not is_over(x)]
    return {e for x in living or (side.seen for side in lead.sides.values()) for e in x.emails}


def is_over(snapshot: Snapshot) -> bool:
    """A deleted record shows no address any more, and yet it had one."""
    return snapshot.deleted or snapshot.merged_into is not None


def _named_on(system: System, snapshots: Iterable[Snapshot]) -> Iterable[RecordId]:
    """The records that these name as another one's winner or partner."""
    for snapshot in snapshots:
        if snapshot.system is not system:
            if snapshot.other_id:
                yield snapshot.other_id
        elif snapshot.merged_into:
            yield snapshot.merged_into


def _as_shown(lead: Lead, snapshot: Snapshot) -> Lead:
    """With the record, or without it: what tells who has a partner, and nothing else."""
    side = lead.sides.get(snapshot.system)
    if side and snapshot.record_id in side.former:
        return lead
    gone = None
    if is_over(snapshot):
        gone = MERGED if snapshot.merged_into else DELETED
    side = Side(
        system=snapshot.system,
        record_id=snapshot.record_id,
        former=(*side.former, side.record_id) if side else (),
        seen=snapshot,
        baseline={},
        stage_since=snapshot.modified_at,
        gone=gone,
    )
    return replace(lead, sides={**lead.sides, snapshot.system: side})
