"""Instants and spans as the receiving team reads them: in its own zone, nothing rounded away."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from syncd.core.value_words import counted
from syncd.domain.calendar import BusinessDays, BusinessHours, Elapsed, ElapsedMonths, Span


@dataclass(frozen=True, slots=True)
class Local:
    """A time zone by its name, such as `Europe/Berlin`."""

    zone: str

    def day(self, instant: datetime) -> str:
        """`Tue 3 Mar 2026`."""
        there = self._there(instant)
        return f"{there:%a} {there.day} {there:%b %Y}"

    def hour(self, instant: datetime) -> str:
        return f"{self._there(instant):%H:%M:%S}"

    def words(self, instant: datetime) -> str:
        """`Tue 3 Mar 14:05`."""
        there = self._there(instant)
        return f"{there:%a} {there.day} {there:%b %H:%M}"

    def stretch(self, start: datetime, end: datetime) -> str:
        """`Tue 3 Mar 09:00 to 17:30`; the day again when it is another."""
        same = self.day(start) == self.day(end)
        until = f"{self._there(end):%H:%M}" if same else self.words(end)
        return f"{self.words(start)} to {until}"

    def _there(self, instant: datetime) -> datetime:
        return instant.astimezone(ZoneInfo(self.zone))


def exact_span(span: timedelta) -> str:
    """`2 h 45 min`, so that parts add up; seconds only when there are any."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (seconds, "s"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "nothing"


def promise_words(span: Span) -> str:
    """A promise as an admin would write it: `4 business hours`."""
    match span:
        case Elapsed(span=length):
            whole_days, odd = divmod(length, timedelta(days=1))
            return exact_span(length) if odd else counted(whole_days, "day")
        case ElapsedMonths(months=months):
            return counted(months, "month")
        case BusinessHours(span=length):
            minutes = int(length.total_seconds()) // 60
            hours, rest = divmod(minutes, 60)
            if rest:
                return counted(minutes, "business minute")
            return counted(hours, "business hour")
        case BusinessDays(days=days):
            return counted(days, "business day")
        case _:
            assert_never(span)
