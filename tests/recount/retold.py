"""One lead's way through the funnel, told once more with what numbers are made of written down:
which moves were judged and how, which stages were reached, what each offer to sales came to.

The demo's own oracle replays it from the sandbox's journal; here its findings are kept. Nothing
of `syncd.measure` or `syncd.core` is used.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from recount.requirements import IDS, band_of, met
from syncd.cli.demo.oracle.fields import SALESFORCE
from syncd.cli.demo.oracle.funnel import Funnel
from syncd.cli.demo.oracle.judging import Judged
from syncd.cli.demo.oracle.moves import Departure
from syncd.cli.demo.oracle.promise import Promise
from syncd.cli.demo.oracle.standard import RANKS, score, unmet
from syncd.cli.demo.oracle.terms import HEIRS, Handoff, heir_of
from syncd.cli.demo.oracle.trails import Person
from syncd.sandbox.people.clicking import Deed

LADDER = ("lead", "mql", "sal", "sql", "opportunity", "customer")
_CAME_TO_NOTHING = frozenset({"blocked", "contested", "overruled"})


@dataclass(slots=True, kw_only=True)
class JudgedMove:
    """One move at one gate; `unmet` and `met` are ids of rules."""

    round: int
    at: datetime
    gate: str
    treatment: str
    unmet: tuple[str, ...]
    met: tuple[str, ...]
    waived_by: str | None = None
    waived_why: str | None = None


@dataclass(slots=True, kw_only=True)
class Offer:
    """A handoff to sales. `due` is the deadline that was missed first, else the last one."""

    round: int
    offered_at: datetime
    segment: str
    due: datetime
    accepted_at: datetime | None = None
    closed_at: datetime | None = None
    state: str = "open"
    is_missed: bool = False
    reason: str | None = None
    missing: tuple[str, ...] = ()
    objection: str | None = None
    heir: str | None = None

    @property
    def is_judged(self) -> bool:
        return self.is_missed or (self.accepted_at or self.closed_at) is not None

    @property
    def is_called_off(self) -> bool:
        """Over before anybody could answer, or missed it."""
        return self.state == "superseded" and not self.accepted_at and not self.is_missed


@dataclass(slots=True, kw_only=True)
class Told:
    """All that is to be counted of one lead, stages and bands by (round, stage)."""

    person: Person
    moves: list[JudgedMove] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    reached: dict[tuple[int, str], datetime] = field(default_factory=dict)
    bands: dict[tuple[int, str], str] = field(default_factory=dict)
    rounds: int = 1

    def reach(self, number: int, start: str, to: str, at: datetime) -> None:
        """A stage that was jumped over is reached with the next; only the first time counts."""
        for stage in LADDER:
            if RANKS[start] < RANKS[stage] <= RANKS[to]:
                self.reached[number, stage] = min(self.reached.get((number, stage), at), at)


@dataclass(slots=True, kw_only=True)
class _Kept(Promise):
    """The promise, with its end written down."""

    told: Told

    def follow(
        self, start: str, departure: Departure, decided: datetime, *, by_owner: bool
    ) -> None:
        before = self.open
        Promise.follow(self, start, departure, decided, by_owner=by_owner)
        if before is None and self.open is not None:
            self.told.offers.append(_offer(self.open, self.recycles + 1))
        elif before is not None and RANKS[departure.to] >= RANKS["sql"]:
            self._close("qualified", departure.cause.at)

    def accept(self, at: datetime) -> None:
        if self.open is not None and not self.open.accepted:
            offer = self.told.offers[-1]
            offer.accepted_at = at
            offer.is_missed |= at > offer.due
        Promise.accept(self, at)

    def remind(self, *, until: int) -> None:
        Promise.remind(self, until=until)
        if self.open is not None and self.open.breached_in is not None:
            self.told.offers[-1].is_missed = True

    def _give(self, at: datetime) -> None:
        """Passed on because the first owner missed the promise."""
        world = self.evidence.world
        users = {str(x["Id"]): str(x.get("Email")) for x in world.salesforce.rows("User")}
        offer = self.told.offers[-1]
        offer.heir, offer.is_missed = users[heir_of(self.person, at, world)[SALESFORCE]], True
        assert offer.heir in HEIRS
        Promise._give(self, at)

    def expire(self, *, until: int, fixed: Callable[[int], bool]) -> bool:
        before = self.open
        is_over = Promise.expire(self, until=until, fixed=fixed)
        if before is not None and self.open is None:
            ripe = self.evidence.past(before.expires)
            assert ripe is not None
            assert before.escalated_in is not None
            at = self.evidence.looks[max(ripe, before.escalated_in + 1)]
            self._close("expired" if is_over else "superseded", at)
        return is_over

    def reject(self, at: datetime, says: str, *, stage: str, until: datetime | None) -> None:
        self._close("rejected", at)
        Promise.reject(self, at, says, stage=stage, until=until)

    def _turned_down(self, departure: Departure, decided: datetime, *, by_owner: bool) -> None:
        is_theirs = departure.cause.by_person and (by_owner or departure.to != "disqualified")
        self._close("rejected" if is_theirs else "superseded", departure.cause.at)
        Promise._turned_down(self, departure, decided, by_owner=by_owner)

    def _close(self, state: str, at: datetime) -> None:
        offer = self.told.offers[-1]
        offer.state, offer.closed_at = state, at
        if state == "qualified" and offer.accepted_at is None:
            offer.accepted_at = at
        offer.is_missed |= (offer.accepted_at or at) > offer.due


def _offer(handoff: Handoff, number: int) -> Offer:
    is_demo = handoff.terms.accept_within == 1
    return Offer(
        round=number,
        offered_at=handoff.since,
        segment="demo-request" if is_demo else "everybody",
        due=handoff.due,
    )


@dataclass(slots=True, kw_only=True)
class Retold(Funnel):
    """Replays one lead; `told` gives what is to be counted."""

    told: Told = field(init=False)
    rivals: list[Judged] = field(default_factory=list)
    asked_why: str = ""
    granted: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        Funnel.__post_init__(self)
        self.told = Told(person=self.person)
        self.promise = _Kept(
            person=self.person, evidence=self.evidence, expected=self.expected, told=self.told
        )

    def tell(self) -> Told:
        self.run()
        self.told.rounds = self.promise.recycles + 1
        return self.told

    def _winner(self, judged: list[Judged]) -> Judged:
        self.rivals = judged
        return Funnel._winner(self, judged)

    def _treatment(self, judged: Judged) -> str:
        """Known before anything comes of it: the round may be over with this very move."""
        found = Funnel._treatment(self, judged)
        for one in self.rivals:
            self._count(one, found if one is judged else "overruled")
        return found

    def _count(self, judged: Judged, treatment: str) -> None:
        number, departure = self.promise.recycles + 1, judged.departure
        at = self.evidence.looks[judged.look]
        values = self.person.values(at)
        for gate in departure.gates:
            self.told.moves.append(self._judged_at(gate, judged, treatment, number))
        if treatment in _CAME_TO_NOTHING:
            return
        for move in departure.moves:
            self.told.reach(number, move.start, move.to, move.at)
        for gate in departure.gates:
            self.told.bands.setdefault((number, gate), band_of(score(values, at)))

    def _judged_at(self, gate: str, judged: Judged, treatment: str, number: int) -> JudgedMove:
        at, cool_off = self.evidence.looks[judged.look], self.promise.cool_off_until
        lacking = unmet(gate, self.person.values(at), at, cool_off)
        left = [x for x in lacking if not self.judge._is_waived(x, at)]
        came_to = _came_to(treatment, lacking, left, self.evidence.modes[gate])
        by, why = self.granted[-1] if len(left) < len(lacking) and self.granted else (None, None)
        return JudgedMove(
            round=number,
            at=judged.departure.cause.at,
            gate=gate,
            treatment=came_to,
            unmet=tuple(IDS[x] for x in lacking),
            met=tuple(met(gate, self.person.values(at), at)),
            waived_by=by,
            waived_why=why,
        )

    def _answer(self, deed: Deed, number: int, following: int | None) -> None:
        form, at = deed.intent.form or {}, self.evidence.looks[number]
        this_round = self.promise.recycles + 1
        Funnel._answer(self, deed, number, following)
        match deed.intent.button:
            case "accept":
                self.told.reach(this_round, "mql", "sal", at)
            case "reject":
                self._given_back(form)
            case "ask-waiver":
                self.asked_why = str(form["reason"])
            case "approve":
                self.granted.append((deed.intent.who.email, self.asked_why))

    def _given_back(self, form: Mapping[str, object]) -> None:
        offer, missing = self.told.offers[-1], form.get("missing")
        offer.reason = str(form["reason"])
        offer.missing = tuple(map(str, missing)) if isinstance(missing, list) else ()
        offer.objection = str(form.get("objection") or "") or None


def _came_to(treatment: str, lacking: list[str], left: list[str], mode: str) -> str:
    if treatment in _CAME_TO_NOTHING:
        return "blocked"
    if not left:
        return "waived" if lacking else "conforming"
    return "observed" if mode == "observe" else "flagged"
