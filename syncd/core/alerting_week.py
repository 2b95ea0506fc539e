"""Write the weekly line of each channel: how many alerts it got, and what people made of them.

Counts only; no lead's values.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from syncd.core.local_time import instant_of, wall_clock
from syncd.core.value_words import counted, listed
from syncd.domain.action import SendAlert
from syncd.domain.alert import Alert, AlertKind
from syncd.domain.message import RouteCount
from syncd.domain.names import ActionKey

_FROM = timedelta(hours=8)
"""The week is told on Monday morning, and reaches from one to the next."""
_MOST_KINDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The last whole one, by its name in the calendar of weeks."""

    name: str
    start: datetime
    end: datetime


def last_week(now: datetime, zone: ZoneInfo) -> Week:
    """It ended on the last Monday morning of that zone."""
    wall = wall_clock(now, zone) - _FROM
    monday = wall.replace(hour=0, minute=0, second=0, microsecond=0)
    end = monday - timedelta(days=monday.weekday())
    start = end - timedelta(days=7)
    year, number, _ = start.isocalendar()
    return Week(
        name=f"{year}-W{number:02}",
        start=instant_of(start + _FROM, zone),
        end=instant_of(end + _FROM, zone),
    )


def week_key(week: Week) -> ActionKey:
    return ActionKey(f"alert:{AlertKind.DIGEST}:{week.name}")


def week_alert(week: Week, counts: Sequence[RouteCount], *, now: datetime) -> SendAlert:
    """To whoever sets syncd up: which alerts are worth reading."""
    channels: dict[str, list[RouteCount]] = defaultdict(list)
    for count in counts:
        channels[count.channel].append(count)
    sent = counted(sum(x.sent for x in counts), "alert")
    alert = Alert(
        kind=AlertKind.DIGEST,
        at=now,
        title=f"Last week: {sent}",
        summary=f"{week.name}: {sent}",
        why=tuple(_line(channel, routes) for channel, routes in channels.items()),
        next_step=(
            "What nobody acts on is noise: change `alerts` in policy.yaml, or the promise behind "
            "it. `syncd alerts` lists the latest, `syncd alerts why ID` says why each was sent."
        ),
    )
    return SendAlert(key=week_key(week), lead_id=None, alert=alert)


def _line(channel: str, routes: Sequence[RouteCount]) -> str:
    sent, acted = sum(x.sent for x in routes), sum(x.acted for x in routes)
    marked = sum(x.not_useful for x in routes)
    useless = f"{marked:,} marked not useful{_which(routes)}"
    return f"{channel}: {sent:,} sent, {acted:,} acted on, {useless}"


def _which(routes: Sequence[RouteCount]) -> str:
    """The kinds people marked most."""
    marked = sorted((x for x in routes if x.not_useful), key=lambda x: -x.not_useful)
    names = [f"{x.kind} {x.not_useful:,}" for x in marked[:_MOST_KINDS]]
    return f" ({listed(names, 'and')})" if names else ""
