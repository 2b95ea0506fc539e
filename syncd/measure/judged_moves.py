"""One row of each move that a gate judged: what was found, and what became of the move."""

from collections.abc import Mapping

from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.stage import ActorKind
from syncd.domain.verdict import Result, Verdict
from syncd.measure.counted_moves import CountedMoves
from syncd.measure.lead_story import LeadStory
from syncd.measure.treatment import Treatment


def move_row(verdict: Verdict, story: LeadStory, moves: CountedMoves) -> Mapping[str, object]:
    made = next((x for x in story.transitions if x.id == verdict.transition), None)
    waiver = _waiver_of(verdict, story)
    score = verdict.score
    return {
        "transition_id": verdict.transition,
        "standard": verdict.standard,
        "at": made.at if made else verdict.judged_at,
        "gate": verdict.gate.value,
        "treatment": _treatment(verdict, story, moves).value,
        "unmet": [str(x.rule) for x in verdict.findings],
        "met": [str(x) for x in verdict.met],
        "score": float(score.points) if score else None,
        "band": score.band.value if score else None,
        "variant": verdict.variant,
        "moved_by": (made.actor.kind if made else ActorKind.UNKNOWN).value,
        "waived_by": waiver.personal.get("by") if waiver else None,
        "waived_why": waiver.personal.get("reason") if waiver else None,
    }


def _treatment(verdict: Verdict, story: LeadStory, moves: CountedMoves) -> Treatment:
    if verdict.transition in moves.blocked:
        return Treatment.BLOCKED
    if verdict.result is Result.PASSES:
        return Treatment.WAIVED if verdict.waived else Treatment.CONFORMING
    if verdict.result is Result.FAILS and _is_flagged(verdict, story):
        return Treatment.FLAGGED
    return Treatment.OBSERVED


def _is_flagged(verdict: Verdict, story: LeadStory) -> bool:
    return any(
        x.kind is AuditKind.FLAGGED
        and x.facts["move"] == verdict.transition
        and verdict.gate in x.facts["gates"].split()
        for x in story.audit
    )


def _waiver_of(verdict: Verdict, story: LeadStory) -> AuditEntry | None:
    """The latest that covers any rule it waived."""
    waived = {str(x.rule) for x in verdict.findings if x.waived}
    granted = [
        x
        for x in story.audit
        if x.kind is AuditKind.WAIVED
        and x.at <= verdict.judged_at
        and x.facts["gate"] == verdict.gate
        and waived & set(x.facts["rules"].split())
    ]
    return granted[-1] if granted else None
