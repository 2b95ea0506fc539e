"""Two CRMs, one story: records a person said to leave alone, fields in dispute, lost
records, and reads of everything.

Ids that records had before (converted, merged) are further rows of `link`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column(
        "parked", sa.Column("ignored", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_table(
        "scan",
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("system"),
    )
    op.add_column("lead", sa.Column("disputed_since", sa.BigInteger()))
    op.create_index(
        "lead_disputed",
        "lead",
        ["disputed_since"],
        sqlite_where=sa.text("disputed_since IS NOT NULL"),
        postgresql_where=sa.text("disputed_since IS NOT NULL"),
    )
    op.add_column("lead", sa.Column("lost", sa.Text()))
    op.create_index(
        "lead_lost",
        "lead",
        ["lost", "id"],
        sqlite_where=sa.text("lost IS NOT NULL"),
        postgresql_where=sa.text("lost IS NOT NULL"),
    )
