"""Where what people say in Slack becomes orders in the store. It decides nothing: the worker
does, at its next cycle.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from threading import Lock
from typing import Protocol, assert_never

from syncd.adapters.slack.click import Click
from syncd.domain.alert import Act
from syncd.domain.lead import Lead
from syncd.domain.names import HandoffId, LeadId
from syncd.domain.order import (
    AcceptHandoff,
    AnswerWaiver,
    MarkAlert,
    Order,
    SnoozeHandoff,
    Via,
    What,
)


class Tray(Protocol):
    """What of the store is needed here. Used from several threads."""

    def place(self, order: Order) -> None: ...

    def waiting(self) -> Sequence[Order]: ...

    def load(self, ids: Collection[LeadId]) -> Mapping[LeadId, Lead]: ...

    def close(self) -> None: ...


class Desk:
    def __init__(self, tray: Tray) -> None:
        self._tray = tray
        self._turn = Lock()

    def place(self, click: Click, what: What, *, by: str, now: datetime) -> bool:
        """False when this person's click on this button waits already: a double click."""
        order = Order(id=click.id, what=what, by=by, placed_at=now, via=Via.SLACK)
        with self._turn:
            if any(x.id.startswith(click.button_id) for x in self._tray.waiting()):
                return False
            self._tray.place(order)
        return True

    def lead_of(self, click: Click) -> Lead | None:
        """None when it was erased meanwhile."""
        if click.about.lead is None:
            return None
        return next(iter(self._tray.load([click.about.lead]).values()), None)


def ordered(click: Click) -> What:
    """What a button stands for that opens no form. ValueError when its message does not say
    what it is about."""
    lead, subject = click.about.lead, click.about.subject
    if click.act is Act.NOT_USEFUL:
        return MarkAlert(alert_key=click.about.alert)
    if lead is None or not subject:
        raise ValueError("this button is about nothing that syncd knows")
    match click.act:
        case Act.ACCEPT:
            return AcceptHandoff(lead_id=lead, handoff_id=HandoffId(subject))
        case Act.SNOOZE:
            return SnoozeHandoff(lead_id=lead, handoff_id=HandoffId(subject))
        case Act.APPROVE | Act.REFUSE:
            granted = click.act is Act.APPROVE
            return AnswerWaiver(lead_id=lead, asked=subject, granted=granted)
        case Act.REJECT | Act.ASK_WAIVER:
            raise ValueError("this button opens a form")
        case _:
            assert_never(click.act)
