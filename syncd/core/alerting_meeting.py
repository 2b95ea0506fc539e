"""Write what is told by the calendar about the standard: the monthly meeting of both teams, and
that its review comes up. Plain words only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from syncd.core.context import Context
from syncd.core.local_time import instant_of, wall_clock
from syncd.core.value_words import counted, listed, plain
from syncd.domain.action import SendAlert
from syncd.domain.alert import Alert, AlertKind
from syncd.domain.names import ActionKey
from syncd.domain.standard import TEAMS, Standard

_FROM = timedelta(hours=8)
"""Months and quarters are told of on the morning of their first day."""
_AHEAD = (timedelta(days=21), timedelta(days=7))
"""So long before the day of review it is told of, each once."""
_JUST_SIGNED = timedelta(days=30)
"""Who has signed so lately has looked at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The last whole one. `told_from` is when it is told of; `name` is like 2026-10, `label` like
    October 2026."""

    name: str
    label: str
    told_from: datetime


def last_month(now: datetime, zone: ZoneInfo) -> Month:
    first = _morning(now, zone).replace(day=1)
    before = first - timedelta(days=1)
    return Month(
        name=f"{before:%Y-%m}",
        label=f"{before:%B %Y}",
        told_from=instant_of(first + _FROM, zone),
    )


def meeting_key(month: Month) -> ActionKey:
    return ActionKey(f"alert:{AlertKind.MEETING}:{month.name}")


def meeting_alert(month: Month, lines: Sequence[str], page: str, *, now: datetime) -> SendAlert:
    alert = Alert(
        kind=AlertKind.MEETING,
        at=now,
        title=f"For the joint meeting of marketing and sales: {month.label}",
        summary=f"the joint meeting of {month.label}",
        why=tuple(lines),
        next_step=(
            f"Look at the page together: {page} on syncd's machine; "
            f"`syncd report --meeting --period {month.name} --html FILE` writes it anew. What you "
            "change in standard.yaml both teams sign."
        ),
    )
    return SendAlert(key=meeting_key(month), lead_id=None, alert=alert)


def unprepared_alert(month: Month, why: str, *, now: datetime) -> SendAlert:
    """In the place of the meeting's own message."""
    alert = Alert(
        kind=AlertKind.MEETING,
        at=now,
        title=f"The joint meeting of {month.label} could not be prepared",
        summary=f"the joint meeting of {month.label} could not be prepared",
        why=(why,),
        next_step=f"Try it by hand: `syncd report --meeting --period {month.name}`.",
    )
    return SendAlert(key=meeting_key(month), lead_id=None, alert=alert)


def review_alert(ctx: Context, *, since: datetime) -> SendAlert | None:
    """The reminder that is due, to both signers: before the day of review, else at the beginning
    of a quarter. None past that day, which is told otherwise; `since` is the first start."""
    standard, zone = ctx.standard, ZoneInfo(ctx.policy.calendar.time_zone)
    today = morning_of(ctx)
    left = standard.review_by - today
    if left < timedelta():
        return None
    rung = min((x for x in _AHEAD if left <= x), default=None)
    if rung is not None:
        return _reminder(ctx, f"{standard.review_by}:{rung.days}", _before_review(left))
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    begins = instant_of(datetime.combine(quarter, datetime.min.time()) + _FROM, zone)
    if since >= begins or _is_fresh(standard, begins):
        return None
    return _reminder(ctx, f"quarter:{quarter}", "Quarterly review of the standard")


def morning_of(ctx: Context) -> date:
    """The local day that has had its morning."""
    return _morning(ctx.now, ZoneInfo(ctx.policy.calendar.time_zone)).date()


def _morning(now: datetime, zone: ZoneInfo) -> datetime:
    """Its midnight, on the clock on the wall."""
    wall = wall_clock(now, zone) - _FROM
    return wall.replace(hour=0, minute=0, second=0, microsecond=0)


def _is_fresh(standard: Standard, begins: datetime) -> bool:
    signed = [x.on for x in standard.signatures]
    return bool(signed) and max(signed) >= begins - _JUST_SIGNED


def _before_review(left: timedelta) -> str:
    when = f"in {counted(left.days, 'day')}" if left else "today"
    return f"The standard is to be reviewed {when}"


def _reminder(ctx: Context, state: str, title: str) -> SendAlert:
    standard = ctx.standard
    alert = Alert(
        kind=AlertKind.REVIEW,
        at=ctx.now,
        title=f"{title}: {listed(_signers(standard), 'and')}",
        summary=title.lower(),
        why=(
            f"After {plain(standard.review_by)} no gate blocks until both teams have looked at "
            "the standard again.",
        ),
        next_step=(
            "Look through it together (`syncd standard show`), with what the months since say of "
            "it (`syncd report --meeting --period …`). Then set a new `review_by` in "
            "standard.yaml, and sign it: `syncd standard sign --as marketing`, and as sales."
        ),
        facts=(("Version", standard.version), ("Review by", plain(standard.review_by))),
    )
    key = ActionKey(f"alert:{AlertKind.REVIEW}:{standard.version}:{state}")
    return SendAlert(key=key, lead_id=None, alert=alert)


def _signers(standard: Standard) -> list[str]:
    """By name; a team that has not signed, by its own."""
    names = {x.team: f"{x.name} ({x.team})" for x in (*standard.void, *standard.signatures)}
    return [names.get(team, team) for team in TEAMS]
