"""What numbers are counted from: rows of rounds and of judged moves, deals, and which leads are
still uncounted. In a store that is there all of them are.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_Types = dict[str, type[sa.types.TypeEngine[Any]]]

_DIMENSIONS: _Types = dict.fromkeys(("segment", "source", "campaign", "owner", "standard"), sa.Text)
_ROUND: _Types = {
    **_DIMENSIONS,
    **dict.fromkeys(
        (
            *("lead_at", "mql_at", "sal_at", "sql_at", "opportunity_at", "customer_at"),
            *("offered_at", "assigned_at", "accepted_at", "attempted_at", "touched_at"),
            "closed_at",
        ),
        sa.BigInteger,
    ),
    **dict.fromkeys(("state", "reason", "missing", "objection"), sa.Text),
    **dict.fromkeys(
        ("wakes_at", "assign_due_at", "accept_due_at", "touch_due_at", "dispose_due_at"),
        sa.BigInteger,
    ),
    **dict.fromkeys(
        ("assign_missed", "accept_missed", "touch_missed", "dispose_missed"), sa.Boolean
    ),
    **dict.fromkeys(("assign_business_s", "accept_business_s", "touch_business_s"), sa.BigInteger),
    "mql_score": sa.Double,
    "mql_band": sa.Text,
    "sql_score": sa.Double,
    "sql_band": sa.Text,
    "won_at": sa.BigInteger,
    "lost_at": sa.BigInteger,
    "lost_reason": sa.Text,
    "won_amount": sa.Double,
    "open_amount": sa.Double,
    "sourced": sa.Boolean,
    "influenced": sa.Boolean,
}
_MOVE: _Types = {
    **_DIMENSIONS,
    "at": sa.BigInteger,
    "treatment": sa.Text,
    "unmet": sa.Text,
    "met": sa.Text,
    "score": sa.Double,
    **dict.fromkeys(("band", "variant", "moved_by", "waived_by", "waived_why"), sa.Text),
}
_IS_SELLING = sa.text("stage IN ('sql', 'opportunity', 'customer')")


def upgrade() -> None:
    _facts("round_fact", _ROUND, cycle=sa.Integer())
    _facts("move_fact", _MOVE, transition_id=sa.Text(), gate=sa.Text())
    op.create_table(
        "fact_gone",
        sa.Column("lead_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("lead_id"),
    )
    op.create_index("fact_gone_seq", "fact_gone", ["seq"])
    op.create_table(
        "uncounted",
        sa.Column("lead_id", sa.Text(), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("lead_id"),
    )
    _deals()
    op.create_index(
        "lead_selling", "lead", ["id"], sqlite_where=_IS_SELLING, postgresql_where=_IS_SELLING
    )
    op.execute("INSERT INTO uncounted (lead_id, mark) SELECT id, 0 FROM lead")


def _facts(name: str, columns: _Types, **key: sa.types.TypeEngine[Any]) -> None:
    """`cycle` is part of the key, or stands behind it."""
    names = [*key, *(x for x in ("cycle",) if x not in key)]
    types: dict[str, sa.types.TypeEngine[Any]] = {"cycle": sa.Integer(), **key}
    op.create_table(
        name,
        sa.Column("lead_id", sa.Text(), nullable=False),
        *(sa.Column(x, types[x], nullable=False) for x in names),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        *(sa.Column(x, kind()) for x, kind in columns.items()),
        sa.PrimaryKeyConstraint("lead_id", *key),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], ondelete="CASCADE"),
    )
    op.create_index(f"{name}_seq", name, ["seq"])


def _deals() -> None:
    op.create_table(
        "deal",
        sa.Column("lead_id", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("is_won", sa.Boolean(), nullable=False),
        sa.Column("amount", sa.Double()),
        sa.Column("closes_at", sa.BigInteger()),
        sa.Column("made_at", sa.BigInteger()),
        sa.Column("lost_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("lead_id", "system", "id"),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], ondelete="CASCADE"),
    )
    is_open = {"sqlite": sa.text("is_closed IS 0"), "postgresql": sa.text("is_closed IS false")}
    op.create_index(
        "deal_open",
        "deal",
        ["lead_id"],
        sqlite_where=is_open["sqlite"],
        postgresql_where=is_open["postgresql"],
    )
