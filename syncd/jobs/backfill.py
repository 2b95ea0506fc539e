"""Link and baseline an existing pair of CRMs without writing anything to either.

A first run reads everything there is, Salesforce before HubSpot, and stores each portion with
how far it got: killed at any instant, it goes on after the last portion stored. It judges
nothing and decides nothing: first sight is not a move. Records made since `enforce_from` are
left to the daemon, whose first poll begins where this scan began; of a record that has moved
since it is stored where it stood then, so that the daemon finds the moves.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from syncd.commit import Commit, ScanMark
from syncd.core.carry import is_of
from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.learn import learn
from syncd.core.normalise import normaliser
from syncd.core.observe import observe
from syncd.core.rewind import rewound
from syncd.domain.audit import AuditEntry
from syncd.domain.decision import Observation
from syncd.domain.lead import Lead
from syncd.domain.names import RecordId, System
from syncd.domain.record import Record, Snapshot
from syncd.errors import PermanentError
from syncd.jobs.budget import put_down_calls
from syncd.jobs.connector import look_for_connector
from syncd.jobs.identity import insist_on_accounts
from syncd.jobs.linking import Linked, link
from syncd.jobs.pair import Pair
from syncd.jobs.respell import follow_map
from syncd.ports import Clock, ScanPage

log = structlog.get_logger()

PORTION = 2_000
"""Records of a commit, at least: what is lost, and read again, after a kill."""
_ORDER = (System.SALESFORCE, System.HUBSPOT)
"""HubSpot last: the native connector's property with a Salesforce id is on its records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the scan of one side is; `anew` when it could not go on where it was."""

    system: System
    mark: ScanMark
    anew: bool = False


Told = Callable[[Progress], None]


def backfill(
    pair: Pair, clock: Clock, *, lease: timedelta, told: Told, portion: int = PORTION
) -> None:
    """Scan both sides to the end, or go on with a scan that was cut off. LeaseLost when
    another worker took over, WrongAccount when the store is of another org or portal; after
    any error what was stored so far stays."""
    insist_on_accounts(pair, now=clock.now())
    follow_map(pair, now=clock.now())
    _begin_anew_if_done(pair, clock.now())
    marks = pair.store.scans()
    for system in _ORDER:
        side = _Side(pair=pair, system=system, clock=clock, lease=lease, told=told, portion=portion)
        side.scan(marks.get(system))
    _let_the_daemon_follow(pair, clock.now())
    look_for_connector(pair, now=clock.now())
    put_down_calls(pair, now=clock.now())


def _begin_anew_if_done(pair: Pair, now: datetime) -> None:
    """Stored, so that a second run which is killed does not take the first one's end for its
    own."""
    marks = pair.store.scans()
    if all(system in marks and marks[system].done for system in _ORDER):
        fresh = {s: replace(m, resume="", seen=0, done=False) for s, m in marks.items()}
        pair.store.commit(Commit(now=now, scans=fresh))


def _let_the_daemon_follow(pair: Pair, now: datetime) -> None:
    """Its first poll reads what changed or was made while we scanned. A side it has polled
    already it goes on from where it was."""
    known, since = pair.store.watermarks(), pair.rules.enforce_from
    marks = {s: min(mark.began, since) for s, mark in pair.store.scans().items() if s not in known}
    pair.store.commit(Commit(now=now, watermarks=marks))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    pair: Pair
    system: System
    clock: Clock
    lease: timedelta
    told: Told
    portion: int

    def scan(self, mark: ScanMark | None) -> None:
        if mark and mark.done:
            return
        try:
            self._go_on(mark)
        except PermanentError as error:
            now = self.pair.store.scans().get(self.system)
            if mark is None or not mark.resume or now != mark:
                raise
            log.warning("scan_begins_anew", system=self.system, reason=str(error))
            self.told(Progress(system=self.system, mark=mark, anew=True))
            self._go_on(replace(mark, resume="", seen=0))

    def _go_on(self, mark: ScanMark | None) -> None:
        """From the mark to the end; PermanentError at once when the vendor knows it no more."""
        for records, further in self._portions(mark):
            mark = further
            self._take_in(records, further)
        if mark is not None:
            self._take_in((), replace(mark, done=True))

    def _portions(self, mark: ScanMark | None) -> Iterator[tuple[tuple[Record, ...], ScanMark]]:
        """Pages put together to be worth a commit; an empty one is stored at once."""
        held: list[Record] = []
        for page in self.pair.crms[self.system].scan((mark.resume or None) if mark else None):
            held += page.records
            mark = _further(mark, page)
            if len(held) >= self.portion or not page.records:
                yield tuple(held), mark
                held = []
        if held and mark:
            yield tuple(held), mark

    def _take_in(self, records: tuple[Record, ...], mark: ScanMark) -> None:
        now = self.clock.now()
        self.pair.store.renew(now=now, span=self.lease)
        ctx = self.pair.context(now=now, fresh=None)
        commit = _first_sights(self.pair, self._snapshots(records, ctx), ctx)
        self.pair.store.commit(replace(commit, scans={self.system: mark}))
        self.told(Progress(system=self.system, mark=mark))

    def _snapshots(self, records: tuple[Record, ...], ctx: Context) -> list[Snapshot]:
        crm = self.pair.crms[self.system]
        lines = ctx.crm.sides[self.system].stages
        normalise = normaliser(ctx.crm, self.system, crm.directory())
        ours = [r for r in records if r.created_at < ctx.enforce_from]
        since = _moves_count_from(self.pair, self.system)
        moved = [r.id for r in ours if r.modified_at >= since]
        history = crm.history(moved, since) if moved else {}
        return [
            rewound(
                normalise(r),
                r.properties,
                history.get(r.id, ()),
                lines,
                to=since,
            )
            for r in ours
        ]


