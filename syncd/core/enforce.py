"""Merge the stage: let a move travel, wait out its grace, mark it, or move it back.

The order of questions is the order of `merge_stage`. Only a certain failure is ever
held against a move; what cannot be moved back is never fought.
"""

from collections.abc import Sequence
from typing import assert_never

from syncd.core import alerting
from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.marks import mark_verdicts
from syncd.core.moves import Candidate, Departure, candidates, departures
from syncd.core.promises import accept_by_attempt, follow_stage
from syncd.core.travel import propagate
from syncd.core.views import cannot_be_moved_back, stage_seen
from syncd.domain.action import FieldWrite, WriteKind
from syncd.domain.audit import AuditKind
from syncd.domain.copies import replace
from syncd.domain.lead import Contest, Lead, Move, Refusal
from syncd.domain.names import STAGE, ActionKey
from syncd.domain.policy import Mode
from syncd.domain.stage import ActorKind, Stage, Transition
from syncd.domain.verdict import Verdict

_STRICTNESS = (Mode.OBSERVE, Mode.FLAG, Mode.BLOCK)


def merge_stage(draft: Draft, ctx: Context) -> Draft:
    """What becomes of the stage both sides show."""
    if draft.lead.contest:
        return draft
    moved = departures(draft.lead, ctx)
    if not moved:
        return _withdraw(draft)
    moves = candidates(draft.lead, moved, ctx)
    if len(moves) > 1:
        return _settle_rivals(draft, moves, ctx)
    return _guard(draft, moves[0], ctx)


def _withdraw(draft: Draft) -> Draft:
    """Whoever made the waiting move took it back."""
    if draft.lead.move is None:
        return draft
    draft = draft.noted(AuditKind.GRACE, move=draft.lead.move.transition, ends="withdrawn")
    return draft.on(replace(draft.lead, move=None))


def _settle_rivals(draft: Draft, moves: Sequence[Candidate], ctx: Context) -> Draft:
    """Both sides moved, differently: refused moves drop out, then the latest person wins."""
    refused = tuple(m for m in moves if _is_refused(draft.lead, m, ctx))
    passing = tuple(m for m in moves if m not in refused)
    if not passing:
        return _guard(draft, _as_one(moves), ctx)
    if refused:
        waiting = _waiting(draft.lead, refused[0], ctx)
        if ctx.now < waiting.grace_ends or ctx.blind:
            return _wait(draft, waiting, refused[0])
    winner = _winner(passing)
    if winner is None:
        return _ask(draft, moves, ctx)
    losers = tuple(m for m in moves if m is not winner)
    draft = _guard(draft, winner, ctx)
    if draft.lead.move:
        return draft
    for loser in losers:
        draft = draft.judged(loser.verdicts)
        if loser in refused:
            draft = _explain(draft, loser, _times(draft.lead, loser) + 1, ctx)
    return draft.noted(
        AuditKind.CONFLICT,
        field=STAGE,
        rule="the latest move by a person that is not refused wins",
        winner=winner.transition.id,
        losers=" ".join(m.transition.id for m in losers),
    )


def _is_refused(lead: Lead, move: Candidate, ctx: Context) -> bool:
    return bool(move.failing and _mode(move, ctx) is Mode.BLOCK and not cannot_be_moved_back(lead))


def _as_one(moves: Sequence[Candidate]) -> Candidate:
    return Candidate(
        departures=tuple(d for m in moves for d in m.departures),
        verdicts=tuple(v for m in moves for v in m.verdicts),
    )


def _winner(passing: Sequence[Candidate]) -> Candidate | None:
    """The latest move by a person, the only one left, or None: somebody must be asked."""
    by_people = [m for m in passing if m.transition.actor.kind is ActorKind.PERSON]
    if len(passing) > 1 and not by_people:
        return None
    return max(by_people or passing, key=lambda m: m.transition.at)


