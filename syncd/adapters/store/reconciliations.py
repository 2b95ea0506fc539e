"""The last reconciliations, as tables for whoever shows them: counts alone, no lead is in them.

Kept by period and stage, so that one made again takes the place of the older. Loads polars, with
the tables: not for the daemon.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from syncd.adapters.store.codec import Codec
from syncd.adapters.store.database import Database, upsert
from syncd.adapters.store.store import SqlStore
from syncd.adapters.store.tables import meta
from syncd.domain.stage import Stage
from syncd.measure.tables import Table

KEEP = 24
_PREFIX = "reconciliation:"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    made_at: datetime
    table: Table


_KEPT: Codec[_Kept] = Codec(_Kept)
_ALL = select(meta.c.key, meta.c.value).where(meta.c.key.startswith(_PREFIX))


class Reconciliations:
    def __init__(self, store: SqlStore) -> None:
        self._database: Database = store._database  # noqa: SLF001 - a part of the store, kept apart for polars

    def keep(self, table: Table, stage: Stage, period: str, *, now: datetime) -> None:
        """From any process: it is not fenced. Beyond the last `KEEP` the oldest go."""
        made = _Kept(made_at=now, table=table)
        row = {"key": f"{_PREFIX}{period}:{stage}", "value": _KEPT.encode(made)}
        with self._database.writing() as connection:
            upsert(connection, meta, [row])
            rows = connection.execute(_ALL).tuples().all()
            latest = sorted(rows, key=lambda x: _KEPT.decode(x[1]).made_at, reverse=True)
            old = [key for key, _ in latest[KEEP:]]
            connection.execute(delete(meta).where(meta.c.key.in_(old)))

    def tables(self) -> Mapping[str, Table]:
        """The latest first, by period and stage."""
        with self._database.reading() as connection:
            rows = connection.execute(_ALL).tuples().all()
        made = {key.removeprefix(_PREFIX): _KEPT.decode(value) for key, value in rows}
        latest = sorted(made.items(), key=lambda x: x[1].made_at, reverse=True)
        return {name: x.table for name, x in latest}
