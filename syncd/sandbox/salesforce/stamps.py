"""Salesforce's way of writing instants: UTC, whole seconds, no colon in the offset.

All instants in rows have this one form, so that they sort and compare as text.
"""

from datetime import UTC, date, datetime

_YEARS = range(1700, 4001)  # what the org can store


def stamp(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def read_stamp(text: str) -> datetime:
    """The instant a row's stamp stands for."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.000%z")


def parse_instant(text: str) -> str | None:
    """An ISO date-time with a zone in row form; None if it is not one."""
    if "T" not in text:
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    return stamp(parsed) if parsed.tzinfo is not None and parsed.year in _YEARS else None


def parse_day(text: str) -> str | None:
    """A date in row form; None if it is not one."""
    try:
        return date.fromisoformat(text[:10]).isoformat() if len(text) >= 10 else None
    except ValueError:
        return None
