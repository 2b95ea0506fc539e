"""What an existing pair of CRMs looks like: what is linked, and where the sides disagree.

Pure counting over leads as they are stored, one at a time: nothing is repaired, and no value
of a record is told.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from syncd.core.edits import shared_fields
from syncd.core.views import living, stage_seen
from syncd.domain.lead import Lead, Side
from syncd.domain.mapping import CrmMap
from syncd.domain.names import FieldName, LeadId, System
from syncd.domain.stage import Stage
from syncd.domain.values import Direction, FieldSpec, FieldType, Seen, Unreadable

MOST_EXAMPLES = 5


class Standing(StrEnum):
    """How the two sides of a field stand to one another."""

    AGREE = "agree"
    DIFFER = "differ"
    ONLY_SALESFORCE = "only-salesforce"
    ONLY_HUBSPOT = "only-hubspot"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldStanding:
    """One field over all linked leads; `flows` is the way the map lets it travel."""

    field: FieldName
    flows: Direction
    leads: Mapping[Standing, int]

    @property
    def disagreeing(self) -> int:
        return sum(self.leads.get(x, 0) for x in _DISAGREE)


@dataclass(frozen=True, slots=True, kw_only=True)
class StagePair:
    """Linked leads whose records show two different stages (None: no line tells it). For
    `impossible` ones both cannot be true: see `cannot_both_be_true`."""

    salesforce: Stage | None
    hubspot: Stage | None
    leads: int
    impossible: int
    examples: tuple[LeadId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    leads: int
    linked: int
    only: Mapping[System, int]
    fields: tuple[FieldStanding, ...]
    stages: tuple[StagePair, ...]
    unreadable: Mapping[System, Mapping[FieldName, int]]


_DISAGREE = (Standing.DIFFER, Standing.ONLY_SALESFORCE, Standing.ONLY_HUBSPOT)
_Stages = tuple[Stage | None, Stage | None]


def survey(leads: Iterable[Lead], crm: CrmMap, *, gates: Collection[Stage]) -> Survey:
    """Count every lead once, holding none of them."""
    found = _Counts()
    shared = tuple(shared_fields(crm))
    for lead in leads:
        _count(found, lead, shared, crm, gates)
    return Survey(
        leads=found.leads,
        linked=found.linked,
        only={system: found.only[system] for system in System},
        fields=tuple(_standing(found, spec) for spec in shared),
        stages=tuple(_stage_pairs(found)),
        unreadable={
            system: {name: n for (s, name), n in sorted(found.unreadable.items()) if s is system}
            for system in System
        },
    )


def cannot_both_be_true(one: Side, two: Side, crm: CrmMap, gates: Collection[Stage]) -> bool:
    """Whether one record stands above a gate and cannot be moved back (converted, an open or
    won deal), while the other stands below it: a customer who is being nurtured."""
    shown = {side.system: stage_seen(side) for side in (one, two)}
    low, high = sorted((one, two), key=lambda side: _rank(shown[side.system]))
    above, below = shown[high.system], shown[low.system]
    if above is None or below is None:
        return False
    stuck = high.seen.fixed or crm.sides[high.system].line_for(above, high.seen.kind) is None
    return bool(stuck) and any(below.rank < gate.rank <= above.rank for gate in gates)


def standing(one: Side, two: Side, spec: FieldSpec, crm: CrmMap) -> Standing | None:
    """How the two stand; None where a side's kind of record does not have the field."""
    if any(crm.sides[x.system].path_of(spec, x.seen.kind) is None for x in (one, two)):
        return None
    values = {side.system: side.seen.values.get(spec.name) for side in (one, two)}
    if any(isinstance(value, Unreadable) for value in values.values()):
        return Standing.UNREADABLE
    salesforce, hubspot = values[System.SALESFORCE], values[System.HUBSPOT]
    if salesforce == hubspot or _is_unticked(spec, salesforce, hubspot):
        return Standing.AGREE
    if hubspot is None:
        return Standing.ONLY_SALESFORCE
    return Standing.ONLY_HUBSPOT if salesforce is None else Standing.DIFFER


def _is_unticked(spec: FieldSpec, *values: Seen) -> bool:
    """A Salesforce check box is never empty: not ticked and nothing said are the same to people."""
    return spec.type is FieldType.BOOLEAN and not any(values)


@dataclass(slots=True, kw_only=True)
class _Counts:
    leads: int = 0
    linked: int = 0
    only: Counter[System] = field(default_factory=Counter)
    standings: Counter[tuple[FieldName, Standing]] = field(default_factory=Counter)
    stages: Counter[_Stages] = field(default_factory=Counter)
    impossible: Counter[_Stages] = field(default_factory=Counter)
    examples: dict[_Stages, list[LeadId]] = field(default_factory=dict)
    unreadable: Counter[tuple[System, FieldName]] = field(default_factory=Counter)


def _count(
    found: _Counts,
    lead: Lead,
    shared: Iterable[FieldSpec],
    crm: CrmMap,
    gates: Collection[Stage],
) -> None:
    sides = living(lead)
    if not sides:
        return
    found.leads += 1
    found.unreadable.update((f.system, f.field) for side in sides for f in side.seen.findings)
    if len(sides) == 1:
        found.only[sides[0].system] += 1
        return
    one, two = sides
    found.linked += 1
    for spec in shared:
        if how := standing(one, two, spec, crm):
            found.standings[spec.name, how] += 1
    if stage_seen(one) is not stage_seen(two):
        _count_stages(found, lead, cannot_both_be_true(one, two, crm, gates))


def _count_stages(found: _Counts, lead: Lead, impossible: bool) -> None:
    pair = (stage_seen(lead.sides[System.SALESFORCE]), stage_seen(lead.sides[System.HUBSPOT]))
    found.stages[pair] += 1
    found.impossible[pair] += impossible
    examples = found.examples.setdefault(pair, [])
    if len(examples) < MOST_EXAMPLES:
        examples.append(lead.id)


def _standing(found: _Counts, spec: FieldSpec) -> FieldStanding:
    leads = {how: n for how in Standing if (n := found.standings[spec.name, how])}
    return FieldStanding(field=spec.name, flows=spec.direction, leads=leads)


def _stage_pairs(found: _Counts) -> Iterator[StagePair]:
    """Those that cannot be true first, then the most frequent."""
    order = sorted(found.stages, key=lambda x: (-found.impossible[x], -found.stages[x], str(x)))
    for pair in order:
        salesforce, hubspot = pair
        yield StagePair(
            salesforce=salesforce,
            hubspot=hubspot,
            leads=found.stages[pair],
            impossible=found.impossible[pair],
            examples=tuple(found.examples[pair]),
        )


def _rank(stage: Stage | None) -> int:
    return -1 if stage is None else stage.rank
