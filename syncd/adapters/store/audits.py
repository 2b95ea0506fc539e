"""The audit table: append entries, read those of one lead, follow the whole chain."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from syncd.adapters.store.chain import (
    START,
    ChainRow,
    Head,
    entry_of,
    extend,
    needs_key,
    verified,
)
from syncd.adapters.store.database import upsert
from syncd.adapters.store.many import among, listed, run_many
from syncd.adapters.store.role import Role
from syncd.adapters.store.sealing import new_key
from syncd.adapters.store.tables import audit, meta, person_key
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.names import LeadId
from syncd.store_ports import ChainReport

_HEAD = "audit_head"
_AT_ONCE = 1000
_ROWS = select(audit).order_by(audit.c.sequence)
_APPEND = insert(audit)
_ADD_KEY = insert(person_key)
_SOME_KEYS = select(person_key.c.lead_id, person_key.c.key).where(among(person_key.c.lead_id))
_STORED_HEAD = select(meta.c.value).where(meta.c.key == _HEAD)


class SqlAudit(Role):
    def verify(self) -> ChainReport:
        with self._database.reading_damaged() as connection:
            return verified(_stored(connection), _head(connection))


def append(connection: Connection, entries: Sequence[AuditEntry]) -> None:
    if not entries:
        return
    keys = _keys_for(connection, {e.lead_id for e in entries if e.lead_id and needs_key(e)})
    rows = list(extend(_head(connection), entries, keys))
    run_many(connection, _APPEND, [row._asdict() for row in rows])
    head = f"{rows[-1].sequence} {rows[-1].hash}"
    upsert(connection, meta, [{"key": _HEAD, "value": head}])


def entries_of(connection: Connection, ids: Collection[LeadId]) -> tuple[AuditEntry, ...]:
    """What is known of these leads, oldest first."""
    keys = _stored_keys(connection, ids)
    rows = connection.execute(_ROWS.where(audit.c.lead_id.in_(ids)))
    return tuple(entry_of(_chain_row(row), keys.get(LeadId(row.lead_id))) for row in rows)


def entries_among(
    connection: Connection, ids: Collection[LeadId], kinds: Collection[AuditKind]
) -> Iterator[AuditEntry]:
    """Those of these kinds, oldest first. Only of waivers the personal part is read."""
    keys = _stored_keys(connection, ids)
    query = _ROWS.where(among(audit.c.lead_id), audit.c.kind.in_([x.value for x in kinds]))
    for row in connection.execute(query, listed(ids)):
        key = keys.get(LeadId(row.lead_id)) if row.kind == AuditKind.WAIVED else None
        yield entry_of(_chain_row(row), key)


def _head(connection: Connection) -> Head:
    stored = connection.scalar(_STORED_HEAD)
    if stored is None:
        return START
    sequence, digest = stored.split()
    return Head(sequence=int(sequence), hash=digest)


def _stored(connection: Connection) -> Iterator[ChainRow]:
    return map(_chain_row, connection.execute(_ROWS.execution_options(yield_per=_AT_ONCE)))


def _chain_row(row: Row[Any]) -> ChainRow:
    return ChainRow(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def _stored_keys(connection: Connection, ids: Collection[LeadId]) -> dict[LeadId, bytes]:
    rows = connection.execute(_SOME_KEYS, listed(ids)).all()
    return {LeadId(x): key for x, key in rows}


def _keys_for(connection: Connection, ids: Collection[LeadId]) -> dict[LeadId, bytes]:
    """Each lead's key; one is made for a lead that has none yet."""
    found = _stored_keys(connection, ids)
    new = {x: new_key() for x in ids if x not in found}
    run_many(connection, _ADD_KEY, [{"lead_id": x, "key": k} for x, k in new.items()])
    return found | new
