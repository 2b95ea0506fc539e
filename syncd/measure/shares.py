"""Shares, and how sure one can be of them. Loads nothing: every number of the report has one."""

from dataclasses import dataclass

REACH = 1.959963984540054
"""So many standard errors reach to either side of an interval of 95 %. Written out, as whoever
counts it loads scipy."""


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` of `n`."""

    hits: int
    n: int

    @property
    def share(self) -> float | None:
        """None where there is nothing to take a share of."""
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's score interval, without correction for continuity."""
        if not self.n:
            return None
        square = REACH * REACH
        centre = (self.hits + square / 2) / (self.n + square)
        spread = self.hits * (self.n - self.hits) / self.n + square / 4
        reach = REACH / (self.n + square) * spread**0.5
        return Interval(max(0.0, centre - reach), min(1.0, centre + reach))
