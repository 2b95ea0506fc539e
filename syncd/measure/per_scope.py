"""Sheets that are made anew for each period: their columns or rows depend on it."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from syncd.measure.facts import Dimension, Facts
from syncd.measure.scope import Scope
from syncd.measure.sheet import Sheet
from syncd.measure.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class PerScope:
    """A `Measure`: the sheet of each scope."""

    id: str
    sheet: Callable[[Scope], Sheet]
    dimensions: tuple[Dimension, ...]

    def table(self, facts: Facts, scope: Scope, by: Dimension | None = None) -> Table:
        return self.sheet(scope).table(facts, scope, by)

    def leads(
        self, facts: Facts, scope: Scope, row: str, column: str, by: Dimension | None = None
    ) -> pl.DataFrame:
        return self.sheet(scope).leads(facts, scope, row, column, by)
