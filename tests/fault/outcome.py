"""What a world has come to, told so that two runs of the same story can be compared.

Ids and write times are left out: they tell when syncd did its part, not what it did.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from box import Box, Person

from syncd.domain.stage import ActorKind, Transition

_TIMES_AND_IDS = (
    "date",
    "time",
    "modstamp",
    "lastactivity",
    "last_contacted",
    "last_updated",
    "updated_by",
    "object_id",
    "num_notes",
)
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`moves` and `notes` by email; `messages` counts the alerts Slack shows."""

    records: Mapping[str, tuple[Values, Values]]
    moves: Mapping[str, Counter[tuple[str, ...]]]
    notes: Mapping[str, tuple[int, int]]
    messages: Counter[str]
    unfinished: tuple[str, ...]

    def doubled(self) -> int:
        """How many messages were sent that had been sent before."""
        return self.messages.total() - len(self.messages)


def outcome_of(b: Box, people: Sequence[Person]) -> Outcome:
    return Outcome(
        records={p.email: (_kept(b.lead(p)), _kept(b.contact(p))) for p in people},
        moves={p.email: Counter(map(_move, b.story(p).transitions)) for p in people},
        notes={p.email: b.notes(p) for p in people},
        messages=Counter(b.all_told()),
        unfinished=tuple(_unfinished(b, people)),
    )


def _kept(values: Values) -> Values:
    return {
        name: value
        for name, value in values.items()
        if not any(part in name.lower() for part in _TIMES_AND_IDS)
    }


def _move(t: Transition) -> tuple[str, ...]:
    """A move; syncd's own ones without their instant."""
    at = "" if t.actor.kind is ActorKind.SYNCD else t.at.isoformat()
    return (t.system, t.from_stage, t.to_stage, t.actor.kind, t.evidence, at, t.cause or "")


def _unfinished(b: Box, people: Sequence[Person]) -> list[str]:
    """What should not be there once all is quiet."""
    status = b.worker.store.status(b.world.now())
    found = [f"given up: {what}" for what, _ in status.given_up]
    found += [f"outbox: {state}" for state in status.outbox if state in ("pending", "claimed")]
    for person in people:
        sides = b.story(person).lead.sides.values()
        found += [f"in flight: {person.email}" for side in sides if side.pending]
    if b.worker.store.verify().broken_at is not None:
        found.append("the audit's chain is broken")
    return found
