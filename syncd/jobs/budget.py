"""Put down what the calls of a cycle cost, settle what may still be done, and tell people
before something has to wait."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from syncd.commit import Commit
from syncd.core.alerting_budget import budget_alert
from syncd.core.budget import (
    Budget,
    Forecast,
    add_calls,
    budget_of,
    forecast,
    is_worse,
    level_of,
)
from syncd.domain.action import SendAlert
from syncd.domain.names import System
from syncd.domain.order import SideStatus
from syncd.jobs.pair import Pair
from syncd.jobs.read import UNREAD
from syncd.ports import Usage

log = structlog.get_logger()

_WARN_WITHIN = timedelta(hours=3)
_WARN_FROM = 0.5
"""A forecast made of the first calls of a day says little."""


def put_down_calls(pair: Pair, *, now: datetime) -> Mapping[System, int]:
    """Once a piece of work is done. Returns how many calls were refused as too many."""
    known = pair.store.sides()
    usages = {system: crm.usage() for system, crm in pair.crms.items()}
    sides, alerts = {}, []
    for system, usage in usages.items():
        status = _with_calls(pair, system, known.get(system, UNREAD), usage, now)
        sides[system], more = _levelled(pair, system, status, now)
        alerts += more
    pair.store.commit(Commit(now=now, sides=sides, actions=tuple(alerts)))
    limited = {system: pair.meter.limited_since(system, usages[system]) for system in usages}
    pair.meter.noted.update(usages)
    return limited


def _with_calls(
    pair: Pair, system: System, status: SideStatus, usage: Usage, now: datetime
) -> SideStatus:
    calls = pair.meter.calls_since(system, usage)
    return replace(
        status,
        spent=add_calls(status.spent, calls, now=now),
        calls_used=usage.used,
        calls_allowed=usage.allowed or status.calls_allowed,
    )


def _levelled(
    pair: Pair, system: System, status: SideStatus, now: datetime
) -> tuple[SideStatus, list[SendAlert]]:
    budget = budget_of(status, share=pair.rules.crm.sides[system].share, now=now)
    level = level_of(budget, status.level)
    ahead = forecast(status, budget, now=now)
    if level is not status.level:
        log.warning("budget_level_changed", system=system, level=level, spent=budget.spent)
    if not (is_worse(level, status.level) or _ends_soon(budget, ahead, now)):
        return replace(status, level=level), []
    return replace(status, level=level), [budget_alert(system, budget, level, ahead, now=now)]


def _ends_soon(budget: Budget, ahead: Forecast, now: datetime) -> bool:
    runs_out = ahead.runs_out
    return budget.ours >= _WARN_FROM and runs_out is not None and runs_out - now <= _WARN_WITHIN
