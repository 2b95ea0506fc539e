"""Disputes: fields that both CRMs changed differently and a person must settle.

Pure. While a dispute is open the field does not travel: whatever is shown is accepted where
it stands, and both values are kept until somebody chooses or both sides show the same. While
one of the records is gone it is suspended: nobody can settle it, and should the record come
back it goes on.
"""

import hashlib
from collections.abc import Mapping

from syncd.core.accept import accepted
from syncd.core.alerting_conflicts import conflict_alert
from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.edits import shared_fields
from syncd.core.erasing import DELETED, VANISHED
from syncd.core.keys import content_key
from syncd.core.value_words import kept
from syncd.core.views import changed, living
from syncd.domain.action import FieldWrite, WriteKind
from syncd.domain.audit import AuditKind
from syncd.domain.copies import replace
from syncd.domain.lead import Dispute, Lead, Side
from syncd.domain.names import FieldName, System
from syncd.domain.order import ResolveDispute
from syncd.domain.record import Edit
from syncd.domain.values import Direction, FieldSpec, Unreadable, Value

_MARK_CHARACTERS = 16
_MAY_COME_BACK = (DELETED, VANISHED)

RESOLVED_RULE = "a person resolved the conflict"


def mark_of(dispute: Dispute) -> str:
    """A short mark of the two values: the same as long as nobody changes either."""
    text = "|".join(repr(dispute.values.get(system)) for system in System)
    return hashlib.sha256(text.encode()).hexdigest()[:_MARK_CHARACTERS]


def open_dispute(draft: Draft, spec: FieldSpec, ctx: Context) -> Draft:
    """Neither value travels; the owner is told, this once."""
    sides = draft.lead.sides
    known = {s: sides[s].edits[spec.name] for s in System if spec.name in sides[s].edits}
    dispute = Dispute(since=draft.now, values=_shown(draft.lead, spec.name), edits=known)
    draft = accepted(_with(draft, spec.name, dispute), spec.name, *System)
    return draft.also(conflict_alert(draft.lead, spec, dispute, ctx))


def tend(draft: Draft, spec: FieldSpec, dispute: Dispute) -> Draft:
    """An open dispute looked at again: closed once both sides show the same; what either
    side shows by now is what a person chooses from."""
    name, sides = spec.name, draft.lead.sides
    if any(isinstance(sides[s].seen.values.get(name), Unreadable) for s in System):
        return draft
    moved = tuple(s for s in System if changed(sides[s], name))
    draft = accepted(draft, name, *moved)
    shown = _shown(draft.lead, name)
    if shown == dispute.values:
        return draft
    if shown[System.SALESFORCE] == shown[System.HUBSPOT]:
        return _closed(draft, name, why="both CRMs show the same now")
    kept = {s: edit for s, edit in dispute.edits.items() if s not in moved}
    news = {s: sides[s].edits[name] for s in moved if name in sides[s].edits}
    draft = _with(draft, name, replace(dispute, values=shown, edits=kept | news))
    return draft.noted(
        AuditKind.CONFLICT, field=name, rule="still waits for a person", personal=_words(shown)
    )


def drop_idle(draft: Draft, ctx: Context) -> Draft:
    """Close what nobody can or need settle any more."""
    if not draft.lead.disputes:
        return draft
    shared = {x.name for x in shared_fields(ctx.crm) if x.direction is not Direction.NONE}
    sides = living(draft.lead)
    for name in draft.lead.disputes:
        if len(sides) < len(System) and suspended(draft.lead) is None:
            draft = _closed(draft, name, why="only one record is left")
        elif name not in shared or any(name not in side.seen.values for side in sides):
            draft = _closed(draft, name, why="the field is not synced any more")
    return draft


def suspended(lead: Lead) -> Side | None:
    """The side whose record is gone and may come back: until then its disputes stand, and
    nobody can settle them."""
    gone = [side for side in lead.sides.values() if side.gone]
    if len(lead.sides) < len(System) or any(x.gone not in _MAY_COME_BACK for x in gone):
        return None
    return next(iter(gone), None)


