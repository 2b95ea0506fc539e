"""Carry the lead's settled stage to the sides that show another. Decides nothing about it."""

from collections.abc import Sequence

from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.views import changed, living, stage_seen
from syncd.domain.action import FieldWrite, WriteKind
from syncd.domain.audit import AuditKind
from syncd.domain.lead import Side
from syncd.domain.names import STAGE, ActionKey, System
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
        if ctx.crm.sides[side.system].line_for(draft.lead.stage) is None:
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
    """A fresh twin of a known lead starts where the lead already stands, not lower."""
    for system in newborn:
        side = draft.lead.sides[system]
        shown = stage_seen(side)
        lower = shown is not None and shown.rank < draft.lead.stage.rank
        if shown is None or not lower or side.seen.locked:
            continue
        if ctx.crm.sides[system].line_for(draft.lead.stage) is None:
            continue
        write = FieldWrite(field=STAGE, seen=shown, value=draft.lead.stage, rule="joins the lead")
        key = ActionKey(f"propagate:{system}:{side.record_id}")
        draft = draft.writing(WriteKind.PROPAGATE, system, (write,), key=key, cause=None)
    return draft
