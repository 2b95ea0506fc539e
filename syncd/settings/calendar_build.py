"""Make the domain's Calendar of one entry of policy.yaml: hours, zone and days off.

Public holidays come from the `holidays` package, for a fixed span of years so that the
same file always gives the same calendar.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from zoneinfo import available_timezones

import holidays

from syncd.core.business_time import opens
from syncd.domain.calendar import Calendar
from syncd.settings.fitting import Fitted
from syncd.settings.policy_file import CalendarPart, HolidaysPart, PolicyFile
from syncd.settings.problem import did_you_mean

YEARS = range(2020, 2051)


def build_calendar(name: str, part: CalendarPart, file: Fitted[PolicyFile]) -> Calendar:
    """The calendar; what is wrong with it is added to the file."""
    zone = _zone(part, file)
    closed = frozenset((*part.closed, *_public(part.holidays, file)))
    calendar = Calendar(
        name=name,
        time_zone=zone,
        hours=part.hours,
        closed=closed,
        version=_version(zone, part, closed),
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


def _public(part: HolidaysPart | None, file: Fitted[PolicyFile]) -> Iterable[date]:
    if part is None:
        return ()
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
        return ()
    if part.subdivision and part.subdivision not in countries[part.country]:
        known = countries[part.country]
        what = f'{part.country} has no subdivision "{part.subdivision}"'
        file.fault(part.at("subdivision"), what, did_you_mean(part.subdivision, known), bare=True)
        return ()
    return holidays.country_holidays(
        part.country, subdiv=part.subdivision, years=YEARS, observed=True
    )


def _version(zone: str, part: CalendarPart, closed: Iterable[date]) -> str:
    """Changes whenever a deadline could fall on another instant."""
    hours = {str(day): stretches for day, stretches in sorted(part.hours.items())}
    content = json.dumps([zone, hours, sorted(day.isoformat() for day in closed)])
    return hashlib.sha256(content.encode()).hexdigest()[:12]
