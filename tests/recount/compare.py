"""Hold the product's tables against the recount, number by number."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from math import isclose

from recount.asked import Asked, Key
from recount.counts import numbers
from recount.rows import tables
from recount.tally import Counted
from recount.week import Week
from syncd.measure.catalogue import MEASURES
from syncd.measure.facts import Dimension
from syncd.measure.scope import Scope
from syncd.measure.tables import Number

_ONLY_SPENT = "cost"


def differences(
    week: Week, start: datetime, end: datetime, *, by: str | None = None, zone: str = "UTC"
) -> list[str]:
    """One line for each number on which they do not agree."""
    rounds, moves = tables(week)
    asked = Asked(rounds=rounds, moves=moves, start=start, end=end, now=week.end, zone=zone, by=by)
    mine, theirs = numbers(asked), _shown(week, start, end, by, zone)
    return [*_disagreeing(mine, theirs)]


def _shown(
    week: Week, start: datetime, end: datetime, by: str | None, zone: str
) -> Mapping[Key, Number]:
    scope = Scope(start=start, end=end, label="", time_zone=zone, now=week.end)
    dimension = Dimension(by) if by else None
    found: dict[Key, Number] = {}
    for name, measure in MEASURES.items():
        if name != _ONLY_SPENT and (dimension is None or dimension in measure.dimensions):
            for row in measure.table(week.facts, scope, dimension).rows:
                found |= {(name, row.key, column): x for column, x in row.numbers.items()}
    return found


def _disagreeing(mine: Mapping[Key, Counted], theirs: Mapping[Key, Number]) -> Iterator[str]:
    for key in sorted({*mine, *theirs}):
        counted, shown = mine.get(key), theirs.get(key)
        if counted is None and shown is not None and shown.why == "does not apply":
            continue
        if counted is None or shown is None or not _same(counted, shown):
            yield f"{'/'.join(key)}: counted {counted}, shown {shown}"


def _same(counted: Counted, shown: Number) -> bool:
    pairs = (
        (counted.value, shown.value),
        (counted.n, shown.n),
        (counted.of, shown.of),
        (counted.low, shown.low),
        (counted.high, shown.high),
    )
    return all(_equal(x, y) for x, y in pairs)


def _equal(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def how_many_numbers(week: Week, start: datetime, end: datetime) -> int:
    """Numbers of the report that can be said and are not zero."""
    shown = _shown(week, start, end, None, "UTC")
    return sum(bool(x.value) for x in shown.values())
