"""The outbox: effects decided and not yet known to be done.

A row with a due instant is open: pending, or claimed until that instant. A claim that
was never answered (the worker died) is simply due again.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)

from syncd.adapters.store.database import batches, insert_new, run_many
from syncd.adapters.store.documents import ACTION
from syncd.adapters.store.effects import (
    KEEP_PAYLOAD,
    OutboxState,
    attempts_taken_back,
    due_after,
    reason_of,
    state_after,
    target_of,
    write_kind_of,
)
from syncd.adapters.store.role import Role
from syncd.adapters.store.tables import IS_LINKED, lead, outbox
from syncd.core.budget import CAN_WAIT
from syncd.domain.action import Action, WriteKind
from syncd.domain.names import System
from syncd.store_ports import OutboxChange, OutboxRow


class SqlOutbox(Role):
    def claim(
        self, *, now: datetime, until: datetime, limit: int, held: Collection[System] = ()
    ) -> Sequence[OutboxRow]:
        query = _CLAIMABLE.where(_not_of(held)) if held else _CLAIMABLE
        with self._database.writing() as connection:
            self._fence.check(connection)
            rows = connection.execute(query, {"b_now": now, "b_most": limit}).all()
            for some in batches([row.seq for row in rows]):
                claimed = {"due_at": until, "changed_at": now}
                connection.execute(_CLAIM.where(outbox.c.seq.in_(some)).values(claimed))
        return [_outbox_row(row) for row in rows]

    def spent(self, since: datetime) -> Mapping[WriteKind, int]:
        query = (
            select(outbox.c.write_kind, func.count(outbox.c.lead_id.distinct()))
            .where(outbox.c.created_at >= since, outbox.c.write_kind.is_not(None))
            .group_by(outbox.c.write_kind)
        )
        with self._database.reading() as connection:
            return {WriteKind(kind): n for kind, n in connection.execute(query)}

    def linked(self) -> int:
        query = select(func.count()).select_from(lead).where(IS_LINKED)
        with self._database.reading() as connection:
            return connection.scalars(query).one()


def add_actions(connection: Connection, actions: Sequence[Action], *, now: datetime) -> None:
    insert_new(connection, outbox, [_new_row(action, now) for action in actions])


def apply_changes(
    connection: Connection, changes: Sequence[OutboxChange], *, now: datetime
) -> None:
    """What became of open rows; a row that is finished stays as it is."""
    rows = [
        {
            "b_key": change.key,
            "b_state": state_after(change).value,
            "b_due": due_after(change),
            "b_less": attempts_taken_back(change),
            "b_reason": reason_of(change),
            "b_now": now,
        }
        for change in changes
    ]
    run_many(connection, _CHANGE, rows)
    if rows:
        old = outbox.c.due_at.is_(None) & outbox.c.doc.is_not(None)
        old &= outbox.c.changed_at < now - KEEP_PAYLOAD
        connection.execute(update(outbox).where(old).values(doc=None))


_CLAIM = update(outbox).values(state=OutboxState.CLAIMED.value, attempts=outbox.c.attempts + 1)

_CHANGE = (
    update(outbox)
    .where(outbox.c.key == bindparam("b_key"), outbox.c.due_at.is_not(None))
    .values(
        state=bindparam("b_state"),
        due_at=bindparam("b_due"),
        attempts=outbox.c.attempts - bindparam("b_less"),
        reason=bindparam("b_reason"),
        changed_at=bindparam("b_now"),
    )
)


def free_claims(connection: Connection, *, now: datetime) -> None:
    """What a worker that died had claimed is due at once."""
    claimed = outbox.c.due_at.is_not(None) & (outbox.c.state == OutboxState.CLAIMED.value)
    connection.execute(
        update(outbox).where(claimed).values(state=OutboxState.PENDING.value, due_at=now)
    )


_EARLIER = outbox.alias("earlier")
_WAITS = exists().where(
    _EARLIER.c.target == outbox.c.target,
    _EARLIER.c.seq < outbox.c.seq,
    _EARLIER.c.due_at > bindparam("b_now"),
    _EARLIER.c.state != OutboxState.SENT.value,
)
_CLAIMABLE = (
    select(
        outbox.c.seq,
        outbox.c.doc,
        outbox.c.attempts,
        outbox.c.created_at,
        outbox.c.reason,
        outbox.c.state,
    )
    .where(outbox.c.due_at <= bindparam("b_now"), ~_WAITS)
    .order_by(outbox.c.seq)
    .limit(bindparam("b_most"))
    .with_for_update(of=outbox, skip_locked=True)
)
"""Due rows that no earlier row of the same record, neither due yet nor sent, stands before.
They are locked, and rows another worker has locked are passed over."""


def _not_of(held: Collection[System]) -> ColumnElement[bool]:
    """All but the writes to these CRMs that can wait. A record yet to be made has no target:
    it waits for all CRMs."""
    elsewhere = (~outbox.c.target.startswith(f"{system.value}:") for system in held)
    return or_(
        outbox.c.write_kind.is_(None), outbox.c.write_kind.not_in(CAN_WAIT), and_(*elsewhere)
    )


def _outbox_row(row: Row[Any]) -> OutboxRow:
    return OutboxRow(
        action=ACTION.decode(row.doc),
        attempts=row.attempts,
        created_at=row.created_at,
        reason=row.reason,
        sent=row.state == OutboxState.SENT.value,
    )


def _new_row(action: Action, now: datetime) -> dict[str, Any]:
    return {
        "key": action.key,
        "lead_id": action.lead_id,
        "target": target_of(action),
        "write_kind": write_kind_of(action),
        "state": OutboxState.PENDING.value,
        "due_at": now,
        "attempts": 0,
        "reason": "",
        "created_at": now,
        "changed_at": now,
        "doc": ACTION.encode(action),
    }
