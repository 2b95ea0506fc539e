"""An org as its admins set it up: its tables and their fields, its users and their rights.

`Org` adds what people do in it. Nothing here is checked, tracked or journaled: it is how the org
came to be, not what happened there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from syncd.sandbox.clock import WorldClock
from syncd.sandbox.journal import Actor, ActorKind
from syncd.sandbox.salesforce.assignment import AssignmentRules
from syncd.sandbox.salesforce.automations import Declared
from syncd.sandbox.salesforce.catalogue import object_types
from syncd.sandbox.salesforce.closed_fields import ClosedFields
from syncd.sandbox.salesforce.errors import not_found
from syncd.sandbox.salesforce.ids import IdMint, canonical
from syncd.sandbox.salesforce.schema import Field
from syncd.sandbox.salesforce.sessions import ApiUsage, Sessions
from syncd.sandbox.salesforce.settings import OrgSettings
from syncd.sandbox.salesforce.setup import Setup
from syncd.sandbox.salesforce.stamps import stamp
from syncd.sandbox.salesforce.store import Store
from syncd.sandbox.salesforce.table import Row


class Premises:
    """Not thread-safe: callers hold the world's lock."""

    def __init__(self, clock: WorldClock) -> None:
        self.clock = clock
        self.mint = IdMint()
        self.store = Store(object_types(), clock.now)
        self.sessions = Sessions(clock.now)
        self.usage = ApiUsage(clock.now)
        self.settings = OrgSettings()
        self.assignments = AssignmentRules(self.mint)
        self.automations: list[Declared] = []
        self.closed = ClosedFields()
        self._setup = Setup(self.store, self.mint, self.moment)
        self.id = self.sessions.org_id = self._setup.organization()
        self._automated_id = self._setup.automated_user()
        self._setup.lead_statuses()
        self.integration = self.add_user("Syncd Integration", "syncd@sandbox.example", api=True)

    # -- reading

    def record(self, record_id: str) -> Row:
        """The visible row, deleted or not; raises Refused NOT_FOUND."""
        self.store.settle()
        row = self.store.row(canonical(record_id) or record_id)
        if row is None:
            raise not_found()
        return row

    def rows(self, object_name: str) -> Iterator[Row]:
        """Every visible row of an object, deleted ones included."""
        self.store.settle()
        return self.store.table(object_name).rows()

    def moment(self) -> str:
        return stamp(self.clock.now())

    # -- setting up

    def rename(self, new_ids: Mapping[str, str]) -> None:
        """The org and its own users have new ids (see `refresh.py`)."""
        self.id = self.sessions.org_id = new_ids[self.id]
        self._automated_id = new_ids[self._automated_id]
        self.integration = replace(self.integration, id=new_ids[self.integration.id])

    def add_user(self, name: str, email: str, *, api: bool = False) -> Actor:
        """A licensed user, and the actor by which they act."""
        user_id = self._setup.user(name, email)
        return Actor(kind=ActorKind.API if api else ActorKind.PERSON, id=user_id, name=name)

    def add_queue(self, name: str) -> str:
        """A queue that may own leads; its id."""
        return self._setup.queue(name)

    def define_field(self, object_name: str, field: Field) -> None:
        """Add a field to an object, or redefine it."""
        self._redefine(object_name, {**self._fields(object_name), field.name: field})

    def add_closed_field(self, object_name: str, field: Field) -> None:
        """Add a field as the API does: nobody sees it before they are given the right."""
        self.closed.put(object_name, field)
        self._open_fields()

    def remove_field(self, object_name: str, name: str) -> None:
        """Take a field away, as if the org never had it."""
        fields = self._fields(object_name)
        self._redefine(object_name, {key: each for key, each in fields.items() if key != name})

    def track_history(self, object_name: str, *names: str) -> None:
        """Keep the history of these fields, and of no others."""
        kind = self.store.table(object_name).kind
        self.store.define(replace(kind, tracked=frozenset(names)))

    # -- inside

    def _open_fields(self) -> None:
        for object_name, field in self.closed.opened_to(self.integration.id, self.store):
            self.define_field(object_name, field)

    def _fields(self, object_name: str) -> Mapping[str, Field]:
        return self.store.table(object_name).kind.fields

    def _redefine(self, object_name: str, fields: Mapping[str, Field]) -> None:
        kind = self.store.table(object_name).kind
        self.store.define(replace(kind, fields=fields))
