"""Spans of time as people write them: `5m`, `36h`, `90 days`, `4 business hours`, `1 month`."""

import re
from datetime import timedelta
from typing import Annotated, assert_never

from pydantic import PlainValidator, WithJsonSchema

from syncd.domain.calendar import BusinessDays, BusinessHours, Elapsed, ElapsedMonths, Span
from syncd.settings.problem import Mistake, did_you_mean, shown

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_SHORT = {
    "s": "second", "sec": "second", "m": "minute", "min": "minute", "h": "hour", "hr": "hour",
    "d": "day", "w": "week",
}  # fmt: skip
_UNITS = (*_SECONDS, "month")
_LONGEST = timedelta(days=3660)
_LONGEST_WORK = timedelta(days=366)
"""Of business time, that a calendar which hardly opens still gets through it."""
_COUNTLESS = 10_000_000
"""Days that a timedelta can still hold."""
_SHAPE = re.compile(r"\s*(\d{1,9})\s*(business\s+)?([a-z]+)\s*", re.IGNORECASE)
_EXAMPLES = "write one such as 5m, 36h, 90 days, 4 business hours, 2 business days or 1 month"


def parse_span(value: object) -> Span:
    """Any span, business or elapsed. Raises Mistake."""
    if isinstance(value, int) and not isinstance(value, bool):
        raise Mistake(f"{value} has no unit", f"write {value}m, {value}h or {value} days")
    found = _SHAPE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise Mistake(f"{shown(value)} is not a span of time", _EXAMPLES)
    count, unit = int(found[1]), _unit(found[3], count=found[1])
    span = _business(count, unit) if found[2] else _elapsed(count, unit)
    return _short_enough(span, str(value))


def parse_elapsed(value: object) -> timedelta:
    """A span by the wall clock, seconds to weeks. Raises Mistake."""
    span = parse_span(value)
    if not isinstance(span, Elapsed):
        raise Mistake(
            f"{shown(value)} cannot be counted here: this runs round the clock",
            "write plain time such as 5m, 36h or 90 days",
        )
    return span.span


def _positive_span(value: object) -> Span:
    span = parse_span(value)
    if not _length(span):
        raise Mistake("the span must be longer than nothing", _EXAMPLES)
    return span


def _positive_elapsed(value: object) -> timedelta:
    span = parse_elapsed(value)
    if not span:
        raise Mistake("the span must be longer than nothing", "write one such as 5m or 90 days")
    return span


def _unit(word: str, *, count: str) -> str:
    lowered = word.lower()
    unit = _SHORT.get(lowered, lowered.removesuffix("s"))
    if unit in _UNITS:
        return unit
    plurals = [f"{name}s" for name in _UNITS]
    near = did_you_mean(lowered, plurals, otherwise=_EXAMPLES)
    raise Mistake(
        f'"{count} {word}" is not a span of time', near.replace('mean "', f'mean "{count} ')
    )


def _elapsed(count: int, unit: str) -> Span:
    if unit == "month":
        return ElapsedMonths(count)
    return Elapsed(_seconds(count, unit))


def _business(count: int, unit: str) -> Span:
    if unit == "day":
        return BusinessDays(count)
    if unit in ("minute", "hour"):
        return BusinessHours(_seconds(count, unit))
    raise Mistake(
        f"a business {unit} is not counted", "use business minutes, business hours or business days"
    )


def _seconds(count: int, unit: str) -> timedelta:
    return timedelta(seconds=min(count * _SECONDS[unit], _COUNTLESS * 86_400))


def _length(span: Span) -> timedelta:
    """Roughly how long it is, to tell what is nothing and what is far too long."""
    match span:
        case Elapsed(span=length) | BusinessHours(span=length):
            return length
        case BusinessDays(days=days):
            return timedelta(days=min(days, _COUNTLESS))
        case ElapsedMonths(months=months):
            return timedelta(days=min(months * 30, _COUNTLESS))
        case _:
            assert_never(span)


def _short_enough(span: Span, text: str) -> Span:
    if _length(span) > _LONGEST:
        raise Mistake(f"{shown(text)} is more than ten years", "write a shorter span")
    if isinstance(span, BusinessHours | BusinessDays) and _length(span) > _LONGEST_WORK:
        raise Mistake(f"{shown(text)} is more than a year of work", "write a shorter span")
    return span


def _schema(pattern: str, what: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "title": what})


_PLAIN = r"^\s*\d{1,9}\s*([sSmMhHdDwW]|([Ss]ec|[Mm]in|[Hh]r|second|minute|hour|day|week)s?)\s*$"
_ANY = (
    r"^\s*\d{1,9}\s*([sSmMhHdDwW]|([Ss]ec|[Mm]in|[Hh]r|second|minute|hour|day|week|month)s?"
    r"|business\s+(minute|hour|day)s?)\s*$"
)

ElapsedTime = Annotated[timedelta, PlainValidator(parse_elapsed), _schema(_PLAIN, "time")]
"""Plain time, nothing included."""
PositiveTime = Annotated[timedelta, PlainValidator(_positive_elapsed), _schema(_PLAIN, "time")]
AnySpan = Annotated[Span, PlainValidator(parse_span), _schema(_ANY, "time, plain or business")]
PositiveSpan = Annotated[
    Span, PlainValidator(_positive_span), _schema(_ANY, "time, plain or business")
]
