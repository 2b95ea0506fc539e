"""The portal's records, and the one place where a change to them is committed and told.

It checks nothing and knows no rule about who may change what: `portal.py` does.
Every commit stamps the record, adds what the portal calculates, and ends in the
journal once the record is whole again, since listeners act at once.
"""

from collections.abc import Mapping
from itertools import count

from syncd.sandbox.clock import WorldClock
from syncd.sandbox.hubspot import calculated
from syncd.sandbox.hubspot.kinds import CONTACT, ENGAGEMENTS, KINDS, Kind
from syncd.sandbox.hubspot.record import Record
from syncd.sandbox.hubspot.refusals import NotFound
from syncd.sandbox.hubspot.source import PORTAL, source_of
from syncd.sandbox.hubspot.stamps import to_ms
from syncd.sandbox.hubspot.table import Table
from syncd.sandbox.journal import CREATED, ActorKind, Journal, Origin, Subject, System

FIRST_ID = 20_000_000_001
CALCULATED = Origin(PORTAL, "calculated")


class Ledger:
    """All tables of one account."""

    def __init__(self, clock: WorldClock, journal: Journal) -> None:
        self._clock = clock
        self._journal = journal
        self._new_ids = count(FIRST_ID)
        self._merged_into: dict[int, int] = {}
        self.tables = {kind: Table(kind) for kind in KINDS}

    def now_ms(self) -> int:
        return to_ms(self._clock.now())

    def find(self, kind: Kind, record_id: int) -> Record:
        """A live record, by its own id or one merged into it; raises NotFound."""
        record = self.tables[kind].live(self.surviving(record_id))
        if record is None:
            raise NotFound
        return record

    def surviving(self, record_id: int) -> int:
        """The id a merged record is known by now; any other id unchanged."""
        while record_id in self._merged_into:
            record_id = self._merged_into[record_id]
        return record_id

    def _add(self, kind: Kind, values: dict[str, str], origin: Origin) -> Record:
        """A new record; the journal gets the values given, not those calculated."""
        now, record_id = self.now_ms(), next(self._new_ids)
        birth = self._birth(kind, record_id, origin)
        further = self._known(kind, {**birth, **calculated.follow(kind, {}, values, now)})
        record = self.tables[kind].create(record_id, {**values, **further}, at=now, origin=origin)
        self._tell(record, CREATED, None, values, origin)
        return record

    def _birth(self, kind: Kind, record_id: int, origin: Origin) -> dict[str, str]:
        if kind in ENGAGEMENTS:
            return calculated.at_log(source_of(origin))
        by_app = origin.actor.id if origin.actor.kind is ActorKind.API else ""
        return calculated.at_birth(record_id, by_app) if kind is CONTACT else {}

    def _write(self, record: Record, values: Mapping[str, str], origin: Origin) -> dict[str, str]:
        """Commit values; those that differ, which are returned, enter history and journal."""
        now, before = self.now_ms(), record.values
        changes = _differing(before, values)
        further = calculated.follow(record.kind, before, changes, now)
        further = _differing(before, self._known(record.kind, further))
        self.tables[record.kind].change(record, {**changes, **further}, at=now, origin=origin)
        for name, text in changes.items():
            self._tell(record, name, before.get(name, ""), text, origin)
        return changes

    def _calculate(self, record: Record, changes: Mapping[str, str]) -> None:
        """Commit what the portal works out by itself; it is stamped but not told."""
        known = _differing(record.values, self._known(record.kind, changes))
        self.tables[record.kind].change(record, known, at=self.now_ms(), origin=CALCULATED)

    def _known(self, kind: Kind, changes: Mapping[str, str]) -> dict[str, str]:
        properties = self.tables[kind].properties
        return {name: text for name, text in changes.items() if name in properties}

    def _tell(
        self, record: Record, field: str, before: object, after: object, origin: Origin
    ) -> None:
        subject = Subject(System.HUBSPOT, record.kind.name, str(record.id))
        self._journal.record(subject, field, before=before, after=after, origin=origin)


def _differing(before: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in values.items() if before.get(name, "") != text}
