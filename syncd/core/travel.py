"""Carry the lead's settled stage to the sides that show another. Decides nothing about it."""

from collections.abc import Sequence

from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.views import changed, living, stage_seen
from syncd.domain.action import FieldWrite, WriteKind
from syncd.domain.audit import AuditKind
from syncd.domain.lead import Side
from syncd.domain.names import STAGE, SYSTEMS, ActionKey, System
from syncd.domain.stage import Stage, Transition


def propagate(
    draft: Draft, cause: Transition, ctx: Context, kind: WriteKind = WriteKind.PROPAGATE
) -> Draft:
    """Carry the lead's stage to every side that shows another and can take it."""
    for side in living(draft.lead):
        shown = stage_seen(side)
        if shown is None or _will_show(side, draft.lead.stage):
            continue
        if side.seen.locked:
            draft = _leave(draft, side, shown)
            continue
        if ctx.crm.sides[side.system].line_for(draft.lead.stage, side.seen.kind) is None:
            draft = _leave(draft, side, shown).noted(
                AuditKind.DISAGREEMENT,
                field=STAGE,
                system=side.system,
                why=f"{side.system.label} cannot be told {draft.lead.stage}",
            )
            continue
        write = FieldWrite(field=STAGE, seen=shown, value=draft.lead.stage, rule="propagate")
        key = ActionKey(f"{kind}:{side.system}:{cause.id}")
        draft = draft.writing(kind, side.system, (write,), key=key, cause=cause.id)
    return draft


def _will_show(side: Side, stage: Stage) -> bool:
    """Whether the side shows this stage, or a write nobody overtook will make it so."""
    pending = side.pending.get(STAGE)
    if pending is None:
        return stage_seen(side) is stage
    return pending.writes == stage and not changed(side, STAGE)


def _leave(draft: Draft, side: Side, shown: Stage) -> Draft:
    """A move made here lost, but cannot be undone: it stands, and is no news any more."""
    return draft.settled(side.system, STAGE, shown) if changed(side, STAGE) else draft


def raise_newborn(draft: Draft, newborn: Sequence[System], ctx: Context) -> Draft:
    """A fresh twin of a known lead starts where the lead already stands, not lower. Below every
    gate, whoever made it lower knew why."""
    for system in newborn:
        shown = stage_seen(draft.lead.sides[system])
        if shown is None or shown.rank >= draft.lead.stage.rank:
            continue
        if shown is Stage.NONE or ctx.guards(draft.lead.stage):
            draft = _bring(draft, system, shown, "joins the lead", ctx)
    return draft


def bring_back(draft: Draft, returned: Sequence[System], ctx: Context) -> Draft:
    """A record that was gone has missed where the lead went meanwhile."""
    if not returned or draft.lead.contest or len(living(draft.lead)) < len(SYSTEMS):
        return draft
    for system in returned:
        shown = stage_seen(draft.lead.sides[system])
        if shown is not None and shown is not draft.lead.stage:
            draft = _bring(draft, system, shown, "came back", ctx)
    return draft


def _bring(draft: Draft, system: System, shown: Stage, rule: str, ctx: Context) -> Draft:
    side, stage = draft.lead.sides[system], draft.lead.stage
    if side.seen.locked or ctx.crm.sides[system].line_for(stage, side.seen.kind) is None:
        return draft
    write = FieldWrite(field=STAGE, seen=shown, value=stage, rule=rule)
    key = ActionKey(f"propagate:{system}:{side.record_id}:{side.seen.modified_at.isoformat()}")
    return draft.writing(WriteKind.PROPAGATE, system, (write,), key=key, cause=None)
