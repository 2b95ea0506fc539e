"""Merge every mapped field of a lead but its stage; what must travel becomes one write a side."""

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from syncd.core.alerting import conflict_alert
from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.keys import content_key
from syncd.core.reconcile import Agree, Clash, Facet, Merge, Same, Stay, Travel, reconcile
from syncd.core.views import changed, coming, living
from syncd.domain.action import FieldWrite, WriteKind
from syncd.domain.audit import AuditKind
from syncd.domain.lead import Lead, Side
from syncd.domain.mapping import CrmMap
from syncd.domain.names import FieldName, System
from syncd.domain.values import FieldSpec, Seen, Unreadable, Value


def merge_fields(draft: Draft, ctx: Context) -> Draft:
    """Each shared field through the truth table; a lone side is simply believed."""
    sides = living(draft.lead)
    if len(sides) < 2:
        return _believe(draft, sides, ctx.crm)
    writes: dict[System, list[FieldWrite]] = {side.system: [] for side in sides}
    one, two = sides
    for spec in _shared(ctx.crm):
        if not (changed(one, spec.name) or changed(two, spec.name)):
            continue
        merge = reconcile(spec, *(_facet(draft.lead, side.system, spec.name) for side in sides))
        if not isinstance(merge, Same):
            draft = _carry_out(draft, spec, merge, writes, ctx)
    for system, fields in writes.items():
        if fields:
            key = content_key(WriteKind.SYNC, draft.lead, system, fields)
            draft = draft.writing(WriteKind.SYNC, system, tuple(fields), key=key, cause=None)
    return draft


def _shared(crm: CrmMap) -> Iterator[FieldSpec]:
    marks = set(crm.marks.values())
    for spec in crm.fields.values():
        if spec.name not in marks and len(spec.properties) == len(System):
            yield spec


def _believe(draft: Draft, sides: tuple[Side, ...], crm: CrmMap) -> Draft:
    for side in sides:
        news: dict[FieldName, Value] = {
            name: seen
            for name in crm.fields
            if name in side.seen.values
            and changed(side, name)
            and not isinstance(seen := side.seen.values[name], Unreadable)
        }
        if news:
            draft = draft.with_side(replace(side, baseline={**side.baseline, **news}))
    return draft


def _facet(lead: Lead, system: System, field: FieldName) -> Facet:
    """A side also counts as changed while its change is in flight to the other side and a
    person edits there at the same time: then both changed."""
    side, other = lead.sides[system], lead.sides[system.other]
    flight = other.pending.get(field)
    overtaken = flight is not None and changed(other, field)
    sent = flight is not None and flight.writes == side.seen.values.get(field)
    return Facet(
        system=system,
        seen=side.seen.values.get(field),
        coming=coming(side, field),
        changed=changed(side, field) or (overtaken and sent),
        at=side.seen.modified_at,
    )


def _carry_out(
    draft: Draft,
    spec: FieldSpec,
    merge: Merge,
    writes: dict[System, list[FieldWrite]],
    ctx: Context,
) -> Draft:
    match merge:
        case Same():
            return draft
        case Agree():
            return _accept(draft, spec.name, *System)
        case Stay(source=source, why=why):
            draft = _accept(draft, spec.name, *System)
            return draft.noted(AuditKind.DISAGREEMENT, field=spec.name, system=source, why=why)
        case Travel(source=source, rule=rule):
            return _send(draft, spec.name, source, rule, writes)
        case Clash(winner=winner, rule=rule):
            draft = _note_clash(draft, spec.name, rule)
            if winner is not None:
                return _send(draft, spec.name, winner, rule, writes)
            draft = draft.also(conflict_alert(draft.lead, spec, ctx))
            return _accept(draft, spec.name, *System)
        case _:
            assert_never(merge)


def _accept(draft: Draft, field: FieldName, *systems: System) -> Draft:
    """What these sides show is settled there; a write in flight over it is called off."""
    for system in systems:
        side = draft.lead.sides[system]
        seen = side.seen.values.get(field)
        if changed(side, field):
            pending = {name: p for name, p in side.pending.items() if name != field}
            side = replace(side, pending=pending)
        if field not in side.pending and not isinstance(seen, Unreadable):
            side = replace(side, baseline={**side.baseline, field: seen})
        draft = draft.with_side(side)
    return draft


def _send(
    draft: Draft,
    field: FieldName,
    source: System,
    rule: str,
    writes: dict[System, list[FieldWrite]],
) -> Draft:
    value = draft.lead.sides[source].seen.values.get(field)
    target = draft.lead.sides[source.other]
    draft = _accept(draft, field, source)
    if target.seen.locked or isinstance(value, Unreadable):
        why = f"{source.other.label} takes no writes: {target.seen.locked}"
        return draft.noted(AuditKind.DISAGREEMENT, field=field, system=source, why=why)
    seen = target.seen.values.get(field)
    writes[source.other].append(FieldWrite(field=field, seen=seen, value=value, rule=rule))
    return draft


def _note_clash(draft: Draft, field: FieldName, rule: str) -> Draft:
    values = {
        system.value: _shown(draft.lead.sides[system].seen.values.get(field)) for system in System
    }
    return draft.noted(AuditKind.CONFLICT, field=field, rule=rule, personal=values)


def _shown(seen: Seen) -> str:
    return "" if seen is None else str(seen)
