"""What the standard of today makes of the moves of the last months, counted gate by gate.

As `jobs.replay`, but of leads that are at hand already, some at a time: nothing is read twice,
and nothing is kept but counts.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from syncd.core.as_it_was import AsItWas, as_it_was, judged_fields
from syncd.core.context import Context
from syncd.core.replay import Fate, guarded_moves, once_each, replay
from syncd.core.stages import stage_steps
from syncd.domain.names import OWNER, RecordId, System
from syncd.domain.record import Directory, PropertyChange, Record, Snapshot
from syncd.domain.stage import Stage, Transition
from syncd.measure.assess.sight import Judged

Changes = Mapping[RecordId, Sequence[PropertyChange]]
Histories = Callable[[System, Sequence[RecordId], Collection[str]], Changes]
"""Of these records, all changes of these properties."""
_FAILS = frozenset({Fate.OBSERVED, Fate.FLAGGED, Fate.BLOCKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A record as it is now, and the changes of what tells its stage."""

    record: Record
    snapshot: Snapshot
    changes: Sequence[PropertyChange]


Lead = Mapping[System, Seen]


class Judging:
    def __init__(
        self, ctx: Context, people: Mapping[System, Directory], histories: Histories
    ) -> None:
        self._ctx, self._people, self._histories = ctx, people, histories
        self._asked = judged_fields(ctx.standard)
        self._fields = self._asked | {OWNER}
        self._fates: Counter[tuple[Stage, Fate]] = Counter()

    def judge(self, leads: Sequence[Lead]) -> None:
        moved = [(lead, moves) for lead in leads if (moves := self._moves(lead))]
        changes = {x: self._changes(x, [lead for lead, _ in moved]) for x in System}
        for lead, moves in moved:
            for move in moves:
                then = {x: self._then(x, lead[x], changes[x], move.at) for x in lead}
                told = replay(move, then, asked=self._asked, ctx=self._ctx)
                self._fates.update(told.by_gate.items())

    def judged(self) -> Mapping[Stage, Judged]:
        return {gate: self._of(gate) for gate in {gate for gate, _ in self._fates}}

    def _of(self, gate: Stage) -> Judged:
        fates = {fate: self._fates[gate, fate] for fate in Fate}
        failed = sum(n for fate, n in fates.items() if fate in _FAILS)
        return Judged(sum(fates.values()), failed, fates[Fate.UNKNOWN])

    def _moves(self, lead: Lead) -> Sequence[Transition]:
        return once_each([move for seen in lead.values() for move in self._moves_of(seen)])

    def _moves_of(self, seen: Seen) -> Sequence[Transition]:
        ctx, system = self._ctx, seen.record.system
        recent = [x for x in seen.changes if x.at >= ctx.enforce_from]
        side, people = ctx.crm.sides[system], self._people[system]
        steps = stage_steps(recent, seen.record.properties, side, people)
        return guarded_moves(seen.record, seen.snapshot, recent, steps, ctx)

    def _changes(self, system: System, leads: Sequence[Lead]) -> Changes:
        ids = [x[system].record.id for x in leads if system in x]
        names = self._ctx.crm.properties_of(self._fields, system)
        return self._histories(system, ids, names) if ids else {}

    def _then(self, system: System, seen: Seen, changes: Changes, at: datetime) -> AsItWas:
        return as_it_was(
            seen.snapshot,
            changes.get(seen.record.id, ()),
            at,
            fields=self._fields,
            tracked=(),  # it tells only which values are those of now: nobody asks here
            crm=self._ctx.crm,
            people=self._people[system],
        )
