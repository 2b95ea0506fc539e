"""Why the two CRMs count differently: what each says of a period, read from both by date and in
batches, and what syncd knows of every record that only one of them counts.

Reads only. Not part of the daemon.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from syncd.core.normalise import normaliser
from syncd.domain.decision import Parked
from syncd.domain.lead import Lead
from syncd.domain.mapping import CrmMap
from syncd.domain.names import SYSTEMS, LeadId, RecordId, System
from syncd.domain.stage import Stage
from syncd.domain.stage_write import StageWrite
from syncd.errors import AuthError, PermanentError, SyncdError
from syncd.measure.gap_reasons import SAYS, Case, Reason, reason_of
from syncd.measure.period import period_of
from syncd.measure.reconciliation import Count, Key, Only, Reconciliation, address_of, pair
from syncd.office_ports import CrmInspector, StageDates
from syncd.ports import Crm
from syncd.store_ports import Archive, LeadStore, StageWrites


class CountingCrm(Crm, Protocol):
    """A CRM that tells when its records came to a stage, and as whom it knows us."""

    @property
    def stage_dates(self) -> StageDates: ...

    @property
    def inspector(self) -> CrmInspector: ...


class Book(LeadStore, Archive, StageWrites, Protocol):
    """What syncd knows of leads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """Where to ask."""

    crms: Mapping[System, CountingCrm]
    crm: CrmMap
    book: Book


def reconcile(desks: Desks, stage: Stage, period: str) -> Reconciliation:
    """`period` as `measure.period` spells it, in each CRM's own time zone. SyncdError where a
    CRM cannot tell who came to the stage when; ValueError for what is no period."""
    notes = tuple(_notes(desks, stage))
    counts = {system: _count(desks, system, stage, period) for system in SYSTEMS}
    leads = _leads(desks.book, counts)
    paired = pair(counts, leads)
    cases = _cases(desks, stage, paired.first, counts, leads)
    return Reconciliation(
        stage=stage,
        counts=counts,
        both=paired.both,
        only=(
            *(_explained(case, stage, desks.crm) for case in cases),
            *(_surplus(key, counts, leads) for key in paired.surplus),
        ),
        notes=notes,
    )


def _notes(desks: Desks, stage: Stage) -> Iterable[str]:
    """PermanentError where a CRM surely keeps no history of what tells the stage."""
    for system in SYSTEMS:
        lines = [x for x in desks.crm.sides[system].stages if x.stage is stage]
        told_by = {name for line in lines for name in line.values if "." not in name}
        asked = told_by - {"IsConverted"}
        try:
            tracked = desks.crms[system].inspector.tracked(asked)
        except (PermanentError, AuthError):
            yield (
                f"Whether {system.label} keeps a history of {', '.join(sorted(asked))} cannot be "
                "seen; without one its count is of where leads were created alone."
            )
            continue
        if tracked is not None and (lost := sorted(asked - tracked)):
            raise PermanentError(
                f"{system.label} keeps no history of {', '.join(lost)}, so it cannot tell who came "
                f"to {stage} when: switch on field history tracking there (`syncd doctor` tells "
                "where)"
            )


def _count(desks: Desks, system: System, stage: Stage, name: str) -> Count:
    crm = desks.crms[system]
    time_zone = _zone(system, crm.inspector.login().time_zone)
    period = period_of(name, time_zone)
    lines = desks.crm.sides[system].stages
    found = crm.stage_dates.came_to(stage, lines, start=period.start, end=period.end)
    return Count(system=system, time_zone=time_zone, period=period, records=found)


