"""Calendars made of policy.yaml: days off by name, and a version that changes with meaning only."""

from datetime import date

import pytest

from syncd.domain.calendar import Calendar
from syncd.settings.calendar_build import build_calendar
from syncd.settings.fitting import Fitted
from syncd.settings.policy_file import CalendarPart, PolicyFile
from syncd.settings.yaml_source import Source

OFFICE = {"time_zone": "America/New_York", "hours": {"monday-friday": "09:00-17:30"}}


def built(**changed: object) -> Calendar:
    part = CalendarPart.model_validate({**OFFICE, **changed})
    file = Fitted[PolicyFile](source=Source(file="policy.yaml"), model=None, problems=[])
    return build_calendar("sales", part, file)


def test_public_holidays_are_those_of_the_region_and_told_by_name() -> None:
    bavaria = built(holidays={"country": "DE", "subdivision": "BY"}).closed
    hamburg = built(holidays={"country": "DE", "subdivision": "HH"}).closed

    assert bavaria[date(2026, 1, 6)] == "Epiphany"
    assert date(2026, 1, 6) not in hamburg
    assert hamburg[date(2026, 4, 3)] == "Good Friday"


def test_an_own_closing_day_is_told_from_a_public_holiday() -> None:
    closed = built(
        holidays={"country": "US"}, closed=(date(2026, 12, 24), date(2026, 12, 25))
    ).closed

    assert closed[date(2026, 12, 24)] == "own closing day"
    assert closed[date(2026, 12, 25)] == "Christmas Day"


@pytest.mark.parametrize(
    "same",
    [
        {"hours": {"mon-fri": ["12:00-17:30", "09:00-12:00"]}},
        {"hours": {"mon-thu": "09:00-17:30", "fri": "09:00-17:30"}},
        {"time_zone": "US/Eastern"},
        {"closed": (date(2026, 12, 26),)},  # a Saturday
    ],
)
def test_the_version_stays_where_the_meaning_does(same: dict[str, object]) -> None:
    assert built(**same).version == built().version


@pytest.mark.parametrize(
    "other",
    [
        {"hours": {"monday-friday": "09:00-17:00"}},
        {"hours": {"monday-thursday": "09:00-17:30"}},
        {"time_zone": "America/Havana"},
        {"closed": (date(2026, 12, 24),)},
        {"holidays": {"country": "US"}},
    ],
)
def test_another_meaning_is_another_version(other: dict[str, object]) -> None:
    assert built(**other).version != built().version
