"""All that is true of PostgreSQL alone: sessions, their patience, triggers, what is erased.

A `Brand` (`database.py`), as `sqlite.py` is. Nothing else may know that the store is PostgreSQL.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError

from syncd.adapters.store.tables import metadata
from syncd.adapters.store.translate import translated
from syncd.errors import StoreError
from syncd.store_ports import StoreUrl

_SESSION = (
    # As long as SQLite's: a writer that waits for longer says so instead of hanging.
    "SET lock_timeout = '10s'",
    # A worker stopped in the middle of a commit must not hold its lease for ever (it is shorter
    # than the lease): the server undoes the commit, and the worker finds out when it wakes up.
    "SET idle_in_transaction_session_timeout = '60s'",
    # A machine that vanished without a word is noticed within a minute and a half.
    "SET tcp_keepalives_idle = 30",
    "SET tcp_keepalives_interval = 15",
    "SET tcp_keepalives_count = 4",
)
_READ_ONLY = "SET default_transaction_read_only = on"
_CONNECT_SECONDS = 10

READING: Mapping[str, Any] = {"isolation_level": "REPEATABLE READ"}
"""One view of the store for all queries of a transaction. Writers need none: they begin with
the row of the lease, which lets one of them in at a time, and see what the last one left."""


def open_postgresql(at: StoreUrl, *, read_only: bool) -> Engine:
    """An engine for this database. Nothing is connected to yet."""
    engine = create_engine(
        full_url(at),
        hide_parameters=True,
        connect_args={"connect_timeout": _CONNECT_SECONDS, "application_name": "syncd"},
    )
    wishes = (*_SESSION, _READ_ONLY) if read_only else _SESSION

    @event.listens_for(engine, "connect")
    def prepare(connection: psycopg.Connection[Any], _record: object) -> None:
        connection.autocommit = True
        for wish in wishes:
            connection.execute(wish.encode())
        connection.autocommit = False

    return engine


def full_url(at: StoreUrl) -> URL:
    """With the driver, and with the password, which stands nowhere else."""
    url = make_url(at.url).set(drivername="postgresql+psycopg")
    return url.set(password=at.password) if at.password else url


def append_only(table: str) -> tuple[str, ...]:
    """DDL that makes the database itself refuse to change or remove rows of this table."""
    return (
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$",
        f"CREATE TRIGGER {table}_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    )


def before_migrating(connection: Connection) -> None:
    """One syncd at a time, and only into a database that takes every character."""
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise StoreError(
            f"the database's encoding is {encoding}, and names would be lost in it: create it "
            "with ENCODING 'UTF8' TEMPLATE template0"
        )
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('syncd schema', 0))"))


def after_migrating(connection: Connection) -> None:
    """Texts are put in order byte by byte, as in SQLite and in Python: another order would
    also change under our feet whenever the operating system learns a language anew."""
    for table, column in connection.execute(_UNORDERED).all():
        quote = connection.dialect.identifier_preparer.quote
        change = f'ALTER COLUMN {quote(column)} TYPE text COLLATE "C"'
        connection.exec_driver_sql(f"ALTER TABLE {quote(table)} {change}")


_UNORDERED = text(
    "SELECT table_name, column_name FROM information_schema.columns"
    " WHERE table_schema = current_schema() AND data_type = 'text'"
    " AND collation_name IS DISTINCT FROM 'C' ORDER BY 1, 2"
)


def scrub(engine: Engine) -> None:
    """Give the rows just erased back: nobody reads them any more, but their bytes stay in files,
    in the write-ahead log and in backups until these are written over (docs/POSTGRESQL.md)."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        quote = connection.dialect.identifier_preparer.quote
        tables = ", ".join(quote(table.name) for table in metadata.sorted_tables)
        connection.exec_driver_sql(f"VACUUM (INDEX_CLEANUP ON) {tables}")


@contextmanager
def any_text(_connection: Connection) -> Iterator[None]:
    """The server lets no damaged text in, and none out."""
    yield


class SessionLock:
    """One worker of this name per database: a lock the server drops when the session ends.

    The lease tells workers of different names apart; this one lets a worker that was killed
    start again at once, and refuses a second one that calls itself the same.
    """

    def __init__(self, at: StoreUrl, *, holder: str) -> None:
        self._engine = open_postgresql(at, read_only=True)
        try:
            self._connection = self._engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            )
            self._connection.exec_driver_sql("SET idle_session_timeout = 0")
            is_ours = self._connection.scalar(_TRY_LOCK, {"holder": holder})
        except DBAPIError as error:
            raise translated(error) from error
        if not is_ours:
            self.release()
            raise StoreError(
                f"another syncd that calls itself {holder} works with {at}; stop it first, "
                "or give this machine another host name"
            )

    def release(self) -> None:
        self._connection.invalidate()  # the session ends with it, as the lock does
        self._connection.close()
        self._engine.dispose()


_TRY_LOCK = text(
    "SELECT pg_try_advisory_lock("
    "hashtextextended(concat_ws(' ', 'syncd worker', current_schema(), CAST(:holder AS text)), 0))"
)
