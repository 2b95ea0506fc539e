"""Conditions, spans and modes in whole phrases, for pages that people read from beginning to end.

`core` has the short forms that findings are made of. Nothing here judges.
"""

from datetime import timedelta
from typing import assert_never

from syncd.core.condition_parts import tests_in
from syncd.core.conditions import needed_of
from syncd.core.value_words import counted, field_words, listed, plain
from syncd.domain.calendar import BusinessDays, BusinessHours, Elapsed, ElapsedMonths, Span
from syncd.domain.policy import Mode, Policy
from syncd.domain.stage import Stage
from syncd.domain.standard import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Between,
    Blank,
    Condition,
    FieldTest,
    Is,
    Matches,
    NoneOf,
    Not,
    OneOf,
    Present,
    Test,
    Within,
)


def mode_words(gate: Stage, policy: Policy) -> str:
    """How the gate works now, where policy.yaml says more than that."""
    if gate in policy.unpreviewed:
        return "flag, until somebody has looked at what block would do"
    return policy.modes.get(gate, Mode.OBSERVE)


def condition_words(condition: Condition) -> str:
    """`employees is at least 50`, `source is Event and not (country is Cuba)`."""
    match condition:
        case FieldTest():
            return _test_words(condition)
        case AllOf(of=()):
            return "always"
        case AllOf(of=of):
            return _joined(of, "and")
        case AnyOf(of=of):
            return _joined(of, "or")
        case Not(of=FieldTest() as inner):
            return _negated(inner)
        case Not(of=inner):
            return f"it is not so that {_inner(inner)}"
        case _:
            assert_never(condition)


def _joined(of: tuple[Condition, ...], word: str) -> str:
    return f", {word} ".join(_inner(x) for x in of) if len(of) > 1 else _inner(of[0])


def _inner(condition: Condition) -> str:
    words = condition_words(condition)
    return f"({words})" if isinstance(condition, AllOf | AnyOf) and len(condition.of) > 1 else words


def _test_words(condition: FieldTest) -> str:
    verb, _, rest = _phrase(condition.test)
    return f"{field_words(condition.field)} {verb} {rest}"


def _negated(condition: FieldTest) -> str:
    """Holds of an empty field too, as the words do."""
    _, contrary, rest = _phrase(condition.test)
    return f"{field_words(condition.field)} {contrary} {rest}"


def _phrase(test: Test) -> tuple[str, str, str]:
    """How it is said that the test holds, that it does not, and of what."""
    match test:
        case Present():
            return "is", "is not", "filled in"
        case Blank():
            return "is", "is not", "empty"
        case Is(value=True):
            return "is", "is not", "ticked"
        case Is(value=False):
            return "is", "is not", "known to be not ticked"
        case NoneOf(refused=refused):
            return "is none of", "is one of", listed(map(plain, refused), "and")
        case Within(last=last, next=ahead):
            spans = (("last", last), ("next", ahead))
            words = (f"in the {side} {exactly(span)}" for side, span in spans if span is not None)
            return "lies", "does not lie", listed(words, "or")
        case Is() | OneOf() | AtLeast() | AtMost() | Between() | Matches():
            return "is", "is not", needed_of(test)
        case _:
            assert_never(test)


def span_phrase(span: Span) -> str:
    """As promised: `1 hour 30 minutes`, `2 business hours`."""
    match span:
        case Elapsed(span=length):
            return exactly(length)
        case BusinessHours(span=length):
            return exactly(length, kind="business ")
        case BusinessDays(days=days):
            return counted(days, "business day")
        case ElapsedMonths(months=months):
            return counted(months, "month")
        case _:
            assert_never(span)


def exactly(span: timedelta, *, kind: str = "") -> str:
    """A length of time to the second; business time knows no days."""
    seconds = int(span.total_seconds())
    days, seconds = divmod(seconds, 86_400) if not kind else (0, seconds)
    hours, seconds = divmod(seconds, 3_600)
    minutes, seconds = divmod(seconds, 60)
    units = ((days, "day"), (hours, "hour"), (minutes, "minute"), (seconds, "second"))
    return " ".join(counted(x, f"{kind}{unit}") for x, unit in units if x) or "no time"


def patterns_of(condition: Condition) -> tuple[str, ...]:
    """Every regular expression in it, as they come."""
    tests = (x.test for x in tests_in(condition))
    return tuple(x.pattern.pattern for x in tests if isinstance(x, Matches))
