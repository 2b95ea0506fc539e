"""Instants and spans as the receiving team reads them: in its own zone, nothing rounded away."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


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
