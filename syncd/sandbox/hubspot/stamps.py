"""Instants as HubSpot writes them: ISO-8601 with milliseconds and Z, or epoch milliseconds.

Inside the portal an instant is an int of epoch milliseconds, the granularity of
the real thing.
"""

import re
from datetime import UTC, date, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
_EPOCH_MS = re.compile(r"-?[0-9]{1,13}")  # from the year 1653 to 2286


def to_ms(instant: datetime) -> int:
    return (instant - EPOCH) // MILLISECOND


def iso(ms: int) -> str:
    """`2026-03-02T08:00:00.000Z`"""
    instant = EPOCH + ms * MILLISECOND
    return f"{instant:%Y-%m-%dT%H:%M:%S}.{ms % 1000:03d}Z"


def parse_instant(text: str) -> int | None:
    """Epoch milliseconds or ISO with a zone; None for anything else, a bare date included."""
    if _EPOCH_MS.fullmatch(text):
        return int(text)
    try:
        instant = datetime.fromisoformat(text)
        return None if instant.tzinfo is None else to_ms(instant)
    except (ValueError, OverflowError):
        return None


def parse_day(text: str) -> str | None:
    """`YYYY-MM-DD`, or an instant that is midnight UTC, as the date property stores it."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        ms = parse_instant(text)
    if ms is None or ms % 86_400_000:
        return None
    return iso(ms)[:10]
