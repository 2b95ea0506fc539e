"""The vendors' own bad moments: answers that fail, get lost, or come too late."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from syncd.sandbox.faults import Fault
from syncd.sandbox.journal import System
from syncd.sandbox.people.desk import Outage, Setting
from syncd.sandbox.people.office import local
from syncd.sandbox.world import World

_DOWN = {
    "match": ".",
    "kind": "status",
    "status": 503,
    "times": None,
    "body": {"status": "error", "message": "HubSpot is unavailable", "category": "UNAVAILABLE"},
}
_TOO_FAST = {"status": "error", "message": "You have reached your limit", "category": "RATE_LIMITS"}

_MISHAPS: tuple[tuple[float, System, Mapping[str, Any]], ...] = (
    # hours from the start, who, what
    (1.3, System.SALESFORCE, {"match": "^POST .*/composite$", "kind": "expire_session"}),
    (
        2.1,
        System.HUBSPOT,
        {
            "match": "/search$",
            "kind": "status",
            "status": 429,
            "headers": {"Retry-After": "3"},
            "body": _TOO_FAST,
            "times": 2,
        },
    ),
    (3.4, System.SALESFORCE, {"match": "^PATCH ", "kind": "lost_response"}),
    (4.2, System.HUBSPOT, {"match": "batch/update$", "kind": "lost_response"}),
    (5.0, System.HUBSPOT, {"match": "/search$", "kind": "html200"}),
    (5.6, System.SLACK, {"match": "chat.postMessage$", "kind": "lost_response"}),
    (6.3, System.SALESFORCE, {"match": "^POST .*/composite$", "kind": "truncate"}),
    (6.9, System.HUBSPOT, {"match": "batch/read$", "kind": "status", "status": 502}),
    (7.7, System.SALESFORCE, {"match": "^PATCH ", "kind": "status", "status": 500}),
    (8.4, System.SLACK, {"match": "chat.postMessage$", "kind": "status", "status": 500}),
)


def outages(second_day: date) -> tuple[Outage, ...]:
    """HubSpot is down for a morning, in the middle of what was promised the day before."""
    return (
        Outage(
            system=System.HUBSPOT,
            start=_between_looks(local(second_day, time(10, 10))),
            end=_between_looks(local(second_day, time(12, 40))),
        ),
    )


def brew(setting: Setting) -> None:
    """Schedule everything that goes wrong outside."""
    for hours, system, spec in _MISHAPS:
        instant = _between_looks(setting.start) + _hours(hours)
        setting.world.at(instant, _arming(setting.world, system, spec))
    for outage in setting.outages:
        setting.world.at(outage.start, _arming(setting.world, outage.system, _DOWN))
        setting.world.at(outage.end, setting.world.faults[outage.system].disarm)


def _between_looks(instant: datetime) -> datetime:
    return instant + timedelta(seconds=150)


def _hours(count: float) -> timedelta:
    return timedelta(minutes=5) * round(count * 12)


def _arming(world: World, system: System, spec: Mapping[str, Any]) -> Callable[[], None]:
    return lambda: world.faults[system].arm(Fault.from_json(spec))
