"""The store as a file: its mode, its pragmas, what it says when it cannot be used (P5, P8, P10)."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syncd.adapters.store.store import SqlStore, open_store
from syncd.commit import Commit
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.lead import Lead, Side
from syncd.domain.names import FieldName, LeadId, RecordId, System
from syncd.domain.record import Snapshot
from syncd.domain.stage import Stage
from syncd.errors import ConflictError, StoreError

NOW = datetime(2026, 3, 2, tzinfo=UTC)
CANARY = "canary-7f3a"
ANNA = LeadId("lead-anna")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "syncd.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqlStore]:
    with closing(open_store(path)) as store:
        store.acquire(holder="worker", now=NOW, span=timedelta(hours=1))
        yield store


def _lead(lead_id: LeadId, text: str = "text") -> Lead:
    values = {FieldName(f"field_{n}"): f"{text} {n}" for n in range(40)}
    record = RecordId(f"hs-{lead_id}")
    seen = Snapshot(
        system=System.HUBSPOT,
        record_id=record,
        kind="contact",
        created_at=NOW,
        modified_at=NOW,
        values=values,
        emails=(f"{text}@example.com",),
    )
    side = Side(
        system=System.HUBSPOT, record_id=record, seen=seen, baseline=values, stage_since=NOW
    )
    return Lead(
        id=lead_id, cycle=1, stage=Stage.LEAD, first_seen_at=NOW, sides={System.HUBSPOT: side}
    )


def _files(path: Path) -> list[Path]:
    return sorted(path.parent.iterdir())


def test_p8_every_file_of_the_store_is_for_its_owner_alone(store: SqlStore, path: Path) -> None:
    store.commit(Commit(now=NOW, leads=(_lead(ANNA),)))

    assert {p.name: p.stat().st_mode & 0o777 for p in _files(path)} == {
        "syncd.db": 0o600,
        "syncd.db-shm": 0o600,
        "syncd.db-wal": 0o600,
    }


def test_a_file_that_was_open_to_others_is_closed_to_them(path: Path) -> None:
    path.parent.mkdir()
    path.touch(mode=0o644)

    open_store(path).close()

    assert path.stat().st_mode & 0o777 == 0o600


def test_p5_a_commit_is_on_the_disk_before_it_returns(store: SqlStore) -> None:
    with store._database.reading() as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        said = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas}

    assert said == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
    }


def test_a_reader_sees_whole_commits_while_a_writer_writes(store: SqlStore, path: Path) -> None:
    store.commit(Commit(now=NOW, leads=(_lead(ANNA),)))

    with closing(open_store(path, read_only=True)) as reader, store._database.writing() as writing:
        writing.exec_driver_sql("DELETE FROM lead")

        assert reader.look_up(ANNA) == [ANNA]


def test_a_lead_that_was_removed_behind_our_back_is_never_lost_in_silence(
    store: SqlStore, path: Path
) -> None:
    store.commit(Commit(now=NOW, leads=(_lead(ANNA),)))
    with closing(sqlite3.connect(path, isolation_level=None)) as somebody:
        somebody.execute("DELETE FROM lead")

    with pytest.raises(ConflictError, match="not there any more"):
        store.commit(Commit(now=NOW, leads=(_lead(ANNA, "other"),)))
    store.commit(Commit(now=NOW, leads=(_lead(ANNA, "other"),)))

    assert store.load([ANNA]) == {ANNA: _lead(ANNA, "other")}


def test_p5_what_a_worker_commits_is_kept_though_its_listener_and_a_command_come_and_go(
    store: SqlStore, path: Path
) -> None:
    """POSIX locks are the process's: any descriptor closed on the file lets go of all. The
    command then took itself for the last one, and the write-ahead log away with it."""
    command = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT * FROM lead')"
    with closing(open_store(path)):
        subprocess.run([sys.executable, "-c", command, str(path)], check=True)
        store.commit(Commit(now=NOW, leads=(_lead(ANNA),)))

        with closing(open_store(path, read_only=True)) as reader:
            kept = reader.look_up(ANNA)

    assert kept == [ANNA]


def test_reading_where_there_is_no_store_makes_none(path: Path) -> None:
    with pytest.raises(StoreError, match="no store here yet: start `syncd run` once"):
        open_store(path, read_only=True)

    assert not path.exists()


def test_a_file_that_is_no_store_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database at all" * 100)

    with pytest.raises(StoreError, match="check the path"):
        open_store(path)

    assert path.read_bytes() == b"not a database at all" * 100


def test_a_directory_in_the_place_of_the_store_is_refused(path: Path) -> None:
    path.mkdir(parents=True)

    with pytest.raises(StoreError, match="cannot be opened for writing"):
        open_store(path)


def test_p10_nothing_of_an_erased_person_is_left_in_any_file(store: SqlStore, path: Path) -> None:
    others = tuple(_lead(LeadId(f"lead-{n}"), f"person{n}") for n in range(60))
    entry = AuditEntry(
        at=NOW, kind=AuditKind.OVERWRITE, lead_id=ANNA, facts={}, personal={"x": CANARY}
    )
    store.commit(Commit(now=NOW, leads=(*others[:30], _lead(ANNA, CANARY), *others[30:])))
    store.commit(Commit(now=NOW, leads=(_lead(ANNA, CANARY + "-2"), *others), audit=(entry,)))
    was_there = any(CANARY.encode() in p.read_bytes() for p in _files(path))

    store.commit(Commit(now=NOW, erased=(ANNA,)))

    assert was_there
    assert [p.name for p in _files(path) if CANARY.encode() in p.read_bytes()] == []
    assert store.verify().broken_at is None


def test_p10_personal_values_of_the_audit_are_never_in_clear(store: SqlStore, path: Path) -> None:
    entry = AuditEntry(
        at=NOW, kind=AuditKind.OVERWRITE, lead_id=ANNA, facts={}, personal={"x": CANARY}
    )

    store.commit(Commit(now=NOW, audit=(entry,)))

    assert all(CANARY.encode() not in p.read_bytes() for p in _files(path))


def test_p8_an_error_of_the_store_holds_no_values(store: SqlStore) -> None:
    twin = _lead(LeadId("lead-twin"), CANARY)
    store.commit(Commit(now=NOW, leads=(twin,)))
    with store._database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE email")

    with pytest.raises(StoreError) as raised:
        store.commit(Commit(now=NOW, leads=(_lead(ANNA, CANARY),)))

    assert CANARY not in str(raised.value)
    assert CANARY not in str(raised.value.__cause__)


def test_a_full_disk_is_told_and_stores_nothing(store: SqlStore) -> None:
    with store._database.reading() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 80")

    with pytest.raises(StoreError, match="disk is full: make room"):
        store.commit(
            Commit(now=NOW, leads=tuple(_lead(LeadId(f"lead-{n}"), f"p{n}") for n in range(500)))
        )

    assert store.status(NOW).leads == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_that_cannot_be_written_is_told(path: Path) -> None:
    path.parent.mkdir(mode=0o500)

    with pytest.raises(StoreError, match="a directory of its own"):
        open_store(path)


def test_a_store_of_a_newer_syncd_is_refused(path: Path) -> None:
    open_store(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    for read_only in (False, True):
        with pytest.raises(StoreError, match=r"newer syncd \(schema 9999.*restore the backup"):
            open_store(path, read_only=read_only)


def test_a_store_without_a_schema_cannot_be_read_yet(path: Path) -> None:
    path.parent.mkdir()
    sqlite3.connect(path).close()
    path.touch()

    with pytest.raises(StoreError, match="start `syncd run` once, it migrates it"):
        open_store(path, read_only=True)
