"""Lines of sheets that are made the same way: fixed ones, one for each month."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

import polars as pl

from syncd.measure.cells import Cell, Count, Percentile, Portion, Share, Total
from syncd.measure.scope import Scope
from syncd.measure.sheet import Line, Lines

MONTHS = 12
"""So many are a trend, and every season is in it once."""

Cells = Callable[[Scope], Mapping[str, Cell]]


def fixed(*lines: Line) -> Lines:
    """Lines that are the same in every scope."""
    return lambda *_: lines


def line_of(key: str, label: str, where: pl.Expr, cells: Mapping[str, Cell]) -> Line:
    """A line of the rows that `where` holds of."""
    return Line(key=key, label=label, cells={x: narrowed(c, where) for x, c in cells.items()})


def narrowed(cell: Cell, where: pl.Expr) -> Cell:
    """The same number of some rows only."""
    match cell:
        case Count(who=who):
            return Count(who=who & where)
        case Share(who=who, of=of, target=target):
            return Share(who=who, of=of & where, target=target)
        case Percentile(of=of, percent=percent):
            return Percentile(of=pl.when(where).then(of), percent=percent)
        case Total(who=who, of=of):
            return Total(who=who & where, of=of)
        case Portion(who=who, of=of):
            return Portion(who=who, of=pl.when(where).then(of))
        case _:
            assert_never(cell)


def each_month(cells: Cells) -> Lines:
    """A line for each of the last months, the period's last month at the end. `cells` are of
    a scope whose period is the month."""
    return lambda _, scope: [_month(x, cells) for x in months(scope)]


def _month(month: Scope, cells: Cells) -> Line:
    start = month.start.astimezone(ZoneInfo(month.time_zone))
    return Line(key=f"{start:%Y-%m}", label=month.label, cells=cells(month))


def trend(scope: Scope) -> Scope:
    """The period of all these months together."""
    each = list(months(scope))
    return replace(scope, start=each[0].start, end=each[-1].end)


def months(scope: Scope) -> Iterator[Scope]:
    """The months, in the time zone of the scope, up to the one in which its period ends."""
    zone = ZoneInfo(scope.time_zone)
    last = (scope.end - timedelta(microseconds=1)).astimezone(zone)
    latest = last.year * 12 + last.month - 1
    for number in range(latest - MONTHS + 1, latest + 1):
        start, end = _first_of(number, zone), _first_of(number + 1, zone)
        so_far = " (so far)" if start <= scope.now < end else ""
        label = f"{start.astimezone(zone):%B %Y}{so_far}"
        yield replace(scope, start=start, end=end, label=label)


def _first_of(number: int, zone: ZoneInfo) -> datetime:
    year, month = divmod(number, 12)
    return datetime(year, month + 1, 1, tzinfo=zone).astimezone(UTC)
