"""Leads by which of a few conditions they meet: small enough to keep, whole enough to answer
every question about those conditions together (overlap, gates, points)."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from syncd.domain.standard import FieldTest
from syncd.measure.draft_counts import truths
from syncd.measure.draft_split import NEWER, WON
from syncd.measure.rates import Contrast
from syncd.measure.shares import Rate

MOST_CONDITIONS = 16
"""That a million leads fall into few enough patterns."""
_N, _HITS = "_n", "_hits"


class Patterns:
    """One row for each pattern of met, unmet and unknown, in each part of the leads."""

    def __init__(self, conditions: Sequence[FieldTest]) -> None:
        self._conditions = tuple(conditions)
        self._keys = [NEWER, *(str(n) for n in range(len(self._conditions)))]
        self._table: pl.DataFrame | None = None

    def add(self, leads: pl.DataFrame) -> None:
        found = leads.select(NEWER, WON, *truths(self._conditions, leads))
        counted = found.group_by(self._keys).agg(
            pl.len().cast(pl.Int64).alias(_N), pl.col(WON).sum().cast(pl.Int64).alias(_HITS)
        )
        tables = [counted] if self._table is None else [self._table, counted]
        self._table = pl.concat(tables).group_by(self._keys).agg(pl.col(_N, _HITS).sum())

    def part(self, *, newer: bool) -> "Part":
        table = self._table
        if table is None:
            raise ValueError("patterns of no batch at all")
        rows = table.filter(pl.col(NEWER) == newer)
        columns = [rows[x].to_list() for x in self._keys[1:]]
        return Part(columns, rows[_N].to_numpy(), rows[_HITS].to_numpy())


class Part:
    """The older or the newer leads. Conditions are told by their place."""

    def __init__(
        self, columns: Sequence[Sequence[bool | None]], leads: np.ndarray, won: np.ndarray
    ) -> None:
        self._met = [np.array([x is True for x in column], dtype=bool) for column in columns]
        self._unmet = [np.array([x is False for x in column], dtype=bool) for column in columns]
        self._leads, self._won = leads, won

    @property
    def everyone(self) -> Rate:
        return self.where(np.ones(len(self._leads), dtype=bool))

    def contrast(self, condition: int) -> Contrast:
        return Contrast(self.where(self._met[condition]), self.where(self._unmet[condition]))

    def correlation(self, one: int, other: int) -> float:
        """Of the truth of two conditions (phi), over the leads of which both are known."""
        first, second = self._met[one], self._met[other]
        known = (first | self._unmet[one]) & (second | self._unmet[other])
        leads = self._leads[known]
        total = int(leads.sum())
        if not total:
            return 0.0
        p, q = (int(leads[x[known]].sum()) / total for x in (first, second))
        both = int(leads[(first & second)[known]].sum()) / total
        spread = (p * (1 - p) * q * (1 - q)) ** 0.5
        return (both - p * q) / spread if spread else 0.0

    def adds(self, one: int, beside: int) -> float:
        """By how many standard errors those who meet `one` win more often than those who do not,
        among leads alike in `beside` (Mantel and Haenszel's test, without correction)."""
        more, variance = 0.0, 0.0
        for alike in (self._met[beside], self._unmet[beside]):
            met, unmet = (self.where(x[one] & alike) for x in (self._met, self._unmet))
            leads, won = met.n + unmet.n, met.hits + unmet.hits
            if leads > 1:
                more += met.hits - met.n * won / leads
                variance += met.n * unmet.n * won * (leads - won) / (leads * leads * (leads - 1))
        return more / float(variance**0.5) if variance else 0.0

    def met_by_winners(self, condition: int) -> float:
        """Share of the won leads that do not certainly fail it."""
        won = int(self._won.sum())
        return 1 - int(self._won[self._unmet[condition]].sum()) / won if won else 0.0

    def passing(self, all_of: Sequence[int], some_of: Sequence[int], at_least: int) -> Contrast:
        """Leads that do not certainly fail such a gate, beside those that do."""
        stopped = self._any_of([self._unmet[x] for x in all_of])
        if some_of:
            possible = sum(~self._unmet[x] for x in some_of)
            stopped = stopped | (possible < at_least)
        return Contrast(self.where(~stopped), self.where(stopped))

    def scores(self, points: Sequence[int], conditions: Sequence[int]) -> np.ndarray:
        """Of each pattern; what is unknown gives no points."""
        total = np.zeros(len(self._leads), dtype=np.int64)
        for many, condition in zip(points, conditions, strict=True):
            total += many * self._met[condition]
        return total

    def _any_of(self, masks: Sequence[np.ndarray]) -> np.ndarray:
        found = np.zeros(len(self._leads), dtype=bool)
        for mask in masks:
            found = found | mask
        return found

    def where(self, chosen: np.ndarray) -> Rate:
        return Rate(int(self._won[chosen].sum()), int(self._leads[chosen].sum()))
