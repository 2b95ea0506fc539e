"""People, queues and days off as admins write them.

Knows how they are spelled only: whether a CRM has such a person, its directory tells.
"""

import re
from datetime import date, timedelta
from typing import Annotated

from pydantic import PlainValidator, WithJsonSchema

from syncd.settings.problem import Mistake, shown

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_LONGEST = 366
"""Days in a row: more of them are a slip of the pen."""


def parse_email(value: object) -> str:
    """A person's address, as the canonical owner is written. Raises Mistake."""
    if isinstance(value, str) and _EMAIL.fullmatch(value.strip()):
        return value.strip().lower()
    raise Mistake(f"{shown(value)} is not an email address", "write one such as ann@example.com")


def parse_receiver(value: object) -> str:
    """Who can be given a lead: a person's address, or `{queue: NAME}`. Raises Mistake."""
    if isinstance(value, dict):
        queue = value.get("queue")
        if len(value) == 1 and isinstance(queue, str) and queue.strip():
            return f"queue:{queue.strip()}"
    elif isinstance(value, str) and _EMAIL.fullmatch(value.strip()):
        return value.strip().lower()
    raise Mistake(
        f"{shown(value)} is neither a person nor a queue",
        "write the person's email address, or queue: NAME",
    )


def parse_days_off(value: object) -> frozenset[date]:
    """One day, or the days from the first to the last of them. Raises Mistake."""
    first, last = _ends(value)
    if last < first:
        raise Mistake(f"{shown(value)} ends before it begins", f"write {last}..{first}")
    if (last - first).days >= _LONGEST:
        raise Mistake(f"{shown(value)} is more than a year", "look at the year of the last day")
    return frozenset(first + timedelta(days=n) for n in range((last - first).days + 1))


def _ends(value: object) -> tuple[date, date]:
    if isinstance(value, date):
        return value, value
    ends = value.split("..", 1) if isinstance(value, str) else [""]
    try:
        days = [date.fromisoformat(end.strip()) for end in ends]
    except ValueError:
        raise Mistake(
            f"{shown(value)} is neither a day nor days in a row",
            "write 2026-12-24, or 2026-12-24..2027-01-02",
        ) from None
    return days[0], days[-1]


_ADDRESS = {"type": "string", "pattern": r"^\s*[^@\s]+@[^@\s]+\s*$"}
_QUEUE = {
    "type": "object",
    "properties": {"queue": {"type": "string", "minLength": 1}},
    "required": ["queue"],
    "additionalProperties": False,
}
_DAY = r"\d{4}-\d{2}-\d{2}"

Email = Annotated[
    str, PlainValidator(parse_email), WithJsonSchema({"title": "email address", **_ADDRESS})
]
Receiver = Annotated[
    str,
    PlainValidator(parse_receiver),
    WithJsonSchema({"title": "email address or `queue: NAME`", "anyOf": [_ADDRESS, _QUEUE]}),
]
DaysOff = Annotated[
    frozenset[date],
    PlainValidator(parse_days_off),
    WithJsonSchema(
        {"title": "day or `first..last`", "type": "string", "pattern": rf"^{_DAY}(\.\.{_DAY})?$"}
    ),
]
