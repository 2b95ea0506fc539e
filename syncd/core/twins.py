"""Decide whether the record a lead lacks in one CRM is to be made there.

Asked for once in a lead's life: what a person deletes afterwards stays deleted. Whether the
CRM has such a record already is for whoever makes it to find out.
"""

from collections.abc import Iterator

from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.views import coming
from syncd.domain.action import CreateRecord
from syncd.domain.copies import replace
from syncd.domain.lead import Lead, Side, TwinAsked
from syncd.domain.mapping import CrmMap
from syncd.domain.names import ActionKey, FieldName, System
from syncd.domain.values import FieldSpec, Unreadable, Value


def want_twin(draft: Draft, ctx: Context) -> Draft:
    """Ask for the missing record of a lead that reached the stage from which it is wanted."""
    if not ctx.crm.create_in or draft.lead.twin is not None:
        return draft
    action = missing_twin(draft.lead, ctx)
    if action is None:
        return draft
    asked = TwinAsked(system=action.system, at=ctx.now)
    return draft.on(replace(draft.lead, twin=asked)).also(action)


def missing_twin(lead: Lead, ctx: Context) -> CreateRecord | None:
    """The record to make for this lead as it is now; None while none is wanted.

    Never for a lead that had a record there, whatever became of it; nor before the lead has
    moved since `enforce_from`, for first sight is not a move.
    """
    side = _lone_side(lead)
    if side is None or lead.move or lead.contest or not side.seen.emails:
        return None
    system = side.system.other
    target, since = ctx.crm.sides[system], ctx.crm.create_in.get(system)
    if since is None or lead.stage.rank < since.rank or not _has_moved(side, ctx):
        return None
    if target.external_id is None or target.line_for(lead.stage, target.kind) is None:
        return None
    return CreateRecord(
        key=ActionKey(f"create:{system}:{lead.id}"),
        lead_id=lead.id,
        system=system,
        record_kind=target.kind,
        email=side.seen.emails[0],
        values=dict(_values(side, ctx.crm)),
        stage=lead.stage,
    )


def _lone_side(lead: Lead) -> Side | None:
    """The only side the lead ever had. One set apart by a person was a side, too."""
    if len(lead.sides) != 1 or lead.apart:
        return None
    (side,) = lead.sides.values()
    return None if side.gone else side


def _has_moved(side: Side, ctx: Context) -> bool:
    if side.seen.created_at >= ctx.enforce_from:
        return True
    return side.last_move is not None and side.last_move.at >= ctx.enforce_from


def _values(side: Side, crm: CrmMap) -> Iterator[tuple[FieldName, Value]]:
    for spec in crm.fields.values():
        value = coming(side, spec.name)
        if value is None or isinstance(value, Unreadable):
            continue
        if _belongs(spec, side.system.other, crm):
            yield spec.name, value


def _belongs(spec: FieldSpec, system: System, crm: CrmMap) -> bool:
    """What may flow there, and what people know the lead by: nobody would know the record
    without it. The address is written apart."""
    path = spec.properties.get(system)
    if path is None or "." in path or path == crm.sides[system].email:
        return False
    if spec.name in crm.marks.values():
        return False
    return spec.direction.reaches(system) or spec.name in (*crm.name, crm.company)
