"""A backfill at size: its memory does not grow with the CRMs, and kills cost it one portion."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from math import ceil
from multiprocessing import get_context
from pathlib import Path
from random import Random

import pytest
from bench_backfill import MOST_MEGABYTES, ROWS, Run, full_run
from bench_outside import Address, Outside, start_outside

from syncd.adapters.store.store import open_store
from syncd.commit import ScanMark
from syncd.domain.names import System
from syncd.jobs.backfill import PORTION

SPAWN = get_context("spawn")
FEW, MANY = 50_000, 200_000
PEOPLE, FEWEST_KILLS, MOST_KILLS = 20_000, 3, 12
PAGES = (
    (System.SALESFORCE, "/results", ROWS, 1),
    (System.HUBSPOT, "GET /crm/v3/objects/contacts", 100, 10),
)
"""Of each side: what a page is asked for by, the records in it, pages fetched ahead."""

pytestmark = pytest.mark.slow


@pytest.fixture
def outside() -> Iterator[tuple[Outside, Address]]:
    with start_outside() as both:
        yield both


def test_the_peak_of_memory_is_low_and_the_same_for_four_times_the_people(tmp_path: Path) -> None:
    peaks = {count: _peak_of(count, tmp_path / str(count)) for count in (FEW, MANY)}

    assert peaks[MANY] < MOST_MEGABYTES
    assert peaks[MANY] == pytest.approx(peaks[FEW], rel=0.1)


def test_killed_at_random_it_reads_nothing_again_that_was_stored(
    outside: tuple[Outside, Address], tmp_path: Path
) -> None:
    world, address = outside
    world.populate(PEOPLE)
    random, kills = Random(3), 0
    while not _is_done(before := _marks(tmp_path)) and kills < MOST_KILLS:
        world.calls()

        _run(address, tmp_path, seconds=random.uniform(1.5, 5.0))

        kills += 1
        _nothing_was_read_again(world, before, _marks(tmp_path))
    assert kills >= FEWEST_KILLS
    _run(address, tmp_path, seconds=None)
    with closing(open_store(tmp_path / "syncd.db")) as store:
        assert store.linked() == PEOPLE
        assert {mark.seen for mark in store.scans().values()} == {PEOPLE}
        assert store.verify().broken_at is None


def _peak_of(count: int, home: Path) -> float:
    home.mkdir()
    with start_outside() as (world, address):
        world.populate(count)
        with SPAWN.Pool(1) as pool:
            done: Run = pool.apply(full_run, (address, home))
    assert done.records == 2 * count
    return done.megabytes


def _run(address: Address, home: Path, *, seconds: float | None) -> None:
    """A backfill in a process of its own, killed after so long (None: never)."""
    process = SPAWN.Process(target=full_run, args=(address, home))
    process.start()
    process.join(seconds)
    if seconds is None:
        assert process.exitcode == 0
    process.kill()
    process.join()


def _marks(home: Path) -> dict[System, ScanMark]:
    if not (home / "syncd.db").exists():
        return {}
    with closing(open_store(home / "syncd.db")) as store:
        return dict(store.scans())


def _is_done(marks: Mapping[System, ScanMark]) -> bool:
    return len(marks) == len(System) and all(mark.done for mark in marks.values())


def _nothing_was_read_again(
    world: Outside, before: Mapping[System, ScanMark], after: Mapping[System, ScanMark]
) -> None:
    """Pages asked for lie between the two marks, but for the portion that was not stored any
    more and those fetched ahead. A job that is known is never made again."""
    calls = world.calls()
    for system, path, size, ahead in PAGES:
        asked = sum(n for name, n in calls[system.value].items() if name.endswith(path))
        stored = (after[system].seen if system in after else 0) - (
            before[system].seen if system in before else 0
        )
        assert asked <= ceil(stored / size) + ceil(PORTION / size) + ahead
    if System.SALESFORCE in before:
        jobs = calls[System.SALESFORCE.value]
        assert not [x for x in jobs if x.startswith("POST") and x.endswith("jobs/query")]
