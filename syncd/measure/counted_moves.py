"""Which of a lead's moves count, and in which of its rounds.

Pure. A move counts by when it was made, whoever made it and on whichever side, but for those
that came to nothing: syncd took them back, they were taken back in their grace or still wait,
they are frozen, or another move won over them. What syncd itself wrote counts by the move that
caused it; only a refused move that was made again counts by what syncd wrote.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.names import STAGE, TransitionId
from syncd.domain.stage import ActorKind, Transition
from syncd.domain.verdict import Verdict
from syncd.measure.lead_story import LeadStory

_WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedMoves:
    """`counted` are the moves that count, oldest first. `blocked` tells since when a move is
    blocked, by its id."""

    counted: tuple[Transition, ...]
    blocked: Mapping[TransitionId, datetime]


def counted_moves(story: LeadStory) -> CountedMoves:
    moves = sorted(story.transitions, key=lambda x: (x.at, x.seen_at, x.id))
    blocked = _blocked(story)
    again = frozenset(x.cause for x in moves if x.cause and _makes_again(x, moves, blocked))
    blocked = {x: at for x, at in blocked.items() if x not in again}
    out = frozenset(chain(blocked, again, _undecided(story)))
    out |= frozenset(_with_them(moves, out, blocked, story))
    counted = tuple(x for x in moves if _counts(x, out, again))
    return CountedMoves(counted=counted, blocked=blocked)


def _counts(move: Transition, out: frozenset[TransitionId], again: frozenset[TransitionId]) -> bool:
    if move.cause is not None:
        return move.cause in again
    return move.actor.kind is not ActorKind.SYNCD and move.id not in out


def _blocked(story: LeadStory) -> dict[TransitionId, datetime]:
    """Moves that came to nothing by a decision, and when it was made last. One that was frozen
    and let go of was judged again."""
    judged: dict[TransitionId, datetime] = {}
    for verdict in story.verdicts:
        judged[verdict.transition] = max(
            verdict.judged_at, judged.get(verdict.transition, verdict.judged_at)
        )
    blocked: dict[TransitionId, datetime] = {}
    for entry in story.audit:
        for move in _named(entry):
            frozen = entry.kind is AuditKind.CONTESTED
            if not frozen or judged.get(move, entry.at) <= entry.at:
                blocked[move] = entry.at
    return blocked


def _named(entry: AuditEntry) -> Iterator[TransitionId]:
    """The moves that this entry says came to nothing."""
    facts = entry.facts
    if entry.kind in (AuditKind.REFUSED, AuditKind.CONTESTED):
        yield TransitionId(facts["move"])
    elif entry.kind is AuditKind.CONFLICT and facts.get("field") == STAGE:
        for name in ("losers", "moves"):
            yield from map(TransitionId, facts.get(name, "").split())


def _makes_again(
    write: Transition, moves: Sequence[Transition], blocked: Mapping[TransitionId, datetime]
) -> bool:
    """Whether syncd made the refused move again that caused this write: taking it back would
    have led down."""
    since = blocked.get(write.cause) if write.cause else None
    refused = next((x for x in moves if x.id == write.cause), None)
    return (
        since is not None
        and refused is not None
        and write.seen_at >= since
        and write.to_stage is refused.to_stage
    )


def _undecided(story: LeadStory) -> Iterator[TransitionId]:
    """In its grace, or taken back in it by whoever made it."""
    if story.lead.move:
        yield story.lead.move.transition
    for entry in story.audit:
        if entry.kind is AuditKind.GRACE and entry.facts.get("ends") == _WITHDRAWN:
            yield TransitionId(entry.facts["move"])


def _with_them(
    moves: Sequence[Transition],
    out: frozenset[TransitionId],
    blocked: Mapping[TransitionId, datetime],
    story: LeadStory,
) -> Iterator[TransitionId]:
    """What came to nothing with these: equal moves on the other side that were judged with
    them, and the steps on the way that were seen together or waited in the same grace."""
    judged = {x.transition for x in story.verdicts}
    waited = {
        TransitionId(x.facts["move"]) for x in story.audit if x.kind is AuditKind.GRACE
    } - judged
    for move in moves:
        if move.id in out:
            equal = [
                x
                for x in moves
                if _is_equal(x, move, moves, blocked.get(move.id)) and x.id not in judged
            ]
            for one in (move, *equal):
                yield one.id
                yield from _way_to(one, moves, judged, waited)


def _is_equal(
    move: Transition, to: Transition, moves: Sequence[Transition], until: datetime | None
) -> bool:
    """Whether this is the last move that others had made on the other side when that one was
    decided."""
    if move.system is to.system or move.to_stage is not to.to_stage:
        return False
    others = (x for x in moves if x.system is move.system and x.cause is None)
    seen = [x for x in others if until is None or x.seen_at <= until]
    return bool(seen) and seen[-1] is move


def _way_to(
    move: Transition,
    moves: Sequence[Transition],
    judged: set[TransitionId],
    waited: set[TransitionId],
) -> Iterator[TransitionId]:
    """The steps that led to it on its record, back to where the side was settled."""
    before = [x for x in moves if x.system is move.system and x.at <= move.at and x is not move]
    for step in reversed(before):
        together = step.seen_at == move.seen_at or step.id in waited
        if step.cause or not together or step.id in judged or step.to_stage is not move.from_stage:
            return
        yield step.id
        move = step


def last_verdicts(story: LeadStory, moves: CountedMoves) -> Iterator[Verdict]:
    """The last verdict of each gate on each move; of a move that was refused and never made
    again, the last one before that."""
    last: dict[tuple[TransitionId, str], Verdict] = {}
    for verdict in sorted(story.verdicts, key=lambda x: x.judged_at):
        until = moves.blocked.get(verdict.transition)
        if until is None or verdict.judged_at <= until:
            last[verdict.transition, verdict.gate] = verdict
    yield from last.values()


def round_at(story: LeadStory, seen_at: datetime) -> int:
    """The round in which something was first seen: one ends as the lead is recycled, with what
    was seen until then."""
    over = (x for x in story.audit if x.kind is AuditKind.RECYCLED and x.at < seen_at)
    ended = max((int(x.facts["cycle"]) for x in over), default=0)
    return max(1, min(ended + 1, story.lead.cycle))
