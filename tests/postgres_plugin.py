"""A real PostgreSQL for tests: one server per test session and worker, a fresh database per test.

Nothing but tests may use it, and nobody needs to have it installed: it comes with the package
`pgserver`. Where that has no wheel, what needs it is skipped, and says so.
"""

import importlib
import logging
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, make_url

from syncd.adapters.store.store import open_store
from syncd.adapters.store.tables import metadata
from syncd.store_ports import StoreUrl

_UNSAFE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")
"""No test pulls the plug on the server, and none waits for a disk."""


class PostgresServer:
    """Hands out databases: empty ones, and such with syncd's schema in them."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._admin = psycopg.connect(uri, autocommit=True)
        self._numbers = count(1)
        self._clean: list[StoreUrl] = []
        for setting in _UNSAFE:
            self._do(f"ALTER SYSTEM SET {setting}")
        self._do("SELECT pg_reload_conf()")
        self._template = self.empty()
        open_store(self._template).close()

    def empty(self, *, encoding: str = "UTF8") -> StoreUrl:
        """Without a schema."""
        return self._made(f"template0 ENCODING {encoding} LOCALE 'C'")

    def fresh(self) -> StoreUrl:
        """With the schema, and nothing in it."""
        return self._clean.pop() if self._clean else self._made(_name(self._template))

    def take_back(self, at: StoreUrl) -> None:
        """Emptied, it is the next test's: making and dropping one takes ten times as long."""
        self._do(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_name(at)}'"
        )
        with psycopg.connect(at.url, autocommit=True) as connection:
            connection.execute(_EMPTY.encode())
        self._clean.append(at)

    def close(self) -> None:
        self._admin.close()

    def _made(self, template: str) -> StoreUrl:
        name = f"store_{next(self._numbers)}"
        self._do(f"CREATE DATABASE {name} TEMPLATE {template}")
        known = make_url(self._uri)
        url = URL.create("postgresql", known.username, database=name, query=known.query)
        return StoreUrl(url=str(url))

    def _do(self, statement: str) -> None:
        self._admin.execute(statement.encode())


_EMPTY = "; ".join(
    ["SET session_replication_role = replica"]  # the audit lets nothing be deleted
    + [f'DELETE FROM "{table.name}"' for table in metadata.sorted_tables]
)


def _name(at: StoreUrl) -> str:
    return make_url(at.url).database or ""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    pgserver = _imported()
    # Not in pytest's own folder: as root, the server runs as a user who may not enter it.
    home = Path(tempfile.mkdtemp(prefix="syncd-postgres-"))
    started = pgserver.get_server(home, cleanup_mode="delete")
    try:
        with closing(PostgresServer(started.get_uri())) as server:
            yield server
    finally:
        started.cleanup()


def _imported() -> Any:
    """It complains when nobody told it where sockets go, and does well without. What it logs
    is nobody's business, least of all of a test that looks at the log."""
    logging.getLogger("pgserver").propagate = False
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        try:
            return importlib.import_module("pgserver")
        except ImportError:
            pytest.skip("no PostgreSQL: the package pgserver has no wheel for this Python")


@pytest.fixture
def new_database(request: pytest.FixtureRequest) -> Iterator[Callable[[], StoreUrl]]:
    """Makes databases with syncd's schema; they go with the test. The server is started for the
    first one that is asked for."""
    made: list[tuple[PostgresServer, StoreUrl]] = []

    def make() -> StoreUrl:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        made.append((server, server.fresh()))
        return made[-1][1]

    yield make
    for server, at in made:
        server.take_back(at)
