"""Values the tests of deciding are made of: a lead known on both sides, what a CRM then
shows of it, and ways of asking what a decision came to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core_cases import (
    BUDGET,
    COMPANY,
    CRM,
    EMPLOYEES,
    LEAD,
    NAMES,
    NEED,
    NOW,
    POLICY,
    REP,
    SOURCE,
    gate,
    side_map,
    standard,
)

from syncd.core.context import Context
from syncd.core.decide import decide
from syncd.core.judge import Judge
from syncd.core.settle import settle
from syncd.domain.action import AddNote, SendAlert, UpdateAlert, WriteKind, WriteRecord
from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.decision import Decision, Observation
from syncd.domain.lead import Lead, Side
from syncd.domain.mapping import CrmMap, Mark
from syncd.domain.names import OWNER, STAGE, FieldName, LeadId, RecordId, System
from syncd.domain.policy import Limit, Mode, Policy
from syncd.domain.record import Activity, Snapshot
from syncd.domain.stage import Actor, ActorKind, Stage, StageStep
from syncd.domain.standard import Standard
from syncd.domain.values import (
    ConflictRule,
    Direction,
    FieldSpec,
    FieldType,
    Seen,
    Unreadable,
    Value,
)

SALESFORCE, HUBSPOT = System.SALESFORCE, System.HUBSPOT
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LONG_AGO, BEFORE = NOW - 100 * DAY, NOW - HOUR
ENFORCE_FROM = NOW - 30 * DAY

MARKETER = Actor(kind=ActorKind.PERSON, id="77", owner="mark@corp.example", label="Mark")
WORKFLOW = Actor(kind=ActorKind.AUTOMATION, id="wf-1", label="Workflow 1")
OTHER_FLOW = Actor(kind=ActorKind.AUTOMATION, id="flow-2", label="Flow 2")
OURSELVES = Actor(kind=ActorKind.SYNCD, id="app")

PHONE, TITLE, COUNTRY, EMAIL = map(FieldName, ("phone", "title", "country", "email"))
MARKS = {mark: FieldName(f"syncd_{mark}") for mark in Mark}


def _spec(
    name: FieldName,
    *,
    type_: FieldType = FieldType.STRING,
    way: Direction = Direction.BOTH,
    rule: ConflictRule = ConflictRule.ASK,
    clears: bool = False,
) -> FieldSpec:
    return FieldSpec(
        name=name,
        type=type_,
        properties=dict.fromkeys(System, f"{name}__c"),
        direction=way,
        conflict=rule,
        clears=clears,
        options={},
    )


SPECS = (
    *(_spec(name) for name in NAMES),
    _spec(TITLE),
    _spec(PHONE, rule=ConflictRule.LATEST),
    _spec(COMPANY, rule=ConflictRule.SALESFORCE),
    _spec(SOURCE, rule=ConflictRule.HUBSPOT),
    _spec(NEED, rule=ConflictRule.HUBSPOT, clears=True),
    _spec(COUNTRY, way=Direction.TO_SALESFORCE, rule=ConflictRule.SALESFORCE),
    _spec(EMAIL, way=Direction.NONE),
    _spec(EMPLOYEES, type_=FieldType.INTEGER),
    _spec(BUDGET, type_=FieldType.BOOLEAN),
    _spec(OWNER, type_=FieldType.OWNER, rule=ConflictRule.SALESFORCE),
    *(_spec(name, way=Direction.NONE) for name in MARKS.values()),
)
_READ_ONLY = {SALESFORCE: {Stage.OPPORTUNITY, Stage.CUSTOMER}, HUBSPOT: {Stage.CUSTOMER}}


def _map(system: System) -> CrmMap:
    side = side_map(system)
    lines = tuple(
        replace(line, read_only=line.stage in _READ_ONLY[system])
        for line in side.stages
        if line.stage is not Stage.NONE
    )
    return replace(CRM, sides={system: replace(side, stages=lines)})


THE_MAP = replace(
    CRM,
    sides={system: _map(system).sides[system] for system in System},
    fields={spec.name: spec for spec in SPECS},
    marks=MARKS,
)

GATES = standard(
    replace(gate("employees-50-plus"), stage=Stage.MQL), replace(gate("budget-confirmed"))
)
"""MQL asks for 50 employees, SQL for a confirmed budget."""


def policy(
    *, mql: Mode = Mode.BLOCK, sql: Mode = Mode.BLOCK, grace: timedelta = 5 * MINUTE
) -> Policy:
    return replace(POLICY, modes={Stage.MQL: mql, Stage.SQL: sql}, grace=grace)


def context(
    now: datetime = NOW,
    *,
    rules: Policy | None = None,
    gates: Standard = GATES,
    fresh: datetime | None = None,
    enforce_from: datetime = ENFORCE_FROM,
) -> Context:
    return Context(
        standard=gates,
        judge=Judge(gates),
        policy=rules or policy(),
        crm=THE_MAP,
        enforce_from=enforce_from,
        now=now,
        fresh=fresh,
    )


AT_ONCE = policy(grace=timedelta())
"""Blocks both gates without a grace."""


def few_at_once(records: int) -> Policy:
    """The brake holds what is more than so many of a class."""
    return replace(AT_ONCE, brake=dict.fromkeys(WriteKind, Limit(records=records, percent=0)))


def values_of(stage: Stage = Stage.LEAD, **values: Seen) -> dict[FieldName, Seen]:
    """A record that meets both gates, but for what is said otherwise."""
    filled: dict[FieldName, Seen] = dict.fromkeys((x.name for x in SPECS), None)
    filled |= {NAMES[0]: "Jane", NAMES[1]: "Doe", EMPLOYEES: 60, BUDGET: True}
    filled |= {OWNER: "rep@corp.example", STAGE: stage}
    return filled | {FieldName(name): value for name, value in values.items()}


def side(system: System, stage: Stage = Stage.LEAD, **values: Seen) -> Side:
    shown = values_of(stage, **values)
    record_id = RecordId("101" if system is HUBSPOT else "00Q1")
    snapshot = Snapshot(
        system=system,
        record_id=record_id,
        kind=THE_MAP.sides[system].kind,
        created_at=LONG_AGO,
        modified_at=BEFORE,
        values=shown,
    )
    return Side(
        system=system,
        record_id=record_id,
        seen=snapshot,
        baseline={k: v for k, v in shown.items() if not isinstance(v, Unreadable)},
        stage_since=BEFORE,
    )


def known(stage: Stage = Stage.LEAD, *sides: Side, **values: Seen) -> Lead:
    """A lead both CRMs agree about, unless sides are given."""
    chosen = sides or tuple(side(system, stage, **values) for system in System)
    return Lead(
        id=LEAD,
        cycle=1,
        stage=stage,
        first_seen_at=LONG_AGO,
        sides={x.system: x for x in chosen},
    )


def nobody() -> Lead:
    return Lead(id=LeadId("lead-1"), cycle=1, stage=Stage.NONE, first_seen_at=NOW, sides={})


def shows(
    lead: Lead,
    system: System,
    stage: Stage | None = None,
    *,
    at: datetime = NOW,
    by: Actor | None = REP,
    also: Mapping[FieldName, Seen] | None = None,
    **values: Seen,
) -> Observation:
    """The side read again at `at`, with these values changed; `by` moved the stage (None:
    there is no history)."""
    before = lead.sides[system].seen
    news = {FieldName(name): value for name, value in values.items()} | dict(also or {})
    steps: tuple[StageStep, ...] | None = None
    if stage is not None:
        news[STAGE] = stage
        steps = (StageStep(at=at, stage=stage, actor=by),) if by else None
    snapshot = replace(before, modified_at=at, values={**before.values, **news})
    return Observation(snapshot=snapshot, steps=steps)


def born(
    system: System,
    stage: Stage,
    *,
    at: datetime = NOW - MINUTE,
    by: Actor = REP,
    record: str | None = None,
    **values: Seen,
) -> Observation:
    """A record made at `at`, seen for the first time."""
    template = side(system).seen
    snapshot = replace(
        template,
        record_id=RecordId(record or template.record_id),
        created_at=at,
        modified_at=at,
        values=values_of(stage, **values),
    )
    return Observation(snapshot=snapshot, steps=(StageStep(at=at, stage=stage, actor=by),))


def look(
    lead: Lead,
    *seen: Observation,
    now: datetime = NOW,
    ctx: Context | None = None,
    activities: Sequence[Activity] = (),
) -> Decision:
    found = {x.snapshot.system: x for x in seen}
    return decide(lead, found, ctx or context(now), activities=activities)


def records(decision: Decision, kind: WriteKind | None = None) -> tuple[WriteRecord, ...]:
    found = (x for x in decision.actions if isinstance(x, WriteRecord))
    return tuple(x for x in found if kind is None or x.kind is kind)


def writes(decision: Decision, system: System) -> Mapping[FieldName, Value]:
    """Every field written on this side but syncd's own marks."""
    return {
        w.field: w.value
        for x in records(decision)
        if x.system is system
        for w in x.writes
        if w.guarded
    }


