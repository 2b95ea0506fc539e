"""Each trouble of the database is told with the next step, and without anybody's values."""

import sqlite3

import pytest
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from syncd.adapters.store.translate import translated
from syncd.errors import ConflictError, StoreError


@pytest.mark.parametrize(
    ("said", "step"),
    [
        ("database is locked", "is a second syncd or a backup running?"),
        ("attempt to write a readonly database", "run as syncd's own user"),
        ("database or disk is full", "make room"),
        ("database disk image is malformed", "restore a backup"),
        ("file is not a database", "check the path"),
        ("disk I/O error", "see the log"),
    ],
)
def test_trouble_is_told_with_the_next_step(said: str, step: str) -> None:
    error = translated(OperationalError("SELECT 1", None, sqlite3.OperationalError(said)))

    assert isinstance(error, StoreError)
    assert said in str(error)
    assert step in str(error)


def test_a_broken_constraint_is_a_conflict() -> None:
    cause = sqlite3.IntegrityError("UNIQUE constraint failed: link.record_id")

    assert isinstance(translated(IntegrityError("INSERT", None, cause)), ConflictError)


def test_values_in_what_the_driver_says_are_left_out() -> None:
    cause = Exception("duplicate key\nDETAIL: Key (address)=(anna@example.com) already exists")

    assert "anna" not in str(translated(DatabaseError("INSERT", {"a": "anna"}, cause)))
