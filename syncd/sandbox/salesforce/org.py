"""A Salesforce org in memory: its records, and what its people do to them.

Every write is checked, stamped, tracked and journaled on its way in. It knows
no HTTP. People's actions take the Actor who does them; the API's writes come
through the same methods with the integration user. Raises Refused as the org would.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from syncd.sandbox.clock import WorldClock
from syncd.sandbox.journal import (
    CREATED,
    DELETED,
    UNDELETED,
    Actor,
    Journal,
    Origin,
    Subject,
    System,
)
from syncd.sandbox.salesforce.assignment import Assignment
from syncd.sandbox.salesforce.closed_fields import GRANTING
from syncd.sandbox.salesforce.derive import activity_date
from syncd.sandbox.salesforce.errors import refusal
from syncd.sandbox.salesforce.history import history_rows
from syncd.sandbox.salesforce.ids import canonical
from syncd.sandbox.salesforce.premises import Premises
from syncd.sandbox.salesforce.saving import Save, Saver, Writer
from syncd.sandbox.salesforce.stamps import stamp
from syncd.sandbox.salesforce.store import Change
from syncd.sandbox.salesforce.table import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What is left of a record that was emptied from the recycle bin."""

    object: str
    id: str
    deleted_at: str


class Org(Premises):
    """One org; not thread-safe: callers hold the world's lock."""

    def __init__(self, clock: WorldClock, journal: Journal) -> None:
        super().__init__(clock)
        self.journal = journal
        self.saver = Saver(self.store)
        self.purged: list[Purged] = []
        self.commit_delay = timedelta()  # how late people's edits become visible

    # -- what people and programs do

    def create(
        self,
        object_name: str,
        values: Mapping[str, Any],
        actor: Actor,
        *,
        via: str = "ui",
        commit_after: timedelta | None = None,
    ) -> str:
        """Create a record; its id. It becomes visible after `commit_after`, else `commit_delay`."""
        save = self.prepare_creation(object_name, values, self.writer(actor, via))
        self.apply(save, visible_at=self._visible_at(commit_after))
        return str(save.after["Id"])

    def create_lead(self, values: Mapping[str, Any], actor: Actor) -> str:
        return self.create("Lead", values, actor)

    def edit(
        self,
        record_id: str,
        values: Mapping[str, Any],
        actor: Actor,
        *,
        via: str = "ui",
        commit_after: timedelta | None = None,
    ) -> None:
        """Change fields of a record."""
        save = self.prepare_change(record_id, values, self.writer(actor, via))
        self.apply(save, visible_at=self._visible_at(commit_after))

    def require_deletable(self, record_id: str) -> Row:
        """The row of a record that may be deleted; raises Refused."""
        row = self._to_write(record_id)
        self.store.require_unlocked(row["Id"])
        return row

    def delete(self, record_id: str, actor: Actor, *, via: str = "ui") -> None:
        """Move a record to the recycle bin."""
        row = self.require_deletable(record_id)
        self._mark(row, {"IsDeleted": True}, (DELETED, row, None), self.writer(actor, via))

    def undelete(self, record_id: str, actor: Actor) -> None:
        """Bring a record back; a merged one comes back unmerged."""
        row = self.record(record_id)
        back = {"IsDeleted": False, "MasterRecordId": None}
        self._mark(row, back, (UNDELETED, None, row["Id"]), self.writer(actor, "ui"))

    def purge(self, record_id: str) -> None:
        """Empty a deleted record from the recycle bin: no row is left."""
        row = self.record(record_id)
        table = self.store.table_holding(row)
        table.drop(row["Id"])
        self.purged.append(
            Purged(object=table.kind.name, id=row["Id"], deleted_at=row["SystemModstamp"])
        )

    def create_task(self, who_id: str, subject: str, actor: Actor, **values: Any) -> str:
        """A to-do about a lead or contact; other fields as keywords."""
        return self.create("Task", {"WhoId": who_id, "Subject": subject, **values}, actor)

    def complete_task(self, task_id: str, actor: Actor) -> None:
        self.edit(task_id, {"Status": "Completed"}, actor)

    def log_call(self, who_id: str, subject: str, actor: Actor, result: str | None = None) -> str:
        """A call that has taken place: a task born closed."""
        done = {"Status": "Completed", "TaskSubtype": "Call", "ActivityDate": self.moment()[:10]}
        return self.create_task(who_id, subject, actor, **done, CallDisposition=result)

    def send_email(self, who_id: str, subject: str, actor: Actor, **values: Any) -> str:
        """A mail to (or from) a lead or contact, and the task that stands for it; its id.
        Other fields of the mail as keywords."""
        done = {"Status": "Completed", "TaskSubtype": "Email", "ActivityDate": self.moment()[:10]}
        task = self.create_task(who_id, f"Email: {subject}", actor, **done)
        mail = {"ActivityId": task, "Subject": subject, "MessageDate": self.moment(), **values}
        self.create("EmailMessage", mail, actor)
        return task

    def create_event(self, who_id: str, subject: str, at: datetime, actor: Actor) -> str:
        """A meeting with a lead or contact at an instant, past or to come."""
        when = {"ActivityDateTime": stamp(at), "DurationInMinutes": 30}
        return self.create("Event", {"WhoId": who_id, "Subject": subject, **when}, actor)

    # -- the steps of a write, for those who need them apart

    def writer(
        self,
        actor: Actor,
        via: str,
        *,
        allow_duplicates: bool = False,
        assignment: Assignment | None = None,
    ) -> Writer:
        """The actor as the org sees it; one who is no user acts as the automated process."""
        known = self.store.table("User").get(actor.id) is not None
        return Writer(
            origin=Origin(actor, via),
            user_id=actor.id if known else self._automated_id,
            allow_duplicates=allow_duplicates,
            assignment=assignment,
        )

    def prepare_creation(self, object_name: str, values: Mapping[str, Any], by: Writer) -> Save:
        self.store.settle()
        self._require_right(f"{self.store.table(object_name).kind.name}.createable", by)
        prefix = self.store.table(object_name).kind.prefix
        save = self.saver.creation(
            object_name, values, record_id=self.mint.next(prefix), by=by, moment=self.moment()
        )
        self.closed.check(save, self.store)
        return save

    def prepare_change(self, record_id: str, values: Mapping[str, Any], by: Writer) -> Save:
        row = self._to_write(record_id)
        name = self.store.table_holding(row).kind.name
        self._require_right(f"{name}.updateable", by)
        return self.saver.change(name, row, values, by=by, moment=self.moment())

    def apply(self, save: Save, *, visible_at: datetime | None = None) -> None:
        """Write a prepared save with its history, and journal it."""
        changes: list[Change] = [(save.kind.name, save.after), *self._history(save)]
        self.store.commit(changes, visible_at=visible_at)
        self._touch_parent(save)
        self._journal(save)
        if save.kind.name in GRANTING:
            self._open_fields()

    def revise(
        self,
        row: Row,
        values: Mapping[str, Any],
        by: Writer,
        *,
        event: tuple[str, Any, Any] | None = None,
    ) -> None:
        """Change a row as the org itself does in converting and merging: no rule is asked."""
        save = self.saver.revision(row, values, by=by, moment=self.moment())
        self.apply(replace(save, event=event))

    # -- inside

    def _require_right(self, right: str, by: Writer) -> None:
        if right in self.settings.forbidden and by.user_id == self.integration.id:
            raise refusal(
                "INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id"
            )

    def _to_write(self, record_id: str) -> Row:
        self.store.settle()
        row = self.store.row(canonical(record_id) or record_id)
        if row is None:
            raise refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", status=404)
        if row["IsDeleted"]:
            raise refusal("ENTITY_IS_DELETED", "entity is deleted", status=404)
        return row

    def _visible_at(self, commit_after: timedelta | None) -> datetime | None:
        delay = self.commit_delay if commit_after is None else commit_after
        return self.clock.now() + delay if delay else None

    def _history(self, save: Save) -> Iterable[Change]:
        if save.kind.history is None:
            return []
        history = self.store.table(save.kind.history).kind
        rows = history_rows(save, history, self.mint, self._name_of)
        return [(history.name, row) for row in rows]

    def _name_of(self, record_id: str) -> str | None:
        row = self.store.row(record_id)
        return row.get("Name") if row else None

    def _touch_parent(self, save: Save) -> None:
        """The lead's last activity day moves without its stamps, as in an org."""
        day = activity_date(save.kind.name, save.after, moment=self.moment())
        who = self.store.row(save.after.get("WhoId") or "")
        if day is None or who is None or day <= who.get("LastActivityDate", ""):
            return
        self.store.table_holding(who).put({**who, "LastActivityDate": day})

    def _journal(self, save: Save) -> None:
        subject = Subject(System.SALESFORCE, save.kind.name, save.after["Id"])
        told = list(save.changed()) if save.before is not None else [(CREATED, None, save.after)]
        if save.event is not None:
            told = [save.event, *told]
        for field, before, after in told:
            self.journal.record(subject, field, before=before, after=after, origin=save.origin)

    def _mark(
        self, row: Row, values: Mapping[str, Any], event: tuple[str, Any, Any], by: Writer
    ) -> None:
        self.revise(row, values, by, event=event)
