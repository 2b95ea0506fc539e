"""Take in a batch of records just read: normalise, link, fetch their history, decide, commit."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from syncd.core.context import Context
from syncd.core.finding_entry import finding_entry
from syncd.core.normalise import normaliser
from syncd.core.stages import stage_steps
from syncd.domain.audit import AuditEntry
from syncd.domain.decision import Observation, Parked
from syncd.domain.lead import Lead
from syncd.domain.names import OWNER, LeadId, RecordId, System
from syncd.domain.record import Directory, Record, Snapshot
from syncd.domain.stage import StageStep
from syncd.jobs.blind import asking
from syncd.jobs.contested import LeadEdits, fetch_edits
from syncd.jobs.deciding import braked, commit_of, decide_all
from syncd.jobs.evidence import evidence_for
from syncd.jobs.linking import Linked, link
from syncd.jobs.moved import may_have_moved
from syncd.jobs.pair import Pair
from syncd.jobs.winners import with_winners
from syncd.jobs.work import Work

Key = tuple[System, RecordId]

_NEWCOMERS = timedelta(minutes=5)
"""How soon people are asked for again while a record has an owner nobody knows."""


def ingest(pair: Pair, records: Sequence[Record], touched: Collection[Key], ctx: Context) -> int:
    """Decide everything these records show, and what was done with those that are `touched`;
    the number of leads decided.

    Raises SideDown when a CRM fails while its directory, history or activities are asked
    for; then nothing of the batch was committed.
    """
    records = with_winners(pair, records)
    directories = _directories(pair, records)
    snapshots = _snapshots(records, directories, ctx)
    if new_owners := _with_unknown_owner(snapshots):
        directories |= {system: _directory(pair, system, _NEWCOMERS) for system in new_owners}
        snapshots = _snapshots(records, directories, ctx)
    linked = link(pair.store, snapshots, now=ctx.now)
    steps = _steps(pair, linked, {(r.system, r.id): r for r in records}, directories, ctx)
    edits = fetch_edits(pair, linked, ctx)
    ids = dict.fromkeys((*linked.snapshots, *_waiting(pair, touched, linked)))
    leads = {i: linked.leads[i] for i in ids}
    seen = _observations(linked, steps, edits)
    asked = {*(r.system for r in records), *(system for system, _ in touched)}
    activities, ctx = evidence_for(pair, leads.values(), asked, ctx)
    work = Work(leads=leads, seen=seen, activities=activities)
    decided = decide_all(pair, work, ctx)
    left = decided.left
    commit = commit_of(braked(pair.store, decided.decisions, ctx), pair.store, ctx)
    pair.commit(
        replace(
            commit,
            audit=(*_told(linked, left), *_findings(linked, decided.waiting, ctx), *commit.audit),
            parked=(*linked.parked, *_undecided(linked, decided.failed, ctx.now)),
            unparked=_matched(linked, left),
            dissolved={x: y for x, y in linked.dissolved.items() if y not in left},
        )
    )
    return len(work.leads)


def _undecided(linked: Linked, failed: Sequence[LeadId], now: datetime) -> Iterable[Parked]:
    """Records of leads that could not be decided wait with those that could not be matched."""
    for (system, record_id), lead_id in _ends(linked):
        if lead_id and lead_id in failed:
            yield Parked(
                system=system,
                record_id=record_id,
                why="a bug in syncd: see lead_not_decided in the log",
                candidates=(lead_id,),
                since=now,
            )


def _matched(linked: Linked, left: Collection[LeadId]) -> tuple[Key, ...]:
    return tuple(key for key, lead_id in _ends(linked) if lead_id not in left)


def _ends(linked: Linked) -> Iterable[tuple[Key, LeadId | None]]:
    """Every record that was not parked, and the lead it ended in."""
    for lead_id, sides in linked.snapshots.items():
        yield from (((system, x.record_id), lead_id) for system, x in sides.items())
    for key, lead in linked.over.items():
        yield key, linked.dissolved.get(lead, lead) if lead else None


def _told(linked: Linked, left: Collection[LeadId]) -> Iterable[AuditEntry]:
    """What is tried again later is told when it is done."""
    return (entry for entry in linked.audit if entry.lead_id not in left)


def _directories(pair: Pair, records: Sequence[Record]) -> dict[System, Directory]:
    return {system: _directory(pair, system) for system in {r.system for r in records}}


def _directory(pair: Pair, system: System, *kept_for: timedelta) -> Directory:
    with asking(system):
        return pair.crms[system].directory(*kept_for)


def _snapshots(
    records: Sequence[Record], directories: Mapping[System, Directory], ctx: Context
) -> list[Snapshot]:
    normalise = {s: normaliser(ctx.crm, s, people) for s, people in directories.items()}
    return [normalise[r.system](r) for r in records]


def _with_unknown_owner(snapshots: Iterable[Snapshot]) -> set[System]:
    """CRMs with a record of somebody who was not there when people were last asked for: a new
    colleague's lead is not nobody's."""
    return {
        snapshot.system
        for snapshot in snapshots
        for finding in snapshot.findings
        if finding.field == OWNER
    }


def _observations(
    linked: Linked, steps: Mapping[Key, tuple[StageStep, ...]], edits: LeadEdits
) -> dict[LeadId, dict[System, Observation]]:
    found = {
        lead_id: {
            system: Observation(
                snapshot=s,
                steps=steps.get((system, s.record_id)),
                why_linked=linked.why.get((system, s.record_id), ""),
            )
            for system, s in sides.items()
        }
        for lead_id, sides in linked.snapshots.items()
    }
    for lead_id, by_side in edits.items():
        for system, known in by_side.items():
            seen = found[lead_id].get(system) or _as_known(linked.leads[lead_id], system)
            found[lead_id][system] = replace(seen, edits=known)
    return found


def _as_known(lead: Lead, system: System) -> Observation:
    """The side as it was last seen: it was not in this batch, but its history was asked."""
    return Observation(snapshot=lead.sides[system].seen)


def _steps(
    pair: Pair,
    linked: Linked,
    records: Mapping[Key, Record],
    directories: Mapping[System, Directory],
    ctx: Context,
) -> dict[Key, tuple[StageStep, ...]]:
    """The stage history of every record that may have moved, in batches a side."""
    steps: dict[Key, tuple[StageStep, ...]] = {}
    for system, crm in pair.crms.items():
        since = may_have_moved(linked, system, ctx)
        if not since:
            continue
        with asking(system):
            histories = crm.history(since.keys(), min(since.values()))
        for record_id, changes in histories.items():
            record = records[(system, record_id)]
            steps[(system, record_id)] = stage_steps(
                changes, record.properties, ctx.crm.sides[system], directories[system]
            )
    return steps


def _waiting(pair: Pair, touched: Collection[Key], linked: Linked) -> Iterable[LeadId]:
    """Whose handoff waits, of those touched; their leads are loaded where needed."""
    for system in {system for system, _ in touched}:
        links = pair.store.find(system, {i for s, i in touched if s is system})
        linked.leads.update(pair.store.load(set(links.values()) - set(linked.leads)))
        yield from (
            lead_id
            for lead_id in links.values()
            if (lead := linked.leads.get(lead_id)) and lead.promised
        )


def _findings(linked: Linked, waiting: Collection[LeadId], ctx: Context) -> Iterable[AuditEntry]:
    """Values that could not be read, told when they are new."""
    for lead_id, sides in linked.snapshots.items():
        if lead_id in waiting:
            continue
        for snapshot in sides.values():
            side = linked.leads[lead_id].sides.get(snapshot.system)
            known = set(side.seen.findings) if side else set()
            for finding in snapshot.findings:
                if finding not in known:
                    yield finding_entry(finding, lead_id, snapshot.record_id, at=ctx.now)
