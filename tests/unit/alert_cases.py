"""Alerts, and policies of telling them, for tests of the decision to tell."""

from datetime import UTC, datetime, timedelta
from typing import Any

from syncd.domain.action import SendAlert
from syncd.domain.alert import Act, Alert, AlertKind
from syncd.domain.calendar import Calendar
from syncd.domain.names import ActionKey, LeadId
from syncd.domain.policy import AlertPolicy

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)  # a Tuesday
NIGHT = datetime(2026, 3, 3, 22, tzinfo=UTC)
MORNING = datetime(2026, 3, 4, 9, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
BY_DAY = Calendar(
    name="day",
    time_zone="UTC",
    hours=dict.fromkeys(range(5), ((9 * 60, 17 * 60),)),
    closed={},
    version="1",
)
POLICY = AlertPolicy(
    channel="#revops",
    routes={
        AlertKind.HANDOFF: "#sales",
        AlertKind.SLA_WARNING: "#sales",
        AlertKind.RECYCLED: "#marketing",
    },
    manager=None,
    wait=30 * SECOND,
    interval=5 * MINUTE,
    alone=3,
    repeat=timedelta(days=1),
)


def alert(
    number: int = 1, kind: AlertKind = AlertKind.TWIN, *, lead: str | None = None, **more: Any
) -> SendAlert:
    """One that is for nobody in particular, unless `more` says so."""
    said = Alert(kind=kind, at=NOON, title=f"{kind} {number}", summary=f"{number}", **more)
    return SendAlert(
        key=ActionKey(f"alert:{kind}:{number}"), lead_id=LeadId(lead) if lead else None, alert=said
    )


def offered(number: int = 1, **more: Any) -> SendAlert:
    """A handoff in its own conversation, with buttons."""
    return alert(
        number,
        AlertKind.HANDOFF,
        lead=f"ld-{number}",
        **{"acts": (Act.ACCEPT, Act.NOT_USEFUL), "thread": f"ho-{number}", **more},
    )
