"""A naive business clock that shares nothing with the core: it walks every minute of UTC in a
window, asks zoneinfo what the clock on the wall shows, and counts those in which people work.

Seconds are counted within the minute, so instants need not be whole minutes. All is integers:
seconds from the window's beginning, and wall minutes from the year 1.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import accumulate
from zoneinfo import ZoneInfo

from syncd.domain.calendar import Calendar

ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tehran",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Honolulu",
    "Pacific/Kiritimati",
)
MINUTE = timedelta(minutes=1)
DAY = 1440


def clock_changes(zone: str, years: range) -> list[datetime]:
    """The minutes at which the zone's clocks change, found by looking at every half hour."""
    there, step = ZoneInfo(zone), timedelta(minutes=30)
    now, end = (datetime(year, 1, 1, tzinfo=UTC) for year in (years.start, years.stop))
    found, before = [], now.astimezone(there).utcoffset()
    while now < end:
        now += step
        after = now.astimezone(there).utcoffset()
        if after != before:
            minutes = (now - n * MINUTE for n in range(31))
            found.append(min(x for x in minutes if x.astimezone(there).utcoffset() == after))
        before = after
    return found


@dataclass(frozen=True)
class Window:
    """What the clock on the wall showed at each minute of UTC from `begin` on."""

    zone: str
    begin: datetime
    walls: tuple[int, ...]

    @classmethod
    def around(cls, zone: str, middle: datetime, *, before: int, after: int) -> "Window":
        """So many days before and after."""
        begin = middle.replace(second=0, microsecond=0) - timedelta(days=before)
        there = ZoneInfo(zone)
        local = ((begin + n * MINUTE).astimezone(there) for n in range((before + after) * DAY))
        return cls(zone, begin, tuple(x.toordinal() * DAY + x.hour * 60 + x.minute for x in local))

    def instant(self, seconds: int) -> datetime:
        return self.begin + timedelta(seconds=seconds)

    def seconds(self, instant: datetime) -> int:
        return int((instant - self.begin).total_seconds())

    @cached_property
    def shown(self) -> tuple[int, ...]:
        """The latest the clock has shown before each minute: it does not run backwards."""
        return (0, *accumulate((wall + 1 for wall in self.walls), max))

    @cached_property
    def to_come(self) -> tuple[int, ...]:
        """The earliest it will still show from each minute on."""
        return tuple(accumulate(reversed(self.walls), min))[::-1]


@dataclass(frozen=True)
class Naive:
    """One calendar in one window."""

    window: Window
    calendar: Calendar

    def work(self, day: int) -> tuple[tuple[int, int], ...]:
        """The shifts that begin on a day."""
        there = date.fromordinal(day)
        return () if there in self.calendar.closed else self.calendar.hours.get(there.weekday(), ())

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """The seconds worked before each minute."""
        walls = self.window.walls
        worked: set[int] = set()
        for day in range(walls[0] // DAY - 1, walls[-1] // DAY + 1):
            for start, end in self.work(day):
                worked.update(range(day * DAY + start, day * DAY + end))
        return (0, *accumulate(60 * (wall in worked) for wall in walls))

    def count(self, second: int) -> int:
        """The seconds worked from the window's beginning until this one."""
        minute, into = divmod(second, 60)
        open_now = self.counts[minute + 1] > self.counts[minute]
        return self.counts[minute] + into * open_now

    def deadline(self, start: int, seconds: int) -> int | None:
        """The first second at which so many were worked; None beyond the window."""
        target = self.count(start) + seconds
        minute = bisect_left(self.counts, target) - 1
        if not seconds:
            return start
        return (
            None if minute + 1 == len(self.counts) else minute * 60 + target - self.counts[minute]
        )

    def days_later(self, start: int, days: int) -> int | None:
        """The same wall clock time on the n-th working day after; None beyond the window."""
        wall = max(
            self.window.shown[start // 60] * 60, self.window.walls[start // 60] * 60 + start % 60
        )
        day = self.day_of(wall // 60)
        work = self.work(day)
        into = wall - day * DAY * 60 if work else 2 * DAY * 60
        while days:
            day += 1
            days -= bool(self.work(day))
            if day * DAY > self.window.walls[-1]:
                return None
        opening, closing = self.work(day)[0][0] * 60, self.work(day)[-1][1] * 60
        return self.surely_shown(day * DAY * 60 + min(max(opening, into), closing))

    def day_of(self, wall: int) -> int:
        """Today, or yesterday while its night shift is not over."""
        today = wall // DAY
        ends = [(today - 1) * DAY + end for _, end in self.work(today - 1)]
        return today - 1 if ends and wall < max(ends) else today

    def surely_shown(self, wall: int) -> int | None:
        """The last second at which the clock shows this, or the first of more where it is
        skipped."""
        last = bisect_right(self.window.to_come, wall // 60) - 1
        if last + 1 == len(self.window.walls):
            return None
        return last * 60 + min(60, wall - self.window.walls[last] * 60)
