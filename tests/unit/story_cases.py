"""A lead's story written down by hand: moves, verdicts and what the audit says, by the hour."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from core_cases import CRM, LEAD, NOW, POLICY, REP, handoff, lead
from core_cases import transition as any_transition

from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.deal import Deal
from syncd.domain.handoff import Handoff, HandoffState
from syncd.domain.names import HandoffId, RuleId, System, TransitionId
from syncd.domain.stage import Actor, ActorKind, Stage, Transition
from syncd.domain.standard import BandName
from syncd.domain.verdict import Result, Score, Verdict
from syncd.measure.lead_story import LeadStory
from syncd.measure.rounds import CountedBy, rows_of

BY = CountedBy(policy=POLICY, crm=CRM)
SYNCD = Actor(kind=ActorKind.SYNCD)
Row = Mapping[str, Any]


def at(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def moved(
    name: str, start: Stage, to: Stage, hours: float, *, seen: float | None = None, **said: Any
) -> Transition:
    """Seen when it was made, if not said otherwise."""
    when = {"at": at(hours), "seen_at": at(hours if seen is None else seen)}
    known = {"id": TransitionId(name), "from_stage": start, "to_stage": to, "actor": REP}
    return replace(any_transition(), **{**known, **when, **said})


def written(name: str, start: Stage, to: Stage, hours: float, *, cause: str) -> Transition:
    """By syncd, because of a move."""
    return moved(name, start, to, hours, actor=SYNCD, cause=TransitionId(cause))


def judged(
    move: str,
    hours: float,
    *,
    gate: Stage = Stage.SQL,
    result: Result = Result.PASSES,
    points: int | None = None,
    **said: Any,
) -> Verdict:
    verdict = Verdict(
        gate=gate,
        transition=TransitionId(move),
        lead_id=LEAD,
        result=result,
        findings=(),
        met=(RuleId("budget"),),
        score=None if points is None else _score(points),
        standard="v1",
        judged_at=at(hours),
    )
    return replace(verdict, **said)


def _score(points: int) -> Score:
    return Score(points=Decimal(points), band=BandName.WARM, parts=())


def noted(kind: AuditKind, hours: float, **facts: str) -> AuditEntry:
    return AuditEntry(at=at(hours), kind=kind, lead_id=LEAD, facts=facts, personal={})


def refused(move: str, hours: float) -> AuditEntry:
    return noted(AuditKind.REFUSED, hours, move=move)


def recycled(cycle: int, hours: float) -> AuditEntry:
    return noted(AuditKind.RECYCLED, hours, cycle=str(cycle))


def offered(name: str, hours: float, state: HandoffState, *, over: float, **said: Any) -> Handoff:
    found = replace(handoff(), id=HandoffId(name), opened_at=at(hours), state=state)
    return replace(found, closed_at=at(over), **said)


def deal(name: str, made: float, **said: Any) -> Deal:
    told: dict[str, Any] = {"is_closed": False, "is_won": False, "amount": 100.0}
    return Deal(id=name, made_at=at(made), **(told | {"closes_at": None} | said))


def won(name: str, made: float, closed: float) -> Deal:
    return deal(name, made, is_closed=True, is_won=True, closes_at=at(closed))


def story(*said: object, cycle: int = 1, **more: Any) -> LeadStory:
    """Of all that is said of the lead, in any order."""
    deals = tuple(x for x in said if isinstance(x, Deal))
    told: dict[str, Any] = {
        "lead": lead(cycle=cycle),
        "transitions": tuple(x for x in said if isinstance(x, Transition)),
        "verdicts": tuple(x for x in said if isinstance(x, Verdict)),
        "handoffs": tuple(x for x in said if isinstance(x, Handoff)),
        "audit": tuple(x for x in said if isinstance(x, AuditEntry)),
        "deals": {System.HUBSPOT: deals} if deals else {},
    }
    return LeadStory(**(told | more))


def rounds_of(one: LeadStory) -> tuple[Row, ...]:
    return rows_of(one, BY).rounds


def row_of(*said: object, **more: Any) -> Row:
    """The only round."""
    (row,) = rounds_of(story(*said, **more))
    return row


def moves_of(one: LeadStory) -> tuple[Row, ...]:
    return rows_of(one, BY).moves
