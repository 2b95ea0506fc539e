"""What a round of delivery came to, gathered and then committed at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import assert_never

from syncd.commit import (
    Buried,
    Cancelled,
    Commit,
    OutboxChange,
    OutboxRow,
    Postponed,
    Sent,
    Settled,
    Waiting,
)
from syncd.core.alerting_ops import given_up_alert
from syncd.core.backoff import next_attempt
from syncd.core.settle import give_up
from syncd.domain.action import (
    Action,
    Failed,
    FieldWrite,
    Refused,
    Vanished,
    WriteOutcome,
    WriteRecord,
    Written,
)
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.lead import Lead
from syncd.domain.names import STAGE, ActionKey, LeadId
from syncd.domain.stage import Transition
from syncd.errors import TransientError

_SEEN_BY_THEN = timedelta(minutes=2)
"""So long a search index may lag behind before a write is looked at."""


@dataclass(slots=True, kw_only=True)
class Ledger:
    now: datetime
    leads: dict[LeadId, Lead] = field(default_factory=dict)
    changed: set[LeadId] = field(default_factory=set)
    outbox: list[OutboxChange] = field(default_factory=list)
    transitions: list[Transition] = field(default_factory=list)
    audit: list[AuditEntry] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    _put_off: set[ActionKey] = field(default_factory=set, init=False)

    def save(self, lead: Lead) -> None:
        self.leads[lead.id] = lead
        self.changed.add(lead.id)

    def settled(self, row: OutboxRow) -> None:
        self._put_down(Settled(key=row.action.key))

    def sent(self, row: OutboxRow) -> None:
        """Written; the next polls are to show it."""
        self._put_down(Sent(key=row.action.key, until=self.now + _SEEN_BY_THEN))

    def cancelled(self, row: OutboxRow, why: str) -> None:
        self._put_down(Cancelled(key=row.action.key, reason=why))
        self.note(AuditKind.OVERTAKEN, row, why=why)

    def waiting(self, row: OutboxRow, why: str, *, until: datetime) -> None:
        """Not tried: something else has to happen first."""
        self._put_down(Waiting(key=row.action.key, until=until, reason=why))

    def is_put_off(self, row: OutboxRow) -> bool:
        """Whether the row will be taken up again, as far as was written down last."""
        return row.action.key in self._put_off

    def put_off_until(self) -> Mapping[ActionKey, datetime]:
        """When the rows that are tried again are."""
        return {x.key: x.until for x in self.outbox if isinstance(x, Postponed)}

    def _put_down(self, change: OutboxChange) -> None:
        self.outbox.append(change)
        if isinstance(change, Postponed | Waiting):
            self._put_off.add(change.key)
        else:
            self._put_off.discard(change.key)

    def delayed(self, row: OutboxRow, why: str, *, until: datetime) -> None:
        """Tried, and to be tried again at this instant."""
        self._put_down(Postponed(key=row.action.key, until=until, reason=why))

    def postponed(self, row: OutboxRow, why: str, *, retry_after: timedelta | None = None) -> None:
        """Try again later; after about a day of it, give up and tell a person."""
        key = row.action.key
        until = next_attempt(row.attempts, key=key, now=self.now, retry_after=retry_after)
        if until is None:
            self.buried(row, why)
        else:
            self.delayed(row, why, until=until)

    def postponed_all(self, rows: Iterable[OutboxRow], error: Exception) -> None:
        """Nobody knows what became of the batch: each row is looked at again."""
        wait = error.retry_after if isinstance(error, TransientError) else None
        for row in rows:
            self.postponed(row, str(error), retry_after=wait)

    def concluded(self, row: OutboxRow, outcome: WriteOutcome) -> None:
        """What the vendor said of it is the end of it, or not."""
        match outcome:
            case Written():
                self.settled(row)
            case Refused(reason=reason):
                self.buried(row, reason)
            case Failed(reason=reason):
                self.postponed(row, reason)
            case Vanished(reason=reason):
                self.cancelled(row, reason)
            case _:
                assert_never(outcome)

    def buried(self, row: OutboxRow, why: str) -> None:
        """Give it up: nothing of it is in flight any more, and a person is told."""
        action = row.action
        lead = self.leads.get(action.lead_id) if action.lead_id else None
        if lead and isinstance(action, WriteRecord):
            self.save(give_up(action, lead, action.writes))
        self._put_down(Buried(key=row.action.key, reason=why))
        self._note_given_up(row, why)
        self.actions.append(given_up_alert(row.action, why, now=self.now))

    def set_back(self, row: OutboxRow, writes: tuple[FieldWrite, ...]) -> None:
        """Written again and again, and never held: it counts as somebody's edit from now on.
        A person is told of a stage; other fields are often reformatted where they land."""
        why = "written, and set back at once"
        self.note(AuditKind.OVERTAKEN, row, why=why)
        if any(write.field == STAGE for write in writes):
            self.actions.append(given_up_alert(row.action, why, now=self.now))

    def _note_given_up(self, row: OutboxRow, why: str) -> None:
        """The CRM's own words may repeat what it was sent: they are the person's."""
        if row.action.lead_id is None:
            self.note(AuditKind.GIVEN_UP, row, why=why)
        else:
            self.note(AuditKind.GIVEN_UP, row, personal={"why": why})

    def note(
        self,
        kind: AuditKind,
        row: OutboxRow,
        *,
        personal: Mapping[str, str] | None = None,
        **facts: str,
    ) -> None:
        self.audit.append(
            AuditEntry(
                at=self.now,
                kind=kind,
                lead_id=row.action.lead_id,
                facts={"key": row.action.key, **facts},
                personal=personal or {},
            )
        )

    def commit(self) -> Commit:
        return Commit(
            now=self.now,
            leads=tuple(self.leads[i] for i in sorted(self.changed)),
            outbox=tuple(self.outbox),
            transitions=tuple(self.transitions),
            audit=tuple(self.audit),
            actions=tuple(self.actions),
        )
