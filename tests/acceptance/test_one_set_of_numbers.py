"""The report says what happened: every number is counted once more, from the sandbox's own records,
by code that shares nothing with the product's."""

from datetime import timedelta

import pytest
from recount.compare import differences, how_many_numbers
from recount.week import a_week

HOUR = timedelta(hours=1)
DIMENSIONS = ("segment", "source", "owner", "team", "standard", "campaign")


def test_the_first_day_is_counted_right() -> None:
    with a_week(leads=45, seed=2, hours=7) as week:
        found = differences(week, week.start, week.end, zone="America/New_York")

    assert found == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_number_of_a_week_is_right_overall_and_split(seed: int) -> None:
    with a_week(leads=150, seed=seed) as week:
        whole = (week.start - 400 * HOUR, week.end + 24 * HOUR)
        cut = (week.start + 5 * HOUR, week.start + 77 * HOUR)
        found = [
            difference
            for start, end in (whole, cut)
            for by in (None, *DIMENSIONS)
            for difference in differences(week, start, end, by=by, zone="America/New_York")
        ]
        counted = how_many_numbers(week, *cut)

    assert found == []
    assert counted > 200
