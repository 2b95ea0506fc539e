"""Business time of the demo's sales team, counted day by day."""

from datetime import UTC, datetime, time, timedelta

from syncd.cli.demo.oracle.calendar import ZONE

_CLOSED_ON = {"2026-11-11", "2026-11-26"}


def business_seconds(start: datetime, end: datetime | None) -> int | None:
    """In the hours of the demo's sales team, day by day."""
    if end is None:
        return None
    total, day = timedelta(), start.astimezone(ZONE).date()
    while day <= end.astimezone(ZONE).date():
        if day.weekday() < 5 and day.isoformat() not in _CLOSED_ON:
            opens = datetime.combine(day, time(9), ZONE).astimezone(UTC)
            closes = datetime.combine(day, time(17, 30), ZONE).astimezone(UTC)
            total += max(min(end, closes) - max(start, opens), timedelta())
        day += timedelta(days=1)
    return int(total.total_seconds())
