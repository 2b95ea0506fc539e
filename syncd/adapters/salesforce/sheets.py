"""A page of Bulk results, which is CSV, as the rows REST would have given.

Pure text to rows. Cells have no types: an empty one is null, and only what is used as a
boolean is made one, for every other value is read by way of its text. A relationship of
which nothing is filled in counts as empty, for CSV cannot tell the two apart.
"""

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from syncd.errors import TransientError

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Leaf:
    place: int
    is_boolean: bool


_Tree = dict[str, "_Leaf | _Tree"]
"""Columns by name: a cell, or what was asked beyond a relationship."""


def rows_of(sheet: str, *, booleans: Collection[str]) -> Iterator[Row]:
    """The rows, one at a time; `booleans` are columns. TransientError for a sheet cut off."""
    lines = csv.reader(io.StringIO(sheet, newline=""), strict=True)
    try:
        header = next(lines, [])
        read = _reader(header, booleans)
        for cells in lines:
            if len(cells) != len(header):
                raise TransientError("Salesforce bulk results: a row is cut off")
            yield read(cells)
    except csv.Error as error:
        raise TransientError("Salesforce bulk results: the CSV is broken or cut off") from error


def _reader(header: Sequence[str], booleans: Collection[str]) -> Callable[[Sequence[str]], Row]:
    plain = [n for n, name in enumerate(header) if "." not in name and name not in booleans]
    names = [header[n] for n in plain]
    others = _tree([(n, name) for n, name in enumerate(header) if n not in plain], booleans)

    def read(cells: Sequence[str]) -> Row:
        row: Row = dict(zip(names, [cells[n] or None for n in plain], strict=True))
        for name, below in others.items():
            row[name] = _value(below, cells)
        return row

    return read


def _tree(columns: Iterable[tuple[int, str]], booleans: Collection[str]) -> _Tree:
    found: _Tree = {}
    for place, path in columns:
        *parents, name = path.split(".")
        node = found
        for parent in parents:
            below = node.setdefault(parent, {})
            assert isinstance(below, dict), "no column is a relationship as well"
            node = below
        node[name] = _Leaf(place, path in booleans)
    return found


def _value(below: "_Leaf | _Tree", cells: Sequence[str]) -> Any:
    if isinstance(below, _Leaf):
        cell = cells[below.place]
        return cell == "true" if below.is_boolean else cell or None
    found = {name: _value(further, cells) for name, further in below.items()}
    return found if any(found.values()) else None
