"""What one person, workflow or connector does in a portal, in words a story can use.

    portal_hands = Hands(portal, owner.actor)
    portal_hands.edit(contact_id, {"lifecyclestage": "salesqualifiedlead"})

Nothing here decides anything: every rule is the portal's.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from syncd.sandbox.hubspot.kinds import (
    CALL,
    COMPANY,
    CONTACT,
    DEAL,
    EMAIL,
    MEETING,
    NOTE,
    TASK,
    Kind,
)
from syncd.sandbox.hubspot.portal import Portal
from syncd.sandbox.hubspot.source import UI
from syncd.sandbox.hubspot.stamps import iso, to_ms
from syncd.sandbox.journal import Actor, ActorKind, Origin


class Hands:
    """`via` is "ui", "bulk", "import", "form", "connector", "api" or "workflow"."""

    def __init__(self, portal: Portal, actor: Actor, *, via: str = UI) -> None:
        self._portal = portal
        self._by = Origin(actor, via)

    def create_contact(self, values: Mapping[str, str]) -> int:
        return self._portal.create(CONTACT, values, self._by).id

    def edit(self, contact_id: int, values: Mapping[str, str]) -> None:
        """Set properties of a contact; the empty string clears one."""
        self._portal.update(CONTACT, contact_id, values, self._by)

    def merge(self, primary_id: int, other_id: int) -> int:
        """The id of the contact that remains."""
        return self._portal.merge(primary_id, other_id, self._by).id

    def archive(self, contact_id: int) -> None:
        self._portal.archive(CONTACT, contact_id, self._by)

    def restore(self, contact_id: int) -> None:
        self._portal.restore(CONTACT, contact_id, self._by)

    def gdpr_delete(self, contact_id: int) -> None:
        self._portal.erase(contact_id, self._by)

    def create_company(self, values: Mapping[str, str], contacts: Iterable[int] = ()) -> int:
        links = [(CONTACT, contact, ()) for contact in contacts]
        return self._portal.create(COMPANY, values, self._by, links).id

    def create_deal(self, values: Mapping[str, str], contacts: Iterable[int] = ()) -> int:
        links = [(CONTACT, contact, ()) for contact in contacts]
        return self._portal.create(DEAL, values, self._by, links).id

    def move_deal(self, deal_id: int, stage: str) -> None:
        self._portal.update(DEAL, deal_id, {"dealstage": stage}, self._by)

    def win_deal(self, deal_id: int, **more: str) -> None:
        self._close_deal(deal_id, {"dealstage": "closedwon", **more})

    def lose_deal(self, deal_id: int, why: str) -> None:
        self._close_deal(deal_id, {"dealstage": "closedlost", "closed_lost_reason": why})

    def log_call(
        self, contact_id: int, title: str, *, at: datetime | None = None, **more: str
    ) -> int:
        values = {"hs_call_title": title, "hs_call_status": "COMPLETED", **more}
        return self._log(CALL, contact_id, values, at)

    def log_meeting(
        self, contact_id: int, title: str, *, at: datetime | None = None, **more: str
    ) -> int:
        values = {"hs_meeting_title": title, "hs_meeting_outcome": "COMPLETED", **more}
        return self._log(MEETING, contact_id, values, at)

    def log_email(
        self, contact_id: int, subject: str, *, at: datetime | None = None, **more: str
    ) -> int:
        sent = {"hs_email_direction": "EMAIL", "hs_email_status": "SENT"}
        return self._log(EMAIL, contact_id, {"hs_email_subject": subject, **sent, **more}, at)

    def create_task(self, contact_id: int, subject: str, *, due: datetime | None = None) -> int:
        values = {"hs_task_subject": subject, "hs_task_status": "NOT_STARTED"}
        return self._log(TASK, contact_id, values, due)

    def complete_task(self, task_id: int) -> None:
        self._portal.update(TASK, task_id, {"hs_task_status": "COMPLETED"}, self._by)

    def tell_outcome(self, meeting_id: int, outcome: str) -> None:
        self._portal.update(MEETING, meeting_id, {"hs_meeting_outcome": outcome}, self._by)

    def also_with(self, call_id: int, contact_id: int) -> None:
        """The call was with this contact, too."""
        self._portal.associate((CALL, call_id), (CONTACT, contact_id), self._by)

    def add_note(self, contact_id: int, body: str) -> int:
        return self._log(NOTE, contact_id, {"hs_note_body": body}, None)

    def _log(self, kind: Kind, contact_id: int, values: dict[str, str], at: datetime | None) -> int:
        when = self._portal.now_ms() if at is None else to_ms(at)
        links = [(CONTACT, contact_id, ())]
        logged = {"hs_timestamp": iso(when), **self._mine()}
        return self._portal.create(kind, {**logged, **values}, self._by, links).id

    def _close_deal(self, deal_id: int, values: Mapping[str, str]) -> None:
        """The page fills in the day where there is none."""
        known = self._portal.tables[DEAL].records[deal_id].values.get("closedate")
        closes = {"closedate": known or iso(self._portal.now_ms())}
        self._portal.update(DEAL, deal_id, {**closes, **values}, self._by)

    def _mine(self) -> dict[str, str]:
        """What a person logs is theirs."""
        actor = self._by.actor
        if actor.kind is not ActorKind.PERSON or not actor.id.isdigit():
            return {}
        owner = self._portal.owners.by_user(int(actor.id))
        return {"hubspot_owner_id": str(owner.id)} if owner else {}
