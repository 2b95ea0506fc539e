"""What state a store is in, looked at from outside: nothing is made, migrated or written."""

from contextlib import closing
from pathlib import Path

import pytest

from syncd.adapters.store.condition import look_at_store
from syncd.adapters.store.schema import REVISIONS
from syncd.adapters.store.store import open_store
from syncd.errors import StoreError


def test_a_store_that_is_not_there_yet_is_not_made(tmp_path: Path) -> None:
    found = look_at_store(tmp_path / "state" / "syncd.db")
    assert (found.is_writable, found.schema, found.journal) == (True, None, None)
    assert list(tmp_path.iterdir()) == []


def test_a_sound_file_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "syncd.db"
    with closing(open_store(path)):
        found = look_at_store(path)
    assert (found.schema, found.journal, found.damage) == (REVISIONS[-1], "wal", "")
    assert found.free is not None
    assert found.is_writable


def test_what_is_no_store_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "syncd.db"
    path.write_bytes(b"not a database, and long enough to be looked at" * 100)
    with pytest.raises(StoreError, match="no store"):
        look_at_store(path)
