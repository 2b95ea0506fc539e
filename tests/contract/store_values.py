"""Small domain values for the store's contract suite."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from syncd.commit import ScanMark
from syncd.domain.action import (
    AddNote,
    CreateRecord,
    FieldWrite,
    SendAlert,
    WriteKind,
    WriteRecord,
)
from syncd.domain.alert import Alert, AlertKind
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.decision import HeldLead, Parked, Plan, PlanState
from syncd.domain.handoff import (
    Change,
    Clock,
    ClockName,
    Handoff,
    HandoffState,
    Proof,
    Rung,
)
from syncd.domain.lead import Contest, Dispute, Lead, Move, Side
from syncd.domain.names import (
    OWNER,
    STAGE,
    ActionKey,
    FieldName,
    HandoffId,
    LeadId,
    PlanId,
    RecordId,
    RuleId,
    System,
    TransitionId,
)
from syncd.domain.order import Order, ReleaseLead
from syncd.domain.record import Edit, Snapshot
from syncd.domain.stage import SOMEBODY, Evidence, Stage, Transition
from syncd.domain.values import Seen, Unreadable, Value
from syncd.domain.verdict import Finding, Result, Unmet, Verdict

NOW = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
ANNA, BERT = LeadId("lead-anna"), LeadId("lead-bert")
VALUES: Mapping[FieldName, Value] = {
    STAGE: Stage.MQL,
    OWNER: "rep@example.com",
    FieldName("employees"): 50,
    FieldName("budget"): Decimal("1200.50"),
    FieldName("on"): date(2026, 3, 1),
    FieldName("last"): NOW,
    FieldName("roles"): ("champion", "user"),
    FieldName("company"): None,
}


def side(
    system: System, record_id: str, *emails: str, values: Mapping[FieldName, Value] = VALUES
) -> Side:
    seen: dict[FieldName, Seen] = {**values, FieldName("odd"): Unreadable("no such option")}
    return Side(
        system=system,
        record_id=RecordId(record_id),
        seen=Snapshot(
            system=system,
            record_id=RecordId(record_id),
            kind="Lead",
            created_at=NOW,
            modified_at=NOW,
            values=seen,
            emails=emails,
        ),
        baseline=values,
        stage_since=NOW,
        settled_at={STAGE: NOW},
    )


def lead(lead_id: LeadId, *sides: Side, handoff: Handoff | None = None) -> Lead:
    sides = sides or (side(System.HUBSPOT, f"hs-{lead_id}"),)
    return Lead(
        id=lead_id,
        cycle=1,
        stage=Stage.MQL,
        first_seen_at=NOW,
        sides={x.system: x for x in sides},
        handoff=handoff,
    )


def move(transition_id: str = "t-1") -> Move:
    return Move(
        transition=TransitionId(transition_id),
        sides=(System.HUBSPOT,),
        from_stage=Stage.MQL,
        to_stage=Stage.SQL,
        at=NOW,
        seen_at=NOW,
        grace_ends=NOW + 5 * MINUTE,
        actor=SOMEBODY,
    )


def contest() -> Contest:
    return Contest(since=NOW, to_stage=Stage.SQL, actor=SOMEBODY, times=3)


def a_clock() -> Clock:
    return Clock(
        name=ClockName.ASSIGN,
        turn=1,
        started_at=NOW,
        steps=((Rung.WARN, NOW + HOUR), (Rung.BREACH, NOW + 2 * HOUR)),
        taken={Rung.WARN: NOW + HOUR},
        calendar="sales",
        version="1/2",
    )


def a_change(state: HandoffState) -> Change:
    return Change(to=state, at=NOW, seen_at=NOW, by="rita", proof=Proof.RECORD, ref="t-1")


def handoff(
    handoff_id: str, lead_id: LeadId = ANNA, state: HandoffState = HandoffState.OPENED
) -> Handoff:
    return Handoff(
        id=HandoffId(handoff_id),
        lead_id=lead_id,
        cycle=1,
        state=state,
        transition=TransitionId("t-1"),
        segment="everybody",
        opened_at=NOW,
        owner=None,
        clocks=(a_clock(),),
        changes=(a_change(state),),
        closed_at=None if state.is_open else NOW,
    )


def transition(
    transition_id: str, lead_id: LeadId = ANNA, *, at: datetime = NOW, to: Stage = Stage.SQL
) -> Transition:
    return Transition(
        id=TransitionId(transition_id),
        lead_id=lead_id,
        system=System.HUBSPOT,
        record_id=RecordId(f"hs-{lead_id}"),
        from_stage=Stage.MQL,
        to_stage=to,
        at=at,
        seen_at=at,
        actor=SOMEBODY,
        evidence=Evidence.HISTORY,
    )


def verdict(
    transition_id: str, lead_id: LeadId = ANNA, *, at: datetime = NOW, seen: str = "empty"
) -> Verdict:
    outcome = Unmet(seen=seen, needed="at least 50")
    return Verdict(
        gate=Stage.SQL,
        transition=TransitionId(transition_id),
        lead_id=lead_id,
        result=Result.FAILS,
        findings=(Finding(rule=RuleId("size"), says="Big", fix="Fill in", outcome=outcome),),
        met=(RuleId("budget"),),
        score=None,
        standard="1",
        judged_at=at,
    )


def write(
    key: str,
    lead_id: LeadId = ANNA,
    *,
    record: str = "hs-1",
    kind: WriteKind = WriteKind.PROPAGATE,
    value: Value = Stage.SQL,
) -> WriteRecord:
    return WriteRecord(
        key=ActionKey(key),
        kind=kind,
        lead_id=lead_id,
        system=System.HUBSPOT,
        record_id=RecordId(record),
        record_kind="contact",
        writes=(FieldWrite(field=STAGE, seen=Stage.MQL, value=value, rule="stage"),),
        cause=None,
    )


def note(key: str, *, record: str = "hs-1") -> AddNote:
    return AddNote(
        key=ActionKey(key),
        lead_id=ANNA,
        system=System.HUBSPOT,
        record_id=RecordId(record),
        record_kind="contact",
        mark="k1",
        title="Moved back",
        lines=("budget missing",),
        at=NOW,
        cause=TransitionId("t-1"),
    )


def alert(key: str, lead_id: LeadId | None = None) -> SendAlert:
    said = Alert(kind=AlertKind.BLIND, at=NOW, title="HubSpot cannot be read", summary="blind")
    return SendAlert(key=ActionKey(key), lead_id=lead_id, alert=said)


def entry(
    kind: AuditKind = AuditKind.OVERWRITE,
    lead_id: LeadId | None = ANNA,
    *,
    personal: Mapping[str, str] | None = None,
    at: datetime = NOW,
) -> AuditEntry:
    return AuditEntry(
        at=at, kind=kind, lead_id=lead_id, facts={"rule": "x"}, personal=personal or {}
    )


def plan(plan_id: str, *leads: LeadId, state: PlanState = PlanState.OPEN) -> Plan:
    return Plan(
        id=PlanId(plan_id),
        kind=WriteKind.RECYCLE,
        state=state,
        opened_at=NOW,
        reason="more than 10 in an hour",
        leads=tuple(HeldLead(lead_id=x, digest="d", says=("recycle", str(x))) for x in leads),
    )


def order(order_id: str, lead_id: LeadId = ANNA, *, at: datetime = NOW) -> Order:
    return Order(id=order_id, what=ReleaseLead(lead_id=lead_id), by="ops", placed_at=at)


def parked(record: str) -> Parked:
    return Parked(
        system=System.HUBSPOT,
        record_id=RecordId(record),
        why="two leads match",
        candidates=(ANNA, BERT),
        since=NOW,
    )


def dispute() -> Dispute:
    return Dispute(
        since=NOW,
        values={System.SALESFORCE: "Acme GmbH", System.HUBSPOT: "Acme"},
        edits={System.HUBSPOT: Edit(at=NOW, by="7")},
    )


def creation(key: str, lead_id: LeadId = ANNA) -> CreateRecord:
    return CreateRecord(
        key=ActionKey(key),
        lead_id=lead_id,
        system=System.SALESFORCE,
        record_kind="Lead",
        email="anna@example.com",
        values=VALUES,
        stage=Stage.MQL,
    )


def scan_mark(resume: str) -> ScanMark:
    return ScanMark(resume=resume, seen=100, total=250, began=NOW)
