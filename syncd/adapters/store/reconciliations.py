"""The last reconciliations: which records stood where, and the counts that are made of them.

Nothing is counted beforehand, so that a number and the records it opens to cannot disagree. Kept
by period and stage: one made again takes the place of the older. What is stored of a person goes
with the person (`erasure`), and counts of the past are less by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, select

from syncd.adapters.store.codec import Codec
from syncd.adapters.store.database import Database
from syncd.adapters.store.many import among, listed, run_many
from syncd.adapters.store.storable import storable
from syncd.adapters.store.store import SqlStore
from syncd.adapters.store.tables import alias, lead
from syncd.adapters.store.tables_reconciled import reconciled, reconciliation
from syncd.domain.names import SYSTEMS, LeadId, RecordId, System
from syncd.domain.stage import Stage
from syncd.measure.gap_reasons import Reason
from syncd.measure.reconciliation import BOTH, Both, Only, Reconciliation, Sums

MOST, MOST_RECORDS = 24, 200_000
"""So many are kept, and records of all of them together; the latest always is."""
_SUMS: Codec[Sums] = Codec(Sums)
_INSERT = insert(reconciled)
_KNOWN = [select(table.c.id).where(among(table.c.id)) for table in (lead, alias)]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where records stand: the reason or `BOTH`, None for wherever; and who counts them."""

    period: str
    stage: Stage
    system: System
    place: str | None


class Reconciliations:
    def __init__(self, store: SqlStore, *, most_records: int = MOST_RECORDS) -> None:
        self._most_records = most_records
        self._database: Database = store._database  # noqa: SLF001 - a part of the store, kept apart: the daemon needs none of it

    def keep(self, found: Reconciliation, sums: Sums) -> None:
        """From any process: it is not fenced. Whoever was erased since the CRMs were read is left
        out. Beyond the limits the oldest go."""
        key = {"period": sums.period, "stage": sums.stage.value}
        head = replace(sums, places={})
        with self._database.writing() as connection:
            _drop(connection, (sums.period, sums.stage.value))
            connection.execute(
                insert(reconciliation).values(**key, made_at=sums.made_at, doc=_SUMS.encode(head))
            )
            rows = [*map(_row_of_both, found.both), *map(_row_of_one, found.only)]
            known = _known(connection, rows)
            run_many(connection, _INSERT, [{**key, **x} for x in rows if x["lead_id"] in known])
            _prune(connection, self._most_records)

    def sums(self) -> Sequence[Sums]:
        """The latest first."""
        latest = reconciliation.c.made_at.desc()
        with self._database.reading() as connection:
            heads = connection.execute(select(reconciliation).order_by(latest)).all()
            counts = _counts(connection)
        return [replace(_SUMS.decode(x.doc), places=counts[x.period, x.stage]) for x in heads]

    def records(
        self, place: Place, *, offset: int = 0, limit: int | None = None
    ) -> tuple[Sequence[Both], Sequence[Only]]:
        """A part of those that stand there, in the order in which they came to the stage."""
        order = (reconciled.c.at, reconciled.c.system, reconciled.c.record_id)
        asked = _standing(place).order_by(*order).offset(offset).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(asked).all()
        both = [_both(x) for x in rows if x.place == BOTH]
        return both, [_only(x) for x in rows if x.place != BOTH]


def _known(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> set[str | None]:
    """Leads of these rows that are still there, if as part of another; and nobody."""
    asked = listed({x["lead_id"] for x in rows if x["lead_id"]})
    return {None, *(x for query in _KNOWN for x in connection.scalars(query, asked))}


def _row_of_both(found: Both) -> Mapping[str, Any]:
    """Under the record of the first CRM."""
    system, other = SYSTEMS
    return {
        "system": system.value,
        "record_id": found.records[system],
        "place": BOTH,
        "detail": "",
        "lead_id": found.lead_id,
        "at": found.at[system],
        "there": found.records[other],
        "there_at": found.at[other],
    }


def _row_of_one(found: Only) -> Mapping[str, Any]:
    return {
        "system": found.system.value,
        "record_id": found.record_id,
        "place": found.reason.value,
        "detail": storable(found.detail),
        "lead_id": found.lead_id,
        "at": found.at,
        "there": found.there,
        "there_at": None,
    }


def _both(row: Any) -> Both:
    system, other = SYSTEMS
    return Both(
        lead_id=LeadId(row.lead_id),
        records={system: RecordId(row.record_id), other: RecordId(row.there)},
        at={system: row.at, other: row.there_at},
    )


def _only(row: Any) -> Only:
    return Only(
        system=System(row.system),
        record_id=RecordId(row.record_id),
        at=row.at,
        reason=Reason(row.place),
        detail=row.detail,
        lead_id=row.lead_id,
        there=row.there,
    )


def _standing(asked: Place) -> Select[Any]:
    of = (reconciled.c.period == asked.period) & (reconciled.c.stage == asked.stage.value)
    return select(reconciled).where(of, _is_there(asked))


def _is_there(asked: Place) -> ColumnElement[bool]:
    is_both, is_mine = reconciled.c.place == BOTH, reconciled.c.system == asked.system.value
    if asked.place is None:
        return is_both | is_mine
    return is_both if asked.place == BOTH else is_mine & (reconciled.c.place == asked.place)


def _counts(connection: Connection) -> Mapping[Key, Mapping[System, Mapping[str, int]]]:
    """By period and stage: how many records of each CRM stand where."""
    columns = reconciled.c
    of = (columns.period, columns.stage, columns.place, columns.system)
    found: dict[Key, dict[System, dict[str, int]]] = {}
    for key in connection.execute(select(reconciliation.c.period, reconciliation.c.stage)).tuples():
        found[key[0], key[1]] = {x: {} for x in SYSTEMS}
    rows = connection.execute(select(*of, func.count()).group_by(*of)).tuples()
    for period, stage, place, system, count in rows:
        for counted_by in SYSTEMS if place == BOTH else (System(system),):
            found[period, stage][counted_by][place] = count
    return found


def _drop(connection: Connection, key: Key) -> None:
    """Its records go with it."""
    mine = (reconciliation.c.period == key[0]) & (reconciliation.c.stage == key[1])
    connection.execute(delete(reconciliation).where(mine))


def _prune(connection: Connection, most_records: int) -> None:
    latest = select(reconciliation.c.period, reconciliation.c.stage).order_by(
        reconciliation.c.made_at.desc()
    )
    counts = _counts(connection)
    total = 0
    for place, (period, stage) in enumerate(connection.execute(latest).tuples().all()):
        total += sum(sum(x.values()) for x in counts[period, stage].values())
        if place and (place >= MOST or total > most_records):
            _drop(connection, (period, stage))
