"""One lead's way through the funnel as it should have gone, look by look.

What each move comes to follows from how it is judged and from the gates' modes; what
follows from time alone is in `promise`.
"""

from dataclasses import dataclass, field
from datetime import datetime

from syncd.cli.demo.oracle.answers import deeds_of, rejection, waived_rules, waiver_shown
from syncd.cli.demo.oracle.evidence import GRACE, Evidence
from syncd.cli.demo.oracle.expected import Expected, Marked, MayMark, Noted, StageWrite, Told
from syncd.cli.demo.oracle.fields import HUBSPOT, SALESFORCE
from syncd.cli.demo.oracle.judging import Judge, Judged
from syncd.cli.demo.oracle.moves import Departure, by_owner, departures, gates_between
from syncd.cli.demo.oracle.promise import Promise
from syncd.cli.demo.oracle.standard import ENTRY_STAGE, RANKS
from syncd.cli.demo.oracle.trails import Person
from syncd.sandbox.journal import System
from syncd.sandbox.people.clicking import Deed

CONTESTED_AFTER = 3
_NAMING = ("blocked", "flagged", "escalated")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refusal:
    to: str
    times: int
    look: int


@dataclass(slots=True, kw_only=True)
class Funnel:
    """Replays one lead; `run` gives everything that should be found of it. `asked` are the
    requirements somebody wants waived, `heard` the looks at which that was granted."""

    person: Person
    evidence: Evidence
    expected: Expected = field(default_factory=Expected)
    stage: str = "none"
    refusal: _Refusal | None = None
    contested: bool = False
    asked: tuple[str, ...] = ()
    heard: set[int | None] = field(default_factory=set)
    judge: Judge = field(init=False)
    promise: Promise = field(init=False)

    def __post_init__(self) -> None:
        self.judge = Judge(person=self.person, evidence=self.evidence)
        self.promise = Promise(person=self.person, evidence=self.evidence, expected=self.expected)

    def run(self) -> Expected:
        """Every move in turn, and the clock between them."""
        shown, end = departures(self.person, self.evidence), len(self.evidence.looks)
        deeds = deeds_of(self.person, self.evidence)
        self.stage = self.person.sides[SALESFORCE].stage_before(self.evidence.start) or "none"
        for number in sorted({*shown, *deeds}):
            self._remember(until=number)
            self._keep_time(until=number)
            following = next((later for later in shown if later > number), None)
            if number in shown and not self.contested:
                self._take(shown[number], number, following)
            for deed in deeds.get(number, ()):
                self._answer(deed, number, following)
        self._remember(until=end)
        self._keep_time(until=end)
        return self.expected

    # -- a move

    def _take(self, rivals: tuple[Departure, ...], number: int, following: int | None) -> None:
        cool_off = self.promise.cool_off_until
        judged = [self.judge.judge(departure, number, cool_off) for departure in rivals]
        winner = self._winner(judged)
        if not winner.clear:
            self.expected.unclear.append((winner.departure.to, winner.departure.cause.at))
        if winner.look >= len(self.evidence.looks):
            return
        self._keep_time(until=winner.look, waiting=bool(winner.missing))
        treatment = self._treatment(winner)
        self.expected.treatments.append(treatment)
        if treatment == "blocked":
            self._block(winner)
        elif treatment == "contested":
            self.contested = self.promise.contested = True
            self._tell("contested", winner)
        else:
            self._accept(winner, treatment, following)

    def _winner(self, judged: list[Judged]) -> Judged:
        """Of different moves on the two sides the refused drop out, then the latest wins."""
        passing = [x for x in judged if x.mode(self.evidence.modes) != "block"]
        if len(judged) > 1 and not passing:
            at = judged[0].departure.cause.at
            self.expected.unclear.append(("two refused moves to different stages", at))
        return max(passing or judged, key=lambda x: x.departure.cause.at)

    def _treatment(self, judged: Judged) -> str:
        match judged.mode(self.evidence.modes):
            case None:
                return "conforming" if judged.departure.gates else "unguarded"
            case "observe":
                return "observed"
            case "flag":
                return "flagged"
        if self._is_fixed(judged.look):
            return "escalated"
        return "contested" if self._times(judged) >= CONTESTED_AFTER else "blocked"

    def _times(self, judged: Judged) -> int:
        """How often the same move was refused before."""
        same = self.refusal is not None and self.refusal.to == judged.departure.to
        return self.refusal.times if same and self.refusal else 0

    def _is_fixed(self, number: int) -> bool:
        """Converted, or with a deal: nobody moves that back."""
        return self.person.is_fixed(self.evidence.looks[number])

    # -- what it comes to

    def _block(self, judged: Judged) -> None:
        """Moved back on every side that departed, noted once, told once."""
        at, cause = self.evidence.looks[judged.look], judged.departure.cause
        for move in judged.departure.moves:
            back = ENTRY_STAGE if move.start == "none" else move.start
            self._write_stage(move.system, back, (cause.at + GRACE, at), "moved back")
        self._tell("blocked", judged)
        self._note(judged)
        self._mark(judged)
        if "sql" in judged.missing and by_owner(cause, self.person, self.evidence, at):
            self.promise.accept(cause.at)
        times = self._times(judged) + 1
        self.refusal = _Refusal(to=judged.departure.to, times=times, look=judged.look)

    def _accept(self, judged: Judged, treatment: str, following: int | None) -> None:
        """It stays, and travels to the other side; an MQL is offered to sales."""
        departure, at = judged.departure, self.evidence.looks[judged.look]
        if treatment in _NAMING:
            self._tell(treatment, judged)
        self._mark(judged)
        for system in (SALESFORCE, HUBSPOT):
            if self._is_to_be_told(system, departure.to, at):
                earliest = min(move.at for move in departure.moves)
                self._write_stage(system, departure.to, (earliest, at), "travels", following)
        start, self.stage = departure.moves[0].start, departure.to
        if self.refusal and RANKS[self.stage] >= RANKS[self.refusal.to]:
            self.refusal = None
        theirs = by_owner(departure.cause, self.person, self.evidence, at)
        self.promise.follow(start, departure, at, by_owner=theirs)

    def _is_to_be_told(self, system: System, stage: str, at: datetime) -> bool:
        trail = self.person.sides[system]
        unheard_of = system is SALESFORCE and RANKS[stage] > RANKS["sql"]
        gone = trail.gone_at is not None and trail.gone_at <= at
        return not (unheard_of or gone or trail.converted(at) or trail.stage_before(at) == stage)

    # -- what is answered in Slack

    def _answer(self, deed: Deed, number: int, following: int | None) -> None:
        """The promise, the stage or the standard's hold on it change; who may not is no part
        of the scenario."""
        at, form = self.evidence.looks[number], deed.intent.form or {}
        match deed.intent.button:
            case "accept":
                self._take_on(at, following, said_at=deed.at)
            case "reject":
                stage, says, until = rejection(form)
                self.promise.reject(at, says, stage=stage, until=until)
                self.stage = stage
            case "ask-waiver":
                self._told_now("waiver-asked", at)
            case "approve":
                self._told_now("waiver-answered", at)
                self.judge.waived.update(dict.fromkeys(self.asked, at))
                may, must = waiver_shown(self.person, self.evidence, self.asked, at)
                self.expected.may_mark.append(may)
                self.expected.marked.append(must)
                self.heard.add(number)
        self.asked = waived_rules(form) or self.asked

    def _take_on(self, at: datetime, following: int | None, *, said_at: datetime) -> None:
        """Said in Slack, shown in both CRMs."""
        self.promise.accept(said_at)
        self.stage = "sal"
        for system in (SALESFORCE, HUBSPOT):
            if self._is_to_be_told(system, "sal", at):
                self._write_stage(system, "sal", (at, at), "accepted in Slack", following)

    def _told_now(self, kind: str, at: datetime) -> None:
        latest = self.evidence.latest(None, at)
        told = Told(
            lead=self.person.id,
            kind=kind,
            earliest=at,
            latest=latest,
            of_handoff=self.promise.open is not None,
        )
        self.expected.told.append(told)

    # -- what should be found of it

    def _write_stage(
        self,
        system: System,
        stage: str,
        when: tuple[datetime, datetime],
        why: str,
        following: int | None = None,
    ) -> None:
        """`when` is the earliest instant and that of the decision."""
        latest, looks = self.evidence.latest(system, when[1]), self.evidence.looks
        self.expected.stages.append(
            StageWrite(
                lead=self.person.id,
                system=system,
                stage=stage,
                earliest=when[0],
                latest=latest,
                why=why,
                superseded=following is not None and looks[following] <= latest,
            )
        )

    def _tell(self, kind: str, judged: Judged) -> None:
        at = self.evidence.looks[judged.look]
        self.expected.told.append(
            Told(
                lead=self.person.id,
                kind=kind,
                earliest=judged.departure.cause.at + GRACE,
                latest=self.evidence.latest(None, at),
                naming=judged.words(self.evidence.modes) if kind in _NAMING else (),
            )
        )

    def _note(self, judged: Judged) -> None:
        at, cause = self.evidence.looks[judged.look], judged.departure.cause
        self.expected.notes.append(
            Noted(
                lead=self.person.id,
                system=cause.system,
                record_id=self.person.sides[cause.system].record_id,
                earliest=cause.at + GRACE,
                latest=self.evidence.latest(cause.system, at),
                naming=judged.words(self.evidence.modes),
            )
        )

    def _mark(self, judged: Judged) -> None:
        """What a gate that is only observed finds stays out of the CRMs."""
        at, cause, modes = (
            self.evidence.looks[judged.look],
            judged.departure.cause,
            self.evidence.modes,
        )
        if all(modes[gate] == "observe" for gate in judged.departure.gates):
            return
        latest = max(self.evidence.latest(system, at) for system in (SALESFORCE, HUBSPOT))
        self.expected.may_mark.append(
            MayMark(lead=self.person.id, earliest=cause.at, latest=latest)
        )
        says = judged.words(modes, least="flag")
        if says and not self.person.sides[cause.system].converted(at):
            self.expected.marked.append(
                Marked(
                    lead=self.person.id,
                    system=cause.system,
                    mark="findings",
                    says=says,
                    since=at,
                    by=self.evidence.latest(cause.system, at),
                )
            )

    # -- what time brings

    def _remember(self, *, until: int) -> None:
        """Tell the mover of a refused move once the lead qualifies after all."""
        refusal, cool_off = self.refusal, self.promise.cool_off_until
        if refusal is None or self.contested or RANKS[self.stage] >= RANKS[refusal.to]:
            return
        gates = gates_between(RANKS[self.stage], RANKS[refusal.to])
        for number in self._news_between(refusal.look, until):
            at = self.evidence.looks[number]
            if self.judge.unmet(gates, at, cool_off):
                continue
            self.refusal = None
            earliest, latest = self.evidence.looks[number - 1], self.evidence.latest(None, at)
            self.expected.told.append(
                Told(lead=self.person.id, kind="qualifies", earliest=earliest, latest=latest)
            )
            return

    def _news_between(self, first: int, until: int) -> list[int]:
        """The looks, after the first, that show something others did."""
        seen = {
            self.evidence.seen(trail.system, save.at)
            for trail in self.person.sides.values()
            for save in trail.by_others()
        }
        seen |= self.heard
        return sorted(number for number in seen if number is not None and first < number < until)

    def _keep_time(self, *, until: int, waiting: bool = False) -> None:
        """While a move waits out its grace nothing is recycled."""
        self.promise.remind(until=until)
        if not waiting and self.promise.expire(until=until, fixed=self._is_fixed):
            self.stage = "nurture"
