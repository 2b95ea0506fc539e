"""The migrations make exactly the tables the code believes in."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from syncd.adapters.store import schema
from syncd.adapters.store.database import open_database
from syncd.adapters.store.store import SqlStore, open_store
from syncd.adapters.store.tables import metadata

_DDL = "SELECT name, sql FROM sqlite_master WHERE type = '{kind}' AND sql IS NOT NULL"


@pytest.fixture
def migrated(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(open_store(tmp_path / "migrated.db")) as store:
        yield store


def _ddl(connection: Connection, kind: str) -> dict[str, str]:
    rows = connection.exec_driver_sql(_DDL.format(kind=kind))
    return {name: " ".join(sql.split()) for name, sql in rows if name != "alembic_version"}


def test_the_migrated_schema_is_the_one_the_code_believes_in(
    migrated: SqlStore, tmp_path: Path
) -> None:
    fresh = open_database(tmp_path / "fresh.db", read_only=False)
    with fresh.writing() as connection:
        metadata.create_all(connection)
        expected = {kind: _ddl(connection, kind) for kind in ("table", "index")}
    fresh.engine.dispose()

    with migrated._database.reading() as connection:
        assert {kind: _ddl(connection, kind) for kind in ("table", "index")} == expected


def test_alembic_finds_nothing_to_migrate(migrated: SqlStore) -> None:
    with migrated._database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_store_of_the_first_schema_keeps_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    _made_by_the_first_syncd(path)

    with closing(open_store(path)) as store:
        assert [(x.record_id, x.ignored) for x in store.parked()] == [("9", False)]
        assert store.scans() == {}
        assert store.disputed() == []
        with store._database.reading() as connection:
            rows = connection.exec_driver_sql("SELECT id, lost FROM lead ORDER BY id").all()
        assert [tuple(row) for row in rows] == [("deleted", "deleted"), ("here", None)]


def _made_by_the_first_syncd(path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    database = open_database(path, read_only=False)
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql(
            "INSERT INTO parked (system, record_id, why, candidates, since)"
            " VALUES ('hubspot', '9', 'two match', '[]', 0)"
        )
        for name, side in (("deleted", '{"gone": "deleted"}'), ("here", "{}")):
            connection.exec_driver_sql(
                "INSERT INTO lead (id, stage, cycle, sides, doc) VALUES (?, 'lead', 1, 1, ?)",
                (name, f'{{"sides": {{"hubspot": {side}}}}}'),
            )
    database.engine.dispose()


def test_the_audit_is_append_only_in_the_database_itself(migrated: SqlStore) -> None:
    with migrated._database.reading() as connection:
        assert _ddl(connection, "trigger").keys() == {"audit_never_updated", "audit_never_deleted"}


def test_the_known_revisions_are_those_of_the_scripts() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    scripts = ScriptDirectory.from_config(config)

    revisions = [script.revision for script in scripts.walk_revisions()]

    assert tuple(reversed(revisions)) == schema.REVISIONS
