"""Business calendars and spans of time, as policy names them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

FULL_DAY = (0, 24 * 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When a team works. `hours` maps weekday (0 Monday) to the shifts that begin on it, as
    (start, end) minutes of the local day in order; a shift over midnight ends beyond 1440, at
    most 24 hours after it began and before the next one; a missing weekday is closed.

    `closed` are days off and why: no shift begins on them. `version` changes whenever the same
    start could give another deadline."""

    name: str
    time_zone: str
    hours: Mapping[int, tuple[tuple[int, int], ...]]
    closed: Mapping[date, str]
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
    """To the same local time on the n-th open day after, held between that day's opening and
    closing. A shift over midnight is of the day it began on."""

    days: int


Span = Elapsed | ElapsedMonths | BusinessHours | BusinessDays


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """From an instant to a later one, in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A stretch of time in a clock's account; `why_not` says why it did not count, None where
    it did."""

    start: datetime
    end: datetime
    why_not: str | None
