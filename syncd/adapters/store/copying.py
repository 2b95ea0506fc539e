"""Copy a SQLite store while it is in use: a consistent picture, for looking at or backing up."""

import sqlite3
from contextlib import closing
from pathlib import Path


def copy_store(source: Path, target: Path) -> None:
    """The whole database as it is at this moment, into a file only its owner can read."""
    target.touch(mode=0o600)
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as from_,
        closing(sqlite3.connect(target)) as to,
    ):
        from_.backup(to)
