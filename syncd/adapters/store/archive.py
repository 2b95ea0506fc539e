"""Look things up for people: `syncd explain` and `syncd status`. Never on the worker's path."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, func, select

from syncd.adapters.store.audits import entries_of
from syncd.adapters.store.database import insert_new
from syncd.adapters.store.documents import (
    ACTION,
    HANDOFF,
    LEAD,
    NAMES,
    SIDE_STATUS,
    TRANSITION,
    VERDICT,
)
from syncd.adapters.store.role import Role
from syncd.adapters.store.tables import (
    IS_BURIED,
    IS_LINKED,
    alias,
    email,
    handoff,
    instant,
    lead,
    link,
    meta,
    microseconds,
    outbox,
    parked,
    plan,
    side,
    transition,
    verdict,
)
from syncd.core.ids import salesforce_id_18
from syncd.domain.action import Action
from syncd.domain.decision import Parked, PlanState
from syncd.domain.handoff import Handoff, HandoffState
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId, PlanId, RecordId, System
from syncd.domain.order import SideStatus, StoreStatus
from syncd.store_ports import Story

T = TypeVar("T")
_FIRST_START = "first_start"
_IS_DISPUTED = lead.c.disputed_since.is_not(None)
_SIDES = select(side.c.system, side.c.doc)


class SqlArchive(Role):
    def look_up(self, text: str) -> Sequence[LeadId]:
        text = text.strip()
        records = {text, salesforce_id_18(text) or text}
        queries = (
            select(lead.c.id).where(lead.c.id == text),
            select(alias.c.lead_id).where(alias.c.id == text),
            select(link.c.lead_id).where(link.c.record_id.in_(records)),
            select(email.c.lead_id).where(email.c.address == text.lower()),
        )
        with self._database.reading() as connection:
            return sorted({LeadId(x) for query in queries for x in connection.scalars(query)})

    def story(self, lead_id: LeadId) -> Story | None:
        with self._database.reading() as connection:
            survivor = connection.scalar(select(alias.c.lead_id).where(alias.c.id == lead_id))
            named = LeadId(survivor or lead_id)
            doc = connection.scalar(select(lead.c.doc).where(lead.c.id == named))
            return None if doc is None else _story(connection, named, doc)

    def status(self, now: datetime) -> StoreStatus:
        with self._database.reading() as connection:
            return _status(connection, now)

    def sides(self) -> Mapping[System, SideStatus]:
        if kept := self._kept_sides.under(self._fence.token):
            return dict(kept)
        with self._database.reading() as connection:
            rows = connection.execute(_SIDES).all()
        found = {System(system): SIDE_STATUS.decode(doc) for system, doc in rows}
        self._kept_sides.keep(found)
        return found

    def parked(self) -> Sequence[Parked]:
        query = select(parked).order_by(parked.c.since, parked.c.system, parked.c.record_id)
        with self._database.reading() as connection:
            return [_parked(row) for row in connection.execute(query)]

    def disputed(self) -> Sequence[Lead]:
        query = select(lead.c.doc).where(_IS_DISPUTED).order_by(lead.c.disputed_since, lead.c.id)
        with self._database.reading() as connection:
            return [LEAD.decode(doc) for doc in connection.scalars(query)]

    def first_start(self) -> datetime | None:
        with self._database.reading() as connection:
            stored = connection.scalar(select(meta.c.value).where(meta.c.key == _FIRST_START))
        return None if stored is None else instant(int(stored))

    def start(self, now: datetime) -> datetime:
        with self._database.writing() as connection:
            row = {"key": _FIRST_START, "value": str(microseconds(now))}
            insert_new(connection, meta, [row])
        self._database.scrub()  # an erasure may have been cut off before it got this far
        first = self.first_start()
        assert first is not None, "it was stored just now"
        return first


def _story(connection: Connection, lead_id: LeadId, doc: str) -> Story:
    united = connection.scalars(select(alias.c.id).where(alias.c.lead_id == lead_id))
    ids = [lead_id, *(LeadId(x) for x in united)]
    return Story(
        lead=LEAD.decode(doc),
        transitions=tuple(
            TRANSITION.decode(x) for x in _docs(connection, transition, ids, "at", "seen_at", "id")
        ),
        verdicts=tuple(
            VERDICT.decode(x) for x in _docs(connection, verdict, ids, "judged_at", "gate")
        ),
        audit=entries_of(connection, ids),
        handoffs=_handoffs(connection, ids),
        outbox=_effects(connection, ids),
    )


def _docs(
    connection: Connection, table: Table, ids: Sequence[LeadId], *order: str
) -> Sequence[str]:
    query = select(table.c.doc).where(table.c.lead_id.in_(ids))
    return connection.scalars(query.order_by(*(table.c[name] for name in order))).all()


def _handoffs(connection: Connection, ids: Sequence[LeadId]) -> tuple[Handoff, ...]:
    """One that was superseded says so in its row alone."""
    rows = connection.execute(
        select(handoff.c.doc, handoff.c.state, handoff.c.closed_at)
        .where(handoff.c.lead_id.in_(ids))
        .order_by(handoff.c.opened_at, handoff.c.id)
    )
    return tuple(
        replace(HANDOFF.decode(doc), state=HandoffState(state), closed_at=closed_at)
        for doc, state, closed_at in rows
    )


def _effects(
    connection: Connection, ids: Sequence[LeadId]
) -> tuple[tuple[Action, str, str, datetime], ...]:
    rows = connection.execute(
        select(outbox.c.doc, outbox.c.state, outbox.c.reason, outbox.c.changed_at)
        .where(outbox.c.lead_id.in_(ids), outbox.c.doc.is_not(None))
        .order_by(outbox.c.seq)
    )
    return tuple((ACTION.decode(doc), state, reason, at) for doc, state, reason, at in rows)


def _status(connection: Connection, now: datetime) -> StoreStatus:
    is_open = outbox.c.due_at.is_not(None)
    states = select(outbox.c.state, func.count().label("n")).where(is_open).group_by(outbox.c.state)
    buried = connection.execute(
        select(outbox.c.key, outbox.c.reason).where(IS_BURIED).order_by(outbox.c.seq)
    ).all()
    contested = select(lead.c.id).where(lead.c.contested_since.is_not(None))
    plans = select(plan.c.id).where(plan.c.state == PlanState.OPEN.value)
    counts = {row.state: row.n for row in connection.execute(states)}
    return StoreStatus(
        leads=_count(connection, lead),
        linked=_count(connection, lead, IS_LINKED),
        outbox=counts | ({"buried": len(buried)} if buried else {}),
        oldest_due=_oldest_due(connection, now),
        given_up=tuple((key, reason) for key, reason in buried),
        open_handoffs=_count(connection, handoff, handoff.c.closed_at.is_(None)),
        in_grace=_count(connection, lead, lead.c.grace_ends.is_not(None)),
        contested=_ids(connection, contested.order_by(lead.c.contested_since, lead.c.id), LeadId),
        disputes=_count(connection, lead, _IS_DISPUTED),
        parked=_count(connection, parked, parked.c.ignored.is_(False)),
        held_plans=_ids(connection, plans.order_by(plan.c.opened_at, plan.c.id), PlanId),
    )


def _count(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> int:
    return connection.scalars(select(func.count()).select_from(table).where(*conditions)).one()


def _oldest_due(connection: Connection, now: datetime) -> datetime | None:
    is_due = outbox.c.due_at <= now
    query = select(outbox.c.due_at).where(is_due).order_by(outbox.c.due_at).limit(1)
    oldest: datetime | None = connection.scalar(query)
    return oldest


def _ids(connection: Connection, query: Select[Any], name: Callable[[str], T]) -> tuple[T, ...]:
    return tuple(name(x) for x in connection.scalars(query))


def _parked(row: Row[Any]) -> Parked:
    return Parked(
        system=System(row.system),
        record_id=RecordId(row.record_id),
        why=row.why,
        candidates=tuple(LeadId(x) for x in NAMES.decode(row.candidates)),
        since=row.since,
        ignored=row.ignored,
    )
