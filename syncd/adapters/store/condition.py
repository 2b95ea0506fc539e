"""What state the store is in, looked at from outside. Changes nothing and migrates nothing."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, text

from syncd.adapters.store.database import open_database
from syncd.adapters.store.schema import REVISIONS, found_schema
from syncd.core.doctor.facts import StoreFacts
from syncd.store_ports import StorePlace


def look_at_store(place: StorePlace) -> StoreFacts:
    """StoreError when it cannot even be opened, or is of a newer syncd."""
    if isinstance(place, Path):
        return _file(place)
    with_database = open_database(place, read_only=True)
    try:
        with with_database.reading() as connection:
            return StoreFacts(
                place=str(place),
                newest=REVISIONS[-1],
                is_writable=bool(connection.scalar(_MAY_WRITE)),
                schema=found_schema(connection),
            )
    finally:
        with_database.engine.dispose()


_MAY_WRITE = text(
    "SELECT NOT pg_is_in_recovery() AND has_schema_privilege(current_schema(), 'CREATE')"
)


def _file(path: Path) -> StoreFacts:
    """A store that is not there yet is made at the first start, where that is possible."""
    folder = next(x for x in (path.parent, *path.absolute().parents) if x.exists())
    holder = path if path.exists() else folder
    is_writable = folder.is_dir() and os.access(folder, os.W_OK) and os.access(holder, os.W_OK)
    schema, journal, damage = _inside(path) if path.is_file() else (None, None, "")
    return StoreFacts(
        place=str(path),
        newest=REVISIONS[-1],
        is_writable=is_writable,
        schema=schema,
        free=shutil.disk_usage(folder).free,
        log=_size(path.with_name(f"{path.name}-wal")),
        journal=journal,
        damage=damage,
    )


def _inside(path: Path) -> tuple[str | None, str | None, str]:
    database = open_database(path, read_only=True)
    try:
        with database.reading() as connection:
            return _schema_and_more(connection)
    finally:
        database.engine.dispose()


def _schema_and_more(connection: Connection) -> tuple[str | None, str | None, str]:
    says = str(connection.scalar(text("PRAGMA quick_check(1)")))
    journal = str(connection.scalar(text("PRAGMA journal_mode")))
    return found_schema(connection), journal, "" if says == "ok" else says


def _size(path: Path) -> int | None:
    with suppress(OSError):
        return path.stat().st_size
    return None
