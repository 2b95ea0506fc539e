"""Bring the database to the schema this syncd knows, and refuse one from a newer syncd."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from syncd.adapters.store.database import Database
from syncd.errors import StoreError

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009")
"""All migrations in their order; a test holds them equal to `migrations/versions`."""
_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(database: Database) -> None:
    """All missing migrations, in one transaction."""
    with database.writing() as connection:
        if found_schema(connection) == REVISIONS[-1]:
            return
        database.brand.before_migrating(connection)
        if found_schema(connection) != REVISIONS[-1]:  # another one may have been faster
            _upgrade(connection)
            database.brand.after_migrating(connection)


def must_be_current(database: Database) -> None:
    with database.reading() as connection:
        if (found := found_schema(connection)) != REVISIONS[-1]:
            raise StoreError(
                f"the store has an older schema ({found or 'none'}): "
                "start `syncd run` once, it migrates it"
            )


def found_schema(connection: Connection) -> str | None:
    """The stored revision, None in an empty database. StoreError when it is not known."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if found is not None and found not in REVISIONS:
        raise StoreError(
            f"the store was written by a newer syncd (schema {found}, this one knows "
            f"{REVISIONS[-1]}): install that version again, or restore the backup made before it"
        )
    return found


def _upgrade(connection: Connection) -> None:
    # Alembic is slow to import and seldom needed: a current store starts without it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
