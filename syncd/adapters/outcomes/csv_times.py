"""Read the texts of one CSV column as days or instants; what cannot be read becomes null.

The format of the mapping comes first, then the unmistakable ones that begin with the year.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import polars as pl

_ISO_DAYS = ("%Y-%m-%d", "%Y/%m/%d")
_TIMES = (" %H:%M:%S%.f", " %H:%M", " %I:%M %p", " %I:%M:%S %p")
_TIME_CODES = ("%H", "%I")
_ZONED = ("%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%d %H:%M%#z")
_YEARS = (1900, 2200)
"""A year outside is a misread date: 0024 for 2024."""
_LOCAL, _INSTANT = pl.Datetime("us"), pl.Datetime("us", "UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How a column writes times, and where the clock stood for those without a zone.
    `day_ends`: a day without a time is its last second, not its first."""

    date_format: str | None
    time_zone: str
    day_ends: bool = False


def days(texts: pl.Series, clock: Clock) -> pl.Series:
    """Days on the calendar of the clock's zone."""
    readers = _readers(clock, local=lambda x: x, zoned=lambda x: _as_local(x, clock))
    return _first_read(texts, readers, _LOCAL).dt.date()


def instants(texts: pl.Series, clock: Clock) -> pl.Series:
    """Instants in UTC. A time that a clock change repeats is the first of both."""

    def local(times: pl.Series) -> pl.Series:
        here = times.dt.replace_time_zone(
            clock.time_zone, ambiguous="earliest", non_existent="null"
        )
        return here.dt.convert_time_zone("UTC")

    return _first_read(texts, _readers(clock, local=local, zoned=lambda x: x), _INSTANT)


_Change = Callable[[pl.Series], pl.Series]


def _readers(clock: Clock, *, local: _Change, zoned: _Change) -> Iterator[_Change]:
    """Each reads what it can of texts, and is null for the others."""

    def whole_day(times: pl.Series) -> pl.Series:
        return local(times.dt.offset_by("23h59m59s") if clock.day_ends else times)

    for format_ in (*([clock.date_format] if clock.date_format else []), *_ISO_DAYS):
        if any(code in format_ for code in _TIME_CODES):
            yield partial(_read, format_, _LOCAL, local)
            continue
        yield partial(_read, format_, _LOCAL, whole_day)
        for time in _TIMES:
            yield partial(_read, format_ + time, _LOCAL, local)
    for format_ in _ZONED:
        yield partial(_read, format_, _INSTANT, zoned)


def _first_read(texts: pl.Series, readers: Iterator[_Change], kind: pl.DataType) -> pl.Series:
    """What the first reader that can read it makes of each text."""
    texts = texts.str.replace(r"^(\d{4}-\d\d?-\d\d?)T", "$1 ")
    found = pl.Series([None], dtype=kind).new_from_index(0, len(texts))
    for read in readers:
        open_ = (texts.is_not_null() & found.is_null()).arg_true()
        if open_.is_empty():
            break
        found = found.scatter(open_, read(texts.gather(open_)))
    return found


def _read(format_: str, kind: pl.Datetime, change: _Change, texts: pl.Series) -> pl.Series:
    times = texts.str.strptime(kind, format_, strict=False)
    return change(times.set(~times.dt.year().is_between(*_YEARS), None))


def _as_local(times: pl.Series, clock: Clock) -> pl.Series:
    """What the clock showed, without its zone."""
    return times.dt.convert_time_zone(clock.time_zone).dt.replace_time_zone(None)
