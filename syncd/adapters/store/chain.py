"""The hash chain of the audit: each row's hash covers the row and the hash before it.

Pure but for sealing. It covers the sealed form of personal values, so that erasing a
person's key leaves the chain whole (P9, P10). Both stores use it.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from syncd.adapters.store.jsontext import canonical, dumped, loads
from syncd.adapters.store.sealing import seal, unseal
from syncd.adapters.store.tables import instant, microseconds
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.names import LeadId
from syncd.store_ports import ChainReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last row's number and hash."""

    sequence: int = 0
    hash: str = "0" * 64


START = Head()


class ChainRow(NamedTuple):
    """One row as it is stored: `at` in microseconds, `facts` as canonical JSON."""

    sequence: int
    at: int
    kind: str
    lead_id: str | None
    facts: str
    personal: bytes | None
    prev: str
    hash: str


_Covered = tuple[int, int, str, str | None, str, bytes | None, str]
"""What the hash of a row is of: all the rest of it."""


def extend(
    head: Head, entries: Iterable[AuditEntry], keys: Mapping[LeadId, bytes]
) -> Iterator[ChainRow]:
    """The rows these entries become after `head`."""
    last: Head | ChainRow = head
    for entry in entries:
        last = _row(last, entry, keys)
        yield last


def needs_key(entry: AuditEntry) -> bool:
    return bool(entry.personal)


def entry_of(row: ChainRow, key: bytes | None) -> AuditEntry:
    """The entry as it was written; without its personal part when the key is gone."""
    lead_id = None if row.lead_id is None else LeadId(row.lead_id)
    sealed = row.personal if lead_id is not None else None
    return AuditEntry(
        at=instant(row.at),
        kind=AuditKind(row.kind),
        lead_id=lead_id,
        facts=loads(row.facts),
        personal=unseal(sealed, lead_id=lead_id, key=key) if sealed and lead_id else {},
    )


def verified(rows: Iterable[ChainRow], head: Head) -> ChainReport:
    """Follow the chain from its start; `head` is where it is said to end."""
    at = START
    for row in rows:
        if why := _misfit(row, at):
            return _broken(at, why)
        at = Head(sequence=row.sequence, hash=row.hash)
    if at != head:
        return _broken(at, f"the chain should end with row {head.sequence}")
    return ChainReport(rows=at.sequence, head=at.hash, broken_at=None)


def _broken(at: Head, why: str) -> ChainReport:
    return ChainReport(rows=at.sequence, head=at.hash, broken_at=at.sequence + 1, why=why)


def _misfit(row: ChainRow, before: Head) -> str:
    if row.sequence != before.sequence + 1:
        return f"row {row.sequence} follows row {before.sequence}"
    if row.prev != before.hash:
        return "the row does not name the one before it"
    return "" if row.hash == _digest(row[:-1]) else "the row is not what was written"


def _row(last: Head | ChainRow, entry: AuditEntry, keys: Mapping[LeadId, bytes]) -> ChainRow:
    covered = (
        last.sequence + 1,
        microseconds(entry.at),
        str(entry.kind),
        entry.lead_id,
        canonical(entry.facts),
        _sealed(entry, keys),
        last.hash,
    )
    return ChainRow(*covered, hash=_digest(covered))


def _sealed(entry: AuditEntry, keys: Mapping[LeadId, bytes]) -> bytes | None:
    if not entry.personal:
        return None
    if entry.lead_id is None:
        raise ValueError(f"an audit entry of no lead has personal values: {entry.kind}")
    return seal(entry.personal, lead_id=entry.lead_id, key=keys[entry.lead_id])


def _digest(covered: _Covered) -> str:
    """Over a JSON list, in which no two different rows look alike."""
    sequence, at, kind, lead_id, facts, personal, prev = covered
    sealed = None if personal is None else bytes(personal).hex()
    listed = [sequence, at, kind, lead_id, facts, sealed, prev]
    return hashlib.sha256(dumped(listed)).hexdigest()
