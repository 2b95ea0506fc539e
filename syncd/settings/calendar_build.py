"""Make the domain's Calendar of one entry of policy.yaml: hours, zone and days off.

Public holidays come from the `holidays` package, for a fixed span of years so that the
same file always gives the same calendar.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, available_timezones

import holidays

from syncd.core.business_time import opens
from syncd.core.local_time import clock_changes, offset_at
from syncd.domain.calendar import Calendar
from syncd.settings.fitting import Fitted
from syncd.settings.hours import WeekHours
from syncd.settings.policy_file import CalendarPart, HolidaysPart, PolicyFile
from syncd.settings.problem import did_you_mean

YEARS = range(2020, 2051)
OWN_DAY = "own closing day"


def build_calendar(name: str, part: CalendarPart, file: Fitted[PolicyFile]) -> Calendar:
    """The calendar; what is wrong with it is added to the file."""
    zone = _zone(part, file)
    closed = dict.fromkeys(part.closed, OWN_DAY) | dict(_public(part.holidays, file))
    calendar = Calendar(
        name=name,
        time_zone=zone,
        hours=part.hours,
        closed=closed,
        version=_version(zone, part.hours, closed),
    )
    if not opens(calendar):
        file.fault(part.at("hours"), "the calendar never opens", "give it hours on some day")
    return calendar


def _zone(part: CalendarPart, file: Fitted[PolicyFile]) -> str:
    zones = available_timezones()
    if part.time_zone in zones:
        return part.time_zone
    what = f'unknown time zone "{part.time_zone}"'
    next_step = did_you_mean(part.time_zone, zones, otherwise="write one such as Europe/Berlin")
    file.fault(part.at("time_zone"), what, next_step, bare=True)
    return "UTC"


def _public(part: HolidaysPart | None, file: Fitted[PolicyFile]) -> Mapping[date, str]:
    if part is None:
        return {}
    countries = holidays.list_supported_countries()
    if part.country not in countries:
        upper = part.country.upper()
        next_step = (
            f'did you mean "{upper}"?'
            if upper in countries
            else "write the two-letter code, such as US, GB or DE"
        )
        what = f'no holidays are known for "{part.country}"'
        file.fault(part.at("country"), what, next_step, bare=True)
        return {}
    if part.subdivision and part.subdivision not in countries[part.country]:
        known = countries[part.country]
        what = f'{part.country} has no subdivision "{part.subdivision}"'
        file.fault(part.at("subdivision"), what, did_you_mean(part.subdivision, known), bare=True)
        return {}
    return holidays.country_holidays(
        part.country, subdiv=part.subdivision, years=YEARS, observed=True, language="en_US"
    )


def _version(zone: str, hours: WeekHours, closed: Iterable[date]) -> str:
    """Changes exactly when a deadline could fall on another instant: also when a time zone's
    rules were changed, not when a holiday falls on a day off anyway."""
    week = {str(day): shifts for day, shifts in sorted(hours.items())}
    off = sorted(day.isoformat() for day in closed if day.weekday() in hours)
    content = json.dumps([_time_of(ZoneInfo(zone)), week, off])
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def _time_of(zone: ZoneInfo) -> list[tuple[str, float]]:
    """What its clocks show ahead of UTC, from when on."""
    first, last = (datetime(year, 1, 1, tzinfo=UTC) for year in (YEARS.start, YEARS.stop))
    changes = [(first, offset_at(first, zone))]
    changes += [(at, offset) for at, _, offset in clock_changes(first, last, zone)]
    return [(at.isoformat(), offset.total_seconds()) for at, offset in changes]
