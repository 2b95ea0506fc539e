"""The pace of calls follows what the vendor tells and what it refuses."""

from datetime import UTC, datetime, timedelta

import pytest
from fakes import Time

from syncd.adapters.transport.governor import Allowance, Governor

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
WINDOW = 10.25 * SECOND
"""Ten seconds as a vendor tells them, a little lengthened."""


@pytest.fixture
def clock() -> Time:
    return Time(START)


@pytest.fixture
def governor(clock: Time) -> Governor:
    return Governor(clock, Allowance(calls=10, span=10 * SECOND))


def turns(governor: Governor, clock: Time, count: int) -> list[timedelta]:
    """When, since the start, each of so many calls may go."""
    gone = []
    for _ in range(count):
        governor.take()
        gone.append(clock.instant - START)
    return gone


def test_a_larger_allowance_holds_from_the_answer_that_tells_it(
    governor: Governor, clock: Time
) -> None:
    governor.take()
    governor.learn(190, 10 * SECOND)

    gone = turns(governor, clock, 190)

    assert gone == [timedelta()] * 189 + [WINDOW]


def test_a_smaller_allowance_counts_the_calls_already_made(governor: Governor, clock: Time) -> None:
    turns(governor, clock, 10)
    governor.learn(4, 10 * SECOND)

    gone = turns(governor, clock, 5)

    assert gone == [WINDOW] * 4 + [2 * WINDOW]


@pytest.mark.parametrize(("calls", "span"), [(0, 10 * SECOND), (190, timedelta())])
def test_an_allowance_that_makes_no_sense_is_ignored(
    governor: Governor, clock: Time, calls: int, span: timedelta
) -> None:
    governor.learn(calls, span)

    assert turns(governor, clock, 11)[-1] == 10 * SECOND


def test_after_a_refusal_nobody_goes_for_as_long_as_the_vendor_wishes(
    governor: Governor, clock: Time
) -> None:
    governor.refused(7 * SECOND)

    assert turns(governor, clock, 2) == [7 * SECOND] * 2


def test_after_a_refusal_a_tenth_fewer_go_in_each_window(governor: Governor, clock: Time) -> None:
    governor.refused(SECOND)

    gone = turns(governor, clock, 10)

    assert gone == [SECOND] * 9 + [11 * SECOND]


def test_refusals_of_calls_sent_together_count_as_one(governor: Governor, clock: Time) -> None:
    for _ in range(8):
        governor.refused(SECOND)

    assert turns(governor, clock, 9) == [SECOND] * 9


def test_many_refusals_leave_half_of_the_pace(governor: Governor, clock: Time) -> None:
    for _ in range(20):
        governor.refused(SECOND)
        clock.instant += SECOND
    began = clock.instant - START

    gone = turns(governor, clock, 6)

    assert gone == [began] * 5 + [began + 10 * SECOND]


def test_ten_minutes_after_the_last_refusal_the_full_pace_is_back(
    governor: Governor, clock: Time
) -> None:
    governor.refused(SECOND)
    clock.instant += timedelta(minutes=10)

    assert turns(governor, clock, 10)[-1] == timedelta(minutes=10)
