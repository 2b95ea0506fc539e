"""From what a CRM shows, and its history, to the moves that were made.

The id of a transition is made of what happened, so the same step seen twice (the
overlap, a restart, a second history read) is the same transition (P1).
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from syncd.domain.names import LeadId, RecordId, System, TransitionId
from syncd.domain.record import Snapshot
from syncd.domain.stage import SOMEBODY, ActorKind, Evidence, Stage, StageStep, Transition

TICK = timedelta(milliseconds=1)
"""The finest stamp a vendor gives: just after a step that is known."""


def transition_id(
    system: System, record_id: RecordId, *, at: datetime, move: tuple[Stage, Stage], nth: int = 0
) -> TransitionId:
    """Stable over restarts; `nth` tells equal moves within one instant apart."""
    text = f"{system}|{record_id}|{at.isoformat()}|{move[0]}|{move[1]}|{nth}"
    return TransitionId("tr_" + hashlib.sha256(text.encode()).hexdigest()[:20])


def moves_in_history(
    lead_id: LeadId,
    snapshot: Snapshot,
    steps: Sequence[StageStep],
    *,
    since: datetime,
    known: Stage,
    now: datetime,
) -> tuple[Transition, ...]:
    """Every move others made at or after `since`, oldest first; `known` is the stage then,
    for a history that begins no earlier.

    syncd's own steps are passed over (they are recorded when they settle), but a later
    step still starts from where they led.
    """
    moves: list[Transition] = []
    seen: Counter[tuple[datetime, Stage, Stage]] = Counter()
    is_whole = bool(steps) and steps[0].at < since
    stage = Stage.NONE if is_whole else known
    for step in steps:
        if step.stage is None or step.stage is stage:
            continue
        key = (step.at, stage, step.stage)
        seen[key] += 1
        if step.actor.kind is not ActorKind.SYNCD and step.at >= since:
            move_id = transition_id(
                snapshot.system,
                snapshot.record_id,
                at=step.at,
                move=(stage, step.stage),
                nth=seen[key] - 1,
            )
            moves.append(
                Transition(
                    id=move_id,
                    lead_id=lead_id,
                    system=snapshot.system,
                    record_id=snapshot.record_id,
                    from_stage=stage,
                    to_stage=step.stage,
                    at=step.at,
                    seen_at=now,
                    actor=step.actor,
                    evidence=Evidence.HISTORY,
                )
            )
        stage = step.stage
    return tuple(moves)


def coalesced_move(
    lead_id: LeadId, snapshot: Snapshot, *, move: tuple[Stage, Stage], now: datetime
) -> Transition:
    """A difference between two polls without history: steps in between may be hidden."""
    return Transition(
        id=transition_id(snapshot.system, snapshot.record_id, at=snapshot.modified_at, move=move),
        lead_id=lead_id,
        system=snapshot.system,
        record_id=snapshot.record_id,
        from_stage=move[0],
        to_stage=move[1],
        at=snapshot.modified_at,
        seen_at=now,
        actor=SOMEBODY,
        evidence=Evidence.COALESCED,
    )


def own_move(
    lead_id: LeadId, snapshot: Snapshot, step: StageStep, *, before: Stage, now: datetime
) -> Transition:
    """A step of syncd's own that no answer confirmed, as history shows it."""
    stage = step.stage or Stage.NONE
    return Transition(
        id=transition_id(snapshot.system, snapshot.record_id, at=step.at, move=(before, stage)),
        lead_id=lead_id,
        system=snapshot.system,
        record_id=snapshot.record_id,
        from_stage=before,
        to_stage=stage,
        at=step.at,
        seen_at=now,
        actor=step.actor,
        evidence=Evidence.HISTORY,
    )
