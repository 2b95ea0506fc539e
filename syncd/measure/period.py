"""A period as people name it, in their own time zone: a month, a quarter, a year, or a span of
them. Says what is wrong with a name it does not know; never guesses."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_NAME = re.compile(r"(?P<year>20\d\d)(?:-(?:(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])))?")
_LONGEST = 120
FORMS = "2026-10, 2026-Q4, 2026 or 2026-07..2026-10"
"""How a period is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `start` up to, but not with, `end` (both UTC). `name` is how it is written, `label`
    how people say it."""

    name: str
    label: str
    start: datetime
    end: datetime


def period_of(name: str, time_zone: str) -> Period:
    """ValueError says what is wrong with the name."""
    first, dots, last = name.partition("..")
    begin, until = _months(first), _months(last if dots else first)
    if until[1] <= begin[0]:
        raise ValueError(f"the period {name} ends before it begins")
    if until[1] - begin[0] > _LONGEST:
        raise ValueError(f"the period {name} is longer than ten years")
    label = f"{_label(first)} to {_label(last)}" if dots and first != last else _label(first)
    return Period(
        name=name,
        label=label,
        start=_instant(begin[0], time_zone),
        end=_instant(until[1], time_zone),
    )


def month_of(now: datetime, time_zone: str) -> str:
    """The month that is under way there."""
    return f"{now.astimezone(ZoneInfo(time_zone)):%Y-%m}"


def latest_months(now: datetime, time_zone: str, count: int) -> tuple[str, ...]:
    """That month and those before it, the latest first."""
    there = now.astimezone(ZoneInfo(time_zone))
    latest = there.year * 12 + there.month - 1
    return tuple(f"{x // 12:04}-{x % 12 + 1:02}" for x in range(latest, latest - count, -1))


def _months(name: str) -> tuple[int, int]:
    """Its first month and the one after its last, counted from year 0."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise ValueError(f"{name[:40]!r} is no period; write it as {FORMS}")
    january = int(match["year"]) * 12
    if match["month"]:
        month = january + int(match["month"]) - 1
        return month, month + 1
    if match["quarter"]:
        first = january + 3 * int(match["quarter"]) - 3
        return first, first + 3
    return january, january + 12


def _label(name: str) -> str:
    match = _NAME.fullmatch(name)
    assert match is not None  # `_months` has read it
    if match["month"]:
        return f"{datetime(int(match['year']), int(match['month']), 1, tzinfo=UTC):%B %Y}"
    return f"quarter {match['quarter']} of {match['year']}" if match["quarter"] else match["year"]


def _instant(month: int, time_zone: str) -> datetime:
    """The first moment of the month there."""
    there = datetime(month // 12, month % 12 + 1, 1, tzinfo=ZoneInfo(time_zone))
    return there.astimezone(UTC)
