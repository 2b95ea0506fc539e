"""Business calendars and spans of time, as policy names them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

FULL_DAY = (0, 24 * 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When a team works. `hours` maps weekday (0 Monday) to (start, end) minutes of the
    local day, end at most 1440; a missing weekday is closed. `closed` are whole local days.
    `version` changes whenever any of it does."""

    name: str
    time_zone: str
    hours: Mapping[int, tuple[tuple[int, int], ...]]
    closed: frozenset[date]
    version: str


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Time by the clock on the wall, round the clock."""

    span: timedelta


@dataclass(frozen=True, slots=True)
class ElapsedMonths:
    """Calendar months of the calendar's time zone; the day is held to the month's last."""

    months: int


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """Time while the calendar is open."""

    span: timedelta


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """To the same local time on the n-th open day after (or the close of that day if earlier)."""

    days: int


Span = Elapsed | ElapsedMonths | BusinessHours | BusinessDays


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A counted stretch of business time, for `explain`."""

    start: datetime
    end: datetime
