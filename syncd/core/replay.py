"""Judge a move that was made long ago by the standard of today, and say what would follow.

Pure, and without a memory: waivers, rounds of recycling and cool-offs are not known to it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from syncd.core.as_it_was import AsItWas
from syncd.core.context import Context
from syncd.core.moves import judge_move
from syncd.core.rewind import rewound
from syncd.core.transitions import moves_in_history
from syncd.core.views import lead_values
from syncd.domain.copies import replace
from syncd.domain.lead import Lead, Side
from syncd.domain.names import OWNER, STAGE, FieldName, LeadId, RuleId, System
from syncd.domain.policy import Mode
from syncd.domain.record import PropertyChange, Record, Snapshot
from syncd.domain.stage import SOMEBODY, Stage, StageStep, Transition
from syncd.domain.values import Unreadable
from syncd.domain.verdict import Result, Unmet, Verdict

_SAME_MOVE = timedelta(hours=1)
"""So soon after the first one, an equal move on the other side is that move carried over."""


class Fate(StrEnum):
    """What would become of a move, the hardest last."""

    PASSED = "let through"
    UNKNOWN = "cannot tell"
    OBSERVED = "recorded"
    FLAGGED = "flagged"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One move into a guarded stage, and what each gate on its way makes of it. `unmet` are the
    rules of those it fails; `of_now` the fields that were judged as they are now."""

    move: Transition
    fate: Fate
    by_gate: Mapping[Stage, Fate]
    unmet: tuple[RuleId, ...]
    owner: str
    source: str
    of_now: tuple[FieldName, ...]


def guarded_moves(
    record: Record,
    snapshot: Snapshot,
    changes: Sequence[PropertyChange],
    steps: Sequence[StageStep],
    ctx: Context,
) -> tuple[Transition, ...]:
    """The moves others made since `enforce_from` by which a gate was entered, oldest first."""
    since = ctx.enforce_from
    lines = ctx.crm.sides[snapshot.system].stages
    born = snapshot.created_at >= since
    start = max(since, snapshot.created_at)
    then = rewound(snapshot, record.properties, changes, lines, to=start).values.get(STAGE)
    known = then if isinstance(then, Stage) else Stage.NONE
    if born and known is not Stage.NONE:
        steps = (StageStep(at=snapshot.created_at, stage=known, actor=SOMEBODY), *steps)
    moves = moves_in_history(
        LeadId(snapshot.record_id),
        snapshot,
        steps,
        since=since,
        known=Stage.NONE if born else known,
        now=ctx.now,
    )
    return tuple(x for x in moves if _enters_a_gate(x, ctx))


def _enters_a_gate(move: Transition, ctx: Context) -> bool:
    return any(move.from_stage.rank < x.rank <= move.to_stage.rank for x in ctx.standard.gates)


def once_each(moves: Sequence[Transition]) -> tuple[Transition, ...]:
    """Of one lead's moves on both sides, oldest first, without those that only carry over."""
    kept: list[Transition] = []
    for move in sorted(moves, key=lambda x: (x.at, x.system)):
        if not any(_carries_over(move, x) for x in kept):
            kept.append(move)
    return tuple(kept)


def _carries_over(move: Transition, first: Transition) -> bool:
    equal = move.to_stage is first.to_stage and move.system is not first.system
    return equal and move.at - first.at <= _SAME_MOVE


def replay(
    move: Transition,
    then: Mapping[System, AsItWas],
    *,
    asked: Collection[FieldName],
    ctx: Context,
) -> Replayed:
    """`then` are the lead's records as they were at the move, `asked` the standard's fields."""
    ctx = replace(ctx, now=move.at)
    lead = _lead_of(move, {system: x.snapshot for system, x in then.items()})
    crossing = (move.from_stage, move.to_stage)
    verdicts = judge_move(lead, move, crossing=crossing, ctx=ctx)
    by_gate = {x.gate: _fate(move, x, ctx) for x in verdicts}
    values = lead_values(lead, ctx.crm, first=move.system)
    return Replayed(
        move=move,
        fate=hardest(by_gate.values()),
        by_gate=by_gate,
        unmet=tuple(dict.fromkeys(_unmet(x for x in verdicts if x.result is Result.FAILS))),
        owner=_said(values.get(OWNER)),
        source=_said(values.get(ctx.crm.source)) if ctx.crm.source else "",
        of_now=tuple(sorted(x for x in asked if _is_of_now(x, move.system, then))),
    )


def hardest(fates: Iterable[Fate]) -> Fate:
    return max(fates, key=tuple(Fate).index)


def _fate(move: Transition, verdict: Verdict, ctx: Context) -> Fate:
    """By the modes as policy.yaml writes them, whether they are in force or not."""
    if verdict.result is not Result.FAILS:
        return Fate.UNKNOWN if verdict.result is Result.UNKNOWN else Fate.PASSED
    match ctx.policy.modes.get(verdict.gate, Mode.OBSERVE):
        case Mode.OBSERVE:
            return Fate.OBSERVED
        case Mode.FLAG:
            return Fate.FLAGGED
        case Mode.BLOCK:
            can_be_written = ctx.crm.sides[move.system].line_for(move.to_stage)
            return Fate.BLOCKED if can_be_written else Fate.FLAGGED


def _is_of_now(field: FieldName, first: System, then: Mapping[System, AsItWas]) -> bool:
    """Whether the value that counted is one of now: that of the side the move was made on, or
    where it has none, the other side's."""
    for system in sorted(then, key=lambda x: x is not first):
        if field in then[system].of_now:
            return True
        if then[system].snapshot.values.get(field) is not None:
            return False
    return False


def _unmet(failing: Iterable[Verdict]) -> list[RuleId]:
    return [f.rule for x in failing for f in x.findings if isinstance(f.outcome, Unmet)]


def _said(value: object) -> str:
    return "" if value is None or isinstance(value, Unreadable) else str(value)


def _lead_of(move: Transition, then: Mapping[System, Snapshot]) -> Lead:
    sides = {
        system: Side(
            system=system,
            record_id=x.record_id,
            seen=x,
            baseline={},
            stage_since=move.at,
        )
        for system, x in then.items()
    }
    return Lead(
        id=move.lead_id,
        cycle=1,
        stage=move.from_stage,
        first_seen_at=move.at,
        sides=sides,
    )
