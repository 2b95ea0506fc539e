"""The store in a real PostgreSQL: its schema, its sessions, what it says when it cannot be used."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from postgres_plugin import PostgresServer
from sqlalchemy import text

from syncd.adapters.store.condition import look_at_store
from syncd.adapters.store.copying import copy_store
from syncd.adapters.store.counting import _next_seq
from syncd.adapters.store.database import open_database
from syncd.adapters.store.postgresql import SessionLock
from syncd.adapters.store.schema import REVISIONS
from syncd.adapters.store.store import SqlStore, open_store
from syncd.adapters.store.tables import metadata
from syncd.commit import Commit
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.lead import Lead, Side
from syncd.domain.names import FieldName, LeadId, RecordId, System
from syncd.domain.record import Snapshot
from syncd.domain.stage import Stage
from syncd.errors import LeaseLost, PermanentError, StoreError
from syncd.store_ports import StoreUrl

NOW = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANNA = LeadId("lead-anna")


@pytest.fixture
def at(new_database: Callable[[], StoreUrl]) -> StoreUrl:
    return new_database()


@pytest.fixture
def store(at: StoreUrl) -> Iterator[SqlStore]:
    with closing(open_store(at)) as store:
        store.acquire(holder="worker", now=NOW, span=HOUR)
        yield store


def _lead(lead_id: LeadId, *emails: str) -> Lead:
    record = RecordId(f"hs-{lead_id}")
    values = {FieldName("name"): "Ümit 🎉"}
    seen = Snapshot(
        system=System.HUBSPOT,
        record_id=record,
        kind="contact",
        created_at=NOW,
        modified_at=NOW,
        values=values,
        emails=emails,
    )
    side = Side(
        system=System.HUBSPOT, record_id=record, seen=seen, baseline=values, stage_since=NOW
    )
    return Lead(
        id=lead_id, cycle=1, stage=Stage.LEAD, first_seen_at=NOW, sides={System.HUBSPOT: side}
    )


def _audited(lead_id: LeadId) -> AuditEntry:
    return AuditEntry(
        at=NOW, kind=AuditKind.OVERWRITE, lead_id=lead_id, facts={"by": "x"}, personal={"was": "y"}
    )


# --- the schema --------------------------------------------------------------------------


def test_alembic_finds_nothing_to_migrate(store: SqlStore) -> None:
    with store._database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_migrated_indexes_are_those_the_code_believes_in(
    store: SqlStore, postgres_server: PostgresServer
) -> None:
    fresh = open_database(postgres_server.empty(), read_only=False)
    with fresh.writing() as connection:
        metadata.create_all(connection)
    query = text("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")

    with fresh.reading() as believed, store._database.reading() as migrated:
        expected = believed.scalars(query).all()
        found = [x for x in migrated.scalars(query).all() if "alembic_version" not in x]

    fresh.engine.dispose()
    assert found == expected


def test_texts_are_in_the_order_of_their_bytes_whatever_the_language_of_the_server(
    store: SqlStore,
) -> None:
    ids = [LeadId(x) for x in ("B", "a", "lead-1", "lead-é", "lead_1")]
    store.commit(Commit(now=NOW, leads=tuple(map(_lead, reversed(ids)))))

    assert [x.id for x in store.after(None, 9)] == sorted(ids)
    with store._database.reading() as connection:
        collations = connection.scalars(
            text(
                "SELECT DISTINCT collation_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND data_type = 'text'"
            )
        ).all()
    assert collations == ["C"]


@pytest.mark.parametrize("statement", ["UPDATE audit SET kind = 'x'", "TRUNCATE audit"])
def test_the_audit_is_append_only_in_the_database_itself(store: SqlStore, statement: str) -> None:
    store.commit(Commit(now=NOW, audit=(_audited(ANNA),)))

    with (
        pytest.raises(StoreError, match="run `syncd audit verify`"),
        store._database.writing() as connection,
    ):
        connection.exec_driver_sql(statement)

    assert store.verify().rows == 1


def test_a_database_that_cannot_hold_every_name_is_refused(
    postgres_server: PostgresServer,
) -> None:
    latin = postgres_server.empty(encoding="LATIN1")

    with pytest.raises(StoreError, match=r"encoding is LATIN1.*ENCODING 'UTF8' TEMPLATE template0"):
        open_store(latin)


# --- sessions ----------------------------------------------------------------------------


def test_an_empty_database_cannot_be_read_yet(postgres_server: PostgresServer) -> None:
    with pytest.raises(StoreError, match="start `syncd run` once, it migrates it"):
        open_store(postgres_server.empty(), read_only=True)


def test_a_reader_sees_whole_commits_while_a_writer_writes(store: SqlStore, at: StoreUrl) -> None:
    store.commit(Commit(now=NOW, leads=(_lead(ANNA),)))

    with closing(open_store(at, read_only=True)) as reader, store._database.writing() as writing:
        writing.exec_driver_sql("DELETE FROM lead")

        assert reader.look_up(ANNA) == [ANNA]


def test_nobody_takes_the_lease_while_a_commit_is_under_way(store: SqlStore, at: StoreUrl) -> None:
    with closing(open_store(at)) as other, store._database.writing() as writing:
        store._fence.check(writing)

        with pytest.raises(StoreError, match="is a second syncd at work"):
            _take_over_at_once(other)


def test_two_that_count_for_the_first_time_at_once_do_so_one_after_the_other(
    store: SqlStore, at: StoreUrl
) -> None:
    with closing(open_store(at)) as other, ThreadPoolExecutor(1) as pool:
        with store._database.writing() as connection:
            first = _next_seq(connection)
            second = pool.submit(_counted_by, other)
            assert any(_waits_for_another(store) for _ in range(10_000))

        assert (first, second.result(timeout=10)) == (1, 2)


def _counted_by(store: SqlStore) -> int:
    with store._database.writing() as connection:
        return _next_seq(connection)


def _waits_for_another(store: SqlStore) -> bool:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with store._database.reading() as connection:
        return bool(connection.scalar(waiting))


def _take_over_at_once(store: SqlStore) -> None:
    """As `acquire` begins, without its patience."""
    with store._database.writing() as connection:
        connection.exec_driver_sql("SET LOCAL lock_timeout = '20ms'")
        connection.exec_driver_sql("SELECT * FROM lease FOR UPDATE")


def test_a_worker_stopped_in_the_middle_of_a_commit_does_not_hold_the_lease_for_ever(
    store: SqlStore, at: StoreUrl
) -> None:
    """The server's patience is shortened here; the other worker waits for as long."""
    with closing(open_store(at)) as other:
        with pytest.raises(StoreError, match="syncd connects again by itself"):
            _sleep_in_a_commit(store, other)
        other.renew(now=NOW + 3 * HOUR, span=HOUR)

    with pytest.raises(LeaseLost):
        store.commit(Commit(now=NOW, leads=(_lead(ANNA),)))


