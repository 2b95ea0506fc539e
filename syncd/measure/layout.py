"""How a page lays a table out: without the months before anything was counted, and a wide one
in blocks that fit. Changes no number; files and the API have the table as it is.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from syncd.measure.tables import Column, Number, Table

_MONTH = re.compile(r"\d{4}-\d\d")
_FIT = 7
"""So many columns can be read beside one another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Columns of a table that stand together; `title` is "" where they are all there are."""

    title: str
    columns: tuple[Column, ...]


def from_the_first_month(table: Table) -> Table:
    """Months at the beginning in which nothing was counted are left out, and it is said. The
    last month always stays."""
    if _are_months(x.key for x in table.rows):
        first = _first(any(map(_counts, x.numbers.values())) for x in table.rows)
        left = replace(table, rows=table.rows[first:])
        return _told(left, table.rows[first].label) if first else table
    if _are_months(x.id for x in table.columns):
        first = _first(any(_counts(y.numbers.get(x.id)) for y in table.rows) for x in table.columns)
        left = replace(table, columns=table.columns[first:])
        return _told(left, table.columns[first].title) if first else table
    return table


def blocks(table: Table) -> tuple[Block, ...]:
    """Split by a dimension, a table has each of its headings for every line: those of one
    heading stand together, or those of one line, whichever makes fewer blocks."""
    if table.by is None or len(table.columns) <= _FIT:
        return (Block(title="", columns=table.columns),)
    meant = {x.id: x.title.removeprefix(f"{table.title}: ") for x in table.definitions}
    headings = [meant.get(x.definition, "") for x in table.columns]
    lines = [x.title.removesuffix(f": {y}") for x, y in zip(table.columns, headings, strict=True)]
    if len(set(headings)) <= len(set(lines)):
        return tuple(_blocks(headings, lines, table.columns))
    return tuple(_blocks(lines, headings, table.columns))


def _blocks(
    titles: Sequence[str], names: Sequence[str], columns: Sequence[Column]
) -> Iterator[Block]:
    """A block for each title; in it, columns go by their own names."""
    each = list(zip(titles, names, columns, strict=True))
    for title in dict.fromkeys(titles):
        own = (replace(column, title=name) for of, name, column in each if of == title)
        yield Block(title=title, columns=tuple(own))


def _are_months(keys: Iterable[str]) -> bool:
    found = list(keys)
    return bool(found) and all(map(_MONTH.fullmatch, found))


def _first(counts: Iterable[bool]) -> int:
    """The place of the first that counts, of the last where none does."""
    each = list(counts)
    return each.index(True) if True in each else len(each) - 1


def _counts(number: Number | None) -> bool:
    return number is not None and bool(number.n or number.of)


def _told(left: Table, since: str) -> Table:
    note = f"Nothing was counted before {since.removesuffix(' (so far)')}."
    return replace(left, notes=(*left.notes, note))
