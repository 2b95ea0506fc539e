"""Local wall clocks against UTC: stretches of one offset, and days told back as instants.

Zones come from zoneinfo; a clock change is found by looking, for zoneinfo does not tell.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_STEP = timedelta(days=5)
"""No zone changes its clocks twice in so short a time (Gaza will in seven days, in 2040)."""
_SECOND = timedelta(seconds=1)


def offset_at(instant: datetime, zone: ZoneInfo) -> timedelta:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None  # an aware instant always has one
    return offset


def stretches(start: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Stretches (from, to, offset) without a clock change, one after the other, for ever."""
    while True:
        offset, end = offset_at(start, zone), start + _STEP
        if offset_at(end, zone) != offset:
            end = clock_change(start, end, zone)
        yield start, end, offset
        start = end


def clock_changes(
    start: datetime, end: datetime, zone: ZoneInfo
) -> Iterator[tuple[datetime, timedelta, timedelta]]:
    """When the clocks change between two instants, with the offset before and from then on."""
    before = offset_at(start, zone)
    for begin, _, offset in stretches(start, zone):
        if begin >= end:
            return
        if offset != before:
            yield begin, before, offset
        before = offset


def clock_change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first instant with another offset than `before` has, by halving; whole seconds."""
    offset = offset_at(before, zone)
    low, high = before.replace(microsecond=0), after.replace(microsecond=0)
    while high - low > _SECOND:
        middle = low + timedelta(seconds=(high - low) // _SECOND // 2)
        if offset_at(middle, zone) == offset:
            low = middle
        else:
            high = middle
    return high


def wall_clock(instant: datetime, zone: ZoneInfo) -> datetime:
    """What the clock on the wall shows, without a zone, never running backwards: the
    second time round a repeated hour it stands still at that hour's end."""
    local = instant.astimezone(zone)
    if not local.fold:
        return local.replace(tzinfo=None)
    first_offset = local.replace(fold=0).utcoffset()
    assert first_offset is not None  # as above
    earlier = instant - (first_offset - offset_at(instant, zone))
    change = clock_change(earlier, instant, zone)
    return (change + first_offset).replace(tzinfo=None)


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant by which the wall clock has surely shown this: the end of a skipped hour,
    the second pass of a repeated one."""
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if second < first:  # the wall clock skipped it
        return clock_change(second, first, zone)
    return second
