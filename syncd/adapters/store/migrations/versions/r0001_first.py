"""The first schema.

A migration is frozen: it names no table of `tables.py`, which goes on changing.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from syncd.adapters.store.database import brand_of

revision = "0001"
down_revision = None


def upgrade() -> None:
    _leads()
    _facts()
    _effects()
    _progress()
    for statement in brand_of(op.get_bind().dialect.name).append_only("audit"):
        op.execute(statement)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _whole(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _large(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _bytes(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _index(
    name: str, table: str, *columns: str, unique: bool = False, where: str | None = None
) -> None:
    condition = None if where is None else sa.text(where)
    op.create_index(
        name,
        table,
        list(columns),
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )


def _leads() -> None:
    op.create_table(
        "lead",
        _text("id"),
        _text("stage"),
        _whole("cycle"),
        _whole("sides"),
        _large("contested_since", nullable=True),
        _large("grace_ends", nullable=True),
        _large("due_at", nullable=True),
        _text("doc"),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("lead_contested", "lead", "contested_since", where="contested_since IS NOT NULL")
    _index("lead_due", "lead", "due_at", "id", where="due_at IS NOT NULL")
    _index("lead_in_grace", "lead", "grace_ends", where="grace_ends IS NOT NULL")
    _index("lead_linked", "lead", "sides", where="sides > 1")
    op.create_table(
        "link",
        _text("system"),
        _text("record_id"),
        _text("lead_id"),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("record_id", "system"),
    )
    _index("link_lead", "link", "lead_id")
    op.create_table(
        "email",
        _text("address"),
        _text("lead_id"),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("address", "lead_id"),
    )
    _index("email_lead", "email", "lead_id")
    op.create_table("alias", _text("id"), _text("lead_id"), sa.PrimaryKeyConstraint("id"))
    _index("alias_lead", "alias", "lead_id")
    op.create_table(
        "handoff",
        _text("id"),
        _text("lead_id"),
        _whole("cycle"),
        _text("state"),
        _large("opened_at"),
        _large("warn_at"),
        _large("due_at"),
        _large("expires_at"),
        _large("closed_at", nullable=True),
        _text("doc"),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("handoff_lead", "handoff", "lead_id")
    _index("handoff_one_open", "handoff", "lead_id", unique=True, where="closed_at IS NULL")


def _facts() -> None:
    op.create_table(
        "transition",
        _text("id"),
        _text("lead_id"),
        _large("at"),
        _large("seen_at"),
        _text("doc"),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("transition_lead", "transition", "lead_id")
    op.create_table(
        "verdict",
        _text("lead_id"),
        _text("transition_id"),
        _text("gate"),
        _large("judged_at"),
        _text("doc"),
        sa.PrimaryKeyConstraint("lead_id", "transition_id", "gate", "judged_at"),
    )
    op.create_table(
        "audit",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        _large("at"),
        _text("kind"),
        _text("lead_id", nullable=True),
        _text("facts"),
        _bytes("personal", nullable=True),
        _text("prev"),
        _text("hash"),
        sa.PrimaryKeyConstraint("sequence"),
    )
    _index("audit_lead", "audit", "lead_id")
    op.create_table(
        "person_key", _text("lead_id"), _bytes("key"), sa.PrimaryKeyConstraint("lead_id")
    )


def _effects() -> None:
    op.create_table(
        "outbox",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        _text("key"),
        _text("lead_id", nullable=True),
        _text("target", nullable=True),
        _text("write_kind", nullable=True),
        _text("state"),
        _large("due_at", nullable=True),
        _whole("attempts"),
        _text("reason"),
        _large("created_at"),
        _large("changed_at"),
        _text("doc", nullable=True),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("key"),
    )
    _index("outbox_buried", "outbox", "seq", where="state = 'buried' AND doc IS NOT NULL")
    _index("outbox_due", "outbox", "due_at", "seq", where="due_at IS NOT NULL")
    _index("outbox_full", "outbox", "changed_at", where="due_at IS NULL AND doc IS NOT NULL")
    _index("outbox_lead", "outbox", "lead_id")
    _index("outbox_order", "outbox", "target", "seq", where="due_at IS NOT NULL")
    _index(
        "outbox_spent",
        "outbox",
        "created_at",
        "write_kind",
        "lead_id",
        where="write_kind IS NOT NULL",
    )
    op.create_table(
        "plan",
        _text("id"),
        _text("kind"),
        _text("state"),
        _large("opened_at"),
        _text("reason"),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("plan_state", "plan", "state", "opened_at")
    op.create_table(
        "held",
        _text("plan_id"),
        _text("lead_id"),
        _whole("position"),
        _text("digest"),
        _text("says"),
        _text("result"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("plan_id", "lead_id"),
    )
    _index("held_lead", "held", "lead_id")
    op.create_table(
        "order",
        _text("id"),
        _text("lead_id", nullable=True),
        _large("placed_at"),
        _large("done_at", nullable=True),
        _text("doc"),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("order_lead", "order", "lead_id")
    _index("order_waiting", "order", "placed_at", "id", where="done_at IS NULL")


def _progress() -> None:
    op.create_table(
        "parked",
        _text("system"),
        _text("record_id"),
        _text("why"),
        _text("candidates"),
        _large("since"),
        sa.PrimaryKeyConstraint("system", "record_id"),
    )
    op.create_table("watermark", _text("system"), _large("at"), sa.PrimaryKeyConstraint("system"))
    op.create_table("side", _text("system"), _text("doc"), sa.PrimaryKeyConstraint("system"))
    op.create_table(
        "lease",
        _text("name"),
        _text("holder"),
        _large("token"),
        _large("expires_at"),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table("meta", _text("key"), _text("value"), sa.PrimaryKeyConstraint("key"))
