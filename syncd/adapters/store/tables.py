"""The tables: what is stored where, and the promises that the database itself keeps.

Every change here needs a migration in `migrations/versions`; a test holds both equal.
Instants are whole microseconds since 1970, UTC. A NULL due or closing instant is how a
row says that it wants nothing (more), so that partial indexes hold only live rows.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    false,
    literal_column,
)
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(at: datetime) -> int:
    """An aware instant as it is stored."""
    return (at - _EPOCH) // _MICROSECOND


@lru_cache(maxsize=64)  # the rows of a batch mostly say the same
def instant(stored: int) -> datetime:
    return _EPOCH + timedelta(microseconds=stored)


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept exactly and in order on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else instant(value)


def _partial(name: str, *columns: Column[object], where: ColumnElement[bool]) -> Index:
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


metadata = MetaData()

lead = Table(
    "lead",
    metadata,
    Column("id", Text, primary_key=True),
    Column("stage", Text, nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("sides", Integer, nullable=False),
    Column("contested_since", Instant),
    Column("grace_ends", Instant),
    Column("due_at", Instant),
    Column("doc", Text, nullable=False),
    Column("disputed_since", Instant),
    Column("lost", Text),
)
_partial("lead_due", lead.c.due_at, lead.c.id, where=lead.c.due_at.is_not(None))
_partial("lead_contested", lead.c.contested_since, where=lead.c.contested_since.is_not(None))
_partial("lead_disputed", lead.c.disputed_since, where=lead.c.disputed_since.is_not(None))
_partial("lead_lost", lead.c.lost, lead.c.id, where=lead.c.lost.is_not(None))
_partial("lead_in_grace", lead.c.grace_ends, where=lead.c.grace_ends.is_not(None))
IS_LINKED = lead.c.sides > literal_column("1")
_partial("lead_linked", lead.c.sides, where=IS_LINKED)

link = Table(
    "link",
    metadata,
    Column("system", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("lead_id", ForeignKey("lead.id", ondelete="CASCADE"), nullable=False),
    PrimaryKeyConstraint("record_id", "system"),
    Index("link_lead", "lead_id"),
)

email = Table(
    "email",
    metadata,
    Column("address", Text, nullable=False),
    Column("lead_id", ForeignKey("lead.id", ondelete="CASCADE"), nullable=False),
    PrimaryKeyConstraint("address", "lead_id"),
    Index("email_lead", "lead_id"),
)

alias = Table(
    "alias",
    metadata,
    Column("id", Text, primary_key=True),
    Column("lead_id", Text, nullable=False),
    Index("alias_lead", "lead_id"),
)

handoff = Table(
    "handoff",
    metadata,
    Column("id", Text, primary_key=True),
    Column("lead_id", Text, nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("doc", Text, nullable=False),
    Index("handoff_lead", "lead_id"),
)
Index(
    "handoff_one_open",
    handoff.c.lead_id,
    unique=True,
    sqlite_where=handoff.c.closed_at.is_(None),
    postgresql_where=handoff.c.closed_at.is_(None),
)

transition = Table(
    "transition",
    metadata,
    Column("id", Text, primary_key=True),
    Column("lead_id", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("doc", Text, nullable=False),
    Index("transition_lead", "lead_id"),
)

verdict = Table(
    "verdict",
    metadata,
    Column("lead_id", Text, nullable=False),
    Column("transition_id", Text, nullable=False),
    Column("gate", Text, nullable=False),
    Column("judged_at", Instant, nullable=False),
    Column("doc", Text, nullable=False),
    PrimaryKeyConstraint("lead_id", "transition_id", "gate", "judged_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("lead_id", Text),
    Column("target", Text),
    Column("write_kind", Text),
    Column("state", Text, nullable=False),
    Column("due_at", Instant),
    Column("attempts", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("doc", Text),
    Index("outbox_lead", "lead_id"),
)
_partial("outbox_due", outbox.c.due_at, outbox.c.seq, where=outbox.c.due_at.is_not(None))
_partial("outbox_order", outbox.c.target, outbox.c.seq, where=outbox.c.due_at.is_not(None))
IS_FULL = outbox.c.due_at.is_(None) & outbox.c.doc.is_not(None)
_partial("outbox_full", outbox.c.changed_at, where=IS_FULL)
IS_BURIED = (outbox.c.state == literal_column("'buried'")) & outbox.c.doc.is_not(None)
_partial("outbox_buried", outbox.c.seq, where=IS_BURIED)
_partial(
    "outbox_spent",
    outbox.c.created_at,
    outbox.c.write_kind,
    outbox.c.lead_id,
    where=outbox.c.write_kind.is_not(None),
)

parked = Table(
    "parked",
    metadata,
    Column("system", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("candidates", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("ignored", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("system", "record_id"),
)

plan = Table(
    "plan",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    Index("plan_state", "state", "opened_at"),
)

held = Table(
    "held",
    metadata,
    Column("plan_id", ForeignKey("plan.id", ondelete="CASCADE"), nullable=False),
    Column("lead_id", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("says", Text, nullable=False),
    Column("result", Text, nullable=False),
    PrimaryKeyConstraint("plan_id", "lead_id"),
    Index("held_lead", "lead_id"),
)

order = Table(
    "order",
    metadata,
    Column("id", Text, primary_key=True),
    Column("lead_id", Text),
    Column("placed_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("doc", Text, nullable=False),
    Index("order_lead", "lead_id"),
)
_partial("order_waiting", order.c.placed_at, order.c.id, where=order.c.done_at.is_(None))

message = Table(
    "message",
    metadata,
    Column("key", Text, primary_key=True),
    Column("short", Text, nullable=False),
    Column("lead_id", Text),
    Column("channel", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("waits_until", Instant),
    Column("sent_at", Instant),
    Column("opens", Text),
    Column("stands", Text),
    Column("acted", Boolean, nullable=False),
    Column("not_useful", Boolean, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("doc", Text, nullable=False),
    Index("message_short", "short"),
    Index("message_lead", "lead_id"),
    Index("message_decided", "decided_at"),
)
_partial("message_waits", message.c.waits_until, where=message.c.waits_until.is_not(None))
_partial("message_sent", message.c.sent_at, where=message.c.sent_at.is_not(None))
_partial("message_opens", message.c.opens, where=message.c.opens.is_not(None))
_partial("message_stands", message.c.stands, where=message.c.stands.is_not(None))

silence = Table(
    "silence",
    metadata,
    Column("id", Text, primary_key=True),
    Column("lead_id", Text),
    Column("expires_at", Instant, nullable=False),
    Column("doc", Text, nullable=False),
    Index("silence_expires", "expires_at"),
)

preview = Table(
    "preview",
    metadata,
    Column("checksum", Text, primary_key=True),
    Column("made_at", Instant, nullable=False),
    Column("doc", Text, nullable=False),
    Index("preview_made", "made_at"),
)

watermark = Table(
    "watermark",
    metadata,
    Column("system", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)

side = Table(
    "side",
    metadata,
    Column("system", Text, primary_key=True),
    Column("doc", Text, nullable=False),
)

scan = Table(
    "scan",
    metadata,
    Column("system", Text, primary_key=True),
    Column("doc", Text, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),  # an instant, read as it is: the hash covers it
    Column("kind", Text, nullable=False),
    Column("lead_id", Text),
    Column("facts", Text, nullable=False),
    Column("personal", LargeBinary),
    Column("prev", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("audit_lead", "lead_id"),
)

person_key = Table(
    "person_key",
    metadata,
    Column("lead_id", Text, primary_key=True),
    Column("key", LargeBinary, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("token", BigInteger, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
