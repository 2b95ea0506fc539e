"""The promise sales made: when a handoff should be warned of, breached and recycled."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from syncd.cli.demo.oracle.calendar import add_hours
from syncd.cli.demo.oracle.evidence import FOUND_LATE, Evidence
from syncd.cli.demo.oracle.expected import Expected, Marked, MayMark, StageWrite, Told
from syncd.cli.demo.oracle.fields import HUBSPOT, SALESFORCE
from syncd.cli.demo.oracle.moves import Departure
from syncd.cli.demo.oracle.standard import RANKS
from syncd.cli.demo.oracle.trails import Person

WARN_AT, ACCEPT_WITHIN, EXPIRE_AFTER = 3, 4, 4  # business hours; the warning at three quarters
COOL_OFF = timedelta(days=14)
REASON = "Not accepted by sales in time"


@dataclass(slots=True, kw_only=True)
class Handoff:
    opened_at: datetime
    warned: bool = False
    breached_in: int | None = None

    @property
    def warn(self) -> datetime:
        return add_hours(self.opened_at, WARN_AT)

    @property
    def due(self) -> datetime:
        return add_hours(self.opened_at, ACCEPT_WITHIN)

    @property
    def expires(self) -> datetime:
        return add_hours(self.due, EXPIRE_AFTER)


@dataclass(slots=True, kw_only=True)
class Promise:
    """The open handoff of one lead, and what becomes of it."""

    person: Person
    evidence: Evidence
    expected: Expected
    open: Handoff | None = None
    recycles: int = 0
    cool_off_until: datetime | None = None
    contested: bool = False

    def follow(self, start: str, departure: Departure, decided: datetime) -> None:
        """An accepted move opens a handoff, or ends it."""
        rank = RANKS[departure.to]
        if self.open is not None:
            if rank >= RANKS["sal"] or rank < RANKS["mql"]:
                self.close()
        elif departure.to == "mql" and RANKS[start] < RANKS["mql"]:
            at = departure.cause.at
            self.open = Handoff(opened_at=decided if decided - at > FOUND_LATE else at)
            self._tell("handoff", departure.cause.at, decided)

    def close(self) -> None:
        self.open = None

    def remind(self, *, until: int) -> None:
        """Warn of the deadline, and tell when it is missed, before look `until`."""
        handoff = self.open
        if handoff is None:
            return
        breach = self.evidence.past(handoff.due)
        self._warn(handoff, breach, until)
        if breach is not None and breach < until and handoff.breached_in is None:
            handoff.breached_in = breach
            self._tell("sla-breach", self.evidence.looks[breach], self.evidence.looks[breach])

    def expire(self, *, until: int, fixed: Callable[[int], bool]) -> bool:
        """True when the lead should be recycled before look `until`: a look after the breach."""
        handoff = self.open
        if handoff is None or handoff.breached_in is None or self.contested:
            return False
        expiry = self.evidence.past(handoff.expires)
        number = None if expiry is None else max(expiry, handoff.breached_in + 1)
        if number is None or number >= until:
            return False
        self.open = None
        if fixed(number):
            return False
        self._recycle(number)
        return True

    def _warn(self, handoff: Handoff, breach: int | None, until: int) -> None:
        warning = self.evidence.past(handoff.warn)
        if handoff.warned or warning is None or warning >= until or warning == breach:
            return
        handoff.warned = True
        self._tell("sla-warning", self.evidence.looks[warning], self.evidence.looks[warning])

    def _recycle(self, number: int) -> None:
        """Back to nurture on every side, with the reason and the count."""
        at = self.evidence.looks[number]
        self.recycles += 1
        self.cool_off_until = at + COOL_OFF
        self._tell("recycled", at, at)
        for system in (SALESFORCE, HUBSPOT):
            latest = self.evidence.latest(system, at)
            trail = self.person.sides[system]
            if trail.gone_at is not None and trail.gone_at <= at:
                continue
            self.expected.may_mark.append(MayMark(lead=self.person.id, earliest=at, latest=latest))
            for mark, says in (("recycles", str(self.recycles)), ("reason", REASON)):
                self.expected.marked.append(
                    Marked(
                        lead=self.person.id,
                        system=system,
                        mark=mark,
                        says=(says,),
                        since=at,
                        by=latest,
                    )
                )
            if trail.stage_before(at) != "nurture":
                self.expected.stages.append(
                    StageWrite(
                        lead=self.person.id,
                        system=system,
                        stage="nurture",
                        earliest=at,
                        latest=latest,
                        why="recycled",
                    )
                )
        self.expected.treatments.append("recycled")

    def _tell(self, kind: str, earliest: datetime, decided: datetime) -> None:
        latest = self.evidence.latest(None, decided)
        self.expected.told.append(
            Told(lead=self.person.id, kind=kind, earliest=earliest, latest=latest)
        )
