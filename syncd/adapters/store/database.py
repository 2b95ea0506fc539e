"""A database to read and write in whole transactions, whatever its dialect.

Errors of the driver do not get past `reading` and `writing`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.exc import DBAPIError

from syncd.adapters.store import postgresql as postgresql_brand
from syncd.adapters.store import sqlite as sqlite_brand
from syncd.adapters.store import (
    tables_facts,  # noqa: F401 - its tables are of the metadata, too
    tables_reconciled,  # noqa: F401 - as are these
)
from syncd.adapters.store.many import Row, run_many
from syncd.adapters.store.translate import translated
from syncd.store_ports import StorePlace

T = TypeVar("T")
_Insert = sqlite_dialect.Insert | postgresql.Insert
_AT_ONCE = 500


class Brand(Protocol):
    """What each database does in its own way."""

    @property
    def READING(self) -> Mapping[str, Any]:  # noqa: N802 - a module is one, this is its constant
        """Options of a connection that only reads."""
        ...

    def append_only(self, table: str) -> tuple[str, ...]: ...

    def before_migrating(self, connection: Connection) -> None: ...

    def after_migrating(self, connection: Connection) -> None: ...

    def scrub(self, engine: Engine) -> None: ...

    def any_text(self, connection: Connection) -> AbstractContextManager[None]: ...


def brand_of(dialect: str) -> Brand:
    return postgresql_brand if dialect == "postgresql" else sqlite_brand


@dataclass(frozen=True, slots=True)
class Database:
    engine: Engine

    @property
    def brand(self) -> Brand:
        return brand_of(self.engine.dialect.name)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the store."""
        try:
            with self.engine.connect().execution_options(**self.brand.READING) as connection:
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
        with self.reading() as connection, self.brand.any_text(connection):
            yield connection

    def scrub(self) -> None:
        """After an erasure: leave nothing of it in the database's own logs either."""
        try:
            self.brand.scrub(self.engine)
        except DBAPIError as error:
            raise translated(error) from error


def open_database(place: StorePlace, *, read_only: bool) -> Database:
    if isinstance(place, Path):
        return Database(sqlite_brand.open_sqlite(place, read_only=read_only))
    return Database(postgresql_brand.open_postgresql(place, read_only=read_only))


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
