"""A HubSpot account: every rule about creating, changing and ending its records.

All writes, by people, apps, workflows or the portal itself, go through here and
end in the journal. It knows nothing of HTTP; `rest.py` does. Whoever calls it
from a thread holds the world's lock.
"""

from collections.abc import Iterable, Mapping
from itertools import count

from syncd.sandbox.clock import WorldClock
from syncd.sandbox.hubspot.apps import Apps
from syncd.sandbox.hubspot.kinds import CONTACT, DEAL, ENGAGEMENTS, LEAD, Kind
from syncd.sandbox.hubspot.lifecycle import STAGE, Backward, is_backward
from syncd.sandbox.hubspot.linked import Linked, require_associable
from syncd.sandbox.hubspot.lists import MemberList
from syncd.sandbox.hubspot.merging import merged_values
from syncd.sandbox.hubspot.owners import Owner, Owners
from syncd.sandbox.hubspot.pipelines import default_pipelines
from syncd.sandbox.hubspot.properties import Property, fitted, unknown
from syncd.sandbox.hubspot.record import Record
from syncd.sandbox.hubspot.refusals import (
    BadRequest,
    Duplicate,
    NotFound,
    NotValid,
    Problem,
    Required,
)
from syncd.sandbox.hubspot.settings import Limits
from syncd.sandbox.hubspot.source import by_hand
from syncd.sandbox.hubspot.stamps import MILLISECOND
from syncd.sandbox.hubspot.workflows import Flow
from syncd.sandbox.journal import DELETED, MERGED, UNDELETED, Journal, Origin

Link = tuple[Kind, int, tuple[int, ...]]  # the other record and the association types, or none

_REQUIRED: Mapping[Kind, tuple[str, ...]] = {
    **dict.fromkeys(ENGAGEMENTS, ("hs_timestamp",)),
    LEAD: ("hs_lead_name",),
}


