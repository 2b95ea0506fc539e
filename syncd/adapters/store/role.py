"""What every role of the SQL store shares: the database and the fence around it."""

from sqlalchemy import Connection, Select, select

from syncd.adapters.store.database import Database
from syncd.adapters.store.kept import Kept
from syncd.adapters.store.tables import lease
from syncd.domain.action import Action
from syncd.domain.lead import Lead
from syncd.domain.names import FieldName, LeadId, System
from syncd.domain.order import SideStatus
from syncd.errors import LeaseLost

WRITER = "writer"
"""The name of the one lease there is."""


_TOKEN = select(lease.c.token).where(lease.c.name == WRITER)
_TOKEN_LOCKED = _TOKEN.with_for_update()


class Fence:
    """The number of the lease this store acquired, held against the stored one."""

    __slots__ = ("token",)

    def __init__(self) -> None:
        self.token: int | None = None

    def check(self, connection: Connection) -> None:
        """LeaseLost unless the number is ours. The row is locked until the transaction
        ends, so that nobody can take the lease between this check and the commit."""
        self._must_be(connection, _TOKEN_LOCKED)

    def look(self, connection: Connection) -> None:
        """LeaseLost unless the number is ours at this moment."""
        self._must_be(connection, _TOKEN)

    def _must_be(self, connection: Connection, query: Select[tuple[int]]) -> None:
        if self.token is None:
            raise LeaseLost("this worker holds no lease: it must acquire one before it writes")
        if connection.scalar(query) != self.token:
            raise LeaseLost("another worker holds the lease now: this one stops writing")


class Role:
    """A part of the SQL store. All parts of one store share what is set up here."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._fence = Fence()
        self._kept: Kept[LeadId, Lead] = Kept()
        self._kept_actions: Kept[str, Action] = Kept()  # by their documents
        self._counted_by: tuple[FieldName, ...] | None = None  # nobody said yet
        self._kept_sides: Kept[System, SideStatus] = Kept()  # all of them, or none

    def _forget(self) -> None:
        """What is stored may be other than what is kept."""
        for kept in (self._kept, self._kept_actions, self._kept_sides):
            kept.forget()
