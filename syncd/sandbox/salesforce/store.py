"""All tables, what is still uncommitted, and which rows are locked.

A change is stamped when it is made and becomes visible when it commits; until
then readers see the old row and other writers cannot have the lock.
"""

import heapq
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import count

from syncd.sandbox.salesforce.errors import not_found, refusal
from syncd.sandbox.salesforce.schema import ObjectType
from syncd.sandbox.salesforce.table import Row, Table

Change = tuple[str, Row]  # object name and its new row


class Store:
    def __init__(self, kinds: Iterable[ObjectType], now: Callable[[], datetime]) -> None:
        self._now = now
        self._tables: dict[str, Table] = {}
        self._by_prefix: dict[str, Table] = {}
        self._uncommitted: list[tuple[datetime, int, list[Change]]] = []
        self._locked: dict[str, datetime] = {}
        self._arrivals = count()
        for kind in kinds:
            self.define(kind)

    def define(self, kind: ObjectType) -> None:
        """Add an object, or change its fields; existing rows stay."""
        table = Table(kind)
        for row in self._tables.get(kind.name.lower(), table).rows():
            table.put(row)
        self._tables[kind.name.lower()] = table
        self._by_prefix[kind.prefix] = table

    def undefine(self, object_name: str) -> None:
        """Take an object away, as if the org never had it."""
        table = self._tables.pop(object_name.lower())
        del self._by_prefix[table.kind.prefix]

    def tables(self) -> list[Table]:
        return list(self._tables.values())

    def table(self, object_name: str) -> Table:
        """The table of an object, its name in any case; raises Refused NOT_FOUND."""
        table = self._tables.get(object_name.lower())
        if table is None:
            raise not_found()
        return table

    def table_of(self, record_id: str) -> Table | None:
        return self._by_prefix.get(record_id[:3])

    def table_holding(self, row: Row) -> Table:
        """The table a stored row is in."""
        return self._by_prefix[row["Id"][:3]]

    def row(self, record_id: str) -> Row | None:
        """The visible row of any object, deleted ones included."""
        table = self.table_of(record_id)
        return table.get(record_id) if table else None

    def commit(self, changes: list[Change], *, visible_at: datetime | None = None) -> None:
        """Make changes visible, now or at a later instant."""
        if visible_at is None or visible_at <= self._now():
            self._publish(changes)
            return
        heapq.heappush(self._uncommitted, (visible_at, next(self._arrivals), changes))
        for _, row in changes:
            self.lock(row["Id"], until=visible_at)

    def settle(self) -> None:
        """Publish what has committed by now."""
        while self._uncommitted and self._uncommitted[0][0] <= self._now():
            self._publish(heapq.heappop(self._uncommitted)[2])

    def oldest_uncommitted(self) -> str | None:
        """The earliest stamp of what is written but not yet visible."""
        stamps = [
            row["SystemModstamp"]
            for _, _, changes in self._uncommitted
            for _, row in changes
            if "SystemModstamp" in row
        ]
        return min(stamps, default=None)

    def lock(self, record_id: str, *, until: datetime) -> None:
        self._locked[record_id] = until

    def require_unlocked(self, record_id: str) -> None:
        until = self._locked.get(record_id)
        if until is None:
            return
        if until > self._now():
            raise refusal(
                "UNABLE_TO_LOCK_ROW",
                f"unable to obtain exclusive access to this record or 1 records: {record_id}",
            )
        del self._locked[record_id]

    def _publish(self, changes: Iterable[Change]) -> None:
        for object_name, row in changes:
            self.table(object_name).put(row)
