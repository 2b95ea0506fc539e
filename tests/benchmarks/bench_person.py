"""One lead of a crowd with everything that is stored of it; all of it follows from its number."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from random import Random

from syncd.domain.action import FieldWrite, WriteKind, WriteRecord
from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.deal import Deal
from syncd.domain.handoff import (
    Change,
    Clock,
    ClockName,
    Handoff,
    HandoffState,
    Proof,
    Rejection,
    Rung,
)
from syncd.domain.lead import Lead, Side
from syncd.domain.message import Message, MessageState, Why
from syncd.domain.names import (
    OWNER,
    STAGE,
    ActionKey,
    FieldName,
    HandoffId,
    LeadId,
    RecordId,
    RuleId,
    System,
    TransitionId,
)
from syncd.domain.record import Snapshot
from syncd.domain.stage import Actor, ActorKind, Evidence, Stage, Transition
from syncd.domain.standard import BandName
from syncd.domain.verdict import Finding, Result, Score, Unmet, Verdict

OWNERS = tuple(f"rep{n}@example.com" for n in range(40))
RULES = tuple(RuleId(f"rule-{n}") for n in range(12))
LONG = LeadId("ld_00000000")
"""Its story is a hundred times as long as that of others."""
_WAY = (Stage.LEAD, Stage.MQL, Stage.SAL, Stage.SQL, Stage.OPPORTUNITY, Stage.CUSTOMER)
_GATES = (Stage.MQL, Stage.SQL)
_ENTRIES, _LONG = 10, 1_000
_STILL_OPEN = timedelta(days=4)
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Everything about one follows from the number, but that it moves once `more`."""

    number: int
    now: datetime
    more: datetime | None = None

    @property
    def id(self) -> LeadId:
        return LeadId(f"ld_{self.number:08}")

    @cached_property
    def came(self) -> datetime:
        return self.now - 365 * _DAY * Random(self.number + 1).random()

    @cached_property
    def owner(self) -> str:
        return OWNERS[self.number % len(OWNERS)]

    @cached_property
    def way(self) -> tuple[Stage, ...]:
        """One in five never gets further than lead; the long story goes up and down."""
        if self.id == LONG:
            return (Stage.LEAD, Stage.MQL) * 100
        far = Random(self.number + 2).choices(range(1, 7), (20, 30, 20, 15, 9, 6))[0]
        return _WAY[:far]

    @cached_property
    def moves(self) -> tuple[Transition, ...]:
        gap = 3 * _DAY * Random(self.number + 3).random()
        made = [
            self._move(n, before, after, self.came + gap * (n + 1))
            for n, (before, after) in enumerate(pairwise(self.way))
        ]
        if self.more:
            made.append(self._move(len(made), self.way[-1], Stage.NURTURE, self.more))
        return tuple(x for x in made if x.at <= (self.more or self.now))

    def _move(self, n: int, before: Stage, after: Stage, at: datetime) -> Transition:
        return Transition(
            id=TransitionId(f"tr_{self.number}_{n}_{after}"),
            lead_id=self.id,
            system=System.HUBSPOT,
            record_id=self.record(System.HUBSPOT),
            from_stage=before,
            to_stage=after,
            at=at,
            seen_at=at + timedelta(seconds=20),
            actor=Actor(kind=ActorKind.PERSON, id="005R", owner=self.owner, label="Rita"),
            evidence=Evidence.HISTORY,
        )

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        return tuple(self._verdict(x) for x in self.moves if x.to_stage in _GATES)

    def _verdict(self, move: Transition) -> Verdict:
        unmet = RULES[: self.number % 5] if self.number % 3 == 0 else ()
        return Verdict(
            gate=move.to_stage,
            transition=move.id,
            lead_id=self.id,
            result=Result.FAILS if unmet else Result.PASSES,
            findings=tuple(
                Finding(rule=x, says="a budget", fix="ask", outcome=Unmet(seen="-", needed="1"))
                for x in unmet
            ),
            met=RULES[len(unmet) :],
            score=Score(
                points=Decimal(self.number % 100), band=list(BandName)[self.number % 3], parts=()
            ),
            standard=str(1 + self.number % 3),
            judged_at=move.seen_at,
        )

    @cached_property
    def handoff(self) -> Handoff | None:
        move = next((x for x in self.moves if x.to_stage is Stage.MQL), None)
        if move is None or self.id == LONG:
            return None
        is_open = self.now - move.at < _STILL_OPEN
        accepted = move.at + 2 * _HOUR
        state = HandoffState.OPENED if is_open else self._ended()
        steps = [HandoffState.OPENED, HandoffState.ACCEPTED]
        return Handoff(
            id=HandoffId(f"ho_{self.number}"),
            lead_id=self.id,
            cycle=1,
            state=state,
            transition=move.id,
            segment="everybody",
            opened_at=move.at,
            owner=self.owner,
            clocks=(self._clock(move.at, None if is_open else accepted),),
            changes=tuple(
                Change(
                    to=x,
                    at=move.at + 2 * _HOUR * n,
                    seen_at=move.at + 2 * _HOUR * n,
                    by=self.owner,
                    proof=Proof.RECORD,
                    owner=self.owner,
                )
                for n, x in enumerate(steps[:1] if is_open else steps)
            ),
            first_touch_at=None if is_open else move.at + 3 * _HOUR,
            rejection=Rejection(reason=f"reason-{self.number % 4}", missing=(FieldName("budget"),))
            if state is HandoffState.REJECTED
            else None,
            closed_at=None if is_open else move.at + _DAY,
        )

    def _ended(self) -> HandoffState:
        if Stage.SQL in self.way:
            return HandoffState.QUALIFIED
        return (HandoffState.REJECTED, HandoffState.EXPIRED)[self.number % 2]

    def _clock(self, at: datetime, stopped: datetime | None) -> Clock:
        hours = 1 + self.number % 90
        return Clock(
            name=ClockName.ACCEPT,
            turn=1,
            started_at=at,
            steps=((Rung.WARN, at + hours / 2 * _HOUR), (Rung.BREACH, at + hours * _HOUR)),
            calendar="sales",
            version="1",
            stopped_at=stopped,
            is_answered=stopped is not None,
        )

    @cached_property
    def lead(self) -> Lead:
        stage = self.moves[-1].to_stage if self.moves else Stage.LEAD
        known = (System.HUBSPOT,) if self.number % 10 == 0 else tuple(System)
        return Lead(
            id=self.id,
            cycle=1,
            stage=stage,
            first_seen_at=self.came,
            sides={x: self._side(x, stage) for x in known},
            handoff=None if self.handoff is None or self.handoff.closed_at else self.handoff,
        )

    def record(self, system: System) -> RecordId:
        return RecordId(f"{'00Q' if system is System.SALESFORCE else '4'}{self.number:015}")

    def _side(self, system: System, stage: Stage) -> Side:
        address = f"person{self.number}@company{self.number % 997}.example"
        values = {
            STAGE: stage,
            OWNER: self.owner,
            FieldName("email"): address,
            FieldName("first_name"): f"Jo{self.number % 313}",
            FieldName("last_name"): f"Doe{self.number % 7919}",
            FieldName("company"): f"Company {self.number % 997}",
            FieldName("title"): "Head of everything",
            FieldName("source"): f"Source {self.number % 12}",
            FieldName("campaign"): f"Campaign {self.number % 60}",
        }
        seen = Snapshot(
            system=system,
            record_id=self.record(system),
            kind="Lead" if system is System.SALESFORCE else "contact",
            created_at=self.came,
            modified_at=self.now,
            values=values,
            emails=(address,),
        )
        return Side(
            system=system,
            record_id=seen.record_id,
            seen=seen,
            baseline=values,
            stage_since=self.came,
        )

    @cached_property
    def write(self) -> WriteRecord:
        what = "more" if self.more else "first"
        field = FieldWrite(field=FieldName("title"), seen=None, value="Head", rule="hubspot")
        return WriteRecord(
            key=ActionKey(f"write-{self.number}-{what}"),
            kind=WriteKind.PROPAGATE,
            lead_id=self.id,
            system=System.HUBSPOT,
            record_id=self.record(System.HUBSPOT),
            record_kind="contact",
            writes=(field,),
            cause=None,
        )

    @cached_property
    def deal(self) -> Deal | None:
        if Stage.OPPORTUNITY not in self.way:
            return None
        is_closed, made = self.number % 4 > 0, self.came + 20 * _DAY
        return Deal(
            id=f"006{self.number:015}",
            is_closed=is_closed,
            is_won=Stage.CUSTOMER in self.way,
            amount=1_000.0 + self.number % 9_000,
            closes_at=made + 20 * _DAY,
            made_at=made,
            lost_reason=f"reason {self.number % 9}",
        )

    def audit(self) -> Iterator[AuditEntry]:
        """So many whatever happened; only the first ones tell anything that is counted."""
        told = 0 if self.more else (_LONG if self.id == LONG else _ENTRIES)
        if told:
            record = self.record(System.HUBSPOT)
            born = {"system": "hubspot", "record": record, "born": "true", "stage": "lead"}
            yield self._entry(AuditKind.FIRST_SIGHT, born)
        for x in self.verdicts[: max(0, told - 1)]:
            facts = {"move": x.transition, "gates": x.gate.value, "gate": x.gate.value}
            is_flagged = x.result is Result.FAILS
            yield self._entry(AuditKind.FLAGGED if is_flagged else AuditKind.VERDICT, facts)
        for n in range(told - 1 - len(self.verdicts)):
            facts = {"system": "salesforce", "field": f"field-{n}", "rule": "hubspot"}
            yield self._entry(AuditKind.OVERWRITE, facts, {"seen": "a", "value": "b"})

    def _entry(
        self, kind: AuditKind, facts: dict[str, str], personal: dict[str, str] | None = None
    ) -> AuditEntry:
        return AuditEntry(
            at=self.came, kind=kind, lead_id=self.id, facts=facts, personal=personal or {}
        )

    def messages(self) -> Iterator[Message]:
        if self.handoff and not self.more:
            yield Message(
                key=ActionKey(f"alert-{self.number}"),
                kind=AlertKind.HANDOFF,
                channel="sales",
                made_at=self.handoff.opened_at,
                decided_at=self.handoff.opened_at,
                state=MessageState.SENT,
                why=Why.ALONE,
                lead_id=self.id,
                sent_at=self.handoff.opened_at,
                outcome="accepted",
            )
