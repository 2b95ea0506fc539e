"""Whatever people do and whatever is down: no rung comes early, none is lost, none comes twice;
states follow the table; all the time there was is somebody's delay."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from core_cases import BERLIN, EVERYBODY, NOW, POLICY
from decide_cases import HUBSPOT, MARKETER, SALESFORCE, context, delivered, known, look, shows
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.core.business_time import business_between
from syncd.core.decide import due_at
from syncd.core.delays import delays
from syncd.core.handoff import MOVES
from syncd.domain.action import SendAlert
from syncd.domain.calendar import BusinessHours, Elapsed
from syncd.domain.decision import Decision
from syncd.domain.handoff import Clock, ClockName, Handoff, HandoffState, Rung
from syncd.domain.lead import Lead
from syncd.domain.names import OWNER, RecordId, System
from syncd.domain.policy import AcceptNeeds, Ladder, Policy
from syncd.domain.record import Activity, Directory, Person
from syncd.domain.stage import Stage

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
REP, HEIR = "rep@corp.example", "heir@corp.example"
OWNERS = (REP, HEIR, "third@corp.example", "queue:In", None)
PEOPLE = {
    x: Person(id=x, owner=x, name=x, email=None, active=True, is_queue=x.startswith("queue:"))
    for x in OWNERS
    if x
}
BOOKS = dict.fromkeys(System, Directory(by_id=PEOPLE, by_user_id={}, by_owner=PEOPLE))
LADDERS = (
    Ladder(warn_at=0.5),
    Ladder(warn_at=0.75, recycle_after=BusinessHours(8 * HOUR)),
    Ladder(
        warn_at=0.75,
        escalate_after=BusinessHours(HOUR),
        reassign_after=Elapsed(3 * HOUR),
        reassign_to=(HEIR, "queue:In"),
        recycle_after=BusinessHours(16 * HOUR),
    ),
)
CALENDARS = (
    BERLIN,
    replace(BERLIN, closed={**BERLIN.closed, (NOW + DAY).date(): "a day off"}, version="c2"),
    replace(BERLIN, hours=dict.fromkeys(range(7), ((0, 1440),)), version="c3"),
)


@dataclass
class Life:
    """One lead, decided again and again; what was seen of it on the way."""

    rules: Policy
    lead: Lead = field(default_factory=lambda: known(Stage.LEAD, owner=None))
    now: datetime = NOW
    fresh: datetime | None = NOW
    told: Counter[str] = field(default_factory=Counter)
    over: list[Handoff] = field(default_factory=list)

    def happens(self, *, activities: tuple[Activity, ...] = (), **shown: Any) -> None:
        """Something shows in Salesforce, or nothing does; decided until all is quiet."""
        system = shown.pop("system", SALESFORCE)
        seen = [shows(self.lead, system, at=self.now, **shown)] if shown else []
        self._take(look(self.lead, *seen, ctx=self._context(), activities=activities))
        for _ in range(20):
            before = self.lead
            self._take(look(self.lead, ctx=self._context()))
            if self.lead == before:
                return
        raise AssertionError("it never comes to rest")

    def _context(self) -> Any:
        ctx = context(self.now, fresh=self.fresh, rules=self.rules)
        return replace(ctx, people=BOOKS)

    def _take(self, found: Decision) -> None:
        self._nothing_early(found)
        sent = [x for x in found.actions if isinstance(x, SendAlert)]
        self.told.update(x.key for x in sent)
        self.over += found.closed
        self.lead = delivered(found, at=self.now) if found.actions else found.lead

    def _nothing_early(self, found: Decision) -> None:
        before = self.lead.handoff
        taken = _taken(found.lead.handoff) - _taken(before)
        for name, turn, rung in taken:
            (clock,) = (x for x in before.clocks if (x.name, x.turn) == (name, turn))  # type: ignore[union-attr]  # it has clocks: rungs of them were taken
            assert self.fresh
            assert dict(_planned(clock, found.lead.handoff))[rung] < min(self.now, self.fresh)


def _planned(clock: Clock, after: Handoff | None) -> tuple[tuple[Rung, datetime], ...]:
    """As it stood when the rung was taken: it may have been counted again just before."""
    same = (x for x in (after.clocks if after else ()) if _key(x) == _key(clock))
    return next(same, clock).steps


def _key(clock: Clock) -> tuple[ClockName, int]:
    return clock.name, clock.turn


def _taken(handoff: Handoff | None) -> set[tuple[ClockName, int, Rung]]:
    clocks = handoff.clocks if handoff else ()
    return {(clock.name, clock.turn, rung) for clock in clocks for rung in clock.taken}


policies = st.builds(
    lambda ladder, calendar, needs, touch: replace(
        POLICY,
        modes={},
        segments=(
            replace(
                EVERYBODY,
                ladder=ladder,
                calendar=calendar,
                accept_needs=needs,
                touch_within=touch,
                dispose_within=BusinessHours(20 * HOUR),
            ),
        ),
    ),
    st.sampled_from(LADDERS),
    st.sampled_from(CALENDARS),
    st.sampled_from(AcceptNeeds),
    st.sampled_from([None, BusinessHours(6 * HOUR), Elapsed(DAY)]),
)
events = st.lists(
    st.one_of(
        st.tuples(st.just("waits"), st.sampled_from([5, 61, 300, 1_500])),
        st.tuples(st.just("waits"), st.sampled_from([5, 61, 300, 1_500])),
        st.tuples(st.just("waits for what is due"), st.sampled_from([-1, 0, 1])),
        st.tuples(st.just("is read up to"), st.sampled_from([None, 0, 90, 600])),
        st.tuples(st.just("is given to"), st.sampled_from(OWNERS)),
        st.tuples(st.just("moves to"), st.sampled_from([Stage.SAL, Stage.SQL, Stage.NURTURE])),
        st.tuples(st.just("is called"), st.booleans()),
        st.tuples(st.just("policy"), policies),
    ),
    max_size=14,
)


def live(life: Life, what: str, which: Any) -> None:
    match what:
        case "waits":
            life.now += which * MINUTE
            life.fresh = life.fresh and life.now
            life.happens()
        case "waits for what is due":
            due = life.lead.handoff and life.lead.handoff.next_due()
            life.now = max(life.now, due + which * MINUTE) if due else life.now
            life.fresh = life.fresh and life.now
            life.happens()
        case "is read up to":
            life.fresh = None if which is None else life.now - which * MINUTE
            life.happens()
        case "is given to":
            life.happens(also={OWNER: which})
        case "moves to":
            life.happens(stage=which)
        case "is called":
            life.happens(activities=(call(life.now, reached=which),))
        case "policy":
            life.rules = which
            life.happens()


def call(at: datetime, *, reached: bool) -> Activity:
    return Activity(
        system=SALESFORCE,
        id=at.isoformat(),
        record_id=RecordId("00Q1"),
        kind="call",
        at=at,
        owner_id="005",
        by_syncd=False,
        reached=reached,
    )


@settings(max_examples=150)
@given(rules=policies, owner=st.sampled_from(OWNERS), what=events)
def test_a_handoffs_life_keeps_its_laws(rules: Policy, owner: str | None, what: list[Any]) -> None:
    life = Life(rules=rules, lead=known(Stage.LEAD, owner=owner))
    life.happens(system=HUBSPOT, stage=Stage.MQL, by=MARKETER)
    for event in what:
        live(life, *event)
        holds(life)
    for _ in range(2):  # whatever was promised has run out, to whoever it was passed on as well
        life.now += 60 * DAY
        life.fresh = life.now
        life.happens()
        holds(life)
    nothing_is_lost(life)


def holds(life: Life) -> None:
    assert all(times == 1 for times in life.told.values()), life.told
    for handoff in (*life.over, *((life.lead.handoff,) if life.lead.handoff else ())):
        along_the_table(handoff)
        clocks_belong_to_somebody(handoff)
    if life.lead.handoff:
        is_somebodys_delay(life)
        next_due = _next(life.lead.handoff)
        assert due_at(life.lead, life.now) == next_due
        assert next_due is None or life.fresh != life.now or next_due >= life.now


def along_the_table(handoff: Handoff) -> None:
    states = [change.to for change in handoff.changes]
    assert states[0] is HandoffState.OPENED
    assert all(after in MOVES[before] for before, after in pairwise(states)), states
    assert states[-1] is handoff.state
    assert (handoff.closed_at is None) is handoff.state.is_open


def clocks_belong_to_somebody(handoff: Handoff) -> None:
    running = [clock.name for clock in handoff.clocks if clock.is_running]
    on_nobody = {ClockName.ASSIGN, ClockName.DISPOSE}
    assert len(running) == len(set(running))
    assert handoff.state.is_open or not running
    assert set(running) <= (
        on_nobody if handoff.owner is None else set(ClockName) - {ClockName.ASSIGN}
    )
    for clock in handoff.clocks:
        assert [at for _, at in clock.steps] == sorted(at for _, at in clock.steps)
        assert clock.stopped_at is None or clock.stopped_at >= clock.started_at


def is_somebodys_delay(life: Life) -> None:
    handoff = life.lead.handoff
    assert handoff
    waited = delays(handoff, life.rules, now=life.now)
    calendar = life.rules.segments[0].calendar
    assert waited.system >= timedelta()
    assert waited.human >= timedelta()
    total = business_between(handoff.opened_at, life.now, calendar)
    assert waited.system + waited.human == total


def _next(handoff: Handoff) -> datetime | None:
    left = [at for clock in handoff.clocks for _, at in clock.left()]
    return min(left, default=None)


def nothing_is_lost(life: Life) -> None:
    """Once everything has run out, every rung was taken, and what was to be recycled is."""
    handoff = life.lead.handoff
    assert handoff is None or _next(handoff) is None
    for over in life.over:
        if over.state is HandoffState.EXPIRED:
            ends = [at for clock in over.clocks if (at := clock.step(Rung.RECYCLE))]
            assert over.closed_at
            assert min(ends) < over.closed_at
