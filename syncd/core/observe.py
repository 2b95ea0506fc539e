"""Fold what was just read into what is known of a lead; decide nothing.

What comes out can be stored and decided later with the same result: the moves others
made are recorded as transitions, baselines change only at first sight.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from syncd.core.carry import carry_on, is_of
from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.learn import learn
from syncd.core.record_moves import record_moves, settle_by_history
from syncd.core.transitions import TICK
from syncd.core.views import changed, living
from syncd.domain.audit import AuditKind
from syncd.domain.copies import replace, swift
from syncd.domain.decision import Observation
from syncd.domain.lead import Lead, Side
from syncd.domain.names import STAGE, SYSTEMS, FieldName, System
from syncd.domain.record import Snapshot
from syncd.domain.stage import Stage
from syncd.domain.values import Seen, Unreadable, Value


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """`newborn` sides joined a known lead just now, in a record made after `enforce_from`.
    `returned` ones were gone, and show the stage they had."""

    draft: Draft
    newborn: tuple[System, ...] = ()
    returned: tuple[System, ...] = ()


def observe(lead: Lead, seen: Mapping[System, Observation], ctx: Context) -> Observed:
    """The lead with these observations folded in, and the moves they show."""
    draft = Draft(lead=lead, now=ctx.now, before=lead)
    newborn: list[System] = []
    returned: list[System] = []
    for system in SYSTEMS:
        if system not in seen:
            continue
        side = draft.lead.sides.get(system)
        if side and is_of(seen[system].snapshot, side):
            draft = _look_again(draft, side, seen[system], ctx)
            if side.gone and _stood_still(draft.lead.sides[system]):
                returned.append(system)
            continue
        joined = bool(living(draft.lead))
        draft = _first_sight(draft, seen[system], ctx)
        if joined and _is_born(seen[system].snapshot, ctx):
            newborn += _newborn(draft.lead, system, ctx)
    return Observed(draft=draft, newborn=tuple(newborn), returned=tuple(returned))


def _newborn(lead: Lead, system: System, ctx: Context) -> Iterator[System]:
    """The side that joined; and the one that was there, if only just."""
    yield system
    other = lead.sides.get(system.other)
    if other and not other.gone and _is_new(lead, ctx) and _is_born(other.seen, ctx):
        yield other.system


def _stood_still(side: Side) -> bool:
    return not side.gone and not changed(side, STAGE)


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
        gone_at=snapshot.modified_at if _gone(snapshot) else None,
        former=snapshot.former,
        why_linked=observation.why_linked,
    )
    if snapshot.system in draft.lead.sides:
        draft = _begun_anew(draft, snapshot.system.other)
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
    return _past_birth(record_moves(draft, side, observation, ctx), observation) if born else draft


def _past_birth(draft: Draft, observation: Observation) -> Draft:
    """Steps that were no moves are over: after a write of ours they would look like moves away
    from what it wrote."""
    side = draft.lead.sides[observation.snapshot.system]
    if side.last_move:
        return draft
    since = max((side.stage_since, *(step.at for step in observation.steps or ())))
    return draft.with_side(replace(side, stage_since=since + TICK))


def _begun_anew(draft: Draft, system: System) -> Draft:
    """The twin is another record now: what this side shows is no news to it."""
    side = draft.lead.sides.get(system)
    if side is None:
        return draft
    held = {STAGE, *side.pending}
    shown = {n: v for n, v in _readable(side.seen.values).items() if n not in held}
    return draft.with_side(replace(side, baseline={**side.baseline, **shown}))


def _starting_stage(lead: Lead, stage: Stage, ctx: Context) -> Stage:
    """Where a new record counts as coming from: itself when nothing guards its stage, the
    lead's own stage when it stands higher (that is a move), or none."""
    if not ctx.guards(stage):
        return stage
    if stage.rank <= lead.stage.rank:
        return stage
    return Stage.NONE if _is_new(lead, ctx) else lead.stage


def _is_new(lead: Lead, ctx: Context) -> bool:
    """Whether none of its records was seen before this cycle: which page told of which, and so
    which record came first, must not matter."""
    return lead.first_seen_at == ctx.now


def _look_again(draft: Draft, side: Side, observation: Observation, ctx: Context) -> Draft:
    snapshot = observation.snapshot
    if snapshot.record_id in side.former:
        return _look_back(draft, side, observation, ctx)
    is_stale = snapshot.modified_at < side.seen.modified_at
    if snapshot.record_id != side.record_id and not is_stale:
        draft = _rename(draft, side, observation, ctx)
        side = draft.lead.sides[side.system]
    if snapshot.deleted or snapshot.merged_into:
        return _lose(draft, side, snapshot)
    if is_stale:
        return draft
    if side.gone:  # its baselines stand: what changed meanwhile, here or there, is news
        draft = carry_on(draft, side, snapshot, why="it came back", ctx=ctx)
        side = draft.lead.sides[side.system]
    draft = learn(draft, side, snapshot, ctx.crm)
    side = draft.lead.sides[side.system]
    side = replace(side, seen=_without_stale(snapshot, side), edits=observation.edits)
    return record_moves(draft.with_side(side), side, observation, ctx)


def _look_back(draft: Draft, side: Side, observation: Observation, ctx: Context) -> Draft:
    """A record the side's has carried on for. It tells nothing any more; only, where a
    converted lead's contact is not shown, how the lead stands and that nothing can be
    written."""
    snapshot = observation.snapshot
    if not snapshot.locked:
        return draft
    shown = replace(
        side.seen,
        locked=snapshot.locked,
        fixed=snapshot.fixed,
        modified_at=max(snapshot.modified_at, side.seen.modified_at),
        values={**side.seen.values, STAGE: snapshot.values.get(STAGE)},
    )
    side = replace(side, seen=shown)
    return record_moves(draft.with_side(side), side, observation, ctx)


def _rename(draft: Draft, side: Side, observation: Observation, ctx: Context) -> Draft:
    """The record has another id now. Baselines, stamps and the last move stay."""
    snapshot = observation.snapshot
    why = "merged" if side.seen.kind == snapshot.kind else "converted"
    settled, ours = settle_by_history(draft.lead.id, side, observation, ctx)
    draft = carry_on(draft, settled, snapshot, why=why, ctx=ctx)
    return replace(draft, transitions=draft.transitions + ours)


def _without_stale(snapshot: Snapshot, side: Side) -> Snapshot:
    """Fields older than our own last write of them stay as they were seen: an index or a
    replica lags behind."""
    stale = {
        name: side.seen.values.get(name)
        for name, settled in side.settled_at.items()
        if snapshot.modified_at < settled and name in snapshot.values
    }
    return replace(snapshot, values={**snapshot.values, **stale}) if stale else snapshot


def _lose(draft: Draft, side: Side, snapshot: Snapshot) -> Draft:
    if side.gone:
        return draft
    gone = _gone(snapshot) or ""
    stamped = snapshot.modified_at > side.seen.modified_at
    seen = replace(side.seen, modified_at=max(side.seen.modified_at, snapshot.modified_at))
    since = snapshot.modified_at if stamped else draft.now
    draft = draft.with_side(replace(side, seen=seen, gone=gone, gone_at=since))
    return draft.noted(AuditKind.GONE, system=side.system, record=side.record_id, why=gone)


def _gone(snapshot: Snapshot) -> str | None:
    if snapshot.merged_into:
        return f"merged into {snapshot.merged_into}"
    return "deleted" if snapshot.deleted else None


def _readable(values: Mapping[FieldName, Seen]) -> dict[FieldName, Value]:
    return {name: value for name, value in values.items() if not isinstance(value, Unreadable)}
