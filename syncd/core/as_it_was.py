"""A record's values as they were at an instant, as far as its history tells.

Pure. Where a field has no history its value of now stands, and the field is named.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from syncd.core.condition_parts import fields_of
from syncd.core.spelling import read_value
from syncd.domain.copies import replace
from syncd.domain.mapping import CrmMap
from syncd.domain.names import FieldName, RecordId
from syncd.domain.record import Directory, PropertyChange, Snapshot
from syncd.domain.standard import DecayingPoints, Standard
from syncd.domain.values import Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class AsItWas:
    """`of_now` are the fields whose value then is not known: they show what they hold now."""

    snapshot: Snapshot
    of_now: frozenset[FieldName]


def judged_fields(standard: Standard) -> frozenset[FieldName]:
    """Every field that the standard asks for, in any variant."""
    found: set[FieldName] = set()
    for rule in standard.rules.values():
        found.update(fields_of(rule.condition))
    for variant in standard.every_variant():
        found.update(fields_of(variant.applies))
        points = variant.scoring.points if variant.scoring else ()
        found |= {x.field for x in points if isinstance(x, DecayingPoints)}
    return frozenset(found)


def as_it_was(
    snapshot: Snapshot,
    changes: Sequence[PropertyChange],
    at: datetime,
    *,
    fields: Collection[FieldName],
    tracked: Collection[str],
    crm: CrmMap,
    people: Directory,
) -> AsItWas:
    """`changes` are those of the record, oldest first; `tracked` the properties whose changes
    the vendor keeps."""
    values: dict[FieldName, Seen] = dict(snapshot.values)
    of_now: set[FieldName] = set()
    for name in fields:
        spec = crm.fields.get(name)
        path = crm.sides[snapshot.system].path_of(spec, snapshot.kind) if spec else None
        if spec is None or path is None or name not in snapshot.values:
            continue
        told = told_at([x for x in changes if x.name == path and tells(x)], at)
        if told is not None:
            values[name] = read_value(told, spec, snapshot.system, people)
        elif path not in tracked and snapshot.modified_at > at:
            of_now.add(name)
    return AsItWas(snapshot=replace(snapshot, values=values), of_now=frozenset(of_now))


def told_at(changes: Sequence[PropertyChange], at: datetime) -> str | None:
    """What it held just before that instant had passed; None where history says nothing of it,
    so that it still holds that."""
    before = [x for x in changes if x.at <= at]
    after = [x for x in changes if x.at > at]
    if not after:
        return None
    if before:
        return before[-1].value
    return after[0].before if after[0].before is not None else ""


def tells(change: PropertyChange) -> bool:
    """Whether it names a value: of long texts Salesforce keeps only that they changed."""
    return bool(change.value or change.before or change.before is None)


def known_properties(histories: Mapping[RecordId, Sequence[PropertyChange]]) -> frozenset[str]:
    """The properties that these histories tell of at all."""
    return frozenset(x.name for changes in histories.values() for x in changes if tells(x))
