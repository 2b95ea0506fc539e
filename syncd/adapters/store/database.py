"""A database to read and write in whole transactions, whatever its dialect.

Errors of the driver do not get past `reading` and `writing`.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, Table, create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.exc import DBAPIError

from syncd.adapters.store import sqlite
from syncd.adapters.store.many import Row, run_many
from syncd.adapters.store.translate import translated

T = TypeVar("T")
_Insert = sqlite_dialect.Insert | postgresql.Insert
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Database:
    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the store."""
        try:
            with self.engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            raise translated(error) from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: committed when the block ends well, undone when it raises."""
        try:
            with (
                self.engine.connect() as connection,
                connection.execution_options(writes=True).begin(),
            ):
                yield connection
        except DBAPIError as error:
            raise translated(error) from error

    @contextmanager
    def reading_damaged(self) -> Iterator[Connection]:
        """Like `reading`, and text that was tampered with is read as it is."""
        with self.reading() as connection:
            is_sqlite = self.engine.dialect.name == "sqlite"
            with sqlite.any_text(connection) if is_sqlite else nullcontext():
                yield connection

    def scrub(self) -> None:
        """After an erasure: leave nothing of it in the database's own logs either."""
        if self.engine.dialect.name == "sqlite":
            try:
                sqlite.scrub(self.engine)
            except DBAPIError as error:
                raise translated(error) from error


def open_database(url_or_path: str | Path, *, read_only: bool) -> Database:
    """A path or `sqlite:///path` is an SQLite file, any other URL goes to SQLAlchemy."""
    text = str(url_or_path).removeprefix("sqlite:///")
    if "://" not in text:
        return Database(sqlite.open_sqlite(Path(text), read_only=read_only))
    return Database(create_engine(text, hide_parameters=True))


def insert_new(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert; rows whose unique key is already there are left alone."""
    if rows:
        run_many(connection, _inserting_new(table, connection.dialect.name), rows)


def upsert(
    connection: Connection, table: Table, rows: Sequence[Row], *, keep: Collection[str] = ()
) -> None:
    """Insert, or overwrite the row of the same primary key but for the columns of `keep`.
    All rows name the same columns."""
    if rows:
        kept, dialect = frozenset(keep), connection.dialect.name
        run_many(connection, _upserting(table, tuple(rows[0]), kept, dialect), rows)


@cache
def _inserting_new(table: Table, dialect: str) -> _Insert:
    return _insert(table, dialect).on_conflict_do_nothing()


@cache
def _upserting(table: Table, names: tuple[str, ...], keep: frozenset[str], dialect: str) -> _Insert:
    """Cached, as are the few others, so that each is compiled once."""
    insert = _insert(table, dialect)
    key = [column.name for column in table.primary_key]
    changes = {c: insert.excluded[c] for c in names if c not in key and c not in keep}
    return insert.on_conflict_do_update(index_elements=key, set_=changes)


def _insert(table: Table, dialect: str) -> _Insert:
    """Both dialects say ON CONFLICT in the same words, each by its own class."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite_dialect.insert(table)


def batches(items: Collection[T]) -> Iterator[Sequence[T]]:
    """The items in portions that fit into one IN list."""
    items = list(items)
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
