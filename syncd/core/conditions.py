"""Compile a test of one field into a closure that tells Met, Unmet or Unknown.

Words are made only when the test does not hold. Groups of tests are in
`condition_groups`; nothing here knows rules, gates or scores.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, assert_never

from syncd.core.value_words import NOTHING, field_words, in_words, listed, plain, span_words
from syncd.domain.names import FieldName
from syncd.domain.standard import (
    AtLeast,
    AtMost,
    Between,
    Blank,
    FieldTest,
    Is,
    Matches,
    NoneOf,
    OneOf,
    Present,
    Test,
    Within,
)
from syncd.domain.values import Seen, Unreadable, Value
from syncd.domain.verdict import Met, Outcome, Unknown, Unmet

Values = Mapping[FieldName, Seen]
Check = Callable[[Values, datetime], Outcome]
_Holds = Callable[[Any, datetime], bool]

MET = Met()
_MISSING = Unreadable(why="no record of this lead has the field")
_MISFIT = "it holds a value of another type than the rule asks for"
EAST, WEST = timedelta(hours=14), timedelta(hours=12)
"""How far the zones of the Earth are before and behind UTC."""


def field_check(condition: FieldTest) -> Check:
    """A field absent from the values is unknown; None is known to be empty."""
    field, holds, needed = condition.field, _holds(condition.test), needed_of(condition.test)
    empty = Unmet(seen=NOTHING, needed=needed)
    label = field_words(field)

    def check(values: Values, now: datetime) -> Outcome:
        seen = values.get(field, _MISSING)
        if isinstance(seen, Unreadable):
            return Unknown(why=f"{label} cannot be read: {seen.why}")
        try:
            if holds(seen, now):
                return MET
        except TypeError:  # a number asked of a text, say: doubt, not failure
            return Unknown(why=f"{label} cannot be judged: {_MISFIT}")
        return empty if seen is None else Unmet(seen=in_words(seen, now), needed=needed)

    return check


def field_truth(condition: FieldTest) -> Callable[[Values, datetime], bool | None]:
    """What `field_check` says, for those who need no words: they cost more than the test."""
    field, holds = condition.field, _holds(condition.test)

    def truth(values: Values, now: datetime) -> bool | None:
        seen = values.get(field, _MISSING)
        if isinstance(seen, Unreadable):
            return None
        try:
            return holds(seen, now)
        except TypeError:  # as in `field_check`
            return None

    return truth


def seen_words(field: FieldName, values: Values, now: datetime) -> str:
    """The value a rule meets, or why there is none to tell."""
    seen = values.get(field, _MISSING)
    return seen.why if isinstance(seen, Unreadable) else in_words(seen, now)


def _holds(test: Test) -> _Holds:
    match test:
        case Present():
            return lambda seen, _: seen is not None and seen != ()
        case Blank():
            return lambda seen, _: seen is None or seen == ()
        case Is(value=value):
            return _equals(value)
        case OneOf(allowed=allowed):
            return _among(frozenset(allowed))
        case NoneOf(refused=refused):
            among = _among(frozenset(refused))
            return lambda seen, now: not among(seen, now)
        case AtLeast(minimum=low):
            return lambda seen, _: seen is not None and seen >= low
        case AtMost(maximum=high):
            return lambda seen, _: seen is not None and seen <= high
        case Between(minimum=low, maximum=high):
            return lambda seen, _: seen is not None and low <= seen <= high
        case Matches(pattern=pattern):
            return lambda seen, _: seen is not None and pattern.fullmatch(seen) is not None
        case Within():
            return _within(test)
        case _:
            assert_never(test)


def _equals(value: Value) -> _Holds:
    if isinstance(value, bool):  # in Python 1 == True; in a CRM it is not
        return lambda seen, _: seen is value
    alone = (value,)
    return lambda seen, _: seen in (value, alone)


def _among(named: frozenset[Value]) -> _Holds:
    """One of several values is enough; nothing is among nothing."""

    def holds(seen: Value, _: datetime) -> bool:
        if isinstance(seen, tuple):
            return not named.isdisjoint(seen)
        return seen in named

    return holds


def _within(test: Within) -> _Holds:
    """A day is compared as a day. What is today somewhere on Earth is neither past nor
    future, for the lead's own zone is not known."""
    last, ahead = test.last, test.next

    def holds(seen: date | None, now: datetime) -> bool:
        if seen is None:
            return False
        if isinstance(seen, datetime):
            return now - (last or timedelta()) <= seen <= now + (ahead or timedelta())
        first_day = (now - (WEST if last is None else last)).date()
        last_day = (now + (EAST if ahead is None else ahead)).date()
        return first_day <= seen <= last_day

    return holds


def needed_of(test: Test) -> str:
    """What would satisfy the test, in words."""
    match test:
        case Present():
            return "a value"
        case Blank():
            return NOTHING
        case Is(value=value):
            return plain(value)
        case OneOf(allowed=allowed):
            return listed(map(plain, allowed), "or")
        case NoneOf(refused=refused):
            return f"anything but {listed(map(plain, refused), 'or')}"
        case AtLeast(minimum=low):
            return f"at least {plain(low)}"
        case AtMost(maximum=high):
            return f"at most {plain(high)}"
        case Between(minimum=low, maximum=high):
            return f"from {plain(low)} to {plain(high)}"
        case Matches(says=says):
            return says
        case Within(last=last, next=ahead):
            return _window_words(last, ahead)
        case _:
            assert_never(test)


def _window_words(last: timedelta | None, ahead: timedelta | None) -> str:
    parts = []
    if last is not None:
        parts.append(f"in the last {span_words(last)}")
    if ahead is not None:
        parts.append(f"in the next {span_words(ahead)}")
    return listed(parts, "or")
