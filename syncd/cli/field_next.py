"""What becomes of one field at the next cycle, in a sentence. The core is asked, nothing done."""

from collections.abc import Collection

from syncd.core.alerting_conflicts import resolve_command
from syncd.core.connector import advice
from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.fields import merge_fields
from syncd.core.value_words import plain
from syncd.core.views import living
from syncd.domain.action import FieldWrite, WriteRecord
from syncd.domain.audit import AuditKind
from syncd.domain.decision import Plan
from syncd.domain.lead import Lead
from syncd.domain.names import PlanId, System
from syncd.domain.values import FieldSpec, Unreadable


def what_next(lead: Lead, spec: FieldSpec, ctx: Context, plans: Collection[Plan]) -> str:
    """`plans` are those that hold something of this lead."""
    if spec.name in ctx.crm.marks.values():
        return "Only syncd writes this field, to explain itself."
    if len(spec.properties) < len(System):
        (only,) = spec.properties
        return f"Only {only.label} has this field: it never travels."
    if len(living(lead)) < len(System):
        return "The lead has only one record: nothing travels."
    if lead.held:
        return f"The lead is held by the brake: `syncd plan show {lead.held}`."
    if any(isinstance(x.seen.values.get(spec.name), Unreadable) for x in living(lead)):
        return "One side cannot be read: nothing is written until it can."
    return _decided(lead, spec, ctx, plans)


def _decided(lead: Lead, spec: FieldSpec, ctx: Context, plans: Collection[Plan]) -> str:
    draft = merge_fields(Draft(lead=lead, now=ctx.now), ctx)
    if spec.name in draft.lead.disputes:
        command = resolve_command(draft.lead, spec)
        return f"It waits for a person: `{command}`, or `--take {System.HUBSPOT}`."
    if spec.name in ctx.left_to_connector and _differ(lead, spec):
        return f"It is left to the native connector, until you change one of them: {advice(spec)}."
    for action in (x for x in draft.actions if isinstance(x, WriteRecord)):
        for write in action.writes:
            if write.field == spec.name:
                held = next((x.id for x in plans if x.kind is action.kind), None)
                return _written(write, action.system, held)
    for entry in draft.audit:
        if entry.kind is AuditKind.DISAGREEMENT and entry.facts["field"] == spec.name:
            return f"Each side keeps what it has: {entry.facts['why']}."
    return _at_rest(draft.lead, spec)


def _written(write: FieldWrite, system: System, held: PlanId | None) -> str:
    why = write.rule.removeprefix("conflict: ")
    what = f"{plain(write.value)} to {system.label} ({why})"
    if held:
        return f"The brake holds the write of {what}: `syncd plan show {held}`."
    return f"The next cycle writes {what}."


def _at_rest(lead: Lead, spec: FieldSpec) -> str:
    for side in living(lead):
        if pending := side.pending.get(spec.name):
            return f"{plain(pending.writes)} is on its way to {side.system.label}."
    if not _differ(lead, spec):
        return "Both CRMs show the same: nothing to do."
    return "The sides differ and have rested so: nothing is written until one of them changes."


def _differ(lead: Lead, spec: FieldSpec) -> bool:
    one, two = (side.seen.values.get(spec.name) for side in living(lead))
    return one != two
