"""Which leads share a deal is asked by the deal."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_index("deal_id", "deal", ["id"])
