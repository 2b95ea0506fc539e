"""The file of `syncd backtest --csv-out`: every won lead that would have been stopped, written
as they come. It appears under its name only when it is whole."""

from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import polars as pl

from syncd.errors import PermanentError
from syncd.measure.csv_cells import safe_to_open


class StoppedFile:
    """Takes batches; writes nothing where no path was given."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._is_begun = False

    def __enter__(self) -> "StoppedFile":
        if self._path:
            try:
                self._file = self._partial(self._path).open("wb")
            except OSError as error:
                raise PermanentError(f"{self._path} cannot be written: {error.strerror}") from error
        return self

    def add(self, winners: pl.DataFrame) -> None:
        if self._file:
            safe_to_open(winners).write_csv(self._file, include_header=not self._is_begun)
            self._is_begun = True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file and self._path:
            self._file.close()
            partial = self._partial(self._path)
            if error is None:
                partial.replace(self._path)
            else:
                partial.unlink()

    @staticmethod
    def _partial(path: Path) -> Path:
        return path.with_name(f"{path.name}.part")
