"""Two tiny CRMs, people who edit both at any moment, and deliveries that go wrong.

The pure core alone (decide, settle) is driven as the jobs drive it. Whatever people and
the network do, nothing of theirs is lost, and once they rest both sides tell one story.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core_cases import BUDGET, COMPANY, NEED, NOW, REP, SOURCE
from decide_cases import (
    ENFORCE_FROM,
    HUBSPOT,
    LONG_AGO,
    MARKETER,
    OURSELVES,
    PHONE,
    SALESFORCE,
    WORKFLOW,
    context,
    is_quiet,
    known,
    nobody,
    values_of,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from syncd.core.decide import decide
from syncd.core.settle import Due, send, settle, still_due
from syncd.domain.action import WriteKind, WriteRecord
from syncd.domain.decision import Decision, Observation
from syncd.domain.lead import Lead
from syncd.domain.names import STAGE, FieldName, System, TransitionId
from syncd.domain.record import Snapshot
from syncd.domain.stage import (
    Actor,
    ActorKind,
    Stage,
    StageStep,
    Transition,
)
from syncd.domain.values import Seen

SECOND = timedelta(seconds=1)
SYNCED = (PHONE, COMPANY, SOURCE, NEED)
"""Two-way fields whose rule always picks a winner."""
OUTCOMES = ("done", "lost", "edited at once", "echoed", "echoed, edited at once")
STAGES = (Stage.NURTURE, Stage.LEAD, Stage.MQL, Stage.SAL, Stage.SQL)
systems = st.sampled_from(list(System))


@dataclass(slots=True)
class TinyCrm:
    """One record of one CRM, and its history."""

    system: System
    snapshot: Snapshot
    steps: list[StageStep]
    observed: dict[FieldName, set[Seen]] = field(default_factory=dict)

    def change(self, values: Mapping[FieldName, Seen], at: datetime, by: Actor) -> None:
        before = self.snapshot.values
        stage = values.get(STAGE, before[STAGE])
        if stage != before[STAGE]:
            self.steps.append(StageStep(at=at, stage=Stage(str(stage)), actor=by))
        self.snapshot = replace(self.snapshot, modified_at=at, values={**before, **values})

    def shown(self) -> Observation:
        return Observation(snapshot=self.snapshot, steps=tuple(self.steps))

    def note(self, seen: Observation) -> None:
        """What syncd sees of it: the record as read, and the steps behind it."""
        for name, value in seen.snapshot.values.items():
            self.observed.setdefault(name, set()).add(value)
        self.observed[STAGE] |= {step.stage for step in seen.steps or ()}


class Pair(RuleBasedStateMachine):
    """People, the network and syncd take turns; every turn takes a second at least."""

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.lead: Lead = known(Stage.LEAD, budget_confirmed=False)
        self.crms = {}
        for system, side in self.lead.sides.items():
            created = StageStep(at=LONG_AGO, stage=Stage.LEAD, actor=REP)
            crm = TinyCrm(system=system, snapshot=side.seen, steps=[created])
            crm.note(crm.shown())
            self.crms[system] = crm
        self.outbox: dict[str, WriteRecord] = {}
        self.attempts: Counter[str] = Counter()
        self.ever: set[str] = set()
        self.recorded: dict[TransitionId, Transition] = {}
        self.lagging: list[Snapshot] = []
        self.edits = 0

    # --- people --------------------------------------------------------------------------

    @rule(system=systems, name=st.sampled_from(SYNCED), reuse=st.booleans())
    def somebody_edits(self, system: System, name: FieldName, reuse: bool) -> None:
        self.edits += 1
        value = "again" if reuse else f"edit {self.edits}"
        self.crms[system].change({name: value}, self.tick(), REP)

    @rule(system=systems)
    def somebody_empties(self, system: System) -> None:
        self.crms[system].change({NEED: None}, self.tick(), REP)

    @rule(system=systems, budget=st.booleans())
    def somebody_completes_the_record(self, system: System, budget: bool) -> None:
        self.crms[system].change({BUDGET: budget}, self.tick(), REP)

    @rule(system=systems, stage=st.sampled_from(STAGES))
    def somebody_moves_it(self, system: System, stage: Stage) -> None:
        who = REP if system is SALESFORCE else MARKETER
        self.crms[system].change({STAGE: stage}, self.tick(), who)

    @rule(stage=st.sampled_from(STAGES))
    def a_workflow_moves_it(self, stage: Stage) -> None:
        self.crms[HUBSPOT].change({STAGE: stage}, self.tick(), WORKFLOW)

    # --- syncd ---------------------------------------------------------------------------

    @rule(which=st.sets(systems, min_size=1))
    def syncd_polls(self, which: set[System]) -> None:
        self.decide({system: self.crms[system].shown() for system in which})

    @rule(system=systems)
    def an_index_falls_behind(self, system: System) -> None:
        self.lagging.append(self.crms[system].snapshot)

    @precondition(lambda self: self.lagging)
    @rule()
    def syncd_polls_the_index(self) -> None:
        snapshot = self.lagging.pop()
        steps = tuple(self.crms[snapshot.system].steps)
        self.decide({snapshot.system: Observation(snapshot=snapshot, steps=steps)})

    @rule(minutes=st.integers(1, 4))
    def time_passes(self, minutes: int) -> None:
        self.tick(timedelta(minutes=minutes))
        self.decide({})

    @precondition(lambda self: self.outbox)
    @rule(data=st.data(), outcome=st.sampled_from(OUTCOMES))
    def syncd_delivers(self, data: st.DataObject, outcome: str) -> None:
        key = data.draw(st.sampled_from(sorted(self.outbox)))
        self.deliver(self.outbox[key], outcome)

    # --- how the jobs do it --------------------------------------------------------------

    def tick(self, span: timedelta = SECOND) -> datetime:
        self.now += span
        return self.now

    def decide(self, seen: Mapping[System, Observation]) -> None:
        self.tick()
        for system, observation in seen.items():
            self.crms[system].note(observation)
        ctx = context(self.now)
        decision = decide(self.lead, seen, ctx)
        again = decide(decision.lead, seen, ctx)
        assert is_quiet(again), "deciding twice on the same facts gives further action"
        assert again.lead == decision.lead
        self.check_reverts(decision)
        self.lead = decision.lead
        for key in decision.proven:
            del self.outbox[key]
        for transition in decision.transitions:
            assert transition.id not in self.recorded, "a move is recorded twice"
            self.recorded[transition.id] = transition
        for action in decision.actions:
            if isinstance(action, WriteRecord):
                assert action.key not in self.ever, "a key is used for another write"
                self.ever.add(action.key)
                self.outbox[action.key] = action
                for write in action.writes:  # an attempt whose answer is lost leaves it there
                    self.crms[action.system].observed[write.field].add(write.value)

    def check_reverts(self, decision: Decision) -> None:
        """A conforming move is never reverted: only SQL asks for what may be missing here."""
        kinds = {x.kind for x in decision.actions if isinstance(x, WriteRecord)}
        if WriteKind.REVERT in kinds:
            seen = [side.seen.values for side in decision.lead.sides.values()]
            assert any(values[STAGE] is Stage.SQL for values in seen)
            assert not all(values[BUDGET] for values in seen)

    def deliver(self, action: WriteRecord, outcome: str) -> None:
        crm = self.crms[action.system]
        before = crm.snapshot
        due = still_due(action, self.lead, before)
        if due.wanted:
            for write in due.wanted:
                assert not write.guarded or before.values[write.field] in crm.observed[write.field]
            crm.change({w.field: w.value for w in due.wanted}, self.tick(), OURSELVES)
        if outcome == "lost":
            self.attempts[action.key] += 1
            return
        written_at = self.now
        if "edited" in outcome:
            self.somebody_edits(action.system, PHONE, False)
        if "echoed" in outcome and self.may_wait(action, due):
            self.lead = send(action, self.lead, due.wanted, at=written_at, now=self.now).lead
            self.attempts[action.key] += 1
            return
        made = self.attempts[action.key] > 0
        for writes, ours in ((due.landed, made), (due.wanted, True)):
            if writes:
                self.lead = settle(
                    action, self.lead, writes, shown=crm.snapshot, now=self.now, made=ours
                ).lead
        if due.overtaken:
            self.attempts[action.key] += 1
        else:
            del self.outbox[action.key]

    def may_wait(self, action: WriteRecord, due: Due) -> bool:
        """Whether the next poll is proof enough, as `jobs/deliver_writes.py` has it."""
        fields = {w.field for w in due.wanted}
        return bool(fields) and not (
            due.overtaken or due.landed or STAGE in fields or self.attempts[action.key]
        )

    # --- the end -------------------------------------------------------------------------

    def teardown(self) -> None:
        if not hasattr(self, "lead"):
            return
        for _ in range(12):
            if self.lead.contest:
                self.lead = replace(self.lead, contest=None, refusal=None, move=None)
            self.decide({system: crm.shown() for system, crm in self.crms.items()})
            for action in list(self.outbox.values()):
                self.deliver(action, "done")
            self.tick(timedelta(minutes=6))
        self.check_rest()

    def check_rest(self) -> None:
        assert not self.outbox, "something waits for ever"
        assert not any(side.pending for side in self.lead.sides.values())
        assert self.lead.move is None
        shown = {system: crm.snapshot.values for system, crm in self.crms.items()}
        for name in (*SYNCED, STAGE):
            assert shown[SALESFORCE][name] == shown[HUBSPOT][name], f"{name} differs"
        assert shown[HUBSPOT][STAGE] is self.lead.stage
        self.check_moves()

    def check_moves(self) -> None:
        made = Counter(
            (system, step.at, step.stage)
            for system, crm in self.crms.items()
            for step in crm.steps[1:]
            if step.actor.kind is not ActorKind.SYNCD
        )
        found = Counter(
            (x.system, x.at, x.to_stage)
            for x in self.recorded.values()
            if x.actor.kind is not ActorKind.SYNCD
        )
        assert found == made, "every move by others is recorded exactly once"


TestPair = Pair.TestCase
TestPair.settings = settings(
    max_examples=120,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@given(
    stages=st.tuples(st.sampled_from(list(Stage)), st.sampled_from(list(Stage))),
    texts=st.tuples(st.text(max_size=3), st.text(max_size=3)),
    looks=st.lists(systems, max_size=6),
)
def test_a_lead_from_before_enforce_from_is_never_touched(
    stages: tuple[Stage, Stage], texts: tuple[str, str], looks: list[System]
) -> None:
    lead = nobody()
    sides = known().sides
    for n, system in enumerate([*System, *looks]):
        at = list(System).index(system)
        values = values_of(stages[at], phone=texts[at] or None, employees=1)
        snapshot = replace(
            sides[system].seen, values=values, modified_at=NOW + n * SECOND, created_at=LONG_AGO
        )
        decision = decide(lead, {system: Observation(snapshot=snapshot)}, context(NOW + n * SECOND))
        lead = decision.lead
        assert decision.actions == ()
        assert lead.handoff is None
    assert LONG_AGO < ENFORCE_FROM
