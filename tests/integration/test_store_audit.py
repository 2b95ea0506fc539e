"""P9: whatever is done to the audit on disk is found, at the row where it was done."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syncd.adapters.store.store import SqlStore, open_store
from syncd.commit import Commit
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.names import LeadId

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ROWS = 200


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A store with a long audit, as the bytes of its file."""
    path = tmp_path_factory.mktemp("audit") / "syncd.db"
    with closing(open_store(path)) as store:
        store.acquire(holder="worker", now=NOW, span=timedelta(hours=1))
        store.commit(Commit(now=NOW, audit=tuple(_entry(n) for n in range(ROWS))))
    return path.read_bytes()


@pytest.fixture
def path(written: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "syncd.db"
    path.write_bytes(written)
    return path


@pytest.fixture
def tampering(path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody at the file who knows how to take the triggers off."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER audit_never_updated")
        connection.execute("DROP TRIGGER audit_never_deleted")
        yield connection


@pytest.fixture
def reader(path: Path, tampering: sqlite3.Connection) -> Iterator[SqlStore]:
    with closing(open_store(path, read_only=True)) as store:
        yield store


def _entry(n: int) -> AuditEntry:
    return AuditEntry(
        at=NOW + timedelta(seconds=n),
        kind=AuditKind.OVERWRITE,
        lead_id=LeadId(f"lead-{n % 7}") if n % 3 else None,
        facts={"rule": "latest", "field": f"field-{n}"},
        personal={"seen": f"value {n}"} if n % 3 else {},
    )


def test_an_untouched_audit_is_whole(reader: SqlStore) -> None:
    report = reader.verify()

    assert (report.rows, report.broken_at) == (ROWS, None)


@pytest.mark.parametrize("column", ["at", "kind", "lead_id", "facts", "personal", "prev", "hash"])
def test_any_flipped_byte_is_found_at_its_row(
    column: str, reader: SqlStore, tampering: sqlite3.Connection
) -> None:
    rows = tampering.execute(
        f"SELECT sequence, typeof({column}), CAST({column} AS BLOB) FROM audit "
        f"WHERE {column} IS NOT NULL ORDER BY sequence"
    ).fetchall()
    for number, (sequence, kind, stored) in enumerate(rows):
        place = number % len(stored)
        flipped = stored[:place] + bytes([stored[place] ^ 1]) + stored[place + 1 :]
        _put(tampering, column, sequence, kind, flipped)

        assert reader.verify().broken_at == sequence

        _put(tampering, column, sequence, kind, stored)


@pytest.mark.parametrize("column", ["kind", "facts", "hash"])
def test_text_that_is_no_longer_text_is_found_at_its_row(
    column: str, reader: SqlStore, tampering: sqlite3.Connection
) -> None:
    _put(tampering, column, 77, "text", b"\xff\xfe")

    assert reader.verify().broken_at == 77


def test_any_deleted_row_is_found(reader: SqlStore, tampering: sqlite3.Connection) -> None:
    for row in tampering.execute("SELECT * FROM audit").fetchall():
        tampering.execute("DELETE FROM audit WHERE sequence = ?", row[:1])

        assert reader.verify().broken_at == row[0]

        tampering.execute(f"INSERT INTO audit VALUES ({','.join('?' * len(row))})", row)


@pytest.mark.parametrize("sequence", [1, 2, 100, ROWS - 1])
def test_swapped_rows_are_found(
    sequence: int, reader: SqlStore, tampering: sqlite3.Connection
) -> None:
    for old, new in ((sequence, -1), (sequence + 1, sequence), (-1, sequence + 1)):
        tampering.execute("UPDATE audit SET sequence = ? WHERE sequence = ?", (new, old))

    assert reader.verify().broken_at == sequence


@pytest.mark.parametrize("kept", [0, 1, 150, ROWS - 1])
def test_a_truncated_audit_is_found(
    kept: int, reader: SqlStore, tampering: sqlite3.Connection
) -> None:
    tampering.execute("DELETE FROM audit WHERE sequence > ?", (kept,))

    report = reader.verify()

    assert (report.broken_at, report.rows) == (kept + 1, kept)
    assert f"row {ROWS}" in report.why


def test_a_row_added_by_hand_is_found(reader: SqlStore, tampering: sqlite3.Connection) -> None:
    tampering.execute(
        "INSERT INTO audit SELECT sequence + 1, at, kind, lead_id, facts, personal, hash, hash "
        "FROM audit WHERE sequence = ?",
        (ROWS,),
    )

    assert reader.verify().broken_at == ROWS + 1


@pytest.mark.parametrize("statement", ["UPDATE audit SET facts = '{}'", "DELETE FROM audit"])
def test_the_database_itself_refuses_to_change_the_audit(statement: str, path: Path) -> None:
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(statement)


def _put(
    connection: sqlite3.Connection, column: str, sequence: int, kind: str, stored: bytes
) -> None:
    """Exactly these bytes, under the type the column had."""
    value: bytes | int = int(stored) if kind == "integer" else stored
    cast = "CAST(? AS TEXT)" if kind == "text" else "?"
    connection.execute(f"UPDATE audit SET {column} = {cast} WHERE sequence = ?", (value, sequence))
