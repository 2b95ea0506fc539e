"""Orders people placed and plans the brake held: what waits for a person or came from one."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from syncd.adapters.store.database import insert_new, run_many, upsert
from syncd.adapters.store.documents import NAMES, ORDER
from syncd.adapters.store.effects import ordered_lead
from syncd.adapters.store.role import Role
from syncd.adapters.store.tables import held, order, plan
from syncd.domain.action import WriteKind
from syncd.domain.decision import HeldLead, Plan, PlanState
from syncd.domain.names import LeadId, PlanId
from syncd.domain.order import Order


class SqlOrders(Role):
    def place(self, order: Order) -> None:
        """From any process: an order is not fenced. Placing it twice is placing it once."""
        with self._database.writing() as connection:
            insert_new(connection, _orders, [_order_row(order)])

    def waiting(self) -> Sequence[Order]:
        with self._database.reading() as connection:
            return [ORDER.decode(doc) for doc in connection.scalars(_WAITING)]


class SqlPlans(Role):
    def open_plans(self) -> Sequence[Plan]:
        query = (
            select(plan)
            .where(plan.c.state.in_([PlanState.OPEN.value, PlanState.APPROVED.value]))
            .order_by(plan.c.opened_at, plan.c.id)
        )
        with self._database.reading() as connection:
            return [_plan(connection, row) for row in connection.execute(query).all()]

    def plan(self, plan_id: PlanId) -> Plan | None:
        with self._database.reading() as connection:
            row = connection.execute(select(plan).where(plan.c.id == plan_id)).one_or_none()
            return None if row is None else _plan(connection, row)


_orders = order
_WAITING = (
    select(_orders.c.doc)
    .where(_orders.c.done_at.is_(None))
    .order_by(_orders.c.placed_at, _orders.c.id)
)


_FINISH = (
    update(_orders).where(_orders.c.id == bindparam("b_id")).values(done_at=bindparam("b_now"))
)


_KEEP = update(_orders).where(_orders.c.id == bindparam("b_id")).values(doc=bindparam("b_doc"))


def keep_orders(connection: Connection, orders: Sequence[Order]) -> None:
    """Save orders already placed as they now are."""
    run_many(connection, _KEEP, [{"b_id": x.id, "b_doc": ORDER.encode(x)} for x in orders])


def finish_orders(connection: Connection, ids: Collection[str], *, now: datetime) -> None:
    run_many(connection, _FINISH, [{"b_id": x, "b_now": now} for x in ids])


def save_plans(connection: Connection, plans: Sequence[Plan]) -> None:
    upsert(connection, plan, [_plan_row(x) for x in plans])
    for x in plans:
        connection.execute(delete(held).where(held.c.plan_id == x.id))
        rows = [_held_row(x.id, n, part) for n, part in enumerate(x.leads)]
        run_many(connection, insert(held), rows)


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


def _plan(connection: Connection, row: Row[Any]) -> Plan:
    parts = connection.execute(
        select(held).where(held.c.plan_id == row.id).order_by(held.c.position)
    )
    return Plan(
        id=PlanId(row.id),
        kind=WriteKind(row.kind),
        state=PlanState(row.state),
        opened_at=row.opened_at,
        reason=row.reason,
        leads=tuple(
            HeldLead(
                lead_id=LeadId(part.lead_id),
                digest=part.digest,
                says=NAMES.decode(part.says),
                result=part.result,
            )
            for part in parts
        ),
    )
