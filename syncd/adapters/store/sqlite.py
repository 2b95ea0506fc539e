"""All that is true of SQLite alone: the file, the pragmas, the triggers.

A `Brand` (`database.py`), as `postgresql.py` is. Nothing else may know that the store is SQLite.
"""

import errno
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from syncd.errors import StoreError

BUSY_MILLISECONDS = 10_000
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",  # NORMAL loses acknowledged commits when the power goes
    "foreign_keys = ON",
    "secure_delete = ON",  # an erased person's values are overwritten, not only unlinked
    f"busy_timeout = {BUSY_MILLISECONDS}",
    "cache_size = -8000",
    "wal_autocheckpoint = 4000",  # one big commit alone fills the usual 1000 pages
)
_READ_ONLY_PRAGMAS = ("query_only = ON", f"busy_timeout = {BUSY_MILLISECONDS}")

READING: Mapping[str, Any] = {}
"""Every transaction is one view of the whole file, whatever it is for."""


def open_sqlite(path: Path, *, read_only: bool) -> Engine:
    """An engine on this file, which is made (mode 0600) unless it is only to be read."""
    if read_only:
        _must_exist(path)
    else:
        _make_private(path)
    engine = create_engine(_url(path, read_only=read_only), hide_parameters=True)
    pragmas = _READ_ONLY_PRAGMAS if read_only else _PRAGMAS

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun by `begin` below
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        _begin(connection, connection.get_execution_options())

    return engine


def append_only(table: str) -> tuple[str, ...]:
    """DDL that makes the database itself refuse to change or remove rows of this table."""
    return tuple(
        f"CREATE TRIGGER {table}_never_{verb.lower()}d BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    )


def before_migrating(connection: Connection) -> None:
    """The transaction holds the lock on the file already."""


def after_migrating(connection: Connection) -> None:
    """The migrations said all there is to say."""


def scrub(engine: Engine) -> None:
    """Take what was just erased out of the write-ahead log as well."""
    with engine.connect().execution_options(bare=True) as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def any_text(connection: Connection) -> Iterator[None]:
    """Read text whose bytes were damaged, too, instead of failing at it."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    usual, driver.text_factory = driver.text_factory, _undamaged_or_not
    try:
        yield
    finally:
        driver.text_factory = usual


def _undamaged_or_not(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _begin(connection: Connection, options: Mapping[str, object]) -> None:
    """A writer takes the lock at once: taking it at its first write could fail half-way. What
    is said to be bare runs outside any transaction."""
    if not options.get("bare"):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


def _url(path: Path, *, read_only: bool) -> URL:
    if not read_only:
        return URL.create("sqlite", database=str(path))
    query = {"mode": "ro", "uri": "true"}
    return URL.create("sqlite", database=path.absolute().as_uri(), query=query)


def _must_exist(path: Path) -> None:
    if not path.is_file():
        raise StoreError(f"{path}: there is no store here yet: start `syncd run` once")


def _make_private(path: Path) -> None:
    """A file that is there is never opened here. Closing it would let go of the locks that
    another store of this process holds on it, and the next command to leave would take the
    write-ahead log away from under the worker (sqlite.org/howtocorrupt.html, 2.2)."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        path.chmod(0o600)
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be opened for writing ({error.strerror}): "
            "give syncd's user a directory of its own"
        ) from error
