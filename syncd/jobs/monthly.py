"""By the calendar: the joint meeting of each month, and that the standard's review comes up.

Looks at the clock each cycle, and into the store once a day, once a month and after a start.
"""

from zoneinfo import ZoneInfo

import structlog

from syncd.commit import Commit
from syncd.core.alerting_meeting import (
    Month,
    last_month,
    meeting_alert,
    meeting_key,
    morning_of,
    review_alert,
    unprepared_alert,
)
from syncd.core.context import Context
from syncd.domain.action import SendAlert
from syncd.errors import PermanentError
from syncd.jobs.pair import Pair
from syncd.jobs.recent import Recent
from syncd.ports import Minutes

log = structlog.get_logger()


def tell_month(pair: Pair, recent: Recent, ctx: Context) -> None:
    """Told twice it is told once, by its key. A month that ended before the first start has
    nothing to tell. While it is being prepared the work goes on."""
    if pair.minutes is None:
        return
    month = last_month(ctx.now, ZoneInfo(ctx.policy.calendar.time_zone))
    if recent.told_month == month.name:
        return
    key = meeting_key(month)
    is_over = pair.store.start(ctx.now) >= month.told_from or key in pair.store.messages([key])
    if not is_over:
        alert = _prepared(pair.minutes, month, ctx)
        if alert is None:
            return
        pair.store.commit(Commit(now=ctx.now, actions=(alert,)))
    recent.told_month = month.name


def _prepared(minutes: Minutes, month: Month, ctx: Context) -> SendAlert | None:
    """None while it is being made."""
    try:
        notes = minutes.of(month.name)
    except PermanentError as error:
        log.error("meeting_not_prepared", month=month.name, reason=str(error))
        return unprepared_alert(month, str(error), now=ctx.now)
    return meeting_alert(month, notes.lines, notes.page, now=ctx.now) if notes else None


def remind_of_review(pair: Pair, recent: Recent, ctx: Context) -> None:
    today = morning_of(ctx)
    if recent.reminded_on == today:
        return
    alert = review_alert(ctx, since=pair.store.start(ctx.now))
    if alert is not None and alert.key not in pair.store.messages([alert.key]):
        pair.store.commit(Commit(now=ctx.now, actions=(alert,)))
    recent.reminded_on = today