def resolve(lead: Lead, what: ResolveDispute, ctx: Context, *, by: str) -> Draft:
    """The chosen value goes to the other side, over the very value the person was shown.
    What is in dispute no more is left alone, what has changed since is told once more."""
    draft = Draft(lead=lead, now=ctx.now)
    dispute, spec = lead.disputes.get(what.field), ctx.crm.fields.get(what.field)
    if dispute is None or spec is None:
        return draft
    if len(living(lead)) < len(System):
        return _not_resolved(draft, spec, dispute, "one of the records is gone")
    draft = tend(draft, spec, dispute)  # one of its records may be another by now
    dispute = draft.lead.disputes.get(what.field)
    if dispute is None:
        return draft
    if mark_of(dispute) != what.shown:
        return _told_again(draft, spec, dispute, ctx)
    target = lead.sides[what.take.other]
    facts = {"field": what.field, "take": what.take.value, "why": "a person chose"}
    if left := _left_as_it_is(target, spec):
        facts["left"] = left
    else:
        draft = _write(draft, target, what.field, dispute)
    draft = _without(draft, what.field)
    personal = {"by": by, **_words(dispute.values)}
    return draft.noted(AuditKind.RESOLVED, personal=personal, **facts)


def _left_as_it_is(target: Side, spec: FieldSpec) -> str | None:
    """Why the choice changes nothing on the other side."""
    if not spec.direction.reaches(target.system):
        return f"{spec.name} does not flow to {target.system.label}"
    if target.seen.locked:
        return f"{target.system.label} takes no writes: {target.seen.locked}"
    return None


def _write(draft: Draft, target: Side, field: FieldName, dispute: Dispute) -> Draft:
    source = draft.lead.sides[target.system.other]
    write = FieldWrite(
        field=field,
        seen=dispute.values.get(target.system),
        value=dispute.values.get(source.system),
        rule=RESOLVED_RULE,
        was=dispute.edits.get(target.system),
        came=dispute.edits.get(source.system) or Edit(at=source.seen.modified_at),
    )
    key = content_key(WriteKind.SYNC, draft.lead, target.system, [write])
    return draft.writing(WriteKind.SYNC, target.system, (write,), key=key, cause=None)


def _told_again(draft: Draft, spec: FieldSpec, dispute: Dispute, ctx: Context) -> Draft:
    alert = conflict_alert(draft.lead, spec, dispute, ctx, again=mark_of(dispute))
    return _not_resolved(draft.also(alert), spec, dispute, "the values changed since")


def _not_resolved(draft: Draft, spec: FieldSpec, dispute: Dispute, why: str) -> Draft:
    rule, personal = f"not resolved: {why}", _words(dispute.values)
    return draft.noted(AuditKind.CONFLICT, field=spec.name, rule=rule, personal=personal)


def _closed(draft: Draft, field: FieldName, *, why: str) -> Draft:
    values = draft.lead.disputes[field].values
    draft = _without(draft, field)
    return draft.noted(AuditKind.RESOLVED, field=field, why=why, personal=_words(values))


def _with(draft: Draft, field: FieldName, dispute: Dispute) -> Draft:
    return draft.on(replace(draft.lead, disputes={**draft.lead.disputes, field: dispute}))


def _without(draft: Draft, field: FieldName) -> Draft:
    left = {name: x for name, x in draft.lead.disputes.items() if name != field}
    return draft.on(replace(draft.lead, disputes=left))


def _shown(lead: Lead, field: FieldName) -> dict[System, Value]:
    shown: dict[System, Value] = {}
    for system in System:
        seen = lead.sides[system].seen.values.get(field)
        shown[system] = None if isinstance(seen, Unreadable) else seen
    return shown


def _words(values: Mapping[System, Value]) -> dict[str, str]:
    return {s.value: kept(values.get(s)) for s in System}
