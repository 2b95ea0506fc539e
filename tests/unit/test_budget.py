"""What the calls left still pay for, and when they run out."""

from datetime import timedelta

import pytest
from core_cases import NOW

from syncd.core.budget import Budget, add_calls, budget_of, forecast, is_worse, level_of
from syncd.domain.order import Health, Level, SideStatus

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def status(
    *spent: tuple[int, int],
    used: int | None = None,
    allowed: int | None = 10_000,
    level: Level = Level.FULL,
) -> SideStatus:
    """`spent` are calls by how many hours ago."""
    return SideStatus(
        read_through=NOW,
        health=Health.OK,
        reason="",
        calls_used=used,
        calls_allowed=allowed,
        spent=tuple((NOW - ago * HOUR, calls) for ago, calls in spent),
        level=level,
    )


def budget(spent: int = 0, *, used: int | None = None, share: int | None = 1_000) -> Budget:
    return Budget(spent=spent, share=share, used=used, allowed=10_000)


# --- what was spent --------------------------------------------------------------------------


def test_calls_of_one_hour_are_one_sum() -> None:
    hours = add_calls((), 3, now=NOW + 5 * MINUTE)

    assert add_calls(hours, 4, now=NOW + 50 * MINUTE) == ((NOW, 7),)


def test_a_new_hour_is_a_new_sum() -> None:
    hours = add_calls((), 3, now=NOW)

    assert add_calls(hours, 4, now=NOW + HOUR) == ((NOW, 3), (NOW + HOUR, 4))


def test_an_hour_without_calls_takes_no_room() -> None:
    assert add_calls((), 0, now=NOW) == ()


def test_what_is_a_day_old_is_forgotten() -> None:
    old = ((NOW - 26 * HOUR, 9), (NOW - 25 * HOUR, 8), (NOW - 24 * HOUR, 7))

    assert add_calls(old, 1, now=NOW) == ((NOW - 24 * HOUR, 7), (NOW, 1))


def test_an_hour_that_lies_partly_in_the_last_day_counts_whole() -> None:
    known = status((24, 8), (1, 2))

    assert budget_of(known, share=0.3, now=NOW - 10 * MINUTE).spent == 10


def test_calls_not_yet_put_down_count_too() -> None:
    assert budget_of(status((1, 2)), share=0.3, now=NOW, more=5).spent == 7


def test_the_share_is_a_part_of_what_the_vendor_allows() -> None:
    assert budget_of(status(), share=0.3, now=NOW).share == 3_000


def test_an_allowance_nobody_told_limits_nothing() -> None:
    unknown = budget_of(status((1, 1_000_000), allowed=None), share=0.3, now=NOW)

    assert level_of(unknown, Level.FULL) is Level.FULL


# --- levels ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spent", "level"),
    [
        (0, Level.FULL),
        (799, Level.FULL),
        (800, Level.NO_SWEEP),
        (949, Level.NO_SWEEP),
        (950, Level.ESSENTIAL),
        (5_000, Level.ESSENTIAL),
    ],
)
def test_reconciliation_is_given_up_first_and_field_sync_next(spent: int, level: Level) -> None:
    assert level_of(budget(spent), Level.FULL) is level


@pytest.mark.parametrize(
    ("used", "level"),
    [(8_999, Level.FULL), (9_000, Level.NO_SWEEP), (9_500, Level.ESSENTIAL)],
)
def test_others_who_use_up_the_allowance_slow_us_down_too(used: int, level: Level) -> None:
    assert level_of(budget(used=used), Level.FULL) is level


@pytest.mark.parametrize(
    ("spent", "before", "after"),
    [
        (900, Level.ESSENTIAL, Level.ESSENTIAL),
        (854, Level.ESSENTIAL, Level.NO_SWEEP),
        (760, Level.NO_SWEEP, Level.NO_SWEEP),
        (719, Level.NO_SWEEP, Level.FULL),
        (719, Level.ESSENTIAL, Level.FULL),
        (760, Level.FULL, Level.FULL),
    ],
)
def test_a_level_ends_only_well_below_where_it_began(
    spent: int, before: Level, after: Level
) -> None:
    assert level_of(budget(spent), before) is after


def test_a_share_of_nothing_leaves_the_essentials() -> None:
    assert level_of(budget(1, share=0), Level.FULL) is Level.ESSENTIAL


def test_a_later_sacrifice_is_worse() -> None:
    assert is_worse(Level.ESSENTIAL, Level.NO_SWEEP)
    assert not is_worse(Level.NO_SWEEP, Level.NO_SWEEP)
    assert not is_worse(Level.FULL, Level.ESSENTIAL)


# --- the forecast ----------------------------------------------------------------------------


def test_the_present_rate_tells_when_the_share_is_used_up() -> None:
    known = status((2, 300), (1, 100), (0, 0))

    ahead = forecast(known, budget(400, share=700), now=NOW)

    assert ahead.a_day == 2_400
    assert ahead.runs_out == NOW + 3 * HOUR


def test_what_falls_out_of_the_last_day_is_to_be_had_again() -> None:
    known = status((24, 500), (1, 100))

    ahead = forecast(known, budget(600, share=2_700), now=NOW)

    assert ahead.runs_out is None


def test_a_share_that_is_used_up_ends_now() -> None:
    assert forecast(status((1, 100)), budget(1_000), now=NOW).runs_out == NOW


def test_nobody_who_rests_runs_out() -> None:
    ahead = forecast(status((5, 900)), budget(900), now=NOW)

    assert (ahead.a_day, ahead.runs_out) == (0, None)
