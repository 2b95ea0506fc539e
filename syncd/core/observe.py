"""Fold what was just read into what is known of a lead; decide nothing.

What comes out can be stored and decided later with the same result: the moves others
made are recorded as transitions, baselines change only at first sight.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.transitions import TICK, coalesced_move, moves_in_history, own_move
from syncd.core.views import baseline_stage, changed, living, stage_seen
from syncd.domain.audit import AuditKind
from syncd.domain.decision import Observation
from syncd.domain.lead import Lead, Side
from syncd.domain.names import STAGE, FieldName, LeadId, System
from syncd.domain.record import Snapshot
from syncd.domain.stage import ActorKind, Stage, StageStep, Transition
from syncd.domain.values import Seen, Unreadable, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """`newborn` sides joined a known lead just now, in a record made after `enforce_from`."""

    draft: Draft
    newborn: tuple[System, ...] = ()


def observe(lead: Lead, seen: Mapping[System, Observation], ctx: Context) -> Observed:
    """The lead with these observations folded in, and the moves they show."""
    draft = Draft(lead=lead, now=ctx.now)
    newborn: list[System] = []
    for system in System:
        if system not in seen:
            continue
        side = draft.lead.sides.get(system)
        if side and side.record_id == seen[system].snapshot.record_id:
            draft = _look_again(draft, side, seen[system], ctx)
            continue
        joined = bool(living(draft.lead))
        draft = _first_sight(draft, seen[system], ctx)
        if joined and _is_born(seen[system].snapshot, ctx):
            newborn.append(system)
    return Observed(draft=draft, newborn=tuple(newborn))


def _is_born(snapshot: Snapshot, ctx: Context) -> bool:
    return snapshot.created_at >= ctx.enforce_from


def _first_sight(draft: Draft, observation: Observation, ctx: Context) -> Draft:
    """First sight is not a move: what is shown becomes the baseline. Only a record made
    after `enforce_from` has moved, from none (or from where the lead already is)."""
    snapshot = observation.snapshot
    born = _is_born(snapshot, ctx)
    shown = snapshot.values.get(STAGE)
    stage = Stage(shown) if isinstance(shown, str) else Stage.NONE
    start = _starting_stage(draft.lead, stage, ctx) if born else stage
    side = Side(
        system=snapshot.system,
        record_id=snapshot.record_id,
        seen=snapshot,
        baseline={**_readable(snapshot.values), STAGE: start},
        stage_since=snapshot.created_at if born else snapshot.modified_at + TICK,
        gone=_gone(snapshot),
    )
    lone = not living(draft.lead)
    draft = draft.noted(
        AuditKind.FIRST_SIGHT,
        system=snapshot.system,
        record=snapshot.record_id,
        stage=stage,
        born=str(born).lower(),
    ).with_side(side)
    if not lone and stage is not draft.lead.stage:
        draft = draft.noted(
            AuditKind.DISAGREEMENT,
            field=STAGE,
            system=snapshot.system,
            why=f"the record shows {stage}, the lead is {draft.lead.stage}",
        )
    if lone or draft.lead.stage is Stage.NONE:
        draft = draft.on(replace(draft.lead, stage=start))
    return _record_moves(draft, side, observation, ctx) if born else draft


def _starting_stage(lead: Lead, stage: Stage, ctx: Context) -> Stage:
    """Where a new record counts as coming from: itself when nothing guards its stage, the
    lead's own stage when it stands higher (that is a move), or none."""
    guarded = any(gate.rank <= stage.rank for gate in ctx.standard.gates)
    if not guarded:
        return stage
    return lead.stage if stage.rank > lead.stage.rank else stage


def _look_again(draft: Draft, side: Side, observation: Observation, ctx: Context) -> Draft:
    snapshot = observation.snapshot
    if snapshot.deleted or snapshot.merged_into:
        return _lose(draft, side, snapshot)
    if snapshot.modified_at < side.seen.modified_at:
        return draft
    side = replace(side, seen=_without_stale(snapshot, side), gone=None)
    return _record_moves(draft.with_side(side), side, observation, ctx)


def _without_stale(snapshot: Snapshot, side: Side) -> Snapshot:
    """Fields older than our own last write of them stay as they were seen: an index or a
    replica lags behind."""
    stale = {
        name: side.seen.values.get(name)
        for name, settled in side.settled_at.items()
        if name in snapshot.values and snapshot.modified_at < settled
    }
    return replace(snapshot, values={**snapshot.values, **stale}) if stale else snapshot


def _lose(draft: Draft, side: Side, snapshot: Snapshot) -> Draft:
    if side.gone:
        return draft
    gone = _gone(snapshot) or ""
    draft = draft.with_side(replace(side, gone=gone, pending={}))
    return draft.noted(AuditKind.GONE, system=side.system, record=side.record_id, why=gone)


def _gone(snapshot: Snapshot) -> str | None:
    if snapshot.merged_into:
        return f"merged into {snapshot.merged_into}"
    return "deleted" if snapshot.deleted else None


def _record_moves(draft: Draft, side: Side, observation: Observation, ctx: Context) -> Draft:
    """Add the moves of others since the last known step, from history where there is one."""
    steps = observation.steps or ()
    side, ours = _undone(draft.lead.id, _catch_up(side, steps), steps, ctx)
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
    lead_id: LeadId, side: Side, steps: Sequence[StageStep], ctx: Context
) -> tuple[Side, tuple[Transition, ...]]:
    """A stage write of ours whose answer was lost, undone by somebody since: only history
    tells that from a write that was never made. It is settled, and what followed is a move."""
    flight = side.pending.get(STAGE)
    if flight is None or not steps or steps[-1].actor.kind is ActorKind.SYNCD:
        return side, ()
    ours = next((s for s in reversed(steps) if s.actor.kind is ActorKind.SYNCD), None)
    if ours is None or ours.stage != flight.writes or ours.at <= side.stage_since:
        return side, ()
    move = own_move(lead_id, side.seen, ours, before=_known_stage(side), now=ctx.now)
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
    final = steps[-1] if steps else None
    if final is None or final.stage is None or final.at <= side.seen.modified_at:
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
        known=_known_stage(side),
        now=ctx.now,
    )
    ids = [move.id for move in moves]
    known = side.last_move.id if side.last_move else None
    return moves[ids.index(known) + 1 :] if known in ids else moves


def _known_stage(side: Side) -> Stage:
    """The stage at the last known step on this side."""
    return side.last_move.to_stage if side.last_move else baseline_stage(side)


def _readable(values: Mapping[FieldName, Seen]) -> dict[FieldName, Value]:
    return {name: value for name, value in values.items() if not isinstance(value, Unreadable)}
