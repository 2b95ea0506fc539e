"""What people did with one lead of the town, apart from anything syncd believes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations

from syncd.domain.names import RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Somebody got a lead, or nobody has it. syncd had surely looked `looks` times before."""

    at: datetime
    owner: str | None
    looks: int


@dataclass(slots=True, kw_only=True)
class Case:
    """What became of one lead since it was offered; snoozed once at the most. `ended_at` is when
    people took it out of the clock's hands: accepted, rejected, qualified, converted or deleted
    it; syncd had surely looked `looks_at_end` times before."""

    number: int
    turns: list[Turn] = field(default_factory=list)
    snoozed_at: datetime | None = None
    ended_at: datetime | None = None
    looks_at_end: int = 0
    is_rejected: bool = False
    is_converted: bool = False
    is_deleted: bool = False

    @property
    def lead(self) -> RecordId:
        return RecordId(f"00Q{self.number}")

    @property
    def contact(self) -> RecordId:
        return RecordId(f"003{self.number}")

    @property
    def sf(self) -> RecordId:
        return self.contact if self.is_converted else self.lead

    @property
    def hs(self) -> RecordId:
        return RecordId(f"10{self.number}")


Turns = tuple[Turn, ...]


def readings(case: Case) -> set[Turns]:
    """Its turns as they were, and as they look where an owner was not seen: syncd reads who
    has a lead, not who had it, so that a change undone before it looked is none."""
    return set(_read(tuple(case.turns)))


def _read(turns: Turns) -> Iterator[Turns]:
    yield turns
    for (n, first), (m, last) in combinations(enumerate(turns), 2):
        if m - n > 1 and first.owner == last.owner and turns[n + 1].looks == last.looks:
            yield from _read((*turns[: n + 1], *turns[m + 1 :]))
