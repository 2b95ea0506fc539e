"""Merge every mapped field of a lead but its stage; what must travel becomes one write a side."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import assert_never

from syncd.core.accept import accepted, accepted_at
from syncd.core.context import Context
from syncd.core.disputes import drop_idle, open_dispute, tend
from syncd.core.draft import Draft
from syncd.core.edits import is_moved, is_shared
from syncd.core.keys import content_key
from syncd.core.reconcile import Agree, Clash, Facet, Merge, Same, Stay, Travel, reconcile
from syncd.core.value_words import kept
from syncd.core.views import changed, coming, living, suspects
from syncd.domain.action import FieldWrite, WriteKind
from syncd.domain.audit import AuditKind
from syncd.domain.copies import replace, swift
from syncd.domain.lead import Lead, Side
from syncd.domain.mapping import CrmMap
from syncd.domain.names import SYSTEMS, FieldName, System
from syncd.domain.record import Edit
from syncd.domain.values import FieldSpec, Unreadable, Value


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class _Merging:
    """What merging one lead needs beside it, and the writes it comes to."""

    ctx: Context
    writes: dict[System, list[FieldWrite]] = field(default_factory=lambda: defaultdict(list))


def merge_fields(draft: Draft, ctx: Context) -> Draft:
    """Each shared field through the truth table; a lone side is simply believed."""
    draft = drop_idle(draft, ctx)
    sides = living(draft.lead)
    if len(draft.lead.sides) < len(SYSTEMS):
        return _believe(draft, sides, ctx.crm)
    if len(sides) < len(SYSTEMS):
        return draft  # what changes while the twin is gone is news should it come back
    news = suspects(sides[0]) | suspects(sides[1]) | draft.lead.disputes.keys()
    if not news:
        return draft
    merging = _Merging(ctx=ctx)
    for name, spec in ctx.crm.fields.items():
        if name in news and is_shared(spec, ctx.crm):
            draft = _merge_field(draft, spec, merging)
    for system in SYSTEMS:
        if writes := merging.writes.get(system):
            draft = _write(draft, system, writes)
    return draft


def _write(draft: Draft, system: System, writes: list[FieldWrite]) -> Draft:
    """What travels is settled where it comes from, and in flight where it goes to."""
    key = content_key(WriteKind.SYNC, draft.lead, system, writes)
    source = accepted_at(draft.lead.sides[system.other], *[w.field for w in writes])
    return draft.writing(WriteKind.SYNC, system, tuple(writes), key=key, cause=None, source=source)


def _merge_field(draft: Draft, spec: FieldSpec, merging: _Merging) -> Draft:
    if dispute := draft.lead.disputes.get(spec.name):
        return tend(draft, spec, dispute)
    sides = draft.lead.sides
    moved = [s for s in SYSTEMS if changed(sides[s], spec.name)]
    if not moved:
        return draft
    if unread := [s for s in SYSTEMS if spec.name not in sides[s].seen.values]:
        return _go_without(draft, spec, moved, unread, merging.ctx.crm)
    merge = reconcile(spec, *[_facet(draft.lead, s, spec.name, moved) for s in SYSTEMS])
    if isinstance(merge, Travel | Clash) and spec.name in merging.ctx.left_to_connector:
        merge = Stay(source=moved[0], why="the native connector moves it")
    return _carry_out(draft, spec, merge, merging)


def _go_without(
    draft: Draft, spec: FieldSpec, moved: list[System], unread: list[System], crm: CrmMap
) -> Draft:
    """A converted record may have no such field: then there is nowhere to travel. One that was
    only not read since the map has the field will be: until then what changed stays news."""
    sides = draft.lead.sides
    if any(crm.sides[s].path_of(spec, sides[s].seen.kind) for s in unread):
        return draft
    return accepted(draft, spec.name, *moved)


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


def _facet(lead: Lead, system: System, name: FieldName, moved: list[System]) -> Facet:
    side = lead.sides[system]
    edit = side.edits.get(name)
    return Facet(
        system=system,
        seen=side.seen.values.get(name),
        coming=coming(side, name),
        changed=is_moved(lead, system, name, moved),
        at=edit.at if edit else side.seen.modified_at,
        by_history=edit is not None,
    )


def _carry_out(draft: Draft, spec: FieldSpec, merge: Merge, merging: _Merging) -> Draft:
    match merge:
        case Same():
            return draft
        case Agree():
            return accepted(draft, spec.name, *SYSTEMS)
        case Stay(source=source, why=why):
            draft = accepted(draft, spec.name, *SYSTEMS)
            return draft.noted(AuditKind.DISAGREEMENT, field=spec.name, system=source, why=why)
        case Travel(source=source, rule=rule):
            return _send(draft, spec.name, source, rule, merging)
        case Clash(winner=winner, rule=rule):
            draft = _note_clash(draft, spec.name, rule)
            if winner is None:
                return open_dispute(_left(draft, merging), spec, merging.ctx)
            return _send(draft, spec.name, winner, rule, merging)
        case _:
            assert_never(merge)


def _send(draft: Draft, name: FieldName, source: System, rule: str, merging: _Merging) -> Draft:
    origin, target = draft.lead.sides[source], draft.lead.sides[source.other]
    value = origin.seen.values.get(name)
    if target.seen.locked or isinstance(value, Unreadable):
        draft = accepted(draft, name, source)
        why = f"{target.system.label} takes no writes: {target.seen.locked}"
        return draft.noted(AuditKind.DISAGREEMENT, field=name, system=source, why=why)
    merging.writes[target.system].append(
        FieldWrite(
            field=name,
            seen=target.seen.values.get(name),
            value=value,
            rule=rule,
            was=target.edits.get(name),
            came=origin.edits.get(name) or Edit(at=origin.seen.modified_at),
        )
    )
    return draft


def _left(draft: Draft, merging: _Merging) -> Draft:
    """With what is about to travel settled where it comes from: people are told of the lead as it
    is by now."""
    for system, writes in merging.writes.items():
        for write in writes:
            draft = accepted(draft, write.field, system.other)
    return draft


def _note_clash(draft: Draft, name: FieldName, rule: str) -> Draft:
    """Both values, with when and by whom each was entered where history tells."""
    facts, personal = {"field": name, "rule": rule}, {}
    for system in SYSTEMS:
        side = draft.lead.sides[system]
        personal[system.value] = kept(side.seen.values.get(name))
        if edit := side.edits.get(name):
            facts[f"{system}_at"] = edit.at.isoformat()
            personal[f"{system}_by"] = edit.by
    return draft.noted(AuditKind.CONFLICT, personal=personal, **facts)
