"""Hold records just read against what the store last saw of them, and put right what differs.

Putting right is the normal path: a record that drifted is ingested as if it were polled.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from syncd.commit import Commit
from syncd.core.alerting_ops import drifted_alert
from syncd.core.context import Context
from syncd.core.drift import Difference, Drift, difference
from syncd.core.normalise import normalise
from syncd.domain.action import SendAlert
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId, RecordId, System
from syncd.domain.record import Record
from syncd.jobs.blind import SideDown, asking
from syncd.jobs.pair import Pair
from syncd.jobs.take_in import take_in

log = structlog.get_logger()

Key = tuple[System, RecordId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drifted:
    """A record that is not as the store has it; of no lead where it was never seen."""

    lead_id: LeadId | None
    record: Record
    found: Difference


def drifted(
    pair: Pair, records: Collection[Record], leads: Mapping[Key, Lead], ctx: Context
) -> Iterator[Drifted]:
    """Those of the records that polling should have shown as they are, or never will.

    `leads` has the lead of every known record, under its present or a former id. What waits
    for a person is left to wait, and what the next poll shows anyway is left to it.
    """
    through = {system: status.read_through for system, status in pair.store.sides().items()}
    waiting = _waiting(pair, records)
    for record in records:
        read_through = through.get(record.system)
        if read_through is None or (record.system, record.id) in waiting:
            continue
        lead = next((leads[k] for k in _keys(record) if k in leads), None)
        found = _compared(pair, record, lead, read_through, ctx)
        if found and found.drift is not Drift.FRESH:
            yield Drifted(lead_id=lead.id if lead else None, record=record, found=found)


def leads_of(pair: Pair, records: Iterable[Record]) -> dict[Key, Lead]:
    """The known leads of these records."""
    keys = {key for record in records for key in _keys(record)}
    links: dict[Key, LeadId] = {}
    for system in pair.crms:
        ids = {record_id for s, record_id in keys if s is system}
        links |= {(system, i): lead_id for i, lead_id in pair.store.find(system, ids).items()}
    leads = pair.store.load(set(links.values()))
    return {key: leads[lead_id] for key, lead_id in links.items() if lead_id in leads}


def put_right(pair: Pair, found: Sequence[Drifted], ctx: Context) -> Counter[Drift]:
    """Tell and ingest. Told first: after a crash between, it is told twice rather than never.
    Fields that are new to the map are no drift to tell of, however many records have them."""
    if not found:
        return Counter()
    told = [x for x in found if x.found.drift is not Drift.NEW]
    pair.store.commit(
        Commit(
            now=ctx.now,
            audit=tuple(_entry(x, ctx.now) for x in told),
            actions=tuple(_alerts(told, ctx.now)),
        )
    )
    take_in(pair, [x.record for x in found], (), ctx)
    return Counter(x.found.drift for x in found)


def _keys(record: Record) -> tuple[Key, ...]:
    return tuple((record.system, record_id) for record_id in (record.id, *record.former))


def _waiting(pair: Pair, records: Collection[Record]) -> set[Key]:
    """Parked records, for a person's decision or by it."""
    return {
        (system, record_id)
        for system in pair.crms
        for record_id in pair.store.set_aside(system, _ids_in(system, records))
    }


def _ids_in(system: System, records: Iterable[Record]) -> list[RecordId]:
    return [record.id for record in records if record.system is system]


def _compared(
    pair: Pair, record: Record, lead: Lead | None, read_through: datetime, ctx: Context
) -> Difference | None:
    """A record that cannot be compared is passed by: the others are, and the round goes on."""
    try:
        if lead is None:
            return _of_stranger(record, read_through)
        return _of_known(pair, record, lead, read_through, ctx)
    except SideDown:
        raise
    except Exception:
        log.exception("record_not_compared", system=record.system, record=record.id)
        return None


def _of_stranger(record: Record, read_through: datetime) -> Difference | None:
    """What is gone before it was ever seen is no loss."""
    if record.deleted or record.merged_into:
        return None
    missed = record.modified_at < read_through
    return Difference(drift=Drift.MISSED if missed else Drift.FRESH)


def _of_known(
    pair: Pair, record: Record, lead: Lead, read_through: datetime, ctx: Context
) -> Difference | None:
    side = lead.sides.get(record.system)
    if side is None or side.record_id not in (record.id, *record.former):
        return None  # an old id of a record that carried on
    with asking(record.system):
        directory = pair.crms[record.system].directory()
    shown = normalise(record, ctx.crm, directory)
    return difference(side, shown, read_through=read_through)


def _entry(x: Drifted, now: datetime) -> AuditEntry:
    facts = {
        "system": x.record.system.value,
        "record": x.record.id,
        "drift": x.found.drift.value,
        "fields": " ".join(x.found.fields),
        "modified_at": x.record.modified_at.isoformat(),
    }
    return AuditEntry(at=now, kind=AuditKind.DRIFTED, lead_id=x.lead_id, facts=facts, personal={})


def _alerts(found: Sequence[Drifted], now: datetime) -> Iterator[SendAlert]:
    missed = [x for x in found if x.found.drift is Drift.MISSED]
    if missed:
        records = [(x.record.system, x.record.id) for x in missed]
        yield drifted_alert(records, [x.lead_id for x in missed if x.lead_id], now=now)
