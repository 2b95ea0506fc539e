"""The migrations make exactly the tables the code believes in."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
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
from syncd.adapters.store.documents import LEAD
from syncd.adapters.store.store import SqlStore, open_store
from syncd.adapters.store.tables import metadata
from syncd.domain.handoff import HandoffState
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId
from syncd.domain.stage import Stage

NOW = datetime(2026, 3, 3, tzinfo=UTC)
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


OFFERED = {
    "id": "handoff:t-1",
    "lead_id": "anna",
    "cycle": 1,
    "state": "open",
    "transition": "t-1",
    "opened_at": "2026-03-03T12:00:00+00:00",
    "warn_at": "2026-03-03T15:00:00+00:00",
    "due_at": "2026-03-03T16:00:00+00:00",
    "expires_at": "2026-03-04T16:00:00+00:00",
    "calendar_version": "c1",
    "owner": "rep@corp.example",
    "assigned_at": "2026-03-03T13:00:00+00:00",
    "warned_at": "2026-03-03T15:01:00+00:00",
}
"""As syncd wrote an open handoff before a handoff's life was told change by change."""
OVER = OFFERED | {
    "id": "handoff:t-0",
    "state": "rejected",
    "closed_at": "2026-02-03T12:00:00+00:00",
    "closed_because": "moved to nurture",
}


def test_a_handoff_that_is_open_keeps_its_deadlines_when_its_life_is_told_in_full(
    tmp_path: Path,
) -> None:
    path = tmp_path / "old.db"
    _with_handoffs_of_before(path)

    with closing(open_store(path)) as store:
        story = store.story(LeadId("anna"))
        (offered,) = store.offered(None, 9)
        assert story
        over, still_open = story.handoffs

    assert offered.handoff == still_open
    assert (still_open.state, still_open.owner) == (HandoffState.ASSIGNED, "rep@corp.example")
    (clock,) = still_open.clocks
    assert [at.isoformat() for _, at in clock.steps] == [
        OFFERED[x] for x in ("warn_at", "due_at", "expires_at")
    ]
    assert still_open.next_due() == clock.due_at
    assert (over.state, over.closed_because) == (HandoffState.REJECTED, "moved to nurture")
    assert [x.to for x in over.changes] == [
        HandoffState.OPENED,
        HandoffState.ASSIGNED,
        HandoffState.REJECTED,
    ]


def _with_handoffs_of_before(path: Path) -> None:
    anna = Lead(id=LeadId("anna"), cycle=1, stage=Stage.MQL, first_seen_at=NOW, sides={})
    doc = json.dumps(json.loads(LEAD.encode(anna)) | {"handoff": OFFERED}, separators=(",", ":"))
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    database = open_database(path, read_only=False)
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        connection.exec_driver_sql(
            "INSERT INTO lead (id, stage, cycle, sides, doc) VALUES ('anna', 'mql', 1, 0, ?)",
            (doc,),
        )
        for opened_at, handoff in enumerate((OVER, OFFERED)):
            closed_at = 1 if "closed_at" in handoff else None
            connection.exec_driver_sql(
                "INSERT INTO handoff (id, lead_id, cycle, state, opened_at, warn_at, due_at,"
                " expires_at, closed_at, doc) VALUES (?, 'anna', 1, ?, ?, 0, 0, 0, ?, ?)",
                (handoff["id"], handoff["state"], opened_at, closed_at, json.dumps(handoff)),
            )
    database.engine.dispose()
