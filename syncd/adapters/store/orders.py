"""Orders people placed and plans the brake held: what waits for a person or came from one."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, select, update

from syncd.adapters.store.database import batches, insert_new, upsert
from syncd.adapters.store.documents import NAMES, ORDER
from syncd.adapters.store.effects import ordered_lead
from syncd.adapters.store.many import run_many
from syncd.adapters.store.role import Role
from syncd.adapters.store.tables import held, order, plan
from syncd.domain.action import WriteKind
from syncd.domain.decision import HeldLead, Plan, PlanState
from syncd.domain.names import LeadId, PlanId
from syncd.domain.order import Order

KEEP_ORDERS = timedelta(days=90)


class SqlOrders(Role):
    def place(self, order: Order) -> None:
        """From any process: an order is not fenced. Placing it twice is placing it once."""
        with self._database.writing() as connection:
            insert_new(connection, _orders, [_order_row(order)])

    def waiting(self) -> Sequence[Order]:
        with self._database.reading() as connection:
            return [ORDER.decode(doc) for doc in connection.scalars(_WAITING)]

    def refused(self, since: datetime) -> Sequence[Order]:
        with self._database.reading() as connection:
            found = connection.scalars(_DONE.where(_orders.c.placed_at >= since))
            return [x for x in map(ORDER.decode, found) if x.refused]


class SqlPlans(Role):
    def open_plans(self) -> Sequence[Plan]:
        with self._database.reading() as connection:
            rows = connection.execute(_STANDING).all()
            return [_plan(row, connection.execute(_parts(row.id)).all()) for row in rows]

    def standing(self, leads: Collection[LeadId]) -> Sequence[Plan]:
        with self._database.reading() as connection:
            rows = connection.execute(_STANDING).all()
            return [_plan(row, list(_parts_of(connection, row.id, leads))) for row in rows]

    def parts(self, plan_id: PlanId, after: LeadId | None, limit: int) -> Sequence[HeldLead]:
        query = (
            select(held)
            .where(held.c.plan_id == plan_id, held.c.lead_id > (after or ""))
            .order_by(held.c.lead_id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [_held_lead(row) for row in connection.execute(query).all()]

    def plan(self, plan_id: PlanId) -> Plan | None:
        with self._database.reading() as connection:
            row = connection.execute(select(plan).where(plan.c.id == plan_id)).one_or_none()
            return None if row is None else _plan(row, connection.execute(_parts(row.id)).all())


_STANDING = (
    select(plan)
    .where(plan.c.state.in_([PlanState.OPEN.value, PlanState.APPROVED.value]))
    .order_by(plan.c.opened_at, plan.c.id)
)


def _parts(plan_id: str) -> Select[Any]:
    return select(held).where(held.c.plan_id == plan_id).order_by(held.c.position, held.c.lead_id)


def _parts_of(
    connection: Connection, plan_id: str, leads: Collection[LeadId]
) -> Iterator[Row[Any]]:
    for some in batches(leads):
        yield from connection.execute(_parts(plan_id).where(held.c.lead_id.in_(some)))


_orders = order
_WAITING = (
    select(_orders.c.doc)
    .where(_orders.c.done_at.is_(None))
    .order_by(_orders.c.placed_at, _orders.c.id)
)


_DONE = (
    select(_orders.c.doc)
    .where(_orders.c.done_at.is_not(None))
    .order_by(_orders.c.placed_at, _orders.c.id)
)


_FINISH = (
    update(_orders).where(_orders.c.id == bindparam("b_id")).values(done_at=bindparam("b_now"))
)


_FORGET = delete(_orders).where(_orders.c.done_at < bindparam("b_before"))


_KEEP = update(_orders).where(_orders.c.id == bindparam("b_id")).values(doc=bindparam("b_doc"))


def keep_orders(connection: Connection, orders: Sequence[Order]) -> None:
    """Save orders already placed as they now are."""
    run_many(connection, _KEEP, [{"b_id": x.id, "b_doc": ORDER.encode(x)} for x in orders])


def finish_orders(connection: Connection, ids: Collection[str], *, now: datetime) -> None:
    """Those done long ago are forgotten: what people said in them is in the audit."""
    run_many(connection, _FINISH, [{"b_id": x, "b_now": now} for x in ids])
    if ids:
        connection.execute(_FORGET, {"b_before": now - KEEP_ORDERS})


def save_plans(connection: Connection, plans: Sequence[Plan]) -> None:
    """Parts join behind those that are there; one that is keeps its place."""
    upsert(connection, plan, [_plan_row(x) for x in plans])
    for x in plans:
        if x.leads:
            there = connection.scalar(_COUNT, {"b_plan": x.id}) or 0
            rows = [_held_row(x.id, there + n, part) for n, part in enumerate(x.leads)]
            upsert(connection, held, rows, keep=("position",))


_COUNT = select(func.count()).select_from(held).where(held.c.plan_id == bindparam("b_plan"))


def _order_row(x: Order) -> dict[str, Any]:
    return {
        "id": x.id,
        "lead_id": ordered_lead(x),
        "placed_at": x.placed_at,
        "done_at": None,
        "doc": ORDER.encode(x),
    }


def _plan_row(x: Plan) -> dict[str, Any]:
    return {
        "id": x.id,
        "kind": x.kind.value,
        "state": x.state.value,
        "opened_at": x.opened_at,
        "reason": x.reason,
    }


def _held_row(plan_id: PlanId, position: int, part: HeldLead) -> dict[str, Any]:
    return {
        "plan_id": plan_id,
        "lead_id": part.lead_id,
        "position": position,
        "digest": part.digest,
        "says": NAMES.encode(part.says),
        "result": part.result,
    }


def _plan(row: Row[Any], parts: Sequence[Row[Any]]) -> Plan:
    return Plan(
        id=PlanId(row.id),
        kind=WriteKind(row.kind),
        state=PlanState(row.state),
        opened_at=row.opened_at,
        reason=row.reason,
        leads=tuple(map(_held_lead, parts)),
    )


def _held_lead(row: Row[Any]) -> HeldLead:
    return HeldLead(
        lead_id=LeadId(row.lead_id),
        digest=row.digest,
        says=NAMES.decode(row.says),
        result=row.result,
    )
