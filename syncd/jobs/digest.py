"""Once a week: one line for each channel about the alerts it got.

Looks at the clock each cycle, and into the store once a week and after a start.
"""

from zoneinfo import ZoneInfo

from syncd.commit import Commit
from syncd.core.alerting_week import last_week, week_alert
from syncd.core.context import Context
from syncd.domain.alert import AlertKind
from syncd.jobs.pair import Pair
from syncd.jobs.recent import Recent


def tell_week(pair: Pair, recent: Recent, ctx: Context) -> None:
    """A week without alerts has nothing to tell. Told twice it is told once, by its key."""
    week = last_week(ctx.now, ZoneInfo(ctx.policy.calendar.time_zone))
    if recent.told_week == week.name:
        return
    every = pair.store.counts(week.start, week.end)
    if counts := [count for count in every if count.kind is not AlertKind.DIGEST]:
        alert = week_alert(week, counts, now=ctx.now)
        pair.store.commit(Commit(now=ctx.now, actions=(alert,)))
    recent.told_week = week.name
