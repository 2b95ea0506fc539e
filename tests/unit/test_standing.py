"""All leads have the same time, and stand as they stood when it was up."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from syncd.measure.outcomes import DECIDED_AT, MOVED_AT, OUTCOME, Outcome
from syncd.measure.standing import HAD_TIME, STANDING, Horizon, latest_in

MOVED = datetime(2026, 1, 1, tzinfo=UTC)
SPAN = timedelta(days=90)


def _stands(outcome: Outcome, decided_after: timedelta | None) -> str:
    leads = _leads(outcome, decided_after)
    return str(Horizon(span=SPAN, known_until=MOVED + SPAN).add_to(leads)[STANDING].item())


def _leads(outcome: Outcome, decided_after: timedelta | None = None) -> pl.DataFrame:
    decided = MOVED + decided_after if decided_after is not None else None
    return pl.DataFrame(
        {MOVED_AT: [MOVED], DECIDED_AT: [decided], OUTCOME: [outcome.value]},
        schema_overrides={DECIDED_AT: pl.Datetime("us", "UTC")},
    )


@pytest.mark.parametrize("outcome", Outcome)
def test_an_outcome_in_time_stands(outcome: Outcome) -> None:
    assert _stands(outcome, SPAN) == outcome


@pytest.mark.parametrize("outcome", Outcome)
def test_what_came_later_had_not_come_by_then(outcome: Outcome) -> None:
    assert _stands(outcome, SPAN + timedelta(seconds=1)) == Outcome.OPEN


@pytest.mark.parametrize("outcome", Outcome)
def test_an_outcome_without_a_date_is_taken_to_have_come_in_time(outcome: Outcome) -> None:
    assert _stands(outcome, None) == outcome


@pytest.mark.parametrize(("short_of", "had_time"), [(0, True), (1, False)])
def test_a_lead_that_had_less_time_is_told_apart_however_it_ended(
    short_of: int, had_time: bool
) -> None:
    known_until = MOVED + SPAN - timedelta(seconds=short_of)
    leads = _leads(Outcome.WON, timedelta(days=1))

    stands = Horizon(span=SPAN, known_until=known_until).add_to(leads)

    assert stands[HAD_TIME].item() is had_time


def test_what_is_known_reaches_to_the_last_move_or_decision() -> None:
    leads = _leads(Outcome.WON, timedelta(days=3))

    assert latest_in(leads) == MOVED + timedelta(days=3)
    assert latest_in(leads.clear()) is None