def _sleep_in_a_commit(store: SqlStore, other: SqlStore) -> None:
    with store._database.writing() as writing:
        store._fence.check(writing)
        writing.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = '30ms'")
        assert other.acquire(holder="another", now=NOW + 2 * HOUR, span=HOUR)


def test_a_session_the_server_ended_is_replaced_at_the_next_try(
    store: SqlStore, at: StoreUrl
) -> None:
    with psycopg.connect(at.url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    with pytest.raises(StoreError, match="syncd connects again by itself"):
        store.commit(Commit(now=NOW, leads=(_lead(ANNA),)))
    store.commit(Commit(now=NOW, leads=(_lead(ANNA),)))

    assert store.load([ANNA]).keys() == {ANNA}


@pytest.mark.parametrize("address", ["nul\0@example.com", "half\ud800@example.com"])
def test_a_text_no_database_takes_is_its_records_own_fault(store: SqlStore, address: str) -> None:
    with pytest.raises((PermanentError, UnicodeEncodeError)) as raised:
        store.commit(Commit(now=NOW, leads=(_lead(ANNA, address),)))
    with pytest.raises(PermanentError):
        store.with_email([address])

    assert "example.com" not in str(raised.value)
    assert store.load([ANNA]) == {}


def test_p8_an_error_of_the_store_holds_no_values(store: SqlStore) -> None:
    with store._database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE email RENAME TO mislaid")

    with pytest.raises(StoreError) as raised:
        store.commit(Commit(now=NOW, leads=(_lead(ANNA, "canary@example.com"),)))

    with store._database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE mislaid RENAME TO email")
    assert "canary" not in f"{raised.value} {raised.value.__cause__}"


@pytest.mark.parametrize(
    ("part", "instead", "words"),
    [
        ("host=", "host=/nowhere", "is the server running, and is store.url"),
        ("/store_", "/no_such_", "check store.url; docs/POSTGRESQL.md"),
    ],
)
def test_a_server_that_cannot_be_used_is_told_without_the_password(
    part: str, instead: str, words: str, at: StoreUrl
) -> None:
    wrong = replace(at, url=at.url.replace(part, instead), password="canary")

    with pytest.raises(StoreError, match=words) as raised:
        open_store(wrong)

    assert "canary" not in f"{raised.value!r} {raised.value.__cause__} {wrong!r} {wrong}"


# --- one worker of a name ----------------------------------------------------------------


def test_a_second_worker_of_the_same_name_is_told_what_to_do(at: StoreUrl) -> None:
    first = SessionLock(at, holder="host-1")

    with pytest.raises(StoreError, match=r"calls itself host-1 works with .*; stop it first"):
        SessionLock(at, holder="host-1")

    first.release()
    SessionLock(at, holder="host-1").release()


def test_workers_of_other_names_and_databases_do_not_stand_in_its_way(
    at: StoreUrl, new_database: Callable[[], StoreUrl]
) -> None:
    locks = [
        SessionLock(at, holder="host-1"),
        SessionLock(at, holder="host-2"),
        SessionLock(new_database(), holder="host-1"),
    ]

    for lock in locks:
        lock.release()


# --- copies and erasures -----------------------------------------------------------------


def test_a_copy_is_the_whole_store_as_a_file(store: SqlStore, at: StoreUrl, tmp_path: Path) -> None:
    store.commit(
        Commit(now=NOW, leads=(_lead(ANNA, "a@example.com"),), audit=(_audited(ANNA),)),
    )

    copy_store(at, tmp_path / "copy.db")

    with closing(open_store(tmp_path / "copy.db", read_only=True)) as copy:
        assert copy.story(ANNA) == store.story(ANNA)
        assert copy.verify() == store.verify()
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600


def test_p10_nobody_reads_an_erased_person_and_the_chain_stays_whole(store: SqlStore) -> None:
    store.commit(Commit(now=NOW, leads=(_lead(ANNA, "a@example.com"),), audit=(_audited(ANNA),)))

    store.commit(Commit(now=NOW, erased=(ANNA,)))

    with store._database.reading() as connection:
        rows = {
            table.name: connection.exec_driver_sql(f'SELECT * FROM "{table.name}"').all()
            for table in metadata.sorted_tables
        }
        left = connection.scalar(text("SELECT pg_relation_size('lead')"))
    assert "a@example.com" not in str(rows)
    assert {name for name, found in rows.items() if found} == {
        "audit",
        "lease",
        "meta",
        "uncounted",
    }
    assert left == 0  # the rows are given back, not only marked as gone
    assert store.verify().broken_at is None


def test_its_condition_is_looked_at_without_making_anything(
    at: StoreUrl, postgres_server: PostgresServer
) -> None:
    found, empty = look_at_store(at), look_at_store(postgres_server.empty())
    assert (found.schema, found.is_writable, found.free) == (REVISIONS[-1], True, None)
    assert empty.schema is None
