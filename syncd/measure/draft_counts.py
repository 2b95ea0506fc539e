"""How often leads were won that meet a condition, beside those that do not. Counts that add up
over batches; a lead of which it cannot be told is in neither."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from syncd.domain.standard import FieldTest
from syncd.measure.column_tests import field_truth
from syncd.measure.draft_split import WON
from syncd.measure.rates import Contrast
from syncd.measure.shares import Rate

_AT_ONCE = 100
"""Conditions whose columns stand in memory together."""


def truths(conditions: Sequence[FieldTest], leads: pl.DataFrame) -> list[pl.Expr]:
    """One column for each condition, called by its number: true, false, or null where unknown."""
    schema = dict(leads.schema)
    return [field_truth(x, schema).alias(str(n)) for n, x in enumerate(conditions)]


class Counts:
    """For each condition: met, met and won, unmet, unmet and won."""

    def __init__(self, conditions: Sequence[FieldTest]) -> None:
        self.conditions = tuple(conditions)
        self._cells = np.zeros((len(self.conditions), 4), dtype=np.int64)

    def add(self, leads: pl.DataFrame) -> None:
        for first in range(0, len(self.conditions), _AT_ONCE):
            part = slice(first, first + _AT_ONCE)
            self._cells[part] += _cells(self.conditions[part], leads)

    def contrasts(self) -> tuple[Contrast, ...]:
        return tuple(
            Contrast(Rate(met_won, met), Rate(unmet_won, unmet))
            for met, met_won, unmet, unmet_won in self._cells.tolist()
        )


def _cells(conditions: Sequence[FieldTest], leads: pl.DataFrame) -> np.ndarray:
    found = leads.select(WON, *truths(conditions, leads))
    names = [str(n) for n in range(len(conditions))]
    won = pl.col(WON)
    counted = (
        found.select(pl.col(names).sum()),
        found.select((pl.col(names) & won).sum()),
        found.select((~pl.col(names)).sum()),
        found.select((~pl.col(names) & won).sum()),
    )
    return np.column_stack([x.to_numpy()[0] for x in counted]).astype(np.int64)
