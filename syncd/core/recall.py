"""Think of refused moves again, for as long as they are remembered."""

from collections.abc import Sequence

from syncd.core import alerting
from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.marks import mark_verdicts
from syncd.core.moves import judge_move
from syncd.core.promises import follow_stage
from syncd.core.travel import propagate
from syncd.core.views import living
from syncd.domain.action import WriteKind
from syncd.domain.copies import replace
from syncd.domain.lead import Lead
from syncd.domain.names import STAGE
from syncd.domain.stage import ActorKind, Transition
from syncd.domain.verdict import Result, Verdict


def recall(draft: Draft, ctx: Context) -> Draft:
    """Think of a refused move again: tell its mover once the lead qualifies; make the move
    again only if automation made it and policy says so."""
    lead, refusal = draft.lead, draft.lead.refusal
    if refusal is None or lead.move or lead.contest or _stage_in_flight(lead):
        return draft
    if ctx.now >= refusal.until or lead.stage.rank >= refusal.to_stage.rank:
        return draft.on(replace(lead, refusal=None))
    crossing = (lead.stage, refusal.to_stage)
    verdicts = judge_move(lead, refusal.move, crossing=crossing, ctx=ctx)
    if not verdicts or any(v.result is not Result.PASSES for v in verdicts):
        return draft
    again = ctx.policy.reapply and refusal.move.actor.kind is ActorKind.AUTOMATION
    draft = draft.on(replace(lead, refusal=None)).judged(verdicts)
    if not again:
        return draft.also(alerting.qualifies_alert(lead, verdicts, refusal.move, ctx))
    return _reapply(draft, refusal.move, verdicts, ctx)


def _stage_in_flight(lead: Lead) -> bool:
    return any(STAGE in side.pending for side in living(lead))


def _reapply(draft: Draft, move: Transition, verdicts: Sequence[Verdict], ctx: Context) -> Draft:
    start = draft.lead.stage
    draft = draft.on(replace(draft.lead, stage=move.to_stage))
    draft = mark_verdicts(draft, verdicts, move.id, ctx)
    draft = propagate(draft, move, ctx, WriteKind.REAPPLY)
    return follow_stage(draft, start, move, verdicts, ctx)
