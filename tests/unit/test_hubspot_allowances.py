"""What HubSpot's rate headers are made of, also when they make no sense."""

from datetime import UTC, datetime, timedelta

import pytest
from fakes import Time

from syncd.adapters.hubspot.allowances import Allowances
from syncd.adapters.hubspot.connection import HubSpotConnection
from syncd.adapters.transport.answer import Answer
from syncd.errors import LimitError, TransientError

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Time:
    return Time(START)


@pytest.fixture
def allowances(clock: Time) -> Allowances:
    return Allowances(HubSpotConnection(access_token="token"), clock)


def answer(**headers: str) -> Answer:
    names = {f"X-HubSpot-RateLimit-{k.replace('_', '-')}": v for k, v in headers.items()}
    return Answer(status=200, headers=names, body=b"{}")


def burst(allowances: Allowances, clock: Time) -> int:
    """How many calls go before one has to wait."""
    before, count = clock.instant, 0
    while clock.instant == before:
        allowances.burst.take()
        count += 1
    return count - 1


def test_until_told_the_smallest_plan_is_assumed(allowances: Allowances, clock: Time) -> None:
    assert burst(allowances, clock) == 97


def test_the_interval_told_is_the_window(allowances: Allowances, clock: Time) -> None:
    allowances.heed(answer(Max="2", Interval_Milliseconds="60000"))

    burst(allowances, clock)

    assert clock.instant - START == timedelta(seconds=61.5)


def test_without_an_interval_it_is_ten_seconds(allowances: Allowances, clock: Time) -> None:
    allowances.heed(answer(Max="2"))

    burst(allowances, clock)

    assert clock.instant - START == timedelta(seconds=10.25)


@pytest.mark.parametrize("told", ["", "many", "-5", "0", "1e3", "9" * 30])
def test_a_limit_that_makes_no_sense_changes_nothing(
    allowances: Allowances, clock: Time, told: str
) -> None:
    allowances.heed(answer(Max=told, Daily=told, Daily_Remaining="oops"))

    assert burst(allowances, clock) == 97
    assert allowances.day() == (None, None)


def test_a_refusal_for_the_day_uses_the_day_up(allowances: Allowances) -> None:
    allowances.heed(answer(Daily="1000", Daily_Remaining="400"))

    allowances.refused(LimitError("the day is over"), allowances.burst)

    assert allowances.day() == (1_000, 1_000)
    assert allowances.limited == 1


def test_a_refusal_for_the_pace_leaves_the_day_as_it_was(allowances: Allowances) -> None:
    allowances.heed(answer(Daily="1000", Daily_Remaining="400"))

    allowances.refused(TransientError("too fast"), allowances.burst)

    assert allowances.day() == (600, 1_000)
