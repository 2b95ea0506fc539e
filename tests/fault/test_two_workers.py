"""Two workers on one store: only one of them works, also when the other one was only asleep.

A worker that holds the lease is stopped (SIGSTOP) right after something it stored. Its lease
runs out, another one takes over and finishes the work. Then the first one wakes up (SIGCONT).
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from threading import Event

import pytest
from box import HOUR, MINUTE, Box, Person, box
from outcome import outcome_of
from victims import Victims, victims

from syncd.store_ports import StoreUrl
from syncd.wiring import LEASE

_WRITES = r"PATCH|POST .*(/sobjects|batch/update|batch/create|chat\.)"
_FILE = "path: syncd.db"


@pytest.fixture(scope="module")
def sleeper() -> Iterator[Victims]:
    with victims() as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def stores(request: pytest.FixtureRequest) -> Callable[[], Mapping[str, str]]:
    """Tells a box to keep a new store in the database of this brand."""
    if request.param == "sqlite":
        return dict
    new_database: Callable[[], StoreUrl] = request.getfixturevalue("new_database")
    return lambda: {_FILE: f"url: {new_database().url}"}


def busy(b: Box) -> list[Person]:
    """Up to the moment before a cycle that takes two moves back, carries one over and tells."""
    people = [b.arrive(name) for name in ("ann", "bob", "cid")]
    b.cycles(2)
    ann, bob, cid = people
    b.rep_sets(ann, Status="Sales Qualified")
    b.marketer_sets(bob, lifecyclestage="salesqualifiedlead")
    b.rep_sets(cid, Title="CFO")
    b.cycle()
    b.world.advance(6 * MINUTE)
    b.worker.close()
    return people


def slept_and_woke(b: Box, sleeper: Victims, number: int) -> bool:
    """Whether the cycle stored so often at all that its worker was stopped in it."""
    people = busy(b)
    sleeper.start_elsewhere(b.home, b.fronts.slack_url, name="sleeper", writes=number)
    sleeper.wait_until_open()
    sleeper.cycle()
    was_stopped = sleeper.outcome() == "stopped"
    if not was_stopped:
        sleeper.kill()
    b.world.advance(LEASE + MINUTE)
    b.take_over()
    b.cycles(3)
    if not was_stopped:
        return False
    before, written = outcome_of(b, people), Event()
    b.during(_WRITES, written.set)

    sleeper.wake()

    word = sleeper.outcome()
    if word == "done":  # there was nothing left to do in its cycle: it finds out in the next
        sleeper.cycle()
        word = sleeper.outcome()
    assert word == "lost", f"stopped after store write {number}"
    assert sleeper.outcome() == "dead"
    assert not written.is_set()
    assert outcome_of(b, people) == before
    b.cycles(8)
    end = outcome_of(b, people)
    assert (end.doubled(), end.unfinished) == (0, ())
    return True


@pytest.mark.parametrize("number", [2, 6, 8])  # the later ones have claimed what they do next
def test_a_worker_that_slept_through_its_lease_writes_nothing_more(
    number: int, tmp_path: Path, sleeper: Victims, stores: Callable[[], Mapping[str, str]]
) -> None:
    with box(tmp_path, changes=stores()) as b:
        assert slept_and_woke(b, sleeper, number)


@pytest.mark.slow
def test_so_it_is_after_whatever_it_stored_last(
    tmp_path: Path, sleeper: Victims, stores: Callable[[], Mapping[str, str]]
) -> None:
    for number in count(1):
        home = tmp_path / str(number)
        home.mkdir()
        with box(home, changes=stores()) as b:
            if not slept_and_woke(b, sleeper, number):
                break

    assert number > 10


def test_of_two_workers_started_at_once_one_is_let_in(
    tmp_path: Path, sleeper: Victims, stores: Callable[[], Mapping[str, str]]
) -> None:
    with box(tmp_path, changes=stores()) as b, victims() as rival:
        b.worker.close()
        b.world.advance(HOUR)

        for worker, name in ((sleeper, "one"), (rival, "other")):
            worker.start_elsewhere(b.home, b.fronts.slack_url, name=name)
        let_in = [worker.is_let_in() for worker in (sleeper, rival)]

        for worker, is_open in zip((sleeper, rival), let_in, strict=True):
            if is_open:
                worker.kill()
            else:
                assert worker.outcome() == "dead"
        b.world.advance(LEASE)
        b.take_over()
    assert sorted(let_in) == [False, True]
