"""The tables of the last reconciliations: what each was of, and every record that it placed."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table, Text

from syncd.adapters.store.tables import Instant, metadata

reconciliation = Table(
    "reconciliation",
    metadata,
    Column("period", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("doc", Text, nullable=False),
    PrimaryKeyConstraint("period", "stage"),
)

reconciled = Table(
    "reconciled",
    metadata,
    Column("period", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("system", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("lead_id", Text),
    Column("at", Instant, nullable=False),
    Column("there", Text),
    Column("there_at", Instant),
    PrimaryKeyConstraint("period", "stage", "system", "record_id"),
    ForeignKeyConstraint(
        ["period", "stage"], ["reconciliation.period", "reconciliation.stage"], ondelete="CASCADE"
    ),
    Index("reconciled_place", "period", "stage", "place", "system"),
    Index("reconciled_lead", "lead_id"),
)
"""`place` is a reason, or that both CRMs count it: then `there` is the other CRM's record."""