def marks(decision: Decision, system: System) -> Mapping[FieldName, Value]:
    return {
        w.field: w.value
        for x in records(decision, WriteKind.MARK)
        if x.system is system
        for w in x.writes
    }


def statuses(decision: Decision) -> list[UpdateAlert]:
    """What messages that were sent are changed to say."""
    return [x for x in decision.actions if isinstance(x, UpdateAlert)]


def alerts(decision: Decision) -> list[AlertKind]:
    return [x.alert.kind for x in decision.actions if isinstance(x, SendAlert)]


def alert(decision: Decision, kind: AlertKind) -> SendAlert:
    (found,) = (x for x in decision.actions if isinstance(x, SendAlert) and x.alert.kind is kind)
    return found


def notes(decision: Decision) -> list[AddNote]:
    return [x for x in decision.actions if isinstance(x, AddNote)]


def audit(decision: Decision) -> list[AuditKind]:
    return [x.kind for x in decision.audit]


def is_quiet(decision: Decision) -> bool:
    """Whether nothing came of it at all."""
    return not (
        decision.actions
        or decision.audit
        or decision.verdicts
        or decision.transitions
        or decision.closed
    )


def delivered(decision: Decision, *, at: datetime = NOW + MINUTE) -> Lead:
    """The lead after every write of the decision has landed at `at` and was settled."""
    lead = decision.lead
    for action in records(decision):
        target = lead.sides[action.system]
        after = {**target.seen.values, **{w.field: w.value for w in action.writes}}
        shown = replace(target.seen, modified_at=at, values=after)
        lead = settle(action, lead, action.writes, shown=shown, now=at).lead
    return lead
