"""Hold a move against the standard all through its grace, as both records stood at each instant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from syncd.cli.demo.oracle.evidence import GRACE, POLL, SLACK_TIME, Evidence
from syncd.cli.demo.oracle.fields import FIELDS, HUBSPOT, SALESFORCE
from syncd.cli.demo.oracle.moves import Departure
from syncd.cli.demo.oracle.standard import SCORE, unmet
from syncd.cli.demo.oracle.trails import Person

_STRICTNESS = ("observe", "flag", "block")
_FIELD_NAMES = frozenset(field.on(s) for field in FIELDS.values() for s in (SALESFORCE, HUBSPOT))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A move, the look at which it should have been decided, and what each gate then missed.

    It is not `clear` when it came right too late to be sure that it came right in time.
    """

    departure: Departure
    look: int
    missing: Mapping[str, Sequence[str]]
    clear: bool = True

    def mode(self, modes: Mapping[str, str]) -> str | None:
        """The strictest mode of the gates it fails; None if it fails none."""
        return max((modes[gate] for gate in self.missing), key=_STRICTNESS.index, default=None)

    def words(self, modes: Mapping[str, str], least: str = "observe") -> tuple[str, ...]:
        """What is missing for the gates held at least so firmly."""
        return tuple(
            words
            for gate, missing in self.missing.items()
            if _STRICTNESS.index(modes[gate]) >= _STRICTNESS.index(least)
            for words in missing
            if words != SCORE
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """`waived` tells since when a requirement, in the standard's words, is asked no more."""

    person: Person
    evidence: Evidence
    waived: dict[str, datetime] = field(default_factory=dict)

    def judge(self, departure: Departure, number: int, cool_off: datetime | None) -> Judged:
        """Failing all through its grace, or passing from some instant of it on. `number` is
        the look that shows the move first."""
        at, looks = departure.cause.at, self.evidence.looks
        over = self.evidence.decided(number, GRACE)
        end = (self.evidence.end if over is None else looks[over]) + SLACK_TIME
        found = {
            instant: self.unmet(departure.gates, instant, cool_off)
            for instant in (at, *self._edits_between(at, end))
        }
        passing = [instant for instant, missing in found.items() if not missing]
        if not passing:
            look = len(looks) if over is None else over
            return Judged(departure=departure, look=look, missing=found[at])
        is_steady = not any(missing for instant, missing in found.items() if instant > passing[0])
        is_held_up = over is not None and looks[over] > looks[number] + GRACE + POLL
        in_time = looks[over] if over is not None and is_held_up else at + GRACE
        return Judged(
            departure=departure,
            look=max(number, self.evidence.seen(SALESFORCE, passing[0]) or number),
            missing={},
            clear=is_steady and passing[0] <= in_time,
        )

    def unmet(
        self, gates: Sequence[str], at: datetime, cool_off: datetime | None
    ) -> dict[str, list[str]]:
        """What each gate misses at an instant; gates that miss nothing are left out."""
        values = self.person.values(at)
        found = {
            gate: [x for x in unmet(gate, values, at, cool_off) if not self._is_waived(x, at)]
            for gate in gates
        }
        return {gate: missing for gate, missing in found.items() if missing}

    def _is_waived(self, words: str, at: datetime) -> bool:
        return words in self.waived and self.waived[words] <= at

    def _edits_between(self, start: datetime, end: datetime) -> list[datetime]:
        return sorted(
            save.at
            for trail in self.person.sides.values()
            for save in trail.by_others()
            if start < save.at <= end and not save.changed.isdisjoint(_FIELD_NAMES)
        )
