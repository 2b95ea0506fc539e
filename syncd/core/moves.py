"""Which sides of a lead left their settled stage, and which gates that crosses."""

from collections.abc import Collection
from dataclasses import dataclass

from syncd.core.comeback import extra_findings
from syncd.core.conditions import Values
from syncd.core.context import Context
from syncd.core.judge import Case
from syncd.core.views import baseline_stage, changed, lead_values, living, stage_seen
from syncd.domain.lead import Lead, Side
from syncd.domain.names import STAGE, System
from syncd.domain.stage import ActorKind, Stage, Transition
from syncd.domain.verdict import Result, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """One side that shows another stage than the settled one. `restore` is where a refused
    move is put back."""

    system: System
    from_stage: Stage
    to_stage: Stage
    restore: Stage
    transition: Transition


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One move, on every side that made it alike; judged as one."""

    departures: tuple[Departure, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def to_stage(self) -> Stage:
        return self.departures[0].to_stage

    @property
    def transition(self) -> Transition:
        """Who made the move: the first person who did, else whoever was first."""
        moves = sorted((d.transition for d in self.departures), key=lambda t: t.at)
        return next((t for t in moves if t.actor.kind is ActorKind.PERSON), moves[0])

    @property
    def failing(self) -> tuple[Verdict, ...]:
        return tuple(v for v in self.verdicts if v.result is Result.FAILS)


def departures(lead: Lead, ctx: Context) -> tuple[Departure, ...]:
    """Every living side that moved, by somebody else's hand."""
    return tuple(
        _departure(side, shown, side.last_move, ctx)
        for side in living(lead)
        if side.last_move and changed(side, STAGE) and (shown := stage_seen(side))
    )


def _departure(side: Side, shown: Stage, move: Transition, ctx: Context) -> Departure:
    settled = baseline_stage(side)
    flight = side.pending.get(STAGE)
    restore = Stage(flight.writes) if flight and isinstance(flight.writes, str) else settled
    return Departure(
        system=side.system,
        from_stage=settled,
        to_stage=shown,
        restore=ctx.policy.entry_stage if restore is Stage.NONE else restore,
        transition=move,
    )


def candidates(lead: Lead, moved: Collection[Departure], ctx: Context) -> tuple[Candidate, ...]:
    """Equal moves are one candidate and judged once."""
    return tuple(
        _candidate(lead, tuple(d for d in moved if d.to_stage is to), ctx)
        for to in dict.fromkeys(d.to_stage for d in moved)
    )


def _candidate(lead: Lead, moved: tuple[Departure, ...], ctx: Context) -> Candidate:
    candidate = Candidate(departures=moved, verdicts=())
    move = candidate.transition
    if move.at < ctx.enforce_from:
        return candidate
    lowest = min((d.from_stage for d in moved), key=lambda stage: stage.rank)
    verdicts = judge_move(lead, move, crossing=(lowest, candidate.to_stage), ctx=ctx)
    return Candidate(departures=moved, verdicts=verdicts)


def judge_move(
    lead: Lead, move: Transition, *, crossing: tuple[Stage, Stage], ctx: Context
) -> tuple[Verdict, ...]:
    """A verdict of every gate between two stages, lowest gate first."""
    start, end = crossing
    values = lead_values(lead, ctx.crm, first=move.system)
    gates = sorted(ctx.standard.gates, key=lambda stage: stage.rank)
    return tuple(
        ctx.judge.judge(gate, _case(lead, gate, move, values, ctx))
        for gate in gates
        if start.rank < gate.rank <= end.rank
    )


def _case(lead: Lead, gate: Stage, move: Transition, values: Values, ctx: Context) -> Case:
    return Case(
        transition=move.id,
        lead_id=lead.id,
        cycle=lead.cycle,
        values=values,
        now=ctx.now,
        waivers=lead.waivers,
        extra=extra_findings(lead, values, ctx) if gate is Stage.MQL else (),
    )
