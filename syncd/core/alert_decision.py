"""Decide whether one alert is sent now, waits, or is never sent, and say why.

Pure: what is known of its route, of silences and of what causes it comes in as a value. It
sends nothing and composes no message.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from syncd.core.business_time import add
from syncd.domain.action import SendAlert
from syncd.domain.alert import Act, Alert, AlertKind
from syncd.domain.calendar import BusinessHours
from syncd.domain.message import TROUBLES, RouteNews, Silence, Why
from syncd.domain.policy import AlertPolicy

_BY_THE_CALENDAR = frozenset({AlertKind.DIGEST, AlertKind.MEETING, AlertKind.REVIEW})
"""Come once in a while, at an hour of their own: there is nothing to wait for."""
_LOOK_AGAIN = timedelta(minutes=1)
_INSTANT = timedelta(microseconds=1)
_CAUSED = frozenset({AlertKind.SLA_WARNING, AlertKind.SLA_BREACH})
_ASKS = frozenset({AlertKind.HANDOFF, AlertKind.SLA_WARNING, AlertKind.WAIVER_ASKED})
"""What only asks for something: once that is done, there is nothing left to tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What makes alerts that would not be there without it, in words."""

    why: Why
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known when one alert is decided.

    `crowd` counts the alerts of its route within the interval, this one included: told,
    waiting or in hand. `overnight` when quiet hours had held it back. `outcome` is what became
    of it before it was sent. `cause` stands as long as what it names does.
    """

    made_at: datetime
    route: RouteNews = field(default_factory=RouteNews)
    crowd: int = 1
    overnight: bool = False
    outcome: str = ""
    cause: Cause | None = None
    silences: tuple[Silence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    why: Why
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    until: datetime
    why: Why
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    why: Why
    detail: str = ""


AlertDecision = Send | Wait | Silent


def decide_alert(alert: SendAlert, seen: Seen, policy: AlertPolicy, now: datetime) -> AlertDecision:
    """Exactly one of the three, for one named reason."""
    return (
        _not_at_all(alert, seen, policy, now)
        or _not_while_caused(alert.alert, seen, now)
        or _not_at_night(alert.alert, policy, now)
        or _in_company(alert.alert, seen, policy, now)
    )


def _not_at_all(alert: SendAlert, seen: Seen, policy: AlertPolicy, now: datetime) -> Silent | None:
    silence = next((x for x in seen.silences if _covers(x, alert, policy, now)), None)
    if silence:
        return Silent(why=Why.SILENCED, detail=f"{silence.by}: {silence.reason} ({silence.id})")
    kind, wanted_by = alert.alert.kind, alert.alert.wanted_by
    if seen.outcome and kind in _ASKS:
        return Silent(why=Why.SETTLED, detail=seen.outcome)
    if kind is AlertKind.SLA_WARNING and wanted_by and wanted_by < now:
        return Silent(why=Why.TOO_LATE, detail="the breach is told instead")
    return None


def _covers(silence: Silence, alert: SendAlert, policy: AlertPolicy, now: datetime) -> bool:
    kind = alert.alert.kind
    return (
        silence.placed_at <= now < silence.expires_at
        and silence.kind in (None, kind)
        and silence.channel in (None, policy.channel_of(alert.alert))
        and silence.lead_id in (None, alert.lead_id)
    )


def may_be_caused(alert: Alert) -> bool:
    """Whether it may be there only for a CRM that cannot be read, or a plan that is held."""
    is_missed = alert.kind is AlertKind.ESCALATED and bool(alert.thread)
    return alert.kind in _CAUSED or is_missed


def _not_while_caused(alert: Alert, seen: Seen, now: datetime) -> Wait | None:
    """It is told afterwards, if it is still true then."""
    if seen.cause is None or not may_be_caused(alert):
        return None
    return Wait(until=now + _LOOK_AGAIN, why=seen.cause.why, detail=seen.cause.says)


def _not_at_night(alert: Alert, policy: AlertPolicy, now: datetime) -> Wait | None:
    """Troubles of syncd itself pass, and what is to be answered before the morning."""
    calendar = policy.quiet.get(policy.channel_of(alert))
    if calendar is None or alert.kind in TROUBLES:
        return None
    opens = add(BusinessHours(_INSTANT), now, calendar) - _INSTANT
    if opens <= now or (alert.wanted_by and alert.wanted_by <= opens):
        return None
    return Wait(until=opens, why=Why.QUIET, detail=f'calendar "{calendar.name}" is closed')


def _in_company(alert: Alert, seen: Seen, policy: AlertPolicy, now: datetime) -> Send | Wait:
    """By itself, with the others of its kind, or with all that waited for the morning."""
    if alert.kind in TROUBLES or alert.kind in _BY_THE_CALENDAR:
        return Send(why=Why.AT_ONCE)
    if seen.overnight and not can_be_answered(alert):
        return Send(why=Why.MORNING)
    if _is_personal(alert) and seen.crowd <= policy.alone:
        return Send(why=Why.ALONE)
    wait = _for_others(seen, policy, now)
    if wait is None or (alert.wanted_by and alert.wanted_by <= wait.until):
        return Send(why=Why.TOGETHER)
    return wait


def _for_others(seen: Seen, policy: AlertPolicy, now: datetime) -> Wait | None:
    leaves_at = seen.route.leaves_at
    if leaves_at and leaves_at > now:
        return Wait(until=leaves_at, why=Why.FOR_MORE)
    gathered = seen.made_at + policy.wait
    free = seen.route.gathered_at + policy.interval if seen.route.gathered_at else gathered
    if max(gathered, free) <= now:
        return None
    if free > gathered:
        return Wait(until=free, why=Why.INTERVAL)
    return Wait(until=gathered, why=Why.FOR_MORE)


def can_be_answered(alert: Alert) -> bool:
    """Its message has buttons that do something, so it needs to be one of its own."""
    return any(act is not Act.NOT_USEFUL for act in alert.acts)


def _is_personal(alert: Alert) -> bool:
    """For one person, or part of a conversation."""
    return bool(alert.to or alert.thread) or can_be_answered(alert)
