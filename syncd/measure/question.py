"""Many cells asked of the same rows at once, each thing that takes time only once.

Knows no tables: whoever asks says which rows, and what each cell is called.
"""

from collections.abc import Hashable, Iterator, Mapping
from typing import Generic, TypeVar

import polars as pl

from syncd.measure.cells import Cell, Percentile, number, sums
from syncd.measure.tables import Number

K = TypeVar("K", bound=Hashable)


class Question(Generic[K]):
    """`wanted` is to be selected, or found for each group; `answers` tells the numbers."""

    def __init__(self, cells: Mapping[K, Cell]) -> None:
        self._cells = cells
        self.wanted: list[pl.Expr] = []
        self._sorted: dict[bytes, dict[str, str]] = {}
        self._places = {key: self._placed(cell) for key, cell in cells.items()}

    def answers(self, found: pl.DataFrame) -> Iterator[Mapping[K, Number]]:
        """The numbers of each row that was found. Lists of many values stay columns."""
        columns = {x.name: x for x in found.get_columns()}
        for row in range(found.height):
            yield {
                key: number(cell, {x: columns[at][row] for x, at in self._places[key].items()})
                for key, cell in self._cells.items()
            }

    def _placed(self, cell: Cell) -> Mapping[str, str]:
        """Where each part of it will be found. Values are sorted once for all percentiles of
        them, which polars does not see by itself."""
        if not isinstance(cell, Percentile):
            return self._asked(cell)
        values = cell.of.meta.serialize()
        if values not in self._sorted:
            self._sorted[values] = self._asked(cell)
        return self._sorted[values]

    def _asked(self, cell: Cell) -> dict[str, str]:
        places: dict[str, str] = {}
        for name, asked in sums(cell).items():
            places[name] = str(len(self.wanted))
            self.wanted.append(asked.alias(places[name]))
        return places
