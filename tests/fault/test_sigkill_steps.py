"""P5: a worker killed after any single effect of a cycle is finished by the next one.

The effects of a cycle are what it stores and what it asks of others. One cycle in which
everything happens at once is killed after its first effect, then (in a world made anew)
after its second, and so on; each time another worker takes over, and the end is compared
with that of an undisturbed run. The fast tier kills after every third effect, the slow one
after every single one.
"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from box import HOUR, MINUTE, Box, Person, box
from outcome import Outcome, outcome_of
from victims import Victims, victims

_WRITES = r"PATCH|POST .*(/sobjects$|batch/update$|batch/create$|chat\.postMessage$)"
EVERY = pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.slow)])


@pytest.fixture(scope="module")
def workers() -> Iterator[Victims]:
    with victims() as made:
        yield made


def eventful(b: Box) -> list[Person]:
    """Up to the moment before a cycle that recycles a lead, takes two moves back (one in
    each CRM), lets one travel, flags one and carries an edit over."""
    expiring = b.offered("dan")
    people = [b.arrive(name) for name in ("ann", "bob", "cid", "eve")]
    small = b.arrive("fay", NumberOfEmployees=7)
    b.cycle()
    b.cycle(after=5 * HOUR + 52 * MINUTE)
    ann, bob, cid, eve = people
    b.rep_sets(ann, Status="Sales Qualified")
    b.marketer_sets(bob, lifecyclestage="salesqualifiedlead")
    b.marketer_sets(small, lifecyclestage="marketingqualifiedlead")
    b.cycle()
    b.world.advance(6 * MINUTE)
    b.marketer_sets(cid, lifecyclestage="marketingqualifiedlead")
    b.rep_sets(eve, Title="CFO")
    b.world.advance(MINUTE)
    return [*people, small, expiring]


def end_of(home: Path, workers: Victims, *, stores: int = 0, requests: int = 0) -> Outcome | None:
    """The end of the story when its worker was killed after so many store writes, or
    requests; None when there are not so many in the cycle."""
    home.mkdir()
    with box(home) as b:
        people = eventful(b)
        b.worker.close()
        workers.start(home, b.fronts.slack_url, writes=stores)
        if requests:
            b.during(_WRITES, workers.strike, nth=requests)
        workers.cycle()
        was_killed = workers.outcome() == "dead"
        if not was_killed:
            workers.kill()
        b.take_over()
        b.cycles(4)
        return outcome_of(b, people) if was_killed or not (stores or requests) else None


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, workers: Victims) -> Outcome:
    """The end of the undisturbed story."""
    end = end_of(tmp_path_factory.mktemp("whole") / "box", workers)
    assert end is not None
    return end


def test_the_story_that_is_killed_has_everything_in_it(whole: Outcome) -> None:
    kinds = {key.split(":")[1] for key in whole.messages}

    assert kinds >= {"recycled", "blocked", "flagged", "handoff", "sla-breach"}
    assert sorted(whole.notes.values()) == [(0, 0)] * 4 + [(0, 1), (1, 0)]
    assert (whole.doubled(), whole.unfinished) == (0, ())


@EVERY
def test_p5_a_cycle_killed_after_any_store_write_is_finished_by_the_next_worker(
    tmp_path: Path, workers: Victims, whole: Outcome, step: int
) -> None:
    for number in count(1, step):
        end = end_of(tmp_path / str(number), workers, stores=number)
        if end is None:
            break
        assert end == whole, f"killed after store write {number}"

    assert number > 12


@EVERY
def test_p5_a_cycle_killed_after_any_request_carried_out_is_finished_by_the_next_worker(
    tmp_path: Path, workers: Victims, whole: Outcome, step: int
) -> None:
    for number in count(1, step):
        end = end_of(tmp_path / str(number), workers, requests=number)
        if end is None:
            break
        assert end == whole, f"killed after write request {number}"

    assert number > 9
