"""The outbox: effects decided and not yet known to be done.

A row with a due instant is open: pending, or claimed until that instant. A claim that
was never answered (the worker died) is simply due again.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Function,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)

from syncd.adapters.store.database import insert_new
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
from syncd.adapters.store.many import among, listed, run_many
from syncd.adapters.store.role import Role
from syncd.adapters.store.tables import IS_FULL, IS_LINKED, lead, outbox
from syncd.commit import OutboxChange, OutboxRow
from syncd.core.budget import CAN_WAIT
from syncd.domain.action import Action, WriteKind
from syncd.domain.names import LeadId, System


class SqlOutbox(Role):
    def claim(
        self,
        *,
        now: datetime,
        until: datetime,
        limit: int,
        held: Collection[System] = (),
        leads: Collection[LeadId] | None = None,
    ) -> Sequence[OutboxRow]:
        query = _CLAIMABLE.where(_not_of(held)) if held else _CLAIMABLE
        query = query if leads is None else query.where(_OF_LEADS)
        asked = {"b_now": now, "b_most": limit, **(listed(leads) if leads is not None else {})}
        with self._database.writing() as connection:
            self._fence.check(connection)
            rows = connection.execute(query, asked).all()
            if rows:
                keys = listed([row[0] for row in rows])  # by name takes ten times as long
                connection.execute(_CLAIM, {"b_until": until, "b_now": now, **keys})
        kept = self._kept_actions.under(self._fence.token)
        claimed = [_outbox_row(row, kept) for row in rows]
        self._kept_actions.drop([row[1] for row in rows])
        return claimed

    def spent(self, since: datetime) -> Mapping[WriteKind, int]:
        return self._count(_SPENT, since)

    def asked_for(self, since: datetime) -> Mapping[WriteKind, int]:
        return self._count(_ASKED_FOR, since)

    def _count(self, query: Select[Any], since: datetime) -> Mapping[WriteKind, int]:
        with self._database.reading() as connection:
            rows = connection.execute(query, {"b_since": since})
            return {WriteKind(kind): n for kind, n in rows}

    def linked(self) -> int:
        with self._database.reading() as connection:
            return connection.scalars(_LINKED).one()


def _by_kind(count: Function[int]) -> Select[Any]:
    return (
        select(outbox.c.write_kind, count)
        .where(outbox.c.created_at >= bindparam("b_since"), outbox.c.write_kind.is_not(None))
        .group_by(outbox.c.write_kind)
    )


_SPENT = _by_kind(func.count(outbox.c.lead_id.distinct()))
_ASKED_FOR = _by_kind(func.count())
_LINKED = select(func.count()).select_from(lead).where(IS_LINKED)


def add_actions(
    connection: Connection, actions: Sequence[Action], *, now: datetime
) -> dict[str, Action]:
    """One already stored is left alone. The actions by their documents."""
    by_doc = {ACTION.encode(action): action for action in actions}
    insert_new(connection, outbox, [_new_row(x, doc, now) for doc, x in by_doc.items()])
    return by_doc


def apply_changes(
    connection: Connection, changes: Sequence[OutboxChange], *, now: datetime
) -> None:
    """What became of open rows; a row that is finished stays as it is."""
    alike = groupby(changes, key=_becomes)
    rows = [{**new, "b_now": now, **listed(x.key for x in some)} for new, some in alike]
    run_many(connection, _CHANGE, rows)
    if rows:
        connection.execute(_EMPTY, {"b_before": now - KEEP_PAYLOAD})


def _becomes(change: OutboxChange) -> dict[str, Any]:
    """What it makes of its row; changes in a row that make the same of theirs are one."""
    return {
        "b_state": state_after(change),
        "b_due": due_after(change),
        "b_less": attempts_taken_back(change),
        "b_reason": reason_of(change),
    }


_CLAIM = (
    update(outbox)
    .where(among(outbox.c.key))
    .values(
        state=OutboxState.CLAIMED.value,
        attempts=outbox.c.attempts + 1,
        due_at=bindparam("b_until"),
        changed_at=bindparam("b_now"),
    )
)

_CHANGE = (
    update(outbox)
    .where(among(outbox.c.key), outbox.c.due_at.is_not(None))
    .values(
        state=bindparam("b_state"),
        due_at=bindparam("b_due"),
        attempts=outbox.c.attempts - bindparam("b_less"),
        reason=bindparam("b_reason"),
        changed_at=bindparam("b_now"),
    )
)


_EMPTY = update(outbox).where(IS_FULL, outbox.c.changed_at < bindparam("b_before")).values(doc=None)


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
        outbox.c.key,
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


_OF_LEADS = or_(outbox.c.lead_id.is_(None), among(outbox.c.lead_id))


def _not_of(held: Collection[System]) -> ColumnElement[bool]:
    """All but the writes to these CRMs that can wait. A record yet to be made has no target:
    it waits for all CRMs."""
    elsewhere = (~outbox.c.target.startswith(f"{system.value}:") for system in held)
    return or_(
        outbox.c.write_kind.is_(None), outbox.c.write_kind.not_in(CAN_WAIT), and_(*elsewhere)
    )


def _outbox_row(row: Row[Any], kept: Mapping[str, Action]) -> OutboxRow:
    _, doc, attempts, created_at, reason, state = row
    return OutboxRow(
        action=kept.get(doc) or ACTION.decode(doc),
        attempts=attempts,
        created_at=created_at,
        reason=reason,
        sent=state == OutboxState.SENT,
    )


def _new_row(action: Action, doc: str, now: datetime) -> dict[str, Any]:
    return {
        "key": action.key,
        "lead_id": action.lead_id,
        "target": target_of(action),
        "write_kind": write_kind_of(action),
        "state": OutboxState.PENDING,
        "due_at": now,
        "attempts": 0,
        "reason": "",
        "created_at": now,
        "changed_at": now,
        "doc": doc,
    }
