"""Leads kept on disk while they are measured, so that they are read from the CRMs only once.

They are personal data: a folder that nobody else can read, gone when the measuring ends.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl


class Spool:
    """A context manager; its batches can be read again and again while it is open."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="syncd-outcomes-")  # mode 0700
        self._count = 0

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *ending: object) -> None:
        self._folder.cleanup()

    def add(self, batch: pl.DataFrame) -> None:
        batch.write_parquet(self._path(self._count))
        self._count += 1

    def batches(self) -> Iterator[pl.DataFrame]:
        return (pl.read_parquet(self._path(number)) for number in range(self._count))

    def _path(self, number: int) -> Path:
        return Path(self._folder.name) / f"{number}.parquet"
