"""Which moves other people and programs made, told apart by the look that could show them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from syncd.cli.demo.oracle.evidence import Evidence
from syncd.cli.demo.oracle.fields import SALESFORCE, stage_of
from syncd.cli.demo.oracle.standard import GATES, RANKS
from syncd.cli.demo.oracle.trails import Person, Save, Trail
from syncd.sandbox.journal import System


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One move on one side. A record made in a guarded stage moved there from none."""

    system: System
    at: datetime
    start: str
    to: str
    actor: str
    by_person: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """The same move on every side that made it, to be treated as one."""

    moves: tuple[Move, ...]

    @property
    def to(self) -> str:
        return self.moves[0].to

    @property
    def cause(self) -> Move:
        """The first person's move, else the first."""
        return min(self.moves, key=lambda move: (not move.by_person, move.at))

    @property
    def gates(self) -> tuple[str, ...]:
        lowest = min(RANKS[move.start] for move in self.moves)
        return gates_between(lowest, RANKS[self.to])


def gates_between(low: int, high: int) -> tuple[str, ...]:
    return tuple(gate for gate, rank in GATES.items() if low < rank <= high)


def departures(person: Person, evidence: Evidence) -> Mapping[int, tuple[Departure, ...]]:
    """By number of the look that shows them first: the moves others made since the start."""
    shown: dict[int, dict[System, Move]] = defaultdict(dict)
    for trail in person.sides.values():
        for save in trail.by_others():
            move = _move(trail, save, evidence)
            number = evidence.seen(trail.system, save.at) if move else None
            if move and number is not None:
                earlier = shown[number].get(trail.system)
                shown[number][trail.system] = _joined(earlier, move)
    return {number: _alike(moves) for number, moves in sorted(shown.items())}


def _move(trail: Trail, save: Save, evidence: Evidence) -> Move | None:
    if save.at < evidence.start:
        return None
    stage = stage_of(trail.system, save.after)
    before = "none" if save.created else stage_of(trail.system, save.before)
    unguarded = save.created and RANKS[stage or "none"] < min(GATES.values())
    if stage is None or before is None or stage == before or unguarded:
        return None
    return Move(
        system=trail.system,
        at=save.at,
        start=before,
        to=stage,
        actor=save.actor,
        by_person=save.by_person,
    )


def _joined(earlier: Move | None, move: Move) -> Move:
    """Two moves between two looks are one."""
    if earlier is None:
        return move
    return Move(
        system=move.system,
        at=move.at,
        start=earlier.start,
        to=move.to,
        actor=move.actor,
        by_person=move.by_person,
    )


def by_owner(move: Move, person: Person, evidence: Evidence, at: datetime) -> bool:
    """Whether whoever has the lead made the move."""
    record = person.sides[move.system].before(at)
    if move.system is SALESFORCE:
        return bool(record.get("OwnerId") == move.actor)
    owner = evidence.world.hubspot.owners.get(int(record.get("hubspot_owner_id") or 0))
    return owner is not None and str(owner.user_id) == move.actor


def _alike(moves: Mapping[System, Move]) -> tuple[Departure, ...]:
    ordered = sorted(moves.values(), key=lambda move: move.system is not SALESFORCE)
    if len({move.to for move in ordered}) == 1:
        return (Departure(moves=tuple(ordered)),)
    return tuple(Departure(moves=(move,)) for move in ordered)
