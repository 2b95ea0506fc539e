"""Messages: what was decided about each alert and where its message is, and silences.

Alerts sent before have no row: their messages are not changed any more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("short", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.Text()),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("waits_until", sa.BigInteger()),
        sa.Column("sent_at", sa.BigInteger()),
        sa.Column("opens", sa.Text()),
        sa.Column("stands", sa.Text()),
        sa.Column("acted", sa.Boolean(), nullable=False),
        sa.Column("not_useful", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("message_short", "message", ["short"])
    op.create_index("message_lead", "message", ["lead_id"])
    op.create_index("message_decided", "message", ["decided_at"])
    for name in ("waits_until", "sent_at", "opens", "stands"):
        _index_where_there(f"message_{name.split('_')[0]}", name)
    op.create_table(
        "silence",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.Text()),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("silence_expires", "silence", ["expires_at"])


def _index_where_there(name: str, column: str) -> None:
    is_there = sa.text(f"{column} IS NOT NULL")
    op.create_index(name, "message", [column], sqlite_where=is_there, postgresql_where=is_there)
