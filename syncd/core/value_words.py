"""Values in words, as a rep reads them in a finding, a note or a message.

Words only: nothing here decides anything.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import assert_never

from syncd.domain.names import FieldName
from syncd.domain.values import Seen, Value

NOTHING = "nothing"
_MOST_CHARACTERS = 80
_MINUTE = timedelta(minutes=1)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def in_words(value: Value, now: datetime) -> str:
    """A value seen; a date also says how far away it is."""
    if not isinstance(value, date):
        return plain(value)
    return f"{plain(value)} ({away_words(value, now)})"


def away_words(value: date, now: datetime) -> str:
    """How far away it is: `12 days ago`."""
    if isinstance(value, datetime):
        return distance(value, now)
    return _days_apart((value - now.date()).days)


def kept(value: Seen) -> str:
    """A value as the audit keeps it: whole."""
    return "" if value is None else str(value)


def plain(value: Value) -> str:
    """A value by itself, without regard to the present: what a rule asks for."""
    match value:
        case str():
            return cut(value) or NOTHING
        case None | ():
            return NOTHING
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case Decimal():
            return f"{value.normalize():,f}"
        case datetime():
            return f"{_day_words(value)} {value.hour:02}:{value.minute:02} UTC"
        case date():
            return _day_words(value)
        case tuple():
            return listed(value, "and")
        case _:
            assert_never(value)


def cut(text: str, most: int = _MOST_CHARACTERS) -> str:
    """On one line, and short enough for a message."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def listed(words: Iterable[str], last: str) -> str:
    """`a, b and c`, or with `or`."""
    *before, final = [*words] or [NOTHING]
    return f"{', '.join(before)} {last} {final}" if before else final


def counted(number: int, noun: str) -> str:
    """`1 day`, `1,200 days`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def span_words(span: timedelta) -> str:
    """A length of time in its largest fitting unit, rounded down."""
    span = abs(span)
    seconds = span.days * 86_400 + span.seconds
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            return counted(seconds // size, unit)
    return "less than a minute"


def distance(instant: datetime, now: datetime) -> str:
    """`12 days ago`, `in 3 hours`, `just now`."""
    away = instant - now
    if abs(away) < _MINUTE:
        return "just now"
    return f"{span_words(away)} ago" if away < timedelta() else f"in {span_words(away)}"


def field_words(field: FieldName) -> str:
    """`budget_amount` as people say it."""
    return field.replace("_", " ")


def _day_words(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _days_apart(days: int) -> str:
    if days == 0:
        return "today"
    return f"in {counted(days, 'day')}" if days > 0 else f"{counted(-days, 'day')} ago"
