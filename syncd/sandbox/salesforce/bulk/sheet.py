"""The CSV of bulk jobs: read as uploaded, written as the org writes it (all cells quoted).

Cells are text here; what they mean for a field is `rows.py`'s part.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from syncd.sandbox.server import Response

CSV_TYPE = "text/csv;charset=UTF-8"

_DELIMITERS = {
    "BACKQUOTE": "`",
    "CARET": "^",
    "COMMA": ",",
    "PIPE": "|",
    "SEMICOLON": ";",
    "TAB": "\t",
}
_ENDINGS = {"LF": "\n", "CRLF": "\r\n"}

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a job's sheets are written, in the names of the API."""

    delimiter: str = "COMMA"
    ending: str = "LF"

    def __post_init__(self) -> None:
        if self.delimiter not in _DELIMITERS or self.ending not in _ENDINGS:
            raise ValueError(f"no such CSV: {self.delimiter}, {self.ending}")

    def read(self, sheet: bytes) -> tuple[Cells, list[Cells]]:
        """Header and rows; blank lines are none. Raises ValueError for what is no such sheet."""
        text = sheet.decode("utf-8-sig")
        if self.ending == "LF" and "\r\n" in text:
            raise ValueError("ClientInputError : LineEnding is invalid on user data")
        parsed = csv.reader(io.StringIO(text, newline=""), delimiter=_DELIMITERS[self.delimiter])
        try:
            lines = [tuple(cells) for cells in parsed if cells]
        except csv.Error as error:
            raise ValueError(f"InvalidBatch : {error}") from error
        if not lines:
            raise ValueError("InvalidBatch : Failed to parse CSV header")
        header, *rows = lines
        if any(len(row) != len(header) for row in rows):
            raise ValueError("InvalidBatch : Number of columns and header do not match")
        return header, rows

    def write(self, header: Iterable[str], rows: Iterable[Sequence[str]]) -> bytes:
        out = io.StringIO()
        writer = csv.writer(
            out,
            quoting=csv.QUOTE_ALL,
            delimiter=_DELIMITERS[self.delimiter],
            lineterminator=_ENDINGS[self.ending],
        )
        writer.writerow(header)
        writer.writerows(rows)
        return out.getvalue().encode()

    def answer(self, header: Iterable[str], rows: Iterable[Sequence[str]]) -> Response:
        """A sheet on its way out. The charset matters: without it clients read Latin-1."""
        return Response(body=self.write(header, rows), headers={"Content-Type": CSV_TYPE})