def _ask(draft: Draft, moves: Sequence[Candidate], ctx: Context) -> Draft:
    """Two automations disagree: both stay as they are, and a person is asked once."""
    draft = draft.on(replace(draft.lead, move=None))
    for move in moves:
        draft = draft.judged(move.verdicts)
        for departure in move.departures:
            draft = draft.settled(departure.system, STAGE, departure.to_stage)
    draft = draft.noted(
        AuditKind.CONFLICT, field=STAGE, rule="ask", moves=" ".join(m.transition.id for m in moves)
    )
    return draft.also(alerting.stage_conflict_alert(draft.lead, moves[0].transition, ctx))


def _guard(draft: Draft, move: Candidate, ctx: Context) -> Draft:
    """A failing move waits out its grace; longer while a CRM cannot be read, for what it
    lacks may have been filled in there."""
    if not move.failing:
        return _accept(draft, move, ctx)
    waiting = _waiting(draft.lead, move, ctx)
    if ctx.now < waiting.grace_ends or ctx.blind:
        return _wait(draft, waiting, move)
    draft = draft.on(replace(draft.lead, move=None))
    mode = _mode(move, ctx)
    match mode:
        case Mode.OBSERVE:
            return _accept(draft, move, ctx)
        case Mode.FLAG:
            return _flag(draft, move, ctx)
        case Mode.BLOCK:
            return _block(draft, move, ctx)
        case _:
            assert_never(mode)


def _mode(move: Candidate, ctx: Context) -> Mode:
    """The strictest mode of the gates it fails."""
    return max((ctx.mode(v.gate) for v in move.failing), key=_STRICTNESS.index)


def _waiting(lead: Lead, move: Candidate, ctx: Context) -> Move:
    """The move in its grace; one that goes on to another stage keeps its first clock."""
    start = lead.move.seen_at if lead.move else ctx.now
    cause = move.transition
    return Move(
        transition=cause.id,
        sides=tuple(d.system for d in move.departures),
        from_stage=move.departures[0].from_stage,
        to_stage=move.to_stage,
        at=cause.at,
        seen_at=start,
        grace_ends=start + ctx.policy.grace,
        actor=cause.actor,
    )


def _wait(draft: Draft, waiting: Move, move: Candidate) -> Draft:
    if draft.lead.move is None or draft.lead.move.transition != waiting.transition:
        draft = draft.noted(
            AuditKind.GRACE,
            move=waiting.transition,
            ends=waiting.grace_ends.isoformat(),
            unmet=" ".join(f.rule for v in move.failing for f in v.findings if not f.waived),
        )
    return draft.on(replace(draft.lead, move=waiting))


def _accept(draft: Draft, move: Candidate, ctx: Context) -> Draft:
    """The move becomes the lead's stage and travels to the other side."""
    cause, before = move.transition, draft.lead
    for departure in move.departures:
        if stage_seen(before.sides[departure.system]) is move.to_stage:
            draft = draft.settled(departure.system, STAGE, move.to_stage)
    lead = replace(draft.lead, stage=move.to_stage, move=None, nonconforming=bool(move.failing))
    if lead.refusal and move.to_stage.rank >= lead.refusal.to_stage.rank:
        lead = replace(lead, refusal=None)
    draft = mark_verdicts(draft.on(lead).judged(move.verdicts), move.verdicts, cause.id, ctx)
    draft = propagate(draft, cause, ctx)
    return follow_stage(draft, move.departures[0].from_stage, cause, move.verdicts, ctx)


def _flag(draft: Draft, move: Candidate, ctx: Context) -> Draft:
    draft = draft.noted(AuditKind.FLAGGED, move=move.transition.id, gates=_gates(move.failing))
    draft = draft.also(alerting.flagged_alert(draft.lead, move.failing, move.transition, ctx))
    return _accept(draft, move, ctx)


