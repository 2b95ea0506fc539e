"""What is counted of each rule, batch by batch: met, unmet and unknown, won or not, and which
rules are unmet together. Counts only; `ledger` draws conclusions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from syncd.domain.names import RuleId
from syncd.measure.column_names import RESULT, rule_column
from syncd.measure.judging import Columns
from syncd.measure.only_reason import only_reason
from syncd.measure.outcomes import OVERRIDDEN, SEGMENT, Outcome
from syncd.measure.shares import Rate
from syncd.measure.standing import STANDING


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCount:
    """Of the leads whose segment looks at the rule. `alone` are those that fail for it only."""

    met: int = 0
    met_won: int = 0
    unmet: int = 0
    unmet_won: int = 0
    unknown: int = 0
    overridden: int = 0
    alone: int = 0
    stopped: int = 0

    @property
    def leads(self) -> int:
        return self.met + self.unmet + self.unknown


_KINDS = tuple(RuleCount.__dataclass_fields__)


class LedgerCounts:
    """Additive: each batch once."""

    def __init__(self, columns: Columns) -> None:
        self.rules = columns.rules
        self._counts = np.zeros((len(self.rules), len(_KINDS)), dtype=np.int64)
        self._together = np.zeros((len(self.rules), len(self.rules)), dtype=np.int64)
        self._asked = [_asked(x, columns) for x in self.rules]
        self._alone = [only_reason(x, columns) for x in self.rules]

    def add(self, judged: pl.DataFrame) -> None:
        if self.rules:
            sums = judged.select(x for n in range(len(self.rules)) for x in self._sums(n))
            self._counts += np.array(sums.row(0), dtype=np.int64).reshape(self._counts.shape)
            self._together += self._unmet_together(judged)

    def count(self, rule: RuleId) -> RuleCount:
        row = self._counts[self.rules.index(rule)]
        return RuleCount(**dict(zip(_KINDS, map(int, row), strict=True)))

    def overlaps(self, rule: RuleId) -> Mapping[RuleId, Rate]:
        """With each other rule: leads unmet on both, of those unmet on either."""
        here = self.rules.index(rule)
        unmet, both = np.diag(self._together), self._together[here]
        either = unmet[here] + unmet - both
        return {
            other: Rate(int(both[there]), int(either[there]))
            for there, other in enumerate(self.rules)
            if there != here
        }

    def _sums(self, number: int) -> Iterator[pl.Expr]:
        asked, truth = self._asked[number], pl.col(rule_column(self.rules[number]))
        won = pl.col(STANDING) == Outcome.WON.value
        met = asked & truth.fill_null(value=False)
        unmet = asked & ~truth.fill_null(value=True)
        leads = {
            "met": met,
            "met_won": met & won,
            "unmet": unmet,
            "unmet_won": unmet & won,
            "unknown": asked & truth.is_null(),
            "overridden": unmet & pl.col(OVERRIDDEN).fill_null(value=False),
            "alone": self._alone[number],
            "stopped": asked & ~pl.col(RESULT).fill_null(value=True),
        }
        return (leads[kind].sum().alias(f"{number} {kind}") for kind in _KINDS)

    def _unmet_together(self, judged: pl.DataFrame) -> npt.NDArray[np.int64]:
        unmet = judged.select(
            (asked & ~pl.col(rule_column(rule)).fill_null(value=True)).cast(pl.Float32).alias(rule)
            for rule, asked in zip(self.rules, self._asked, strict=True)
        ).to_numpy()
        total = np.zeros_like(self._together)
        for first in range(0, len(unmet), _EXACT):
            piece = unmet[first : first + _EXACT]
            total += (piece.T @ piece).astype(np.int64)
        return total


_EXACT = 2**20
"""So many ones a Float32 can add up without rounding, with room to spare."""


def _asked(rule: RuleId, columns: Columns) -> pl.Expr:
    names = [x.name for x in columns.segments if rule in x.looks_at]
    return pl.col(SEGMENT).is_in(names)
