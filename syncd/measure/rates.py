"""Shares held against one another: differences, ratios, tests.

Every interval is one of 95 %. Numbers only: this knows no leads and no rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from syncd.measure.shares import REACH, Interval, Rate

ENOUGH_LEADS, ENOUGH_EXPECTED = 30, 5
"""Below this many leads on either side, or where chance alone would put fewer into one of the
four cells (Cochran's rule), a comparison says nothing: one lead more or less would move a rate
by more than three points, and hardly any difference could be told from chance."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """One rate beside another: of the leads that meet something, and of those that do not."""

    met: Rate
    unmet: Rate

    @property
    def is_enough(self) -> bool:
        """Whether there are leads enough to say anything."""
        leads = self.met.n + self.unmet.n
        smaller = min(self.met.n, self.unmet.n)
        hits = self.met.hits + self.unmet.hits
        rarer = min(hits, leads - hits)
        return smaller >= ENOUGH_LEADS and smaller * rarer >= ENOUGH_EXPECTED * leads

    @property
    def difference(self) -> float | None:
        if self.met.share is None or self.unmet.share is None:
            return None
        return self.met.share - self.unmet.share

    @property
    def difference_interval(self) -> Interval | None:
        """Newcombe's hybrid score interval (his method 10)."""
        met, unmet = self.met.interval, self.unmet.interval
        p, q = self.met.share, self.unmet.share
        if met is None or unmet is None or p is None or q is None:
            return None
        return Interval(
            p - q - ((p - met.low) ** 2 + (unmet.high - q) ** 2) ** 0.5,
            p - q + ((met.high - p) ** 2 + (q - unmet.low) ** 2) ** 0.5,
        )

    @property
    def lift(self) -> float | None:
        """How many times as often: the first rate divided by the second."""
        if not self.met.n or not self.unmet.hits:
            return None
        return (self.met.hits / self.met.n) / (self.unmet.hits / self.unmet.n)

    @property
    def lift_interval(self) -> Interval | None:
        """Katz's logarithmic interval; None where one of the two never happened."""
        lift = self.lift
        if not lift:
            return None
        met, unmet = self.met, self.unmet
        spread = (1 / met.hits - 1 / met.n + 1 / unmet.hits - 1 / unmet.n) ** 0.5
        factor = float(np.exp(REACH * spread))
        return Interval(lift / factor, lift * factor)

    @property
    def p(self) -> float:
        """Fisher's exact test, two-sided: how easily chance alone makes two rates so different."""
        table = [[x.hits, x.n - x.hits] for x in (self.met, self.unmet)]
        return float(stats.fisher_exact(table).pvalue)


def corrected(ps: Sequence[float]) -> tuple[float, ...]:
    """The p of each when so many are looked at together (Benjamini and Hochberg): of all that
    stay below 0.05, one in twenty is chance."""
    if not ps:
        return ()
    return tuple(map(float, stats.false_discovery_control(np.clip(ps, 0.0, 1.0), method="bh")))
