"""Opening hours as people write them: `monday-friday: 09:00-17:30`, `friday: 22:00-06:00`, or
`round the clock`."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import PlainValidator, WithJsonSchema

from syncd.domain.calendar import FULL_DAY
from syncd.settings.problem import Mistake, did_you_mean, shown

Shift = tuple[int, int]
WeekHours = Mapping[int, tuple[Shift, ...]]

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHIFT = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_ALWAYS = "round the clock"
_MIDNIGHT = FULL_DAY[1]
_LONGEST_NIGHT = 12 * 60


def parse_hours(value: object) -> WeekHours:
    """The shifts that begin on each weekday (0 Monday), in order; those that touch are one.
    Raises Mistake."""
    if value == _ALWAYS:
        return dict.fromkeys(range(7), (FULL_DAY,))
    if not isinstance(value, dict) or not value:
        raise Mistake(
            f"{shown(value)} are no opening hours",
            f'write "{_ALWAYS}" or days such as monday-friday: 09:00-17:30',
        )
    week: dict[int, tuple[Shift, ...]] = {}
    for key, written in value.items():
        for day in _days(str(key)):
            if day in week:
                raise Mistake(f"{_DAYS[day]} is named twice", "name every day once")
            week[day] = _shifts(written, _DAYS[day])
    _insist_nights_end(week)
    return {day: shifts for day, shifts in week.items() if shifts}


def _days(key: str) -> range:
    first, _, last = key.lower().partition("-")
    start, end = _day(first.strip()), _day((last or first).strip())
    if end < start:
        raise Mistake(
            f'"{key}" runs backwards', f"write {_DAYS[start]}-sunday and monday-{_DAYS[end]}"
        )
    return range(start, end + 1)


def _day(name: str) -> int:
    for number, full in enumerate(_DAYS):
        if name in (full, full[:3]):
            return number
    raise Mistake(f'"{name}" is not a weekday', did_you_mean(name, _DAYS))


def _shifts(written: object, day: str) -> tuple[Shift, ...]:
    joined: list[Shift] = []
    for shift in sorted(map(_shift, written if isinstance(written, list) else [written])):
        last = joined[-1] if joined else None
        if last and shift[0] < last[1]:
            raise Mistake(
                f"two shifts of {day} overlap: {_words(last)} and {_words(shift)}",
                "write them one after the other",
            )
        if last and shift[0] == last[1]:
            joined[-1] = (last[0], shift[1])
        else:
            joined.append(shift)
    return tuple(joined)


def _insist_nights_end(week: Mapping[int, tuple[Shift, ...]]) -> None:
    """No shift over midnight runs into one of the next day."""
    for day, shifts in week.items():
        following = (day + 1) % 7
        last, first = shifts[-1:], week.get(following, ())[:1]
        if last and first and last[0][1] > first[0][0] + _MIDNIGHT:
            raise Mistake(
                f"{_words(last[0])} of {_DAYS[day]} runs into {_words(first[0])} of "
                f"{_DAYS[following]}",
                "let one end before the other begins",
            )


def _shift(written: object) -> Shift:
    found = _SHIFT.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None:
        raise Mistake(f"{shown(written)} are no opening hours", "write them as 09:00-17:30")
    start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if int(found[2]) > 59 or int(found[4]) > 59 or start >= _MIDNIGHT or end > _MIDNIGHT:
        raise Mistake(f"{shown(written)} is beyond the day", "use 00:00 to 24:00")
    if start == end:
        raise Mistake(
            f"{shown(written)} ends when it begins, so the team would never work",
            "write two different times, or 00:00-24:00 for the whole day",
        )
    return (start, end) if start < end else _over_midnight(start, end, shown(written))


def _over_midnight(start: int, end: int, written: str) -> Shift:
    """A long one is a slip of the pen (`17:30-09:00`)."""
    if end + _MIDNIGHT - start > _LONGEST_NIGHT:
        raise Mistake(
            f"{written} ends before it begins, and over midnight it would be longer than 12 hours",
            f"write {_words((end, start))}, or both parts: {_words((start, _MIDNIGHT))} and on "
            f"the next day {_words((0, end))}",
        )
    return start, end + _MIDNIGHT


def _words(shift: Shift) -> str:
    start, end = shift
    end = end if end <= _MIDNIGHT else end - _MIDNIGHT
    return f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"


_SHIFT_SCHEMA = {"type": "string", "pattern": r"^\d{1,2}:\d{2}\s*[-–]\s*\d{1,2}:\d{2}$"}
_NAMES = "|".join((*_DAYS, *(day[:3] for day in _DAYS)))

Hours = Annotated[
    WeekHours,
    PlainValidator(parse_hours),
    WithJsonSchema(
        {
            "title": "opening hours",
            "anyOf": [
                {"const": _ALWAYS},
                {
                    "type": "object",
                    "minProperties": 1,
                    "patternProperties": {
                        f"^({_NAMES})(-({_NAMES}))?$": {
                            "anyOf": [
                                _SHIFT_SCHEMA,
                                {"type": "array", "items": _SHIFT_SCHEMA, "minItems": 1},
                            ]
                        }
                    },
                    "additionalProperties": False,
                },
            ],
        }
    ),
]
