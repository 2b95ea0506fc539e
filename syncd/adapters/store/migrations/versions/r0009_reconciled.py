"""The last reconciliations, each with the records that it placed, so that its numbers open."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "reconciliation",
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("period", "stage"),
    )
    op.create_table(
        "reconciled",
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.Text()),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("there", sa.Text()),
        sa.Column("there_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("period", "stage", "system", "record_id"),
        sa.ForeignKeyConstraint(
            ["period", "stage"],
            ["reconciliation.period", "reconciliation.stage"],
            ondelete="CASCADE",
        ),
    )
    op.create_index("reconciled_place", "reconciled", ["period", "stage", "place", "system"])
    op.create_index("reconciled_lead", "reconciled", ["lead_id"])
