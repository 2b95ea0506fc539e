"""When the people of the sandbox are at work, in New York: they keep hours like anybody.

Only the people's own habits. What was promised to whom, and by when, is none of it.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")
OPENS, CLOSES = time(9), time(17, 30)
DAYS_OFF = frozenset({date(2026, 11, 11), date(2026, 11, 26)})  # Veterans Day, Thanksgiving


def local(day: date, at: time) -> datetime:
    """An instant (UTC) told by the office's clock on the wall."""
    return datetime.combine(day, at, ZONE).astimezone(UTC)


def working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in DAYS_OFF


def after(start: datetime, hours: float) -> datetime:
    """The instant at which so many hours at work have passed."""
    left = timedelta(hours=hours)
    day = start.astimezone(ZONE).date()
    while True:
        opening, closing = max(local(day, OPENS), start), local(day, CLOSES)
        if working_day(day) and opening < closing:
            if opening + left <= closing:
                return opening + left
            left -= closing - opening
        day += timedelta(days=1)


def working_days(first: date, count: int) -> list[date]:
    """So many working days from `first` on."""
    days: list[date] = []
    while len(days) < count:
        if working_day(first):
            days.append(first)
        first += timedelta(days=1)
    return days
