"""Keep the rows that numbers are made of: hand out leads that are uncounted, store their rows.

What was counted from an older state than the stored one is never stored: each lead's mark is
compared in the transaction that writes its rows.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, bindparam, delete, insert, select

from syncd.adapters.store.audits import entries_among
from syncd.adapters.store.database import insert_new, upsert
from syncd.adapters.store.deals import deals_of
from syncd.adapters.store.documents import HANDOFF, LEAD, NAMES, TRANSITION, VERDICT
from syncd.adapters.store.jsontext import dumps
from syncd.adapters.store.many import among, listed, run_many
from syncd.adapters.store.role import Role
from syncd.adapters.store.sharing import shared_among
from syncd.adapters.store.storable import storable
from syncd.adapters.store.tables import alias, handoff, lead, meta, transition, verdict
from syncd.adapters.store.tables_facts import (
    LISTS,
    fact_gone,
    move_fact,
    round_fact,
    uncounted,
)
from syncd.adapters.store.uncounting import uncount
from syncd.domain.copies import replace
from syncd.domain.handoff import Handoff, HandoffState
from syncd.domain.names import FieldName, LeadId
from syncd.fact_ports import Counted, Uncounted
from syncd.measure.lead_story import TELLING, LeadStory

_COUNTED_BY, _LAST_SEQ = "counted_by", "fact_seq"
_NOTED = select(meta.c.value).where(meta.c.key == bindparam("b_key"))
_NOTED_LOCKED = _NOTED.with_for_update()
_UNCOUNTED = (
    select(uncounted.c.lead_id, uncounted.c.mark)
    .order_by(uncounted.c.lead_id)
    .limit(bindparam("b_most"))
)
_MARKS_LOCKED = (
    select(uncounted.c.lead_id, uncounted.c.mark)
    .where(among(uncounted.c.lead_id))
    .order_by(uncounted.c.lead_id)
    .with_for_update()
)
"""In the order in which a commit marks them, so that neither waits for the other for ever."""
_LEADS = select(lead.c.id, lead.c.doc).where(among(lead.c.id))
_UNITED = select(alias.c.id, alias.c.lead_id).where(among(alias.c.lead_id))
_TRANSITIONS = (
    select(transition.c.lead_id, transition.c.doc)
    .where(among(transition.c.lead_id))
    .order_by(transition.c.at, transition.c.seen_at, transition.c.id)
)
_VERDICTS = (
    select(verdict.c.lead_id, verdict.c.doc)
    .where(among(verdict.c.lead_id))
    .order_by(verdict.c.judged_at, verdict.c.gate)
)
_HANDOFFS = (
    select(handoff.c.lead_id, handoff.c.doc, handoff.c.state, handoff.c.closed_at)
    .where(among(handoff.c.lead_id))
    .order_by(handoff.c.opened_at, handoff.c.id)
)
_DONE = delete(uncounted).where(among(uncounted.c.lead_id))
_CLEAR = {table: delete(table).where(among(table.c.lead_id)) for table in (round_fact, move_fact)}
_ADD = {table: insert(table) for table in (round_fact, move_fact)}

K = TypeVar("K")
V = TypeVar("V")


class SqlCounting(Role):
    def count_by(self, fields: tuple[FieldName, ...]) -> None:
        if self._counted_by == fields:
            return
        said = NAMES.encode(fields)
        with self._database.reading() as connection:
            stored = connection.scalar(_NOTED, {"b_key": _COUNTED_BY})
        if stored != said:
            with self._database.writing() as connection:
                upsert(connection, meta, [{"key": _COUNTED_BY, "value": said}])
                uncount(connection, connection.scalars(select(lead.c.id)).all())
        self._counted_by = fields

    def uncounted(self, limit: int) -> Sequence[Uncounted]:
        with self._database.reading() as connection:
            marks = dict(connection.execute(_UNCOUNTED, {"b_most": limit}).tuples().all())
            if not marks:
                return ()
            stories = _stories(connection, {LeadId(x) for x in marks})
        return [
            Uncounted(lead_id=LeadId(x), mark=mark, story=stories.get(LeadId(x)))
            for x, mark in marks.items()
        ]

    def counted(self, leads: Sequence[Counted]) -> None:
        with self._database.writing() as connection:
            seq = _next_seq(connection)
            asked = listed(x.lead_id for x in leads)
            marks = dict(connection.execute(_MARKS_LOCKED, asked).tuples().all())
            _store(connection, [x for x in leads if marks.get(x.lead_id) == x.mark], seq)


def _next_seq(connection: Connection) -> int:
    """Locked until the transaction ends, so that numbers are committed in their order. A row that
    is not there could not be locked."""
    insert_new(connection, meta, [{"key": _LAST_SEQ, "value": "0"}])
    seq = int(connection.scalars(_NOTED_LOCKED, {"b_key": _LAST_SEQ}).one()) + 1
    upsert(connection, meta, [{"key": _LAST_SEQ, "value": str(seq)}])
    return seq


def _store(connection: Connection, leads: Sequence[Counted], seq: int) -> None:
    ids = listed(x.lead_id for x in leads)
    for statement in (_DONE, *_CLEAR.values()):
        connection.execute(statement, ids)
    gone = [{"lead_id": x.lead_id, "seq": seq} for x in leads if x.rows is None]
    upsert(connection, fact_gone, gone)
    rounds = [row for x in leads if x.rows for row in x.rows.rounds]
    moves = [row for x in leads if x.rows for row in x.rows.moves]
    for table, rows in ((round_fact, rounds), (move_fact, moves)):
        run_many(connection, _ADD[table], [_row(row, table, seq) for row in rows])


def _row(cells: Mapping[str, object], table: Table, seq: int) -> dict[str, Any]:
    row: dict[str, Any] = {column.name: cells.get(column.name) for column in table.columns}
    for name in LISTS & row.keys():
        row[name] = None if row[name] is None else dumps(row[name])
    for name, cell in row.items():
        if isinstance(cell, str):
            row[name] = storable(cell)
    return {**row, "seq": seq}


def _stories(connection: Connection, ids: Collection[LeadId]) -> dict[LeadId, LeadStory]:
    """By the lead's own id; of leads that are there."""
    leads = {x: LEAD.decode(doc) for x, doc in connection.execute(_LEADS, listed(ids)).all()}
    united = dict(connection.execute(_UNITED, listed(leads)).tuples().all())
    known = united | {x: x for x in leads}
    asked = listed(known)
    transitions = _grouped(known, connection.execute(_TRANSITIONS, asked).tuples().all())
    verdicts = _grouped(known, connection.execute(_VERDICTS, asked).tuples().all())
    handoffs = _grouped(
        known, [(x, rest) for x, *rest in connection.execute(_HANDOFFS, asked).all()]
    )
    audit = _grouped(
        known, [(x.lead_id, x) for x in entries_among(connection, known, TELLING) if x.lead_id]
    )
    deals = deals_of(connection, leads)
    shared = shared_among(connection, deals)
    return {
        x: LeadStory(
            lead=found,
            transitions=tuple(map(TRANSITION.decode, transitions[x])),
            verdicts=tuple(map(VERDICT.decode, verdicts[x])),
            handoffs=tuple(_handoff(*row) for row in handoffs[x]),
            audit=tuple(audit[x]),
            deals=deals.get(x, {}),
            shared=shared,
        )
        for x, found in leads.items()
    }


def _handoff(doc: str, state: str, closed_at: Any) -> Handoff:
    """One that was superseded says so in its row alone."""
    return replace(HANDOFF.decode(doc), state=HandoffState(state), closed_at=closed_at)


def _grouped(known: Mapping[K, K], rows: Collection[tuple[K, V]]) -> defaultdict[K, list[V]]:
    """Under the lead that each of these ids answers with."""
    groups: defaultdict[K, list[V]] = defaultdict(list)
    for lead_id, item in rows:
        groups[known[lead_id]].append(item)
    return groups
