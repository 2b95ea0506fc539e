"""Read what changed in both CRMs since their watermarks and take it in, page by page.

The watermark of a side moves only once everything of its window is committed; a side
that fails half-way is read again from where it was (P2).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from syncd.commit import Commit
from syncd.core.context import Context
from syncd.domain.names import System
from syncd.domain.order import Health, SideStatus
from syncd.jobs.blind import SideDown, asking
from syncd.jobs.pair import Pair
from syncd.jobs.recent import Recent
from syncd.jobs.take_in import take_in
from syncd.ports import Page

log = structlog.get_logger()

UNREAD = SideStatus(
    read_through=None, health=Health.OK, reason="", calls_used=None, calls_allowed=None
)


@dataclass(slots=True, kw_only=True)
class _Window:
    """One side's read under way. `began` is the vendor's clock at its first page."""

    system: System
    pages: Iterator[Page]
    began: datetime | None = None
    done: bool = False


@dataclass(slots=True, kw_only=True)
class Reading:
    """What a round of reading came to."""

    leads: int = 0
    records: int = 0
    down: dict[System, str] = field(default_factory=dict)
    began: dict[System, datetime] = field(default_factory=dict)


def read_changes(
    pair: Pair,
    recent: Recent,
    ctx: Context,
    *,
    stopping: Callable[[], bool],
    recorded: bool = True,
) -> Reading:
    """Poll both sides in step, a page of each at a time, so that both are seen together.

    When the daemon stops half-way nothing is recorded: the windows are read again. So they
    are where it is not to be `recorded` that they were read.
    """
    reading = Reading()
    marks = pair.store.watermarks()
    windows = [_open(pair, system, marks.get(system), ctx) for system in pair.crms]
    while any(not window.done for window in windows):
        if stopping():
            return reading
        batch = {w.system: page for w in windows if (page := _next_page(w, reading))}
        _take_in(pair, recent, batch, reading, ctx)
        for window in windows:
            window.done = window.done or window.system in reading.down
    reading.began = {w.system: w.began for w in windows if w.began and w.system not in reading.down}
    if recorded:
        _record(pair, reading, ctx)
    return reading


def _open(pair: Pair, system: System, mark: datetime | None, ctx: Context) -> _Window:
    since = mark - ctx.crm.sides[system].overlap if mark else None
    return _Window(system=system, pages=pair.crms[system].poll(since))


def _next_page(window: _Window, reading: Reading) -> Page | None:
    if window.done:
        return None
    try:
        with asking(window.system):
            page = next(window.pages, None)
    except SideDown as down:
        _mark_down(reading, down)
        return None
    window.done = page is None
    if page and window.began is None:
        window.began = page.server_time
    return page


def _take_in(
    pair: Pair,
    recent: Recent,
    batch: Mapping[System, Page],
    reading: Reading,
    ctx: Context,
) -> None:
    """Decide a batch; if one side fails meanwhile, decide what the other one showed."""
    while batch:
        news = recent.news(batch)
        records = news.records
        if not records and not news.touched:
            return
        try:
            seeing = replace(ctx, blind=ctx.blind or bool(reading.down))
            reading.leads += take_in(pair, records, news.touched_keys, seeing)
        except SideDown as down:
            _mark_down(reading, down)
            if down.system not in batch:  # without it these pages cannot be taken in
                reading.down |= dict.fromkeys(batch, str(down))
                return
            batch = {system: page for system, page in batch.items() if system != down.system}
            continue
        recent.remember(news if not reading.down else news.but_touched())
        reading.records += len(records)
        return


def _mark_down(reading: Reading, down: SideDown) -> None:
    log.warning("crm_unreadable", system=down.system, reason=str(down))
    reading.down[down.system] = str(down)


def _record(pair: Pair, reading: Reading, ctx: Context) -> None:
    """Move the watermarks of the sides read to the end, and keep every side's status."""
    before = pair.store.sides()
    sides = {system: _status(system, reading, before.get(system), ctx) for system in pair.crms}
    pair.store.commit(Commit(now=ctx.now, watermarks=reading.began, sides=sides))


def _status(
    system: System, reading: Reading, before: SideStatus | None, ctx: Context
) -> SideStatus:
    known = before or UNREAD
    read_through = known.read_through
    if system in reading.began:
        read_through = reading.began[system] - ctx.crm.sides[system].overlap
    return replace(
        known,
        read_through=read_through,
        health=Health.BLIND if system in reading.down else Health.OK,
        reason=reading.down.get(system, ""),
    )


def fresh_through(sides: Mapping[System, SideStatus], systems: Iterable[System]) -> datetime | None:
    """The instant up to which every side has been read; None while one never was."""
    through = [status.read_through if (status := sides.get(s)) else None for s in systems]
    return None if None in through else min(t for t in through if t)
