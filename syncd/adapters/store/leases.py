"""The lease: one writer at a time, told apart by a number that only grows."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, select, update

from syncd.adapters.store.database import insert_new
from syncd.adapters.store.outbox import free_claims
from syncd.adapters.store.role import WRITER, Role
from syncd.adapters.store.tables import lease

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_FREE = {"name": WRITER, "holder": "", "token": 0, "expires_at": _LONG_AGO}


_RENEW = update(lease).where(lease.c.name == WRITER).values(expires_at=bindparam("b_until"))


class SqlLease(Role):
    def acquire(self, *, holder: str, now: datetime, span: timedelta) -> bool:
        """True when the lease is ours: it was already, it was free or over, or the one
        who held it bears our name (we were killed and started again)."""
        with self._database.writing() as connection:
            token = _token_for(connection, holder, now=now, ours=self._fence.token)
            if token is None:
                return False
            connection.execute(
                update(lease)
                .where(lease.c.name == WRITER)
                .values(holder=holder, token=token, expires_at=now + span)
            )
            if token != self._fence.token:
                free_claims(connection, now=now)
        self._fence.token = token
        return True

    def renew(self, *, now: datetime, span: timedelta) -> None:
        with self._database.writing() as connection:
            self._fence.check(connection)
            connection.execute(_RENEW, {"b_until": now + span})

    def must_hold(self) -> None:
        with self._database.reading() as connection:
            self._fence.look(connection)

    def release(self) -> None:
        """Let the next one in; nothing when the lease is no longer ours."""
        with self._database.writing() as connection:
            connection.execute(
                update(lease)
                .where(lease.c.name == WRITER, lease.c.token == self._fence.token)
                .values(holder="", expires_at=_LONG_AGO)
            )
        self._fence.token = None


def _token_for(
    connection: Connection, holder: str, *, now: datetime, ours: int | None
) -> int | None:
    """The number under which `holder` may write from now on, or None."""
    insert_new(connection, lease, [_FREE])
    stored = connection.execute(select(lease).where(lease.c.name == WRITER).with_for_update()).one()
    if ours is not None and stored.token == ours:
        return ours
    if stored.holder in ("", holder) or stored.expires_at <= now:
        return int(stored.token) + 1
    return None
