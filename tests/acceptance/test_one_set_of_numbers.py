"""The report says what happened: every number is counted once more, from the sandbox's own records,
by code that shares nothing with the product's."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from recount.compare import Ask, compared
from recount.coverage import Coverage
from recount.rows import happened
from recount.week import Week, a_week

HOUR = timedelta(hours=1)
DIMENSIONS = ("segment", "source", "owner", "team", "standard", "campaign")
NEW_YORK, TOKYO = "America/New_York", "Asia/Tokyo"
MONTH_ENDS = date(2026, 11, 30)
"""A Monday, too: in Tokyo the month is over in the middle of its morning."""
SILENT = {
    *(f"promises-by-month.{x}" for x in ("assign", "touch", "dispose")),  # nobody promises it
    *(f"speed-by-month.system-{x}" for x in ("median", "p90")),  # all have an owner at once
    "promises.running",  # all that is promised is due within the week
    "moves.observed",  # no gate only observes
    *(f"{x}.share" for x in ("waivers-by-person", "waivers-by-reason", "objections")),  # too few
}
"""Columns that have nothing to tell of such a week; they are compared all the same."""


def test_the_first_day_is_counted_right() -> None:
    with a_week(leads=45, seed=2, hours=7) as week:
        found = differing(week, [Ask(start=week.start, end=week.end)])

    assert found == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 3])
def test_every_number_of_a_week_is_right_overall_split_and_filtered(seed: int) -> None:
    with a_week(leads=150, seed=seed) as week:
        found = differing(week, [*questions(week)])

    assert found == []


@pytest.mark.slow
def test_every_column_of_the_catalogue_is_right_over_the_end_of_a_month() -> None:
    coverage = Coverage()
    with a_week(leads=400, seed=2, monday=MONTH_ENDS) as week:
        found = differing(week, [*questions(week)], coverage)

    print(*coverage.lines(), sep="\n")
    assert found == []
    assert coverage.missing() == set()
    assert coverage.silent() <= SILENT


def differing(week: Week, asks: list[Ask], coverage: Coverage | None = None) -> list[str]:
    truth, found = happened(week), []
    for ask in asks:
        for number in compared(week, truth, ask):
            if coverage:
                coverage.add(number, ask.by)
            if not number.is_same:
                found.append(f"{ask}: {number}")
    return found


def questions(week: Week) -> Iterator[Ask]:
    """All of the week, a part of it, its months in two time zones; each overall and split. Some
    of it of some leads alone."""
    spans = [
        (week.start - 400 * HOUR, week.end + 24 * HOUR, NEW_YORK),
        (week.start + 5 * HOUR, week.start + 77 * HOUR, NEW_YORK),
        *((*a_month(month, zone), zone) for month in (11, 12) for zone in (NEW_YORK, TOKYO)),
    ]
    for start, end, zone in spans:
        for by in (None, *DIMENSIONS):
            yield Ask(start=start, end=end, zone=zone, by=by)
    start, end = a_month(11, NEW_YORK)
    for only in (
        {"source": ("Web", "Event")},
        {"campaign": ("(unknown)",), "source": ("Web",)},
        {"team": ("inbound",)},
    ):
        for by in (None, "owner"):
            yield Ask(start=start, end=end, by=by, only=only)


def a_month(month: int, zone: str) -> tuple[datetime, datetime]:
    """Of 2026, as people there have it."""
    first = datetime(2026, month, 1, tzinfo=ZoneInfo(zone))
    after = first.replace(year=2026 + month // 12, month=month % 12 + 1)
    return first.astimezone(UTC), after.astimezone(UTC)
