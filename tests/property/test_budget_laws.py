"""Laws of the API budget, over days of any demand."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core_cases import NOW
from hypothesis import given
from hypothesis import strategies as st

from syncd.core.budget import Budget, add_calls, budget_of, forecast, is_worse, level_of
from syncd.domain.order import Health, Level, SideStatus

SHARE = 1_000
BATCH = 10
"""Calls a batch of field sync costs: the level is asked before each."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

levels = st.sampled_from(list(Level))
budgets = st.builds(
    Budget,
    spent=st.integers(0, 3_000),
    share=st.none() | st.integers(0, 2_000),
    used=st.none() | st.integers(0, 12_000),
    allowed=st.none() | st.integers(0, 10_000),
)
demands = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 400)), min_size=1, max_size=60)
"""Hour by hour: essential calls, and calls of field sync that fall due."""


_FIRST = SideStatus(
    read_through=NOW, health=Health.OK, reason="", calls_used=None, calls_allowed=SHARE
)


@dataclass(slots=True)
class Worker:
    """Makes essential calls at once, and field sync's as soon as they may be made."""

    now: datetime = NOW
    status: SideStatus = _FIRST
    waiting: int = 0
    most_when_syncing: int = 0

    def hour(self, essential: int, due: int) -> None:
        self._call(essential)
        self.waiting += due
        while self.waiting and self._level() is not Level.ESSENTIAL:
            self._call(min(BATCH, self.waiting))
            self.waiting -= min(BATCH, self.waiting)
            self.most_when_syncing = max(self.most_when_syncing, self._budget().spent)
        self.status = replace(self.status, level=self._level())
        self.now += HOUR

    def _budget(self) -> Budget:
        return budget_of(self.status, share=1.0, now=self.now)

    def _level(self) -> Level:
        return level_of(self._budget(), self.status.level)

    def _call(self, calls: int) -> None:
        spent = add_calls(self.status.spent, calls, now=self.now)
        self.status = replace(self.status, spent=spent)


@given(demands)
def test_field_sync_never_takes_more_than_the_share(demand: list[tuple[int, int]]) -> None:
    worker = Worker()

    for essential, due in demand:
        worker.hour(essential, due)

    assert worker.most_when_syncing < 0.95 * SHARE + BATCH


@given(demands)
def test_what_waited_is_made_up_for_once_there_are_calls_again(
    demand: list[tuple[int, int]],
) -> None:
    worker = Worker()
    for essential, due in demand:
        worker.hour(essential, due)
    days = worker.waiting // (SHARE // 2) + 2

    for _ in range(25 * days):
        worker.hour(0, 0)

    assert worker.waiting == 0


@given(demands)
def test_a_worker_that_rests_for_a_day_is_free_again(demand: list[tuple[int, int]]) -> None:
    worker = Worker()
    for essential, due in demand:
        worker.hour(essential, due)
    worker.waiting = 0

    for _ in range(25):
        worker.hour(0, 0)

    assert (worker.status.level, worker.status.spent) == (Level.FULL, ())


@given(demands)
def test_a_day_of_hours_is_all_that_is_kept(demand: list[tuple[int, int]]) -> None:
    worker = Worker()

    for essential, due in demand:
        worker.hour(essential, due)

    assert len(worker.status.spent) <= 25
    assert list(worker.status.spent) == sorted(worker.status.spent)


@given(budgets, levels)
def test_a_level_does_not_change_by_itself(budget: Budget, before: Level) -> None:
    once = level_of(budget, before)

    assert level_of(budget, once) is once


@given(budgets, st.integers(0, 1_000), levels)
def test_spending_more_never_allows_more(budget: Budget, more: int, before: Level) -> None:
    after = replace(budget, spent=budget.spent + more)

    assert not is_worse(level_of(budget, before), level_of(after, before))


@given(st.lists(st.integers(0, 200), max_size=25), st.integers(0, 3_000))
def test_a_forecast_never_ends_in_the_past(calls: list[int], share: int) -> None:
    spent = tuple((NOW - ago * HOUR, n) for ago, n in enumerate(calls))[::-1]
    status = replace(_FIRST, spent=spent)
    budget = Budget(spent=sum(calls), share=share, used=None, allowed=None)

    ahead = forecast(status, budget, now=NOW)

    assert ahead.runs_out is None or NOW <= ahead.runs_out <= NOW + DAY + HOUR
