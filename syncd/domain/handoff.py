"""A handoff: an MQL offered to sales, what became of it, and the clocks that run on it.

Nouns alone. What moves one, and when, is decided in `core.handoff` and `core.promises`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise

from syncd.domain.names import FieldName, HandoffId, LeadId, TransitionId


class HandoffState(StrEnum):
    """How far it is. Of the closed states, qualified means that it reached sql."""

    OPENED = "opened"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    TOUCHED = "touched"
    QUALIFIED = "qualified"
    REJECTED = "rejected"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"

    @property
    def is_open(self) -> bool:
        return self in _OPEN

    @property
    def is_accepted(self) -> bool:
        """Sales took it on, and it is still theirs."""
        return self in _ACCEPTED


_ACCEPTED = frozenset((HandoffState.ACCEPTED, HandoffState.TOUCHED))
_OPEN = _ACCEPTED | {HandoffState.OPENED, HandoffState.ASSIGNED}


class ClockName(StrEnum):
    """What is promised within a time: somebody to have it, to accept it, to get in touch, and
    to bring it to an end."""

    ASSIGN = "assign"
    ACCEPT = "accept"
    TOUCH = "touch"
    DISPOSE = "dispose"


class Rung(StrEnum):
    """What follows as a promise runs out (warn) and is missed (all the others)."""

    WARN = "warn"
    BREACH = "breach"
    ESCALATE = "escalate"
    REASSIGN = "reassign"
    RECYCLE = "recycle"


class Proof(StrEnum):
    """What shows that a handoff changed."""

    RECORD = "record"
    ACTIVITY = "activity"
    SLACK = "slack"
    COMMAND = "command"
    DASHBOARD = "dashboard"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One step in a handoff's life, with its evidence: when it happened and was seen, who did
    it (a canonical owner, a person's name or "syncd") and what shows it: `ref` names the
    record, activity, message or order. `owner` is who had it from then on."""

    to: HandoffState
    at: datetime
    seen_at: datetime
    by: str
    proof: Proof
    ref: str = ""
    owner: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One promise to one owner. All instants UTC.

    `turn` is 1, and one more for each new owner. `steps` are the instants planned for its
    rungs, rising; BREACH is the deadline. `taken` tells when each was taken. `version` tells
    which calendar, days off and spans they were counted with; where these changed, they were
    counted again at `replanned_at`. `is_answered` when it stopped because what was promised
    was done, in time or late; `is_over` when the handoff was over without it.
    """

    name: ClockName
    turn: int
    started_at: datetime
    steps: tuple[tuple[Rung, datetime], ...]
    calendar: str
    version: str
    taken: Mapping[Rung, datetime] = field(default_factory=dict)
    stopped_at: datetime | None = None
    replanned_at: datetime | None = None
    is_answered: bool = False
    is_over: bool = False

    @property
    def due_at(self) -> datetime:
        """The deadline."""
        return self.step(Rung.BREACH) or self.steps[-1][1]

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None

    @property
    def is_missed(self) -> bool:
        """Whether it certainly stopped after its deadline. Not for a change of owner: no CRM
        tells when exactly that was."""
        is_certain = self.is_answered or self.is_over
        return is_certain and self.stopped_at is not None and self.stopped_at > self.due_at

    def step(self, rung: Rung) -> datetime | None:
        """When this rung is planned; None where there is none."""
        return next((at for name, at in self.steps if name is rung), None)

    def left(self) -> Iterator[tuple[Rung, datetime]]:
        """The rungs not taken yet, as far as it still runs; of one that missed its
        deadline, the breach. Nobody is warned of a breach that was told."""
        if self.is_running:
            over = {Rung.WARN} if Rung.BREACH in self.taken else set()
            yield from (x for x in self.steps if x[0] not in self.taken and x[0] not in over)
        elif self.is_missed and Rung.BREACH not in self.taken:
            yield Rung.BREACH, self.due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why sales does not want it: `reason` is an id in the standard ("" when none was given),
    `missing` the fields that were not there at handoff, `objection` what the lead said; with
    `until` it sleeps until that day."""

    reason: str
    missing: tuple[FieldName, ...] = ()
    objection: str = ""
    note: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """`segment` names whose promises count, as chosen when it opened. `clocks` are those of
    past turns too. An attempt (nobody was reached) is kept apart from a touch."""

    id: HandoffId
    lead_id: LeadId
    cycle: int
    state: HandoffState
    transition: TransitionId
    segment: str
    opened_at: datetime
    owner: str | None
    clocks: tuple[Clock, ...] = ()
    changes: tuple[Change, ...] = ()
    first_attempt_at: datetime | None = None
    first_touch_at: datetime | None = None
    first_touch_by: str | None = None
    snoozed_at: datetime | None = None
    rejection: Rejection | None = None
    closed_at: datetime | None = None
    closed_because: str = ""

    @property
    def turn(self) -> int:
        """How many owners had it, each as often as it came to them."""
        owners = [change.owner for change in self.changes]
        return sum(x is not None and x != y for y, x in pairwise((None, *owners)))

    def running(self, name: ClockName) -> Clock | None:
        """The clock of this name that runs, if one does."""
        return next((c for c in self.clocks if c.name is name and c.is_running), None)

    def first(self, state: HandoffState) -> Change | None:
        """The first change to this state."""
        return next((change for change in self.changes if change.to is state), None)

    def next_due(self) -> datetime | None:
        """The next instant at which it wants a decision; None once nothing is left to judge."""
        return min((at for clock in self.clocks for _, at in clock.left()), default=None)
