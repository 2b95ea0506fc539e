"""Repair one field of a lead on which its sides have always disagreed, as a person chose.

Only what has been settled and left alone is repaired: an edit under way takes its normal
course, and an empty value never takes the place of one that is there.
"""

from collections.abc import Collection

from syncd.core.connector import advice
from syncd.core.context import Context
from syncd.core.decide import decision_of
from syncd.core.draft import Draft
from syncd.core.edits import shared_fields
from syncd.core.keys import content_key
from syncd.core.survey import Standing, standing
from syncd.core.value_words import kept
from syncd.core.views import changed, living
from syncd.domain.action import FieldWrite, WriteKind
from syncd.domain.audit import AuditKind
from syncd.domain.decision import Decision
from syncd.domain.lead import Lead, Side
from syncd.domain.mapping import CrmMap
from syncd.domain.names import FieldName, System
from syncd.domain.order import RepairField
from syncd.domain.values import FieldSpec, Unreadable

REPAIR_ORDERED = "a repair was ordered"
"""How the audit tells a repair from a choice in a conflict."""

_ONLY = {
    System.SALESFORCE: Standing.ONLY_SALESFORCE,
    System.HUBSPOT: Standing.ONLY_HUBSPOT,
}


def why_not_repair(
    what: RepairField, crm: CrmMap, *, left_to_connector: Collection[FieldName]
) -> str | None:
    """Why no lead at all can be repaired so, as the configuration and the connector are now."""
    shared = {spec.name: spec for spec in shared_fields(crm)}
    spec = shared.get(what.field)
    if spec is None:
        return f"{what.field} is not a field of both CRMs; they share {', '.join(shared)}"
    if spec.name in left_to_connector:
        return f"{spec.name} is left to the native connector, which writes it too: {advice(spec)}"
    if not spec.direction.reaches(what.take.other):
        where = spec.where or "crm.yaml"
        return (
            f"{spec.name} does not flow to {what.take.other.label} "
            f"(direction: {spec.direction}, {where})"
        )
    return None


def repair(lead: Lead, what: RepairField, ctx: Context, *, by: str) -> Decision | None:
    """The write that gives the other side what the chosen one shows; None where there is
    nothing to repair, or no way to."""
    spec = next((x for x in shared_fields(ctx.crm) if x.name == what.field), None)
    if spec is None or not _may_be_written(lead, spec, what.take, ctx):
        return None
    source, target = lead.sides[what.take], lead.sides[what.take.other]
    value, seen = source.seen.values.get(spec.name), target.seen.values.get(spec.name)
    if isinstance(value, Unreadable):
        return None
    write = FieldWrite(
        field=spec.name,
        seen=seen,
        value=value,
        rule=f"repair: {what.take.label} is right",
    )
    key = content_key(WriteKind.REPAIR, lead, target.system, [write])
    draft = Draft(lead=lead, now=ctx.now)
    draft = draft.writing(WriteKind.REPAIR, target.system, (write,), key=key, cause=None)
    draft = draft.noted(
        AuditKind.RESOLVED,
        field=spec.name,
        take=what.take.value,
        why=REPAIR_ORDERED,
        personal={"by": by, source.system.value: kept(value), target.system.value: kept(seen)},
    )
    return decision_of(draft, lead)


def _may_be_written(lead: Lead, spec: FieldSpec, take: System, ctx: Context) -> bool:
    sides = living(lead)
    if len(sides) < len(System):
        return False
    if spec.name in lead.disputes or spec.name in ctx.left_to_connector:
        return False
    if not spec.direction.reaches(take.other) or not _is_writable(lead, spec, take.other, ctx.crm):
        return False
    if any(_is_under_way(side, spec) for side in sides):
        return False
    one, two = sides
    return standing(one, two, spec, ctx.crm) in (Standing.DIFFER, _ONLY[take])


def _is_under_way(side: Side, spec: FieldSpec) -> bool:
    return changed(side, spec.name) or spec.name in side.pending


def _is_writable(lead: Lead, spec: FieldSpec, system: System, crm: CrmMap) -> bool:
    """Whether the record takes writes, and has the field itself and not by way of another."""
    side, side_map = lead.sides[system], crm.sides[system]
    is_converted = side.seen.kind == side_map.converted_kind
    name = spec.converted if is_converted else spec.properties[system]
    return side.seen.locked is None and bool(name) and "." not in str(name)
