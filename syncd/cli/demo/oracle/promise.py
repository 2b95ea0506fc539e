"""The promise sales made: when a handoff should be warned of, breached and recycled."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syncd.cli.demo.oracle.evidence import FOUND_LATE, POLL, Evidence
from syncd.cli.demo.oracle.expected import (
    Expected,
    FieldWrite,
    Marked,
    MayMark,
    StageWrite,
    Told,
)
from syncd.cli.demo.oracle.fields import HUBSPOT, SALESFORCE
from syncd.cli.demo.oracle.moves import Departure
from syncd.cli.demo.oracle.standard import RANKS
from syncd.cli.demo.oracle.terms import Handoff, heir_of, terms_for
from syncd.cli.demo.oracle.trails import Person
from syncd.sandbox.journal import System

COOL_OFF = timedelta(days=14)
LATE, REJECTED = "Not accepted by sales in time", "rejected by sales"


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
    accepted_at: datetime | None = None

    def follow(
        self, start: str, departure: Departure, decided: datetime, *, by_owner: bool
    ) -> None:
        """An accepted move opens a handoff, or says what became of it."""
        rank = RANKS[departure.to]
        if self.open is not None:
            if rank >= RANKS["sql"]:
                self._over(departure.cause.at, decided)
            elif rank >= RANKS["sal"]:
                self.accept(departure.cause.at)
            elif rank < RANKS["mql"]:
                self._turned_down(departure, decided, by_owner=by_owner)
        elif departure.to == "mql" and RANKS[start] < RANKS["mql"]:
            at = departure.cause.at
            since = decided if decided - at > FOUND_LATE else at
            self.open = Handoff(since=since, terms=terms_for(self.person, decided))
            self._tell("handoff", departure.cause.at, decided)

    def accept(self, at: datetime) -> None:
        """Sales has taken it on."""
        if self.open is not None and not self.open.accepted:
            self.open.accepted, self.accepted_at = True, at

    def _over(self, at: datetime, decided: datetime) -> None:
        """Settled then. A deadline missed before that, of which nobody had been told yet, is
        told once it is certain, a look later at the earliest."""
        handoff, self.open = self.open, None
        if handoff is None or handoff.breached_in is not None:
            return
        accepted_at = self.accepted_at if handoff.accepted else None
        breach = self.evidence.past(handoff.due)
        if (accepted_at or at) > handoff.due and breach is not None:
            told = max(self.evidence.looks[breach], decided)
            self._tell("sla-breach", told, told + POLL)

    def _tell_late_answer(self, handoff: Handoff, until: int) -> None:
        """Accepted after the deadline, before anybody had been told of that."""
        breach = self.evidence.past(handoff.due)
        in_time = self.accepted_at is None or self.accepted_at <= handoff.due
        if in_time or handoff.breached_in is not None or breach is None or breach >= until:
            return
        handoff.breached_in = breach
        self._tell("sla-breach", self.evidence.looks[breach], self.evidence.looks[breach])

    def remind(self, *, until: int) -> None:
        """Warn of the deadline, tell when it is missed, tell the manager, and pass it on, before
        look `until`. One step a look."""
        handoff = self.open
        if handoff is None:
            return
        if handoff.accepted:
            self._tell_late_answer(handoff, until)
            return
        breach = self.evidence.past(handoff.due)
        self._warn(handoff, breach, until)
        if breach is not None and breach < until and handoff.breached_in is None:
            handoff.breached_in = breach
            self._tell("sla-breach", self.evidence.looks[breach], self.evidence.looks[breach])
        self._escalate(handoff, until)
        self._pass_on(handoff, until)

    def _escalate(self, handoff: Handoff, until: int) -> None:
        number = self.evidence.past(handoff.escalates)
        if handoff.breached_in is None or handoff.escalated_in is not None or number is None:
            return
        number = max(number, handoff.breached_in + 1)
        if number < until:
            handoff.escalated_in = number
            self._tell("escalated", self.evidence.looks[number], self.evidence.looks[number])

    def _pass_on(self, handoff: Handoff, until: int) -> None:
        """To somebody else, once, who has as long for it as the first had."""
        ripe = None if handoff.passed_on is None else self.evidence.past(handoff.passed_on)
        if ripe is None or handoff.escalated_in is None or self.contested:
            return
        number = max(ripe, handoff.escalated_in + 1)
        if number < until:
            at = self.evidence.looks[number]
            self._tell("reassigned", at, at)
            self._give(at)
            terms = replace(handoff.terms, pass_on_after=None)
            self.open = Handoff(since=at, terms=terms)
            self.remind(until=until)

    def _give(self, at: datetime) -> None:
        for system, owner in heir_of(self.person, at, self.evidence.world).items():
            self.expected.fields.append(
                FieldWrite(
                    lead=self.person.id,
                    system=system,
                    field="owner",
                    value=owner,
                    earliest=at,
                    latest=self.evidence.latest(system, at),
                    why="passed on",
                )
            )

    def expire(self, *, until: int, fixed: Callable[[int], bool]) -> bool:
        """True when the lead should be recycled before look `until`: a look after the manager
        was told."""
        handoff = self.open
        if handoff is None or handoff.accepted or handoff.escalated_in is None or self.contested:
            return False
        expiry = self.evidence.past(handoff.expires)
        number = None if expiry is None else max(expiry, handoff.escalated_in + 1)
        if number is None or number >= until:
            return False
        self.open = None
        if fixed(number):
            return False
        at = self.evidence.looks[number]
        self._tell("recycled", at, at)
        self.end_round(at, LATE, stage="nurture")
        return True

    def reject(self, at: datetime, says: str, *, stage: str, until: datetime | None) -> None:
        """The owner gave it back, and said why."""
        self._over(at, at)
        self._tell("recycled", at, at)
        self.end_round(at, f"{REJECTED}: {says}", stage=stage)
        self.cool_off_until = until or self.cool_off_until

    def _turned_down(self, departure: Departure, decided: datetime, *, by_owner: bool) -> None:
        """By a person who moved it back: it stays where they put it. Whoever disqualifies what
        somebody else has, rejects nothing."""
        self._over(departure.cause.at, decided)
        is_out = departure.to == "disqualified"
        if departure.cause.by_person and (by_owner or not is_out):
            self.end_round(decided, REJECTED, stage=departure.to)

    def _warn(self, handoff: Handoff, breach: int | None, until: int) -> None:
        """One that waited for others past the deadline, from a look to the next, is not told."""
        warning = self.evidence.past(handoff.warn)
        if handoff.warned or warning is None or warning >= until or warning == breach:
            return
        handoff.warned = True
        told = self.evidence.looks[warning]
        if told <= handoff.due:
            self._tell("sla-warning", told, told, superseded=told + POLL > handoff.due)

    def end_round(self, at: datetime, why: str, *, stage: str) -> None:
        """Out of sales' hands on every side, with the reason; one that is not out for good is
        counted, and cools off."""
        is_out = stage == "disqualified"
        if not is_out:
            self.recycles += 1
            self.cool_off_until = at + COOL_OFF
        marks = [("reason", why)] if is_out else [("recycles", str(self.recycles)), ("reason", why)]
        for system in (SALESFORCE, HUBSPOT):
            trail, latest = self.person.sides[system], self.evidence.latest(system, at)
            if trail.gone_at is not None and trail.gone_at <= at:
                continue
            self.expected.may_mark.append(MayMark(lead=self.person.id, earliest=at, latest=latest))
            self.expected.marked += [
                Marked(
                    lead=self.person.id, system=system, mark=mark, says=(says,), since=at, by=latest
                )
                for mark, says in marks
            ]
            if trail.stage_before(at) != stage and why != REJECTED:
                self._write_back(system, stage, at, latest)
        self.expected.treatments.append("recycled" if why == LATE else "rejected")

    def _write_back(self, system: System, stage: str, at: datetime, latest: datetime) -> None:
        self.expected.stages.append(
            StageWrite(
                lead=self.person.id,
                system=system,
                stage=stage,
                earliest=at,
                latest=latest,
                why="recycled",
            )
        )

    def _tell(
        self, kind: str, earliest: datetime, decided: datetime, *, superseded: bool = False
    ) -> None:
        self.expected.told.append(
            Told(
                lead=self.person.id,
                kind=kind,
                earliest=earliest,
                latest=self.evidence.latest(None, decided),
                of_handoff=True,
                superseded=superseded,
            )
        )
