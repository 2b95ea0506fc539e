"""Windows of time in a formula, counted as the standard counts them: days are days in UTC.

TODAY() and DATEVALUE() tell the day where the person is who saves the record; they are never
used. NOW() and DATETIMEVALUE() name instants, the same for everybody.
"""

from datetime import UTC, datetime, timedelta

from syncd.compile.formula import NotNative, all_of, call, day, instant
from syncd.core.conditions import EAST, WEST
from syncd.domain.standard import Within

_EPOCH = datetime(1900, 1, 1, tzinfo=UTC)
_LONGEST = timedelta(days=36_500)
_DAY = timedelta(days=1)


def within(seen: str, test: Within, *, is_day: bool) -> str:
    """The field lies in the window."""
    last, ahead = test.last, test.next
    if max(last or _DAY, ahead or _DAY) > _LONGEST:
        raise NotNative("a window of more than a hundred years cannot be counted in a formula")
    if is_day:
        first = _day_at(-(WEST if last is None else last))
        final = _day_at(EAST if ahead is None else ahead)
        return all_of(f"{seen} >= {first}", f"{seen} <= {final}")
    return all_of(_not_before(seen, last or timedelta()), _not_after(seen, ahead or timedelta()))


def _day_at(offset: timedelta) -> str:
    """The day it is in UTC so long from now."""
    passed = f"NOW() - {instant(_EPOCH - offset)}"
    return f"{day(_EPOCH)} + {call('FLOOR', passed)}"


def _not_before(seen: str, span: timedelta) -> str:
    if span % _DAY:
        return f"{_seconds(f'NOW() - {_or_now(seen)}')} <= {_whole(span)}"
    return f"{seen} >= NOW() - {span // _DAY}" if span else f"{seen} >= NOW()"


def _not_after(seen: str, span: timedelta) -> str:
    if span % _DAY:
        return f"{_seconds(f'{_or_now(seen)} - NOW()')} <= {_whole(span)}"
    return f"{seen} <= NOW() + {span // _DAY}" if span else f"{seen} <= NOW()"


def _or_now(seen: str) -> str:
    return call("BLANKVALUE", seen, "NOW()")


def _seconds(days: str) -> str:
    """A fraction of a day is not exact; whole seconds are."""
    return call("ROUND", f"({days}) * 86400", "0")


def _whole(span: timedelta) -> int:
    if span % timedelta(seconds=1):
        raise NotNative("a window that ends within a second cannot be counted in a formula")
    return span // timedelta(seconds=1)
