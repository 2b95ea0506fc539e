"""Two CRMs' counts of one month side by side: what both count, and what only one of them does,
record by record with one reason each.

Pure: what each CRM says and what syncd knows come in. Every record that is counted ends in
exactly one place; `Reconciliation` cannot be made otherwise.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from syncd.domain.lead import Lead
from syncd.domain.names import SYSTEMS, LeadId, RecordId, System
from syncd.domain.stage import Stage
from syncd.measure.gap_reasons import Reason
from syncd.measure.period import Period

BOTH = "both"
"""Where a record stands that both CRMs count; all others stand with their reason."""

Key = tuple[System, RecordId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What one CRM says: its records that came to the stage in the period, as its own clock's
    zone puts it, and the first instant in it that they did."""

    system: System
    time_zone: str
    period: Period
    records: Mapping[RecordId, datetime]

    def __len__(self) -> int:
        return len(self.records)


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """A lead that both CRMs count, with the record of each that stands for it."""

    lead_id: LeadId
    records: Mapping[System, RecordId]
    at: Mapping[System, datetime]
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """A record that this CRM alone counts. `detail` says what of this very record led to the
    reason; `there` is the lead's record in the other CRM, `email` its address where known."""

    system: System
    record_id: RecordId
    at: datetime
    reason: Reason
    detail: str
    lead_id: LeadId | None = None
    there: RecordId | None = None
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """`notes` tell what could not be seen."""

    stage: Stage
    counts: Mapping[System, Count]
    both: tuple[Both, ...]
    only: tuple[Only, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """What a CRM says is what both say and what it says alone: no record twice, none lost."""
        for system in SYSTEMS:
            told = Counter(
                [x.records[system] for x in self.both]
                + [x.record_id for x in self.only if x.system is system]
            )
            assert told == Counter(self.counts[system].records.keys()), system

    def sums(self, *, now: datetime) -> "Sums":
        """`now` is when the CRMs were read."""
        return Sums(
            stage=self.stage,
            period=self.counts[System.HUBSPOT].period.name,
            time_zones={x: self.counts[x].time_zone for x in SYSTEMS},
            made_at=now,
            places={x: self._places(x) for x in SYSTEMS},
            notes=self.notes,
        )

    def _places(self, system: System) -> Mapping[str, int]:
        alone = Counter(x.reason.value for x in self.only if x.system is system)
        return {BOTH: len(self.both), **alone}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What a reconciliation came to: how many records of each CRM stand in each place, which is
    a reason or `BOTH`. `made_at` is when the CRMs were read."""

    stage: Stage
    period: str
    time_zones: Mapping[System, str]
    made_at: datetime
    places: Mapping[System, Mapping[str, int]]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """`first` are the records counted by one CRM alone that stand for their lead (or for
    nobody known); `surplus` are further records of a lead that has one counted already."""

    both: tuple[Both, ...]
    first: tuple[Key, ...]
    surplus: tuple[Key, ...]


def pair(counts: Mapping[System, Count], leads: Mapping[Key, Lead]) -> Paired:
    """Which counted records are of one lead. Of several in one CRM, the one that is the lead's
    now stands for it, else the earliest."""
    by_lead, unknown = _by_lead(counts, leads)
    both, first, surplus = list[Both](), list[Key](unknown), list[Key]()
    for lead, sides in by_lead.values():
        ordered = {s: _in_order(lead, s, keys, counts[s]) for s, keys in sides.items()}
        if len(ordered) == len(SYSTEMS):
            records = {s: ids[0] for s, ids in ordered.items()}
            at = {s: counts[s].records[i] for s, i in records.items()}
            both.append(Both(lead_id=lead.id, records=records, at=at, email=address_of(lead)))
        else:
            first += [(s, ids[0]) for s, ids in ordered.items()]
        surplus += [(s, i) for s, ids in ordered.items() for i in ids[1:]]
    return Paired(both=tuple(both), first=tuple(first), surplus=tuple(surplus))


def _by_lead(
    counts: Mapping[System, Count], leads: Mapping[Key, Lead]
) -> tuple[dict[LeadId, tuple[Lead, dict[System, list[RecordId]]]], list[Key]]:
    by_lead: dict[LeadId, tuple[Lead, dict[System, list[RecordId]]]] = {}
    unknown: list[Key] = []
    for system in SYSTEMS:
        for record_id in counts[system].records:
            lead = leads.get((system, record_id))
            if lead is None:
                unknown.append((system, record_id))
                continue
            _, sides = by_lead.setdefault(lead.id, (lead, {}))
            sides.setdefault(system, []).append(record_id)
    return by_lead, unknown


def address_of(lead: Lead | None) -> str:
    """What people know the lead by, from whichever record shows it."""
    sides = lead.sides.values() if lead else ()
    return next((emails[0] for side in sides if (emails := side.seen.emails)), "")


def _in_order(
    lead: Lead, system: System, ids: Iterable[RecordId], count: Count
) -> Sequence[RecordId]:
    side = lead.sides.get(system)
    current = side.record_id if side else None
    return sorted(ids, key=lambda i: (i != current, count.records[i], i))
