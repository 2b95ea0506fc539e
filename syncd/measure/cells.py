"""What one number is made of, said once: from the same words come its count and its leads.

A cell knows rows, not tables. Nothing else may count: a second expression for the same number
would sooner or later disagree with the first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor
from typing import assert_never

import polars as pl

from syncd.measure.shares import REACH, Rate
from syncd.measure.tables import Number

ENOUGH = 10
"""With fewer, a single lead would move a share by more than ten points: too few to say."""
TOO_FEW, NOTHING, NOT_HERE = "too few to say", "nothing to count", "does not apply"
UNKNOWN_AMOUNT = "unknown"
NOTHING_HERE = Number(value=None, n=0, why=NOT_HERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many rows `who` holds of."""

    who: pl.Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of the rows `of` holds of are `who` too."""

    who: pl.Expr
    of: pl.Expr
    target: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentile:
    """The value that `percent` of 100 rows stay below, in proportion between the two nearest;
    rows where `of` is null have none. 50 is the median."""

    of: pl.Expr
    percent: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """The sum of what the rows `who` holds of have; those where `of` is null have nothing, and
    where that is so of all of them the sum is unknown, not 0."""

    who: pl.Expr
    of: pl.Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """How much of the sum of `of` comes from the rows that `who` holds of. It has no interval:
    amounts are no sample of anything."""

    who: pl.Expr
    of: pl.Expr


Cell = Count | Share | Percentile | Total | Portion


def counted(cell: Cell) -> pl.Expr:
    """The rows that a number is made of: of a share, its numerator."""
    match cell:
        case Count(who=who):
            found = who
        case Share(who=who, of=of):
            found = who & of
        case Percentile(of=of):
            found = of.is_not_null()
        case Total(who=who, of=of) | Portion(who=who, of=of):
            found = who & of.is_not_null()
        case _:
            assert_never(cell)
    return _rows(found)


def _rows(found: pl.Expr) -> pl.Expr:
    """True or false of each row; also where what is asked looks at no column, and would be
    answered once for all of them."""
    return (pl.col("lead_id").is_not_null() & found).fill_null(value=False)


def sums(cell: Cell) -> Mapping[str, pl.Expr]:
    """What must be known of all rows together to tell the number."""
    n = {"n": counted(cell).sum()}
    match cell:
        case Count():
            return n
        case Share(of=of):
            return n | {"of": _rows(of).sum()}
        case Percentile(of=of):
            return n | {"values": of.drop_nulls().sort().implode()}
        case Total(who=who, of=of):
            return n | {"of": _rows(who).sum(), "total": of.filter(counted(cell)).sum()}
        case Portion(of=of):
            return n | {"part": of.filter(counted(cell)).sum(), "total": of.sum()}
        case _:
            assert_never(cell)


def number(cell: Cell, found: Mapping[str, object]) -> Number:
    """The number, of what `sums` found."""
    n = found["n"]
    assert isinstance(n, int)
    match cell:
        case Count():
            return Number(value=n, n=n)
        case Share():
            of = found["of"]
            assert isinstance(of, int)
            return share(n, of, target=cell.target)
        case Percentile():
            values = found["values"]
            assert isinstance(values, pl.Series)
            return _percentile(values, cell.percent)
        case Total():
            of, total = found["of"], found["total"]
            assert isinstance(of, int)
            assert isinstance(total, int | float)
            if of and not n:
                return Number(value=None, n=n, of=of, why=UNKNOWN_AMOUNT)
            return Number(value=_money(total), n=n)
        case Portion():
            part, total = found["part"], found["total"]
            assert isinstance(part, int | float)
            assert isinstance(total, int | float)
            whole = _money(total)
            if not whole:
                return Number(value=None, n=n, why=NOTHING)
            return Number(value=_money(part) / whole, n=n)
        case _:
            assert_never(cell)


def _money(total: float) -> float:
    """To the hundredth: the order in which amounts are added up must not show."""
    return round(float(total), 2)


def share(n: int, of: int, *, target: float | None = None) -> Number:
    """`n` of `of`, with its interval."""
    if of < ENOUGH:
        return Number(value=None, n=n, of=of, target=target, why=TOO_FEW if of else NOTHING)
    reach = Rate(n, of).interval
    assert reach is not None, "there is something to take a share of"
    return Number(value=n / of, n=n, of=of, low=reach.low, high=reach.high, target=target)


def _percentile(values: pl.Series, percent: int) -> Number:
    """Of values that rise. The ninth of ten is what fewer than ten cannot have: high percents
    need more values than the median does."""
    n = values.len()
    if n < max(ENOUGH, -(-100 // (100 - percent))):
        return Number(value=None, n=n, why=TOO_FEW if n else NOTHING)
    place = (n - 1) * percent / 100
    below, above = float(values[floor(place)]), float(values[ceil(place)])
    low, high = _reach(n, percent / 100)
    return Number(
        value=below + (above - below) * (place - floor(place)),
        n=n,
        low=float(values[low]),
        high=float(values[high]),
    )


def _reach(n: int, part: float) -> tuple[int, int]:
    """The places between which the true value lies: as many below it as chance allows, by the
    normal approximation of the binomial (Conover)."""
    spread = REACH * (n * part * (1 - part)) ** 0.5
    return max(0, ceil(n * part - spread) - 1), min(n - 1, ceil(n * part + spread) - 1)
