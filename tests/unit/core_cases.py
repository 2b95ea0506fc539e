"""Small values the core's unit tests are made of: a standard, a policy, a lead, a context."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from syncd.core.context import Context
from syncd.core.handoff import open_handoff
from syncd.core.judge import Judge
from syncd.domain.action import WriteKind
from syncd.domain.calendar import BusinessHours, Calendar, Elapsed
from syncd.domain.handoff import Clock, ClockName, Handoff, Rung
from syncd.domain.lead import Lead, Side
from syncd.domain.mapping import CrmMap, SideMap
from syncd.domain.names import (
    OWNER,
    STAGE,
    FieldName,
    LeadId,
    RecordId,
    RuleId,
    System,
    TransitionId,
)
from syncd.domain.policy import (
    AcceptNeeds,
    AlertPolicy,
    Ladder,
    Limit,
    Mode,
    Policy,
    RecyclePolicy,
    Segment,
)
from syncd.domain.record import Snapshot
from syncd.domain.stage import Actor, ActorKind, Evidence, Stage, StageLine, Transition
from syncd.domain.standard import (
    AtLeast,
    Band,
    BandName,
    Condition,
    DecayingPoints,
    FieldTest,
    Gate,
    Is,
    Present,
    Rule,
    RuleKind,
    RulePoints,
    Scoring,
    Signature,
    SomeOf,
    Standard,
    Test,
    Within,
)
from syncd.domain.values import FieldSpec, FieldType, Seen
from syncd.domain.verdict import Waiver

NOW = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
"""A Tuesday."""
LEAD = LeadId("lead-1")
MOVE = TransitionId("t-1")
REP = Actor(kind=ActorKind.PERSON, id="005", owner="rep@corp.example", label="Rita Rep")
BERLIN = Calendar(
    name="sales",
    time_zone="Europe/Berlin",
    hours=dict.fromkeys(range(5), ((9 * 60, 17 * 60),)),
    closed={date(2026, 4, 3): "Good Friday"},
    version="c1",
)

EMPLOYEES, BUDGET, ROLE, NEED, DEMO, ENGAGED = map(
    FieldName,
    ("employees", "budget_confirmed", "buying_role", "need", "demo_on", "last_engaged_at"),
)
NAMES = tuple(map(FieldName, ("first_name", "last_name")))
COMPANY, SOURCE = FieldName("company"), FieldName("source")


def rule(rule_id: str, field: FieldName, test: Test, says: str = "", fix: str = "") -> Rule:
    return rule_of(rule_id, FieldTest(field, test), says, fix)


def rule_of(rule_id: str, condition: Condition, says: str = "", fix: str = "") -> Rule:
    return Rule(
        id=RuleId(rule_id),
        kind=RuleKind.FIT,
        says=says or f"{rule_id} holds",
        fix=fix or f"Fix {rule_id}.",
        condition=condition,
    )


RULES = (
    rule(
        "employees-50-plus",
        EMPLOYEES,
        AtLeast(50),
        "The company has at least 50 employees",
        "Look the headcount up and fill in Employees.",
    ),
    rule("budget-confirmed", BUDGET, Is(True), "The budget is confirmed"),
    rule("decision-maker", ROLE, Is("decision-maker"), "We talk to the decision-maker"),
    rule("need-stated", NEED, Present(), "The need is written down"),
    rule("demo-attended", DEMO, Within(last=timedelta(days=30)), "Attended a demo lately"),
)
SCORING = Scoring(
    points=(
        RulePoints(rule=RuleId("employees-50-plus"), points=Decimal(40)),
        RulePoints(rule=RuleId("need-stated"), points=Decimal(10)),
        DecayingPoints(
            name="engagement", field=ENGAGED, points=Decimal(30), half_life=timedelta(days=10)
        ),
    ),
    bands=(
        Band(name=BandName.NURTURE, minimum=Decimal(0)),
        Band(name=BandName.WARM, minimum=Decimal(30)),
        Band(name=BandName.SALES_READY, minimum=Decimal(60)),
    ),
)


def gate(
    *all_of: str, any_of: tuple[int, tuple[str, ...]] | None = None, score: BandName | None = None
) -> Gate:
    some = SomeOf(at_least=any_of[0], of=tuple(map(RuleId, any_of[1]))) if any_of else None
    return Gate(stage=Stage.SQL, all=tuple(map(RuleId, all_of)), any=some, score=score)


def standard(
    *gates: Gate, rules: tuple[Rule, ...] = RULES, scoring: Scoring | None = None
) -> Standard:
    return Standard(
        version="2026-03",
        review_by=date(2026, 12, 31),
        signatures=tuple(
            Signature(team=team, name=team, on=NOW) for team in ("marketing", "sales")
        ),
        rules={x.id: x for x in rules},
        gates={x.stage: x for x in gates},
        scoring=scoring,
    )


def waiver(*rules: str, cycle: int = 1, expires_at: datetime = NOW + timedelta(days=1)) -> Waiver:
    return Waiver(
        id="w-1",
        lead_id=LEAD,
        gate=Stage.SQL,
        rules=tuple(map(RuleId, rules)),
        reason="a partner vouches for them",
        by="Head of Sales",
        cycle=cycle,
        granted_at=NOW - timedelta(days=1),
        expires_at=expires_at,
    )


EVERYBODY = Segment(
    name="everybody",
    when=None,
    calendar=BERLIN,
    assign_within=BusinessHours(timedelta(hours=4)),
    accept_within=BusinessHours(timedelta(hours=4)),
    touch_within=None,
    dispose_within=None,
    accept_needs=AcceptNeeds.STAGE,
    ladder=Ladder(warn_at=0.75, recycle_after=BusinessHours(timedelta(hours=8))),
)
"""Promises acceptance, and nothing more."""

POLICY = Policy(
    modes={Stage.MQL: Mode.FLAG, Stage.SQL: Mode.BLOCK},
    grace=timedelta(minutes=5),
    reapply=False,
    contested_after=3,
    refusal_memory=timedelta(days=30),
    entry_stage=Stage.LEAD,
    enforce_from=None,
    recycle=RecyclePolicy(
        to_stage=Stage.NURTURE,
        owner="queue:Nurture",
        reason="not accepted in time",
        cool_off=Elapsed(timedelta(days=30)),
        most_cycles=3,
    ),
    brake={kind: Limit(records=10, percent=1) for kind in WriteKind},
    alerts=AlertPolicy(
        channel="#revops",
        routes={},
        manager="manager@corp.example",
        wait=timedelta(),
        interval=timedelta(),
        alone=4,
        repeat=timedelta(days=1),
    ),
    waivable_by="The Head of Sales",
    segments=(EVERYBODY,),
)


def spec(name: FieldName, type_: FieldType = FieldType.STRING) -> FieldSpec:
    return FieldSpec(
        name=name, type=type_, properties=dict.fromkeys(System, f"{name}__c"), options={}
    )


def plain_side(system: System, stages: tuple[StageLine, ...]) -> SideMap:
    """A side with these stage lines and an address, and nothing else to it."""
    return SideMap(
        system=system,
        kind="contact" if system is System.HUBSPOT else "Lead",
        stages=stages,
        email="email",
        extra_emails=None,
        external_id=None,
        other_id=None,
        fixed_when={},
        record_url=f"https://{system}.example/{{id}}",
        overlap=timedelta(minutes=10),
    )


def side_map(system: System) -> SideMap:
    return plain_side(system, tuple(StageLine(stage=x, values={"status": x}) for x in Stage))


CRM = CrmMap(
    sides={x: side_map(x) for x in System},
    fields={x: spec(x) for x in (*NAMES, COMPANY, SOURCE, EMPLOYEES, OWNER)},
    marks={},
    name=NAMES,
    company=COMPANY,
    source=SOURCE,
)


def side(system: System, values: Mapping[FieldName, Seen]) -> Side:
    record_id = RecordId("101" if system is System.HUBSPOT else "00Q1")
    snapshot = Snapshot(
        system=system,
        record_id=record_id,
        kind=side_map(system).kind,
        created_at=NOW - timedelta(days=100),
        modified_at=NOW,
        values=values,
    )
    return Side(
        system=system,
        record_id=record_id,
        seen=snapshot,
        baseline={STAGE: Stage.MQL},
        stage_since=NOW - timedelta(days=1),
    )


JANE: Mapping[FieldName, Seen] = {
    STAGE: Stage.SQL,
    FieldName("first_name"): "Jane",
    FieldName("last_name"): "Doe",
    COMPANY: "Acme",
    SOURCE: "Webinar",
}


def lead(values: Mapping[FieldName, Seen] = JANE, *, cycle: int = 1) -> Lead:
    return Lead(
        id=LEAD,
        cycle=cycle,
        stage=Stage.MQL,
        first_seen_at=NOW - timedelta(days=100),
        sides={x: side(x, values) for x in System},
        recycles=cycle - 1,
    )


def transition(*, actor: Actor = REP, at: datetime = NOW) -> Transition:
    return Transition(
        id=MOVE,
        lead_id=LEAD,
        system=System.SALESFORCE,
        record_id=RecordId("00Q1"),
        from_stage=Stage.MQL,
        to_stage=Stage.SQL,
        at=at,
        seen_at=NOW,
        actor=actor,
        evidence=Evidence.HISTORY,
    )


def handoff(*, owner: str | None = "rep@corp.example", policy: Policy = POLICY) -> Handoff:
    """Opened at NOW: to be accepted (or, without an owner, assigned) by 16:00, warned of at
    15:00, recycled the next day at 16:00."""
    cause = replace(transition(), id=TransitionId("t-0"))
    return open_handoff(lead(), cause, owner=owner, segment=policy.segments[0], policy=policy)


def clock(found: Handoff | None, name: ClockName = ClockName.ACCEPT) -> Clock:
    """The running clock of this name."""
    running = found.running(name) if found else None
    assert running, f"no {name} clock runs"
    return running


def planned(found: Handoff | None, rung: Rung, name: ClockName = ClockName.ACCEPT) -> datetime:
    at = clock(found, name).step(rung)
    assert at, f"the {name} clock has no {rung}"
    return at


def climbed(found: Handoff, *rungs: Rung) -> Handoff:
    """With these rungs of its running clocks behind it, each taken when it was planned."""
    return replace(
        found,
        clocks=tuple(
            replace(x, taken={rung: at for rung, at in x.steps if rung in rungs})
            if x.is_running
            else x
            for x in found.clocks
        ),
    )


def context(the_standard: Standard | None = None, *, now: datetime = NOW) -> Context:
    chosen = the_standard or standard(gate("employees-50-plus", "budget-confirmed"))
    return Context(
        standard=chosen,
        judge=Judge(chosen),
        policy=POLICY,
        crm=CRM,
        enforce_from=NOW - timedelta(days=365),
        now=now,
        fresh=now,
    )


def unsigned(the_standard: Standard) -> Standard:
    return replace(the_standard, signatures=())
