"""Copy a store while it is in use into an SQLite file: a consistent picture, for looking at."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Table, insert, select

from syncd.adapters.store.database import Database, open_database
from syncd.adapters.store.many import run_many
from syncd.adapters.store.schema import migrate, must_be_current
from syncd.adapters.store.tables import metadata
from syncd.store_ports import StorePlace

_AT_ONCE = 1_000


def copy_store(source: StorePlace, target: Path) -> None:
    """The whole store as it is at this moment, into a file only its owner can read. Nothing
    where there is no store yet."""
    if not isinstance(source, Path):
        _copy_database(source, target)
    elif source.exists():
        _copy_file(source, target)


def _copy_file(source: Path, target: Path) -> None:
    target.touch(mode=0o600)
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as from_,
        closing(sqlite3.connect(target)) as to,
    ):
        from_.backup(to)


def _copy_database(source: StorePlace, target: Path) -> None:
    """Row by row, which takes a minute for some hundred thousand leads: a cycle tried out in the
    database itself would keep the worker waiting until it is undone."""
    from_, to = open_database(source, read_only=True), open_database(target, read_only=False)
    try:
        must_be_current(from_)
        migrate(to)
        _copy_rows(from_, to)
    finally:
        from_.engine.dispose()
        to.engine.dispose()


def _copy_rows(from_: Database, to: Database) -> None:
    with from_.reading() as reading, to.writing() as writing:
        for table in metadata.sorted_tables:
            _copy_table(reading, writing, table)


def _copy_table(reading: Connection, writing: Connection, table: Table) -> None:
    columns = [column.name for column in table.columns]
    found = reading.execute(select(table).execution_options(yield_per=_AT_ONCE))
    for rows in found.partitions():
        run_many(writing, insert(table), [dict(zip(columns, row, strict=True)) for row in rows])
