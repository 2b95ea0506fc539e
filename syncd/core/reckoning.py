"""Give account of a stretch of time: what of it counted on a calendar, and why the rest did not.

For people who ask why a clock said what it said. Deadlines are not made of it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from syncd.core.business_time import openings, opens
from syncd.domain.calendar import BusinessDays, BusinessHours, Calendar, Entry, Span

OUTSIDE = "outside the hours"


def reckon(start: datetime, end: datetime, *, span: Span, calendar: Calendar) -> tuple[Entry, ...]:
    """Every stretch between two instants, in order and without gaps, as such a span counts it."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if end <= start:
        return ()
    if not isinstance(span, BusinessHours | BusinessDays):
        return (Entry(start=start, end=end, why_not=None),)
    joined: list[Entry] = []
    for entry in _entries(start, end, calendar):
        if joined and joined[-1].why_not == entry.why_not:
            joined[-1] = replace(joined[-1], end=entry.end)
        else:
            joined.append(entry)
    return tuple(joined)


def _entries(start: datetime, end: datetime, calendar: Calendar) -> Iterator[Entry]:
    """What would count if no day were off, and why it did not where the day was."""
    if opens(calendar):
        for opened, closed, day in openings(start, replace(calendar, closed={})):
            if opened >= end:
                break
            if start < opened:
                yield Entry(start=start, end=opened, why_not=OUTSIDE)
            start = min(closed, end)
            yield Entry(start=opened, end=start, why_not=calendar.closed.get(day))
    if start < end:
        yield Entry(start=start, end=end, why_not=OUTSIDE)
