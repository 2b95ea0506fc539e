"""Open a CSV however it was saved: find its encoding, delimiter and headers, read it in batches.

Knows text and cells only: nothing here knows what a column means.
"""

import csv
import os
import tempfile
import weakref
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from unicodedata import normalize

import polars as pl

from syncd.errors import PermanentError

UTF_8 = "utf-8-sig"
ROW = "\0row"
"""The column that counts rows as a spreadsheet does: the headers are row 1. No header has its
name, for no text has this character."""
BATCH = 50_000
_TOO_MUCH = "\0too much"
_DELIMITERS = ",;\t|"
_CHUNK = 1 << 20
_SAVE_AGAIN = "open it in a spreadsheet and save it as CSV UTF-8"
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class CsvText:
    """A CSV that can be read. `readable` is the file itself or a copy of it in UTF-8, which
    goes when this goes; `encoding` is what the file itself is written in."""

    path: Path
    readable: Path
    encoding: str
    delimiter: str
    headers: Sequence[str]

    def batches(self, headers: Sequence[str]) -> Iterator[pl.DataFrame]:
        """All rows with these columns as text, in order; empty lines are left out.
        PermanentError where the file is no proper CSV."""
        wanted = [pl.col(_column(self.headers.index(x))).alias(x) for x in headers]
        width = len(self.headers)
        cells = pl.scan_csv(
            self.readable,
            has_header=False,
            separator=self.delimiter,
            schema={_column(n): pl.String() for n in range(width + 1)},
            row_index_name=ROW,
            missing_columns="insert",
            truncate_ragged_lines=True,
            glob=False,
        )
        number, too_much = (pl.col(ROW) + 1).cast(pl.Int64), pl.col(_column(width)).is_not_null()
        is_full = pl.any_horizontal(x.is_not_null() for x in wanted)
        rows = cells.filter(pl.col(ROW) > 0, is_full).select(
            number, too_much.alias(_TOO_MUCH), *wanted
        )
        try:
            for batch in rows.collect_batches(chunk_size=BATCH, maintain_order=True):
                if batch[_TOO_MUCH].any():
                    raise PermanentError(f"{self.path}: {self._fault()}")
                yield batch.drop(_TOO_MUCH)
        except pl.exceptions.ComputeError as error:
            raise PermanentError(f"{self.path}: {self._fault()}") from error

    def _fault(self) -> str:
        """Why the file is no proper CSV: where it first stops making sense."""
        with self.readable.open(encoding=UTF_8, newline="") as file:
            lines = _Lines(file)
            reader, begun = csv.reader(lines, delimiter=self.delimiter, strict=True), 1
            try:
                for number, cells in enumerate(reader, start=1):
                    fault = self._row_fault(cells, lines)
                    if fault:
                        return f"row {number} (line {begun}) {fault}"
                    begun, lines.quotes = reader.line_num + 1, 0
            except csv.Error:
                return (
                    f"the row that begins on line {begun} has a quote that is not closed, or text "
                    "after a closing quote; write a quote inside a quoted text twice"
                )
        return f"it cannot be read as CSV; {_SAVE_AGAIN}"

    def _row_fault(self, cells: Sequence[str], lines: "_Lines") -> str:
        width = len(self.headers)
        if any(cells[width:]):
            return (
                f"has {len(cells)} cells and the headers are {width}; put a text that holds a "
                f"{_NAMES[self.delimiter]} into quotes"
            )
        if lines.quotes % 2:
            return (
                "has a quote inside a text that is not in quotes; put the text into quotes and "
                f"write its own quote twice, or {_SAVE_AGAIN}"
            )
        return ""


@dataclass(slots=True)
class _Lines:
    """The lines of a file, and how many quotes were in them since that was last set."""

    file: Iterable[str]
    quotes: int = 0

    def __iter__(self) -> Iterator[str]:
        for line in self.file:
            self.quotes += line.count('"')
            yield line


def open_csv(path: Path, delimiter: str | None = None) -> CsvText:
    """`delimiter` None: the one that gives most headers. PermanentError with the next step
    where this is no CSV."""
    encoding, headers, delimiter = _opened(path, delimiter)
    readable = path if encoding == UTF_8 else _copied(path, encoding)
    text = CsvText(
        path=path, readable=readable, encoding=encoding, delimiter=delimiter, headers=headers
    )
    if readable is not path:
        weakref.finalize(text, os.unlink, readable)
    return text


def csv_headers(path: Path, delimiter: str | None = None) -> Sequence[str]:
    """Only its headers, at less cost; errors as above."""
    return _opened(path, delimiter)[1]


def _opened(path: Path, delimiter: str | None) -> tuple[str, Sequence[str], str]:
    try:
        head = _head(path)
    except OSError as error:
        raise PermanentError(
            f"{path}: it cannot be read ({error.strerror}); is it the right name?"
        ) from error
    fault = _no_text(head)
    if fault:
        raise PermanentError(f"{path}: {fault}")
    encoding = _encoding(path)
    headers, found = _headers(path, encoding, delimiter)
    if not any(headers):
        raise PermanentError(f"{path}: the first row holds no headers; put one above each column")
    return encoding, headers, found


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_CHUNK)


def _no_text(head: bytes) -> str:
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        return "the file is empty; export it again, with the headers in its first row"
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return f"this is a workbook, not a CSV; {_SAVE_AGAIN}"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head:
        return f"this is UTF-16 or no text at all; {_SAVE_AGAIN}"
    if b"\r" in head and b"\n" not in head:
        return f"its lines end in a way that is no longer used; {_SAVE_AGAIN}"
    return ""


def _encoding(path: Path) -> str:
    """UTF-8, or what Windows and old exports write instead."""
    for encoding in (UTF_8, "cp1252"):
        decoder = getincrementaldecoder(encoding)()
        with path.open("rb") as file:
            try:
                while chunk := file.read(_CHUNK):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                continue
        return encoding
    return "latin-1"


def _headers(path: Path, encoding: str, delimiter: str | None) -> tuple[Sequence[str], str]:
    tried = [delimiter] if delimiter else list(_DELIMITERS)
    found = {x: _first_row(path, encoding, x) for x in tried}
    best = max(found, key=lambda x: len(found[x]))
    # Some systems write é as e and an accent: the same to all who read it.
    return tuple(normalize("NFC", header.strip()) for header in found[best]), best


def _first_row(path: Path, encoding: str, delimiter: str) -> Sequence[str]:
    with path.open(encoding=encoding, newline="") as lines:
        try:
            return next(islice(csv.reader(lines, delimiter=delimiter), 1), ())
        except csv.Error:
            return ()


def _copied(path: Path, encoding: str) -> Path:
    """A copy in UTF-8 that only this user can read."""
    handle, name = tempfile.mkstemp(suffix=".csv")
    os.close(handle)
    readable = Path(name)
    with (
        path.open(encoding=encoding, newline="") as text,
        readable.open("w", encoding="utf-8", newline="") as copy,
    ):
        while chunk := text.read(_CHUNK):
            copy.write(chunk)
    return readable


def _column(number: int) -> str:
    return f"c{number}"
