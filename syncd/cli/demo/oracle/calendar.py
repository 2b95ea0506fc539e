"""Business time of the demo's sales team, written down by hand: New York, 9:00 to 17:30."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")
_OPEN, _CLOSE = time(9), time(17, 30)
_CLOSED = {date(2026, 11, 11), date(2026, 11, 26)}  # Veterans Day and Thanksgiving


def add_hours(start: datetime, hours: float) -> datetime:
    """The instant at which so many business hours have passed since `start`."""
    left = timedelta(hours=hours)
    day = start.astimezone(ZONE).date()
    while True:
        if day.weekday() < 5 and day not in _CLOSED:
            opening = max(start, datetime.combine(day, _OPEN, ZONE).astimezone(UTC))
            closing = datetime.combine(day, _CLOSE, ZONE).astimezone(UTC)
            if opening < closing:
                if left <= closing - opening:
                    return opening + left
                left -= closing - opening
        day += timedelta(days=1)
