"""One object's visible rows, with the orders and look-ups that keep queries off full scans.

Rows are never changed in place: a write puts a new row, so a reader may keep
what it was given. Nothing here checks or stamps values.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from syncd.sandbox.salesforce.schema import ObjectType

Row = Mapping[str, Any]

_SLACK = 1_000  # stale cursor entries tolerated before the order is rebuilt


class Table:
    """Rows by id, by cursor stamp and by each indexed field; absent keys are nulls."""

    def __init__(self, kind: ObjectType) -> None:
        self.kind = kind
        self._rows: dict[str, Row] = {}
        self._order: list[tuple[str, str]] = []  # (stamp, id), some of them overtaken
        self._index: dict[str, dict[str, list[str]]] = {
            name: {} for name, each in kind.fields.items() if each.indexed
        }

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, record_id: str) -> Row | None:
        return self._rows.get(record_id)

    def rows(self) -> Iterator[Row]:
        """Every row, deleted ones included, in the order of creation."""
        return iter(self._rows.values())

    def put(self, row: Row) -> None:
        record_id = row["Id"]
        before = self._rows.get(record_id, {})
        self._rows[record_id] = row
        for name, index in self._index.items():
            _move(index, before.get(name), row.get(name), record_id)
        moment = row[self.kind.cursor]
        if before.get(self.kind.cursor) != moment:
            insort(self._order, (moment, record_id))
            if len(self._order) > 2 * len(self._rows) + _SLACK:
                self._order = sorted((each[self.kind.cursor], each["Id"]) for each in self.rows())

    def drop(self, record_id: str) -> None:
        """Remove for good, as an emptied recycle bin does."""
        row = self._rows.pop(record_id)
        for name, index in self._index.items():
            _move(index, row.get(name), None, record_id)

    def since(self, moment: str) -> Iterator[Row]:
        """Rows whose cursor is at or after `moment`, by cursor and id."""
        for stamp, record_id in self._order[bisect_left(self._order, (moment, "")) :]:
            row = self._rows.get(record_id)
            if row is not None and row[self.kind.cursor] == stamp:
                yield row

    def indexes(self, field: str) -> bool:
        return field == "Id" or field in self._index

    def where(self, field: str, values: Iterable[str]) -> Iterator[Row]:
        """Rows whose indexed field equals one of `values`, each row once."""
        index = self._index.get(field, {})
        for value in dict.fromkeys(values):
            found = [value] if field == "Id" else index.get(value.casefold(), ())
            for record_id in found:
                if (row := self._rows.get(record_id)) is not None:
                    yield row


def _move(
    index: dict[str, list[str]], before: str | None, after: str | None, record_id: str
) -> None:
    if before == after:
        return
    if before is not None:
        index[before.casefold()].remove(record_id)
    if after is not None:
        index.setdefault(after.casefold(), []).append(record_id)
