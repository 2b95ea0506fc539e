"""P5 at length: a worker killed 300 times at random instants comes to the very same end.

People act in the middle of each tick, the worker does one cycle at its end. While the worker
is dead the world waits: a cycle that was killed is ordered again until one is finished.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from box import Box, box
from crowd import Crowd
from outcome import Outcome, outcome_of
from victims import Victims, victims

KILLS = 300
TICK = timedelta(minutes=5)
LEADS, PER_TICK = 400, 5
AFTERWARDS = 90
"""Ticks until every handoff has ended and all is quiet: longer than its six hours."""


class Butcher:
    """Orders cycles; now and then kills the worker in the middle of one."""

    def __init__(self, workers: Victims, b: Box, *, kills: int, over: int, seed: int) -> None:
        self._workers = workers
        self._box = b
        self._random = Random(seed)
        self._left = kills
        self._chance = kills / (over + kills)
        self._usual = 0.1  # seconds that a cycle takes, learnt as it goes
        self.midway = 0

    @property
    def left(self) -> int:
        return self._left

    def cycle(self) -> None:
        """Until one is finished."""
        while self._left and self._random.random() < self._chance:
            self._kill_one()
        self._finish_one()

    def kill_the_rest(self) -> None:
        while self._left:
            self._kill_one()

    def _kill_one(self) -> None:
        """Mostly in the middle of a cycle, now and then while the worker starts."""
        self._order(patient=self._random.random() < 0.8)
        began = time.monotonic()
        outcome = self._workers.outcome(within=self._random.uniform(0, self._usual))
        took = time.monotonic() - began
        self._workers.kill()
        self._left -= 1
        self.midway += outcome is None
        self._usual = took if outcome else self._usual * 1.05

    def _finish_one(self) -> None:
        self._order(patient=False)
        assert self._workers.outcome() == "done"

    def _order(self, *, patient: bool) -> None:
        if self._workers.pid is None:
            self._workers.start(self._box.home, self._box.fronts.slack_url)
            if patient:
                self._workers.wait_until_open()
        self._workers.cycle()


def story(home: Path, *, kills: int, seed: int = 0) -> tuple[Outcome, int]:
    """The end of the crowd's story, and how many cycles were killed midway."""
    home.mkdir()
    crowd = Crowd(LEADS, per_tick=PER_TICK)
    over = crowd.last_tick + AFTERWARDS
    with box(home) as b, victims() as workers:
        b.worker.close()
        butcher = Butcher(workers, b, kills=kills, over=over, seed=seed)
        live(b, crowd, ticks=over, cycle=butcher.cycle)
        butcher.kill_the_rest()
        if workers.pid is not None:
            workers.kill()
        b.take_over()
        b.cycles(4, TICK)
        return outcome_of(b, crowd.people), butcher.midway


def live(b: Box, crowd: Crowd, *, ticks: int, cycle: Callable[[], None]) -> None:
    start = b.world.now()
    for tick in range(ticks):
        end = start + (tick + 1) * TICK
        b.world.advance_to(end - TICK / 2)
        with b.world.lock:
            crowd.act(tick, b)
        b.world.advance_to(end)
        cycle()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The end of the undisturbed story."""
    return story(tmp_path_factory.mktemp("whole") / "box", kills=0)[0]


@pytest.mark.slow
def test_p5_three_hundred_kills_change_nothing_but_the_time_it_takes(
    tmp_path: Path, whole: Outcome
) -> None:
    killed, midway = story(tmp_path / "killed", kills=KILLS, seed=7)

    assert midway > KILLS / 2
    for email, records in whole.records.items():
        assert killed.records[email] == records, email
        assert killed.moves[email] == whole.moves[email], email
        assert killed.notes[email] == whole.notes[email], email
    assert set(killed.messages) == set(whole.messages)
    assert (whole.doubled(), whole.unfinished, killed.unfinished) == (0, (), ())
    assert killed.doubled() <= KILLS


@pytest.mark.slow
def test_the_crowd_gives_the_worker_something_of_everything_to_do(whole: Outcome) -> None:
    kinds = {key.split(":")[1] for key in whole.messages}

    assert kinds >= {
        "handoff",
        "blocked",
        "flagged",
        "escalated",
        "qualifies",
        "sla-warning",
        "sla-breach",
        "recycled",
    }
    assert sum(map(sum, whole.notes.values())) > LEADS / 5
    assert sum(moves.total() for moves in whole.moves.values()) > 3 * LEADS
