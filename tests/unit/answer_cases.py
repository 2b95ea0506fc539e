"""Values the tests of answers are made of: reasons for a rejection, a policy with people in it,
an offered lead, and orders as people give them."""

from dataclasses import replace
from datetime import datetime, timedelta

from core_cases import EVERYBODY, LEAD, NOW, handoff, waiver
from decide_cases import GATES, MINUTE, context, known, policy

from syncd.core.answers import Answer, answered
from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.domain.action import SendAlert
from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.calendar import BusinessHours
from syncd.domain.lead import Lead
from syncd.domain.order import (
    AcceptHandoff,
    AskWaiver,
    Order,
    RejectHandoff,
    SnoozeHandoff,
    Via,
)
from syncd.domain.policy import Policy
from syncd.domain.stage import Stage
from syncd.domain.standard import AfterRejection, RejectionReason

REASONS = {
    x.id: x
    for x in (
        RejectionReason(id="not-ready", says="not ready to buy", then=AfterRejection.NURTURE),
        RejectionReason(id="bad-timing", says="bad timing", then=AfterRejection.SLEEP),
        RejectionReason(id="wrong-fit", says="the wrong fit", then=AfterRejection.DISQUALIFY),
    )
}
AGREED = replace(GATES, rejections=REASONS)
THE_REP, THE_BOSS, THE_MANAGER = "rep@corp.example", "boss@corp.example", "manager@corp.example"
APPROVERS = ("vp@corp.example", "cro@corp.example")
OPEN = handoff()
RULES: Policy = replace(
    policy(),
    segments=(replace(EVERYBODY, manager=THE_BOSS),),
    snooze=BusinessHours(timedelta(hours=2)),
    approvers=APPROVERS,
)

ACCEPT = AcceptHandoff(lead_id=LEAD, handoff_id=OPEN.id)
SNOOZE = SnoozeHandoff(lead_id=LEAD, handoff_id=OPEN.id)
REJECT = RejectHandoff(lead_id=LEAD, handoff_id=OPEN.id, reason="not-ready")
ASK = AskWaiver(waiver=replace(waiver("budget-confirmed"), by=THE_REP))


def told(
    now: datetime = NOW + MINUTE, *, rules: Policy = RULES, fresh: datetime | None = None
) -> Context:
    return context(now, rules=rules, gates=AGREED, fresh=fresh)


def offered(stage: Stage = Stage.MQL, **values: str | int | bool | None) -> Lead:
    return replace(known(stage, **values), handoff=OPEN)


def order(
    what: Answer, by: str = THE_REP, *, via: Via = Via.SLACK, at: datetime = NOW, name: str = "o-1"
) -> Order:
    return Order(id=name, what=what, by=by, placed_at=at, via=via)


def says(
    lead: Lead,
    what: Answer,
    by: str = THE_REP,
    *,
    via: Via = Via.SLACK,
    ctx: Context | None = None,
) -> Draft:
    """What this answer by this person makes of the lead."""
    return answered(lead, what, order(what, by, via=via), ctx or told())


def is_done(draft: Draft) -> bool:
    return AuditKind.NOT_DONE not in [x.kind for x in draft.audit]


def reply(draft: Draft) -> str:
    """What whoever gave the answer is told."""
    (sent,) = (
        x.alert
        for x in draft.actions
        if isinstance(x, SendAlert) and x.alert.kind is AlertKind.GIVEN_UP
    )
    return " ".join(sent.why)


def alert_of(draft: Draft, kind: AlertKind) -> SendAlert:
    (sent,) = (x for x in draft.actions if isinstance(x, SendAlert) and x.alert.kind is kind)
    return sent
