"""Single numbers in pandas: how many, what share, which percentile, how much, each with its
interval. Written from the definitions in docs/METRICS.md."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

_Z = 1.959963984540054
_ENOUGH = 10


@dataclass(frozen=True, slots=True)
class Counted:
    """`value` None where it cannot be said."""

    value: float | None
    n: int
    of: int | None = None
    low: float | None = None
    high: float | None = None


Cell = Callable[[pd.DataFrame], Counted]
Mask = Callable[[pd.DataFrame], pd.Series]
Line = tuple[str, Mapping[str, Cell]]


def every(rows: pd.DataFrame) -> pd.Series:
    return pd.Series(True, index=rows.index, dtype=bool)


def how_many(who: Mask) -> Cell:
    return lambda rows: _whole(int(who(rows).sum()))


def _whole(n: int) -> Counted:
    return Counted(n, n)


def share_of(who: Mask, of: Mask = every) -> Cell:
    def counted(rows: pd.DataFrame) -> Counted:
        base = of(rows)
        return proportion(int((who(rows) & base).sum()), int(base.sum()))

    return counted


def proportion(n: int, of: int) -> Counted:
    """Wilson: the shares that are just so far from what was seen as chance allows."""
    if of < _ENOUGH:
        return Counted(None, n, of)
    p, square = n / of, _Z**2
    roots = np.roots([1 + square / of, -(2 * p + square / of), p * p])
    low, high = sorted(float(x.real) for x in roots)
    return Counted(p, n, of, max(0.0, low), min(1.0, high))


def percentile(of: Mask, percent: int) -> Cell:
    def counted(rows: pd.DataFrame) -> Counted:
        values = np.sort(of(rows).dropna().to_numpy(dtype=float))
        n, part = len(values), percent / 100
        if n < max(_ENOUGH, math.ceil(100 / (100 - percent))):
            return Counted(None, n)
        reach = _Z * math.sqrt(n * part * (1 - part))
        first, last = math.ceil(n * part - reach), math.ceil(n * part + reach)
        return Counted(
            float(np.percentile(values, percent)),
            n,
            None,
            float(values[max(first, 1) - 1]),
            float(values[min(last, n) - 1]),
        )

    return counted


def total(who: Mask, of: Mask) -> Cell:
    """Unknown, not 0, where there are rows and none of them says how much."""

    def counted(rows: pd.DataFrame) -> Counted:
        mine = of(rows)[who(rows)]
        known = mine.dropna()
        if len(mine) and not len(known):
            return Counted(None, 0, len(mine))
        return Counted(float(known.sum()), len(known))

    return counted


def portion(who: Mask, of: Mask) -> Cell:
    """How much of the whole sum these rows bring; no sample of anything."""

    def counted(rows: pd.DataFrame) -> Counted:
        amounts, mine = of(rows), who(rows)
        whole, part = float(amounts.sum()), amounts[mine].dropna()
        return Counted(float(part.sum()) / whole if whole else None, len(part))

    return counted


def where(mask: Mask, who: Mask) -> Mask:
    """Both hold."""
    return lambda rows: mask(rows) & who(rows)


def only(mask: Mask, value: Mask) -> Mask:
    """The value where the mask holds."""
    return lambda rows: value(rows).where(mask(rows))


def known(column: str) -> Mask:
    return lambda rows: rows[column].notna()


def says(column: str, *words: object) -> Mask:
    return lambda rows: rows[column].isin(words)


def none_of(*masks: Mask) -> Mask:
    return lambda rows: ~np.logical_or.reduce([mask(rows) for mask in masks])


def seconds(start: str, end: str) -> Mask:
    """Whole ones. NaN where either is not known."""
    return lambda rows: np.floor((rows[end] - rows[start]).dt.total_seconds())
