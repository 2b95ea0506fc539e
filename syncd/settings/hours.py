"""Opening hours as people write them: `monday-friday: 09:00-17:30`, or `round the clock`."""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated

from pydantic import PlainValidator, WithJsonSchema

from syncd.domain.calendar import FULL_DAY
from syncd.settings.problem import Mistake, did_you_mean, shown

WeekHours = Mapping[int, tuple[tuple[int, int], ...]]

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_STRETCH = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_ALWAYS = "round the clock"


def parse_hours(value: object) -> WeekHours:
    """Minutes of each weekday (0 Monday), sorted. Raises Mistake."""
    if value == _ALWAYS:
        return dict.fromkeys(range(7), (FULL_DAY,))
    if not isinstance(value, dict) or not value:
        raise Mistake(
            f"{shown(value)} are no opening hours",
            f'write "{_ALWAYS}" or days such as monday-friday: 09:00-17:30',
        )
    week: dict[int, tuple[tuple[int, int], ...]] = {}
    for key, written in value.items():
        for day in _days(str(key)):
            if day in week:
                raise Mistake(f"{_DAYS[day]} is named twice", "name every day once")
            week[day] = _stretches(written)
    return week


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


def _stretches(written: object) -> tuple[tuple[int, int], ...]:
    items = written if isinstance(written, list) else [written]
    stretches = sorted(_stretch(item) for item in items)
    for (_, end), (start, _) in pairwise(stretches):
        if start < end:
            raise Mistake("two stretches of one day overlap", "write them one after the other")
    return tuple(stretches)


def _stretch(written: object) -> tuple[int, int]:
    found = _STRETCH.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None:
        raise Mistake(f"{shown(written)} are no opening hours", "write them as 09:00-17:30")
    start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if int(found[2]) > 59 or int(found[4]) > 59 or end > FULL_DAY[1]:
        raise Mistake(f"{shown(written)} is beyond the day", "use 00:00 to 24:00")
    if start >= end:
        raise Mistake(
            f"{shown(written)} ends before it begins",
            "for hours over midnight write both days: 22:00-24:00 and 00:00-06:00",
        )
    return start, end


_STRETCH_SCHEMA = {"type": "string", "pattern": r"^\d{1,2}:\d{2}\s*[-–]\s*\d{1,2}:\d{2}$"}
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
                                _STRETCH_SCHEMA,
                                {"type": "array", "items": _STRETCH_SCHEMA, "minItems": 1},
                            ]
                        }
                    },
                    "additionalProperties": False,
                },
            ],
        }
    ),
]