def _zone(system: System, name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SyncdError(
            f"{system.label} names its time zone {name!r}, which is not known here: install the "
            "system's time zones (package tzdata)"
        ) from error
    return name


def _leads(book: Book, counts: Mapping[System, Count]) -> Mapping[Key, Lead]:
    links = {system: book.find(system, counts[system].records.keys()) for system in SYSTEMS}
    leads = book.load(frozenset(i for found in links.values() for i in found.values()))
    return {
        (system, record_id): leads[lead_id]
        for system, found in links.items()
        for record_id, lead_id in found.items()
        if lead_id in leads
    }


def _cases(
    desks: Desks,
    stage: Stage,
    keys: Sequence[Key],
    counts: Mapping[System, Count],
    leads: Mapping[Key, Lead],
) -> list[Case]:
    parked = {(x.system, x.record_id): x for x in desks.book.parked()}
    known = _Known(
        leads=leads,
        parked=parked,
        writes=desks.book.stage_writes({leads[key].id for key in keys if key in leads}),
    )
    return [
        case
        for system in SYSTEMS
        for case in _of_side(
            desks, stage, [i for s, i in keys if s is system], counts[system], known
        )
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    leads: Mapping[Key, Lead]
    parked: Mapping[Key, Parked]
    writes: Mapping[LeadId, tuple[StageWrite, ...]]


def _of_side(
    desks: Desks, stage: Stage, ids: Sequence[RecordId], count: Count, known: _Known
) -> list[Case]:
    """What there is to know of the records that this CRM alone counts."""
    system, other = count.system, count.system.other
    leads = {i: known.leads[system, i] for i in ids if (system, i) in known.leads}
    partners = {i: x.sides[other].record_id for i, x in leads.items() if other in x.sides}
    dates = desks.crms[other].stage_dates.dates_of(
        set(partners.values()), stage, desks.crm.sides[other].stages
    )
    like = _like(desks, system, [i for i in ids if i not in partners], leads)
    return [
        Case(
            system=system,
            record_id=i,
            at=count.records[i],
            period=count.period,
            lead=leads.get(i),
            parked=known.parked.get((system, i)),
            there_at=dates.get(partners[i], ()) if i in partners else (),
            like=like.get(i, ()),
            writes=known.writes.get(leads[i].id, ()) if i in leads else (),
        )
        for i in ids
    ]


def _like(
    desks: Desks, system: System, ids: Collection[RecordId], leads: Mapping[RecordId, Lead]
) -> Mapping[RecordId, tuple[RecordId, ...]]:
    """Living records of the other CRM with the addresses of these."""
    addresses = {i: leads[i].sides[system].seen.emails for i in ids if _is_side(leads, system, i)}
    unknown = [i for i in ids if i not in addresses]
    if unknown:
        crm = desks.crms[system]
        normal = normaliser(desks.crm, system, crm.directory())
        addresses |= {i: normal(x).emails for i, x in crm.read(unknown).items()}
    asked = frozenset(e for emails in addresses.values() for e in emails)
    found = desks.crms[system.other].with_emails(asked) if asked else {}
    return {
        i: tuple(dict.fromkeys(record for e in emails for record in found.get(e, ())))
        for i, emails in addresses.items()
    }


def _is_side(leads: Mapping[RecordId, Lead], system: System, record_id: RecordId) -> bool:
    return record_id in leads and system in leads[record_id].sides


def _explained(case: Case, stage: Stage, crm: CrmMap) -> Only:
    reason, detail = reason_of(case, stage, crm)
    side = case.other
    return Only(
        system=case.system,
        record_id=case.record_id,
        at=case.at,
        reason=reason,
        detail=detail or SAYS[reason],
        lead_id=case.lead.id if case.lead else None,
        there=side.record_id if side else None,
        email=address_of(case.lead),
    )


def _surplus(key: Key, counts: Mapping[System, Count], leads: Mapping[Key, Lead]) -> Only:
    system, record_id = key
    lead = leads[key]
    there = lead.sides.get(system.other)
    return Only(
        system=system,
        record_id=record_id,
        at=counts[system].records[record_id],
        reason=Reason.MERGED,
        detail=f"{system.label} has several records of lead {lead.id}",
        lead_id=lead.id,
        there=there.record_id if there else None,
        email=address_of(lead),
    )
