"""How each field is spelled in each CRM, and what of a lead is to be forgotten once that changed.

Another property, type or value map reads differently though nobody edited anything. What was
settled under the old spelling says nothing under the new one: the field is learnt afresh.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TypeVar

from syncd.domain.lead import Lead, Side
from syncd.domain.mapping import CrmMap, SideMap, Spellings
from syncd.domain.names import FieldName, System
from syncd.domain.values import FieldSpec, FieldType

_CHARACTERS = 16
_T = TypeVar("_T")


def spellings(crm: CrmMap) -> dict[System, dict[FieldName, str]]:
    """Of every field that people edit. Which way it flows and who wins is no part of it."""
    people_edit = [x for x in crm.fields.values() if x.name not in crm.marks.values()]
    return {
        system: {x.name: _digest(x, side) for x in people_edit if system in x.properties}
        for system, side in crm.sides.items()
    }


def _digest(spec: FieldSpec, side: SideMap) -> str:
    kinds = (side.kind, side.converted_kind) if side.converted_kind else (side.kind,)
    told_by = (
        spec.type.value,
        [side.path_of(spec, kind) for kind in kinds],
        sorted(spec.options.get(side.system, {}).items()),
        sorted(side.owners.items()) if spec.type is FieldType.OWNER else [],
    )
    return hashlib.sha256(repr(told_by).encode()).hexdigest()[:_CHARACTERS]


def respelled(before: Spellings, now: Spellings) -> dict[System, frozenset[FieldName]]:
    """Fields that were spelled otherwise. A new one has nothing to forget."""
    found = {
        system: frozenset(
            name
            for name, digest in fields.items()
            if before.get(system, {}).get(name, digest) != digest
        )
        for system, fields in now.items()
    }
    return {system: names for system, names in found.items() if names}


def forget(lead: Lead, fields: Mapping[System, Collection[FieldName]]) -> Lead:
    """The lead as if it had never been read with these fields; the same one if it was not.
    What is on its way was meant for the old spelling, and is called off."""
    sides = {s: _without(side, fields.get(s, ())) for s, side in lead.sides.items()}
    if all(sides[s] is side for s, side in lead.sides.items()):
        return lead
    return replace(lead, sides=sides)


def _without(side: Side, fields: Collection[FieldName]) -> Side:
    known = side.seen.values.keys() | side.baseline.keys() | side.pending.keys()
    if known.isdisjoint(fields):
        return side
    return replace(
        side,
        seen=replace(side.seen, values=_rest(side.seen.values, fields)),
        baseline=_rest(side.baseline, fields),
        pending=_rest(side.pending, fields),
        settled_at=_rest(side.settled_at, fields),
        edits=_rest(side.edits, fields),
    )


def _rest(known: Mapping[FieldName, _T], fields: Collection[FieldName]) -> dict[FieldName, _T]:
    return {name: value for name, value in known.items() if name not in fields}
