"""The tables that everything is counted from (`measure.facts`), what is still to be counted,
and the deals.

Lists are JSON. `seq` rises with each batch of leads that is counted, so that whoever read the
rows before reads only what is new; `fact_gone` tells which leads' rows went then.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    literal_column,
)
from sqlalchemy.types import TypeEngine

from syncd.adapters.store.tables import Instant, lead, metadata
from syncd.domain.stage import Stage

_Type = type[TypeEngine[Any]]
_DIMENSIONS: dict[str, _Type] = dict.fromkeys(
    ("segment", "source", "campaign", "owner", "standard"), Text
)
_CLOCKS = ("assign", "accept", "touch", "dispose")
_ROUND: dict[str, _Type] = {
    **_DIMENSIONS,
    **dict.fromkeys(
        ("lead_at", "mql_at", "sal_at", "sql_at", "opportunity_at", "customer_at"), Instant
    ),
    **dict.fromkeys(
        ("offered_at", "assigned_at", "accepted_at", "attempted_at", "touched_at", "closed_at"),
        Instant,
    ),
    **dict.fromkeys(("state", "reason", "missing", "objection"), Text),
    "wakes_at": Instant,
    **{f"{clock}_due_at": Instant for clock in _CLOCKS},
    **{f"{clock}_missed": Boolean for clock in _CLOCKS},
    **{f"{clock}_business_s": BigInteger for clock in ("assign", "accept", "touch")},
    "mql_score": Double,
    "mql_band": Text,
    "sql_score": Double,
    "sql_band": Text,
    "won_at": Instant,
    "lost_at": Instant,
    "lost_reason": Text,
    "won_amount": Double,
    "open_amount": Double,
    "sourced": Boolean,
    "influenced": Boolean,
}
_MOVE: dict[str, _Type] = {
    **_DIMENSIONS,
    "at": Instant,
    "treatment": Text,
    "unmet": Text,
    "met": Text,
    "score": Double,
    "band": Text,
    "variant": Text,
    "moved_by": Text,
    "waived_by": Text,
    "waived_why": Text,
}
LISTS = frozenset({"missing", "unmet", "met"})


def _columns(types: dict[str, _Type]) -> list[Column[Any]]:
    return [Column(name, kind) for name, kind in types.items()]


def _of_lead() -> Column[Any]:
    return Column("lead_id", ForeignKey("lead.id", ondelete="CASCADE"), nullable=False)


round_fact = Table(
    "round_fact",
    metadata,
    _of_lead(),
    Column("cycle", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    *_columns(_ROUND),
    PrimaryKeyConstraint("lead_id", "cycle"),
    Index("round_fact_seq", "seq"),
)

move_fact = Table(
    "move_fact",
    metadata,
    _of_lead(),
    Column("transition_id", Text, nullable=False),
    Column("gate", Text, nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    *_columns(_MOVE),
    PrimaryKeyConstraint("lead_id", "transition_id", "gate"),
    Index("move_fact_seq", "seq"),
)

fact_gone = Table(
    "fact_gone",
    metadata,
    Column("lead_id", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Index("fact_gone_seq", "seq"),
)

uncounted = Table(
    "uncounted",
    metadata,
    Column("lead_id", Text, primary_key=True),
    Column("mark", BigInteger, nullable=False),
)

deal = Table(
    "deal",
    metadata,
    _of_lead(),
    Column("system", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("is_closed", Boolean, nullable=False),
    Column("is_won", Boolean, nullable=False),
    Column("amount", Double),
    Column("closes_at", Instant),
    Column("made_at", Instant),
    Column("lost_reason", Text, nullable=False),
    PrimaryKeyConstraint("lead_id", "system", "id"),
    Index("deal_id", "id"),
)
IS_STILL_OPEN = deal.c.is_closed.is_(False)
Index("deal_open", deal.c.lead_id, sqlite_where=IS_STILL_OPEN, postgresql_where=IS_STILL_OPEN)

_SELLING = (Stage.SQL, Stage.OPPORTUNITY, Stage.CUSTOMER)
IS_SELLING = lead.c.stage.in_([literal_column(f"'{stage.value}'") for stage in _SELLING])
Index("lead_selling", lead.c.id, sqlite_where=IS_SELLING, postgresql_where=IS_SELLING)