class Portal(Linked):
    """Records, definitions and people of one account."""

    def __init__(self, clock: WorldClock, journal: Journal) -> None:
        super().__init__(clock, journal)
        self._new_list_ids = count(1)
        self.limits = Limits()
        self.owners = Owners()
        self.apps = Apps()
        self.pipelines = default_pipelines()
        self.lists: dict[int, MemberList] = {}
        self.flows: list[Flow] = []
        self.groups = {(CONTACT, "contactinformation"): "Contact information"}

    # -- looking --------------------------------------------------------------

    def indexed_ms(self) -> int:
        """The instant whose state a search shows."""
        return self.now_ms() - self.settings.index_delay // MILLISECOND

    def contact(self, record_id: int) -> Mapping[str, str]:
        """A live contact's values; unset properties are absent."""
        return self.find(CONTACT, record_id).values

    def contact_by_email(self, email: str) -> int | None:
        record = self.tables[CONTACT].with_email(email)
        return None if record is None else record.id

    # -- setting up -----------------------------------------------------------

    def define(self, definition: Property, kind: Kind = CONTACT) -> None:
        """Add a property, or put another definition in its place."""
        self.tables[kind].properties[definition.name] = definition

    def undefine(self, name: str, kind: Kind = CONTACT) -> None:
        """Take a property away; values that records hold are no longer shown."""
        del self.tables[kind].properties[name]

    def hire(self, email: str, first_name: str, last_name: str) -> Owner:
        return self.owners.hire(email, first_name, last_name, at=self.now_ms())

    def add_list(
        self, name: str, *, kind: Kind = CONTACT, processing: str = "MANUAL"
    ) -> MemberList:
        members = MemberList(
            id=next(self._new_list_ids),
            name=name,
            kind=kind,
            processing_type=processing,
            created_at=self.now_ms(),
        )
        self.lists[members.id] = members
        return members

    # -- checking -------------------------------------------------------------

    def fit(self, kind: Kind, given: Mapping[str, str]) -> tuple[dict[str, str], list[Problem]]:
        """The values as they would be stored, and every problem with those that do not fit."""
        values: dict[str, str] = {}
        problems: list[Problem] = []
        for name, text in given.items():
            fit = self._fit_one(kind, name, text)
            if isinstance(fit, Problem):
                problems.append(fit)
            else:
                values[name] = fit
        return values, problems

    def _fit_one(self, kind: Kind, name: str, text: str) -> str | Problem:
        definition = self.tables[kind].properties.get(name)
        if definition is None:
            return unknown(name)
        if name == "hubspot_owner_id" and text and not self.owners.may_own(text):
            message = f'The owner id "{text}" does not exist or is inactive.'
            return Problem(name=name, code="INVALID_OWNER_ID", message=message)
        return fitted(definition, text)

    def _fit_all(self, kind: Kind, given: Mapping[str, str]) -> dict[str, str]:
        values, problems = self.fit(kind, given)
        if problems:
            raise NotValid(problems)
        return values

    def _refuse_taken_email(self, values: Mapping[str, str], *, own_id: int | None = None) -> None:
        email = values.get("email")
        other = self.tables[CONTACT].with_email(email) if email else None
        if other is not None and other.id != own_id:
            raise Duplicate(other.id)

    def _refuse_taken_values(
        self, kind: Kind, values: Mapping[str, str], *, own_id: int | None = None
    ) -> None:
        """Other properties whose values must be unique, as an assumption like any bad value."""
        table = self.tables[kind]
        taken = [
            Problem(
                name=name,
                code="CONFLICTING_UNIQUE_VALUE",
                message=f"{other.id} already has that value.",
            )
            for name, text in values.items()
            if text and table.properties[name].unique
            if (other := table.with_unique(name, text)) is not None and other.id != own_id
        ]
        if taken:
            raise NotValid(taken)

    # -- writing --------------------------------------------------------------

    def create(
        self, kind: Kind, given: Mapping[str, str], origin: Origin, links: Iterable[Link] = ()
    ) -> Record:
        """Raises as `check_creation` does; nothing is half made."""
        links = tuple(links)
        values = self.check_creation(kind, given, links)
        record = self._add(kind, {**self._defaults(kind), **values}, origin)
        for to, other, types in links:
            self.associate((kind, record.id), (to, self.find(to, other).id), origin, types)
        return record

    def check_creation(
        self, kind: Kind, given: Mapping[str, str], links: Iterable[Link] = ()
    ) -> dict[str, str]:
        """The values a new record would have.

        Raises NotValid, Required, Duplicate, NotFound for a record to link to, or BadRequest.
        """
        values = {name: text for name, text in self._fit_all(kind, given).items() if text}
        missing = [name for name in _REQUIRED.get(kind, ()) if name not in values]
        if missing:
            raise Required(kind.name, missing)
        if kind is CONTACT:
            self._refuse_taken_email(values)
        self._refuse_taken_values(kind, values)
        kinds = [self.find(to, other).kind for to, other, _ in links]
        if kind is LEAD and CONTACT not in kinds:
            raise BadRequest("A lead must be associated with a contact")
        for to in kinds:
            require_associable(kind, to)
        return values

    def _defaults(self, kind: Kind) -> dict[str, str]:
        if kind is CONTACT and self.settings.default_stage and self.stages():
            return {STAGE: self.settings.default_stage}
        return {"pipeline": "default"} if kind is DEAL else {}

    def update(
        self, kind: Kind, record_id: int, given: Mapping[str, str], origin: Origin
    ) -> Record:
        """Write properties of a live record; a backward stage may be silently left out."""
        record = self.find(kind, record_id)
        self._commit(record, self.check_update(record, given, origin), origin)
        return record

    def check_update(
        self, record: Record, given: Mapping[str, str], origin: Origin
    ) -> dict[str, str]:
        """The values an update would write; raises NotValid or Duplicate."""
        values = self._fit_all(record.kind, given)
        if record.kind is CONTACT:
            self._refuse_taken_email(values, own_id=record.id)
        self._refuse_taken_values(record.kind, values, own_id=record.id)
        return self._forward_only(record, values, origin)

    def _forward_only(
        self, record: Record, values: dict[str, str], origin: Origin
    ) -> dict[str, str]:
        before, after = record.values.get(STAGE, ""), values.get(STAGE, "")
        if by_hand(origin) or not is_backward(self.stages(record.kind), before, after):
            return values
        match self.settings.backward:
            case Backward.ALLOW:
                return values
            case Backward.IGNORE:
                return {name: text for name, text in values.items() if name != STAGE}
            case Backward.ERROR:
                message = f'"{STAGE}" cannot be set backward from {before} to {after}'
                raise NotValid([Problem(name=STAGE, code="INVALID_OPTION", message=message)])

    # -- ending ---------------------------------------------------------------

    def archive(self, kind: Kind, record_id: int, origin: Origin) -> None:
        """Delete a record in a way that can be undone. Archiving twice is no error."""
        record = self.tables[kind].live(self.surviving(record_id))
        if record is not None:
            self.tables[kind].archive(record, at=self.now_ms())
            self._tell(record, DELETED, dict(record.values), None, origin)

    def restore(self, kind: Kind, record_id: int, origin: Origin) -> None:
        """Bring an archived record back; it counts as changed."""
        record = self.tables[kind].records[record_id]
        self.tables[kind].restore(record)
        self._commit(record, {}, origin)
        self._tell(record, UNDELETED, None, dict(record.values), origin)

    def erase(self, record_id: int, origin: Origin) -> None:
        """Delete a contact for good, as a person may demand; nothing of it can be read again,
        nor of those that were merged into it."""
        table, record_id = self.tables[CONTACT], self.surviving(record_id)
        record = table.records.get(record_id)
        if record is None:
            raise NotFound
        self._cut_links((CONTACT, record_id))
        for each in [x for x in self._merged_into if self.surviving(x) == record_id]:
            table.erase(table.records[each])
        table.erase(record)
        self._tell(record, DELETED, None, None, Origin(origin.actor, "gdpr"))

    def merge(self, primary_id: int, other_id: int, origin: Origin) -> Record:
        """Make one contact of two; both old ids go on working for single reads and writes."""
        winner, loser = self.find(CONTACT, primary_id), self.find(CONTACT, other_id)
        if winner is loser:
            raise BadRequest("Cannot merge a contact into itself")
        values = merged_values(
            winner.values,
            loser.values,
            properties=self.tables[CONTACT].properties,
            stages=self.stages(),
        )
        by = Origin(origin.actor, "merge")
        heir = self._heir(winner, values, by)
        for old in (winner, loser):
            if old is not heir:
                self._hand_over(old, heir, by)
        self._count_deals((CONTACT, heir.id))
        return heir

    def _heir(self, winner: Record, values: dict[str, str], by: Origin) -> Record:
        if not self.settings.merge_makes_new_record:
            self._commit(winner, values, by)
            return winner
        values["hs_merged_object_ids"] = f"{winner.id};{values['hs_merged_object_ids']}"
        return self._add(CONTACT, values, by)

    def _hand_over(self, old: Record, heir: Record, by: Origin) -> None:
        for kind, other, types in self.web.neighbours(CONTACT, old.id):
            self.web.link((CONTACT, heir.id), (kind, other), [label.type_id for label in types])
        self._cut_links((CONTACT, old.id))
        self.tables[CONTACT].archive(old, at=self.now_ms())
        self._merged_into[old.id] = heir.id
        self._tell(old, MERGED, None, str(heir.id), by)
