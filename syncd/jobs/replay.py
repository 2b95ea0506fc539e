"""Replay the moves of the last months: what would the standard of today have done with each?

Reads both CRMs in batches and writes nothing; there need be no store. Only records that moved
into a guarded stage are kept in memory.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from syncd.core.as_it_was import as_it_was, judged_fields, known_properties
from syncd.core.context import Context
from syncd.core.normalise import normaliser
from syncd.core.replay import Replayed, guarded_moves, once_each, replay
from syncd.core.stages import stage_steps
from syncd.domain.names import OWNER, FieldName, RecordId, System
from syncd.domain.record import Directory, PropertyChange, Record, Snapshot
from syncd.domain.stage import Transition
from syncd.ports import Crm

_Key = tuple[System, RecordId]
_Histories = Mapping[RecordId, Sequence[PropertyChange]]


@dataclass(slots=True, kw_only=True)
class _Moved:
    """A record that moved, or the other record of a lead that did."""

    snapshot: Snapshot
    moves: tuple[Transition, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Found:
    by_key: dict[_Key, _Moved] = field(default_factory=dict)
    people: dict[System, Directory] = field(default_factory=dict)


def replay_since(
    crms: Mapping[System, Crm], ctx: Context, *, told: Callable[[System, int], None]
) -> Iterator[Replayed]:
    """Every move into a gate since `ctx.enforce_from`, judged with values as they were then.
    `told` hears how many records of each CRM were read so far."""
    found = _Found(people={system: crm.directory() for system, crm in crms.items()})
    for system, crm in crms.items():
        for records in _pages(crm, ctx.enforce_from, told):
            _keep_moved(system, crm, records, found, ctx)
    _find_others(crms, found, ctx)
    yield from _judged(crms, found, ctx)


def _pages(
    crm: Crm, since: datetime, told: Callable[[System, int], None]
) -> Iterator[Sequence[Record]]:
    count = 0
    for page in crm.poll(since):
        count += len(page.records)
        told(crm.system, count)
        yield [x for x in page.records if not x.deleted and x.merged_into is None]


def _keep_moved(
    system: System, crm: Crm, records: Sequence[Record], found: _Found, ctx: Context
) -> None:
    people, side = found.people[system], ctx.crm.sides[system]
    normalise = normaliser(ctx.crm, system, people)
    histories = crm.history([x.id for x in records], ctx.enforce_from) if records else {}
    for record in records:
        changes = histories.get(record.id, ())
        steps = stage_steps(changes, record.properties, side, people)
        snapshot = normalise(record)
        if moves := guarded_moves(record, snapshot, changes, steps, ctx):
            found.by_key[(system, record.id)] = _Moved(snapshot=snapshot, moves=moves)


def _find_others(crms: Mapping[System, Crm], found: _Found, ctx: Context) -> None:
    """The records of those who moved in the other CRM, by their addresses."""
    for system, crm in crms.items():
        known = {
            email
            for (s, _), x in found.by_key.items()
            if s is system
            for email in x.snapshot.emails
        }
        wanted = {
            email
            for (s, _), x in found.by_key.items()
            if s is not system
            for email in x.snapshot.emails
        } - known
        ids = {i for hits in crm.with_emails(wanted).values() for i in hits} if wanted else set()
        normalise = normaliser(ctx.crm, system, found.people[system])
        for record in crm.read(ids).values() if ids else ():
            found.by_key.setdefault((system, record.id), _Moved(snapshot=normalise(record)))


def _judged(crms: Mapping[System, Crm], found: _Found, ctx: Context) -> Iterator[Replayed]:
    asked = judged_fields(ctx.standard)
    fields = asked | {OWNER, ctx.crm.source or OWNER}
    histories = {s: _histories(s, crm, fields, found, ctx) for s, crm in crms.items()}
    tracked = {
        s: known_properties(x) if s is System.SALESFORCE else ctx.crm.properties_of(fields, s)
        for s, x in histories.items()
    }
    for lead in _leads(found):
        for move in once_each([x for y in lead.values() for x in y.moves]):
            was = {
                system: as_it_was(
                    x.snapshot,
                    histories[system].get(x.snapshot.record_id, ()),
                    move.at,
                    fields=fields,
                    tracked=tracked[system],
                    crm=ctx.crm,
                    people=found.people[system],
                )
                for system, x in lead.items()
            }
            yield replay(move, was, asked=asked, ctx=ctx)


def _histories(
    system: System, crm: Crm, fields: frozenset[FieldName], found: _Found, ctx: Context
) -> _Histories:
    ids = [record_id for s, record_id in found.by_key if s is system]
    return crm.history(ids, ctx.enforce_from, ctx.crm.properties_of(fields, system)) if ids else {}


def _leads(found: _Found) -> Iterator[Mapping[System, _Moved]]:
    """Records that share an address are one lead, where there is one such on each side."""
    by_email: dict[System, dict[str, set[RecordId]]] = {}
    for (system, record_id), moved in found.by_key.items():
        for email in moved.snapshot.emails:
            by_email.setdefault(system, {}).setdefault(email, set()).add(record_id)
    taken: set[_Key] = set()
    for key, moved in sorted(found.by_key.items()):
        if key in taken:
            continue
        lead, (system, _) = {key[0]: moved}, key
        there = by_email.get(system.other, {})
        others = set().union(*(there.get(x, set()) for x in moved.snapshot.emails))
        other = next(iter(others), None)
        if len(others) == 1 and other and (system.other, other) not in taken:
            lead[system.other] = found.by_key[(system.other, other)]
            taken.add((system.other, other))
        taken.add(key)
        yield lead