def _block(draft: Draft, move: Candidate, ctx: Context) -> Draft:
    fixed = _cannot_be_restored(draft.lead, move, ctx)
    if fixed:
        return _escalate(draft, move, fixed, ctx)
    times = _times(draft.lead, move)
    if times >= ctx.policy.contested_after:
        return _contest(draft, move, times, ctx)
    return _refuse(draft, move, times + 1, ctx)


def _times(lead: Lead, move: Candidate) -> int:
    """How often this very move was refused before."""
    refusal = lead.refusal
    return refusal.times if refusal and refusal.to_stage is move.to_stage else 0


def _cannot_be_restored(lead: Lead, move: Candidate, ctx: Context) -> str | None:
    """Why this move is never fought, or None."""
    fixed = cannot_be_moved_back(lead)
    if fixed:
        return fixed
    for departure in move.departures:
        kind = lead.sides[departure.system].seen.kind
        if ctx.crm.sides[departure.system].line_for(departure.restore, kind) is None:
            return f"{departure.system.label} cannot be told {departure.restore}"
    return None


def _escalate(draft: Draft, move: Candidate, fixed: str, ctx: Context) -> Draft:
    cause = move.transition
    draft = draft.noted(
        AuditKind.FLAGGED, move=cause.id, gates=_gates(move.failing), cannot_restore=fixed
    )
    alert = alerting.escalated_alert(draft.lead, move.failing, cause, fixed, ctx)
    return _accept(draft.also(alert), move, ctx)


def _contest(draft: Draft, move: Candidate, times: int, ctx: Context) -> Draft:
    """A revert war is not fought: frozen, until a person releases the lead."""
    cause = move.transition
    contest = Contest(since=ctx.now, to_stage=move.to_stage, actor=cause.actor, times=times)
    draft = draft.on(replace(draft.lead, contest=contest)).judged(move.verdicts)
    draft = draft.noted(AuditKind.CONTESTED, move=cause.id, times=str(times))
    return draft.also(alerting.contested_alert(draft.lead, contest, cause, ctx))


def _refuse(draft: Draft, move: Candidate, times: int, ctx: Context) -> Draft:
    """Move every departing side back and explain it where the mover works."""
    cause = move.transition
    draft = accept_by_attempt(draft, move, ctx).judged(move.verdicts)
    for departure in move.departures:
        draft = _restore(draft, departure, cause, times)
    before, restored = draft.lead.stage, move.departures[0].restore
    draft = draft.on(replace(draft.lead, stage=restored if before is Stage.NONE else before))
    draft = mark_verdicts(draft, move.verdicts, cause.id, ctx)
    return _explain(draft, move, times, ctx)


def _explain(draft: Draft, move: Candidate, times: int, ctx: Context) -> Draft:
    """A refused move is remembered, and whoever made it learns why."""
    cause = move.transition
    refusal = Refusal(
        move=replace(cause, to_stage=move.to_stage),
        times=times,
        refused_at=ctx.now,
        until=ctx.now + ctx.policy.refusal_memory,
    )
    draft = draft.on(replace(draft.lead, refusal=refusal)).noted(
        AuditKind.REFUSED, move=cause.id, gates=_gates(move.failing), times=str(times)
    )
    return draft.also(
        alerting.blocked_note(draft.lead, move.failing, cause, ctx),
        alerting.blocked_alert(draft.lead, move.failing, cause, ctx),
    )


def _restore(draft: Draft, departure: Departure, cause: Transition, times: int) -> Draft:
    system = departure.system
    shown = draft.lead.sides[system].seen.values.get(STAGE)
    write = FieldWrite(field=STAGE, seen=shown, value=departure.restore, rule="refused move")
    key = ActionKey(f"revert:{system}:{cause.id}:{times}")
    return draft.writing(WriteKind.REVERT, system, (write,), key=key, cause=cause.id)


def _gates(verdicts: Sequence[Verdict]) -> str:
    return " ".join(v.gate for v in verdicts)
