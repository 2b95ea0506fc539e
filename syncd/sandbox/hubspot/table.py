"""All records of one kind, their property definitions, and what finds them quickly.

The log of changes is ordered by time, as the clock never runs backward, so that
an incremental search costs what changed and not what there is.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence

from syncd.sandbox.hubspot.default_properties import defaults_of
from syncd.sandbox.hubspot.kinds import Kind
from syncd.sandbox.hubspot.properties import Property
from syncd.sandbox.hubspot.record import Record, Version
from syncd.sandbox.hubspot.stamps import iso
from syncd.sandbox.journal import Origin


class Table:
    """Records by id. It checks nothing: the portal does before it commits."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.properties: dict[str, Property] = defaults_of(kind)
        self.records: dict[int, Record] = {}
        self.ids: list[int] = []
        self.vanished = 0  # how many records left the index, for whoever caches by log position
        self._emails: dict[str, set[int]] = {}
        self._unique: dict[str, dict[str, set[int]]] = {}
        self._stamps: list[int] = []
        self._touched: list[int] = []

    def live(self, record_id: int) -> Record | None:
        record = self.records.get(record_id)
        return None if record is None or record.archived_at is not None else record

    def create(
        self, record_id: int, values: Mapping[str, str], *, at: int, origin: Origin
    ) -> Record:
        record = Record(kind=self.kind, id=record_id)
        stamp = iso(at)
        whole = {
            **values,
            self.kind.created: stamp,
            self.kind.modified: stamp,
            "hs_object_id": str(record_id),
        }
        record.versions.append(Version(at, whole, whole.keys(), origin))
        self.records[record_id] = record
        self.ids.append(record_id)
        self._log(record, at)
        return record

    def change(
        self, record: Record, changes: Mapping[str, str], *, at: int, origin: Origin
    ) -> None:
        """Commit a write: the empty string clears; it stamps the record even if nothing differs."""
        values = {**record.values, **changes, self.kind.modified: iso(at)}
        for name in [name for name, value in changes.items() if not value]:
            del values[name]
        record.versions.append(Version(at, values, tuple(changes), origin))
        self._log(record, at)

    def archive(self, record: Record, *, at: int) -> None:
        record.archived_at = at
        self.vanished += 1

    def restore(self, record: Record) -> None:
        record.archived_at = None
        self.vanished += 1

    def erase(self, record: Record) -> None:
        del self.records[record.id]
        del self.ids[bisect_left(self.ids, record.id)]
        self.vanished += 1

    def archived(self, record_id: int) -> Record | None:
        record = self.records.get(record_id)
        return None if record is None or record.archived_at is None else record

    def following(self, record_id: int, *, archived: bool = False) -> Iterator[Record]:
        """Records from this id on, in the order of ids: the live ones, or the archived ones."""
        look_up = self.archived if archived else self.live
        for place in range(bisect_left(self.ids, record_id), len(self.ids)):
            record = look_up(self.ids[place])
            if record is not None:
                yield record

    def with_email(self, email: str) -> Record | None:
        """The live record that has this address now, as its own or as an additional one."""
        for record_id in self.ever_with_email(email):
            record = self.live(record_id)
            if record is not None and email.lower() in _addresses(record.values):
                return record
        return None

    def ever_with_email(self, email: str) -> Sequence[int]:
        return sorted(self._emails.get(email.lower(), ()))

    def with_unique(self, name: str, text: str) -> Record | None:
        """The live record that has this value of a property with unique values now."""
        for record_id in sorted(self._ever_with(name).get(text, ())):
            record = self.live(record_id)
            if record is not None and record.values.get(name) == text:
                return record
        return None

    def _ever_with(self, name: str) -> dict[str, set[int]]:
        """Made when somebody first asks, for few properties are ever asked for."""
        if name not in self._unique:
            self._unique[name] = {}
            for record in self.records.values():
                self._note_unique(name, record)
        return self._unique[name]

    def _note_unique(self, name: str, record: Record) -> None:
        if text := record.values.get(name):
            self._unique[name].setdefault(text, set()).add(record.id)

    def position(self, at: int) -> int:
        """How many changes had been made by an instant."""
        return bisect_right(self._stamps, at)

    def touched(self, since: int, until: int) -> Iterator[int]:
        """Ids of records changed within an inclusive span, in order of change, with repeats."""
        first, last = bisect_left(self._stamps, since), bisect_right(self._stamps, until)
        return iter(self._touched[first:last])

    def _log(self, record: Record, at: int) -> None:
        self._stamps.append(at)
        self._touched.append(record.id)
        for name in self._unique:
            self._note_unique(name, record)
        for address in _addresses(record.values):
            self._emails.setdefault(address, set()).add(record.id)


def _addresses(values: Mapping[str, str]) -> list[str]:
    own, more = values.get("email", ""), values.get("hs_additional_emails", "")
    return [address for address in (own, *more.lower().split(";")) if address]
