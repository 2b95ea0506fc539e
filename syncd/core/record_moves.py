"""Add the moves others made on one side to what is known of it, from its history where there
is one.

Decides nothing about them; a move that is known already is not told again.
"""

from collections.abc import Sequence

from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.transitions import coalesced_move, moves_in_history, own_move
from syncd.core.views import baseline_stage, changed, known_stage, stage_seen
from syncd.domain.copies import replace
from syncd.domain.decision import Observation
from syncd.domain.lead import Side
from syncd.domain.names import STAGE, LeadId
from syncd.domain.stage import ActorKind, StageStep, Transition


def record_moves(draft: Draft, side: Side, observation: Observation, ctx: Context) -> Draft:
    """Add the moves of others since the last known step, from history where there is one."""
    ours, moves = tuple[Transition, ...](), tuple[Transition, ...]()
    if steps := observation.steps:
        side, ours = _undone(draft.lead.id, _catch_up(side, steps), observation, ctx)
        moves = _new_moves(draft.lead.id, side, steps, ctx)
    last = moves[-1] if moves else side.last_move
    shown = stage_seen(side)
    if shown and changed(side, STAGE) and (last is None or last.to_stage is not shown):
        before = last.to_stage if last else baseline_stage(side)
        last = coalesced_move(draft.lead.id, side.seen, move=(before, shown), now=ctx.now)
        moves = (*moves, last)
    if not moves and side is draft.lead.sides[side.system]:
        return draft
    since = max((side.stage_since, *(m.at for m in moves)))
    draft = draft.with_side(replace(side, last_move=last, stage_since=since))
    return replace(draft, transitions=draft.transitions + ours + moves)


def _undone(
    lead_id: LeadId, side: Side, observation: Observation, ctx: Context
) -> tuple[Side, tuple[Transition, ...]]:
    """A stage write of ours whose answer was lost, undone by somebody since: only history
    tells that from a write that was never made. It is settled, and what followed is a move."""
    if observation.steps and observation.steps[-1].actor.kind is ActorKind.SYNCD:
        return side, ()
    return settle_by_history(lead_id, side, observation, ctx)


def settle_by_history(
    lead_id: LeadId, side: Side, observation: Observation, ctx: Context
) -> tuple[Side, tuple[Transition, ...]]:
    """Settle a stage write of ours that nobody confirmed, where history shows it."""
    flight, steps = side.pending.get(STAGE), observation.steps or ()
    ours = next((s for s in reversed(steps) if s.actor.kind is ActorKind.SYNCD), None)
    if flight is None or ours is None:
        return side, ()
    if ours.stage != flight.writes or ours.at <= side.stage_since:
        return side, ()
    move = own_move(lead_id, observation.snapshot, ours, before=known_stage(side), now=ctx.now)
    pending = {name: p for name, p in side.pending.items() if name != STAGE}
    side = replace(
        side,
        baseline={**side.baseline, STAGE: flight.writes},
        settled_at={**side.settled_at, STAGE: ours.at},
        pending=pending,
    )
    return side, (move,)


def _catch_up(side: Side, steps: Sequence[StageStep]) -> Side:
    """A search index lags behind the history read after it: the history is believed."""
    final = steps[-1]
    if final.stage is None or final.at <= side.seen.modified_at:
        return side
    values = {**side.seen.values, STAGE: final.stage}
    return replace(side, seen=replace(side.seen, values=values))


def _new_moves(
    lead_id: LeadId, side: Side, steps: Sequence[StageStep], ctx: Context
) -> tuple[Transition, ...]:
    moves = moves_in_history(
        lead_id,
        side.seen,
        steps,
        since=side.stage_since,
        known=known_stage(side),
        now=ctx.now,
    )
    told = [n for n, move in enumerate(moves) if _is_same(move, side.last_move)]
    return moves[told[-1] + 1 :] if told else moves


def _is_same(move: Transition, known: Transition | None) -> bool:
    """Whether a move is the one known. One made under a former id has another id in the
    history of the record there is now."""
    if known is None or move.record_id == known.record_id:
        return known is not None and move.id == known.id
    return (move.at, move.from_stage, move.to_stage) == (
        known.at,
        known.from_stage,
        known.to_stage,
    )
