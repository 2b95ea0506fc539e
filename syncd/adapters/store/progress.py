"""How far each CRM was read, and which of its records wait for a person."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, select

from syncd.adapters.store.database import upsert
from syncd.adapters.store.documents import NAMES, SCAN_MARK, SIDE_STATUS, SPELLINGS
from syncd.adapters.store.many import among, listed
from syncd.adapters.store.role import Role
from syncd.adapters.store.tables import meta, parked, scan, side, watermark
from syncd.commit import Commit, ScanMark
from syncd.domain.decision import Parked
from syncd.domain.mapping import Spellings
from syncd.domain.names import LeadId, RecordId, System

_SWEEP = "sweep"
_SPELLINGS = "spellings"
_PARKED = select(parked.c.record_id).where(
    parked.c.system == bindparam("b_system"), among(parked.c.record_id)
)
_IGNORED = _PARKED.where(parked.c.ignored.is_(True))
_CANDIDATES = select(parked.c.candidates).where(parked.c.ignored.is_(False), among(parked.c.system))
_NOTED = select(meta.c.value).where(meta.c.key == bindparam("b_key"))
_SCANS = select(scan.c.system, scan.c.doc)


class SqlProgress(Role):
    def ignored(self, system: System, ids: Collection[RecordId]) -> frozenset[RecordId]:
        return self._set_aside(system, ids, _IGNORED)

    def set_aside(self, system: System, ids: Collection[RecordId]) -> frozenset[RecordId]:
        return self._set_aside(system, ids, _PARKED)

    def in_doubt(
        self, ids: Collection[LeadId], systems: Collection[System] = tuple(System)
    ) -> frozenset[LeadId]:
        with self._database.reading() as connection:
            docs = connection.scalars(_CANDIDATES, listed(x.value for x in systems)).all()
        return frozenset(LeadId(x) for doc in docs for x in NAMES.decode(doc)) & frozenset(ids)

    def _set_aside(
        self, system: System, ids: Collection[RecordId], query: Select[tuple[str]]
    ) -> frozenset[RecordId]:
        asked = {"b_system": system.value, **listed(ids)}
        with self._database.reading() as connection:
            return frozenset(RecordId(x) for x in connection.scalars(query, asked))

    def scans(self) -> Mapping[System, ScanMark]:
        with self._database.reading() as connection:
            rows = connection.execute(_SCANS).all()
        return {System(system): SCAN_MARK.decode(doc) for system, doc in rows}

    def sweep(self) -> LeadId | None:
        with self._database.reading() as connection:
            stored = connection.scalar(_NOTED, {"b_key": _SWEEP})
        return LeadId(stored) if stored else None

    def spellings(self) -> Spellings:
        with self._database.reading() as connection:
            stored = connection.scalar(_NOTED, {"b_key": _SPELLINGS})
        return SPELLINGS.decode(stored) if stored else {}


def save_progress(connection: Connection, work: Commit) -> None:
    marks = (work.watermarks or {}).items()
    upsert(connection, watermark, [{"system": s.value, "at": at} for s, at in marks])
    sides = (work.sides or {}).items()
    upsert(connection, side, [{"system": s.value, "doc": SIDE_STATUS.encode(x)} for s, x in sides])
    scans = (work.scans or {}).items()
    upsert(connection, scan, [{"system": s.value, "doc": SCAN_MARK.encode(x)} for s, x in scans])
    if work.sweep is not None:
        upsert(connection, meta, [{"key": _SWEEP, "value": work.sweep}])
    if work.spellings is not None:
        row = {"key": _SPELLINGS, "value": SPELLINGS.encode(work.spellings)}
        upsert(connection, meta, [row])


def park(connection: Connection, records: Collection[Parked]) -> None:
    """One already parked stays so since then, and one that is ignored stays ignored."""
    left_alone = [_parked_row(x) for x in records if x.ignored]
    upsert(connection, parked, left_alone, keep={"since"})
    others = [_parked_row(x) for x in records if not x.ignored]
    upsert(connection, parked, others, keep={"since", "ignored"})


_UNPARK = delete(parked).where(parked.c.system == bindparam("b_system"), among(parked.c.record_id))


def unpark(connection: Connection, records: Collection[tuple[System, RecordId]]) -> None:
    for system in {system for system, _ in records}:
        ids = [record_id for of, record_id in records if of is system]
        connection.execute(_UNPARK, {"b_system": system.value, **listed(ids)})


def _parked_row(x: Parked) -> dict[str, Any]:
    return {
        "system": x.system.value,
        "record_id": x.record_id,
        "why": x.why,
        "candidates": NAMES.encode(x.candidates),
        "since": x.since,
        "ignored": x.ignored,
    }