def _moves_count_from(pair: Pair, system: System) -> datetime:
    """Since when a record's moves are no longer first sight: syncd was there, they can be
    enforced, and the daemon's next poll will show the record."""
    enforced, started = pair.rules.enforce_from, pair.store.first_start()
    polled = pair.store.watermarks().get(system)
    return max(enforced, started or enforced, polled or enforced)


def _further(mark: ScanMark | None, page: ScanPage) -> ScanMark:
    return ScanMark(
        resume=page.resume,
        seen=(mark.seen if mark else 0) + len(page.records),
        total=page.total or (mark.total if mark else None),
        began=min(page.began, mark.began) if mark else page.began,
    )


def _first_sights(pair: Pair, snapshots: list[Snapshot], ctx: Context) -> Commit:
    """New leads and new sides of known ones. A record known already, if only as gone, is left
    to the daemon: its changes are moves and edits, not first sights. But for fields that were
    never looked at in it."""
    if not snapshots:
        return Commit(now=ctx.now)
    linked = link(pair.store, snapshots, now=ctx.now)
    united = set(linked.dissolved.values())
    leads: list[Lead] = []
    audit: list[AuditEntry] = list(linked.audit)
    for lead_id, sides in linked.snapshots.items():
        before = linked.leads[lead_id]
        learnt = _learnt(Draft(lead=before, now=ctx.now), sides, ctx)
        draft = observe(learnt.lead, _unseen(before, sides, linked), ctx).draft
        if draft.lead is not before or lead_id in united:
            leads.append(draft.lead)
            audit += (*learnt.audit, *draft.audit)
    return Commit(
        now=ctx.now,
        leads=tuple(leads),
        due=dict.fromkeys((lead.id for lead in leads if lead.first_seen_at == ctx.now), None),
        dissolved=linked.dissolved,
        audit=tuple(audit),
        parked=tuple(linked.parked),
        unparked=_matched(linked),
    )


def _unseen(
    lead: Lead, sides: Mapping[System, Snapshot], linked: Linked
) -> dict[System, Observation]:
    return {
        system: Observation(
            snapshot=snapshot, why_linked=linked.why.get((system, snapshot.record_id), "")
        )
        for system, snapshot in sides.items()
        if (side := lead.sides.get(system)) is None or (side.gone and not is_of(snapshot, side))
    }


def _learnt(draft: Draft, sides: Mapping[System, Snapshot], ctx: Context) -> Draft:
    """A field that came into the map since is learnt of every record, changed or not."""
    for system, snapshot in sides.items():
        side = draft.lead.sides.get(system)
        if side and not side.gone and side.record_id == snapshot.record_id:
            draft = learn(draft, side, snapshot, ctx.crm)
    return draft


def _matched(linked: Linked) -> tuple[tuple[System, RecordId], ...]:
    return tuple(
        (system, snapshot.record_id)
        for sides in linked.snapshots.values()
        for system, snapshot in sides.items()
    )
