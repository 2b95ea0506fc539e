"""`make bench`: what the daemon costs, against the sandbox in a process of its own; last what
it costs to judge leads with outcomes.

Run with `python -m tests.benchmarks.run [--quick] [--json]`. Nothing is gated: a goal that
is missed is said to be missed. How to read the figures stands in README.md beside this.
"""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import ParamSpec, TypeVar

import bench_backfill
import bench_backtest
import bench_measures
import bench_pages
import bench_scenarios as scenarios
from bench_figures import Figure, as_json, table
from bench_judge import RULES, judging
from bench_minimum import ALLOWED, minimum
from bench_outside import Address, start_outside
from bench_rig import POLL
from bench_scenarios import Change, FirstSight, Steady

P = ParamSpec("P")
T = TypeVar("T")

IDLE_CALLS = {"salesforce": 1, "hubspot": 1}
"""Three to five queries ride in one composite; one search for the one object polled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured. `known` are the numbers of linked leads, `backfilled` those of
    people in each CRM, `judged` leads with outcomes, `counted` leads on the dashboard."""

    known: tuple[int, ...]
    backfilled: tuple[int, ...]
    idle_cycles: int
    moves: int
    ceiling: bool
    judged: int
    counted: int


FULL = Size(
    known=(1_000, 10_000, 100_000),
    backfilled=(50_000, 200_000),
    idle_cycles=100,
    moves=200,
    ceiling=True,
    judged=1_000_000,
    counted=100_000,
)
QUICK = Size(
    known=(1_000, 10_000),
    backfilled=(2_000, 10_000),
    idle_cycles=30,
    moves=40,
    ceiling=False,
    judged=100_000,
    counted=10_000,
)
LATENCY = 0.25


def main() -> None:
    asked = _arguments()
    size = QUICK if asked.quick else FULL
    measured = list(_told(_figures(size)))
    about = {"machine": _machine(), "python": platform.python_version(), "quick": asked.quick}
    print(as_json(measured, **about) if asked.json else table(measured))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller numbers, under a minute")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser.parse_args()


def _told(figures: Iterable[Figure]) -> Iterator[Figure]:
    """Says on stderr how far it got: the whole takes minutes."""
    for figure in figures:
        print(f"{figure.group}: {figure.name}", file=sys.stderr)
        yield figure


def _figures(size: Size) -> Iterator[Figure]:
    lives: dict[int, Steady] = {}
    for known in size.known:
        with _peopled(known) as (address, home):
            seen = _alone(scenarios.first_sight, address, home)
            lives[known] = _alone(scenarios.steady, address, home, size.idle_cycles)
        yield from _life(known, seen, lives[known])
    yield from _growth(lives)
    with _peopled(scenarios.ROUNDS * scenarios.BATCH) as (address, home):
        _alone(scenarios.first_sight, address, home)
        titles = {s: _alone(scenarios.new_titles, address, home, s) for s in scenarios.SYSTEMS}
        mqls = _alone(scenarios.new_mqls, address, home)
    for system, change in titles.items():
        group = f"1,000 leads changed in {system}: a field travels"
        yield from _calls(group, system, change)
        yield from _change(group, change, most=0.25)
    yield from _change("1,000 changed leads: qualified, marked, handed off", mqls)
    yield from _ceiling(size)
    yield from bench_backfill.figures(size.backfilled, _peopled, _alone)
    yield from _blocks(size)
    yield from _judging()
    yield from bench_backtest.figures(size.judged)
    yield from _alone(bench_measures.measured)
    yield from _alone(bench_pages.measured, size.counted)


def _life(known: int, seen: FirstSight, life: Steady) -> Iterator[Figure]:
    figure = partial(Figure, group=f"{known:,} linked leads known")
    for system, most in IDLE_CALLS.items():
        calls = life.idle_calls[system]
        yield figure(name=f"API calls of an idle cycle, {system}", value=calls, most=most)
    yield figure(name="CPU of an idle cycle", value=life.idle_cpu * 1e3, unit="ms", most=5)
    name = f"CPU of a cycle in which {scenarios.CHANGED} leads changed"
    yield figure(name=name, value=life.changed_cpu * 1e3, unit="ms")
    name = "peak memory, idle after a restart"
    yield figure(name=name, value=life.idle_megabytes, unit="MB", most=90)
    yield figure(name="peak memory, with changes", value=life.megabytes, unit="MB")
    name = "peak memory, first sight of everything"
    yield figure(name=name, value=seen.megabytes, unit="MB")
    yield figure(name="CPU of first sight, per lead", value=seen.cpu / known * 1e3, unit="ms")


def _growth(lives: Mapping[int, Steady]) -> Iterator[Figure]:
    """1 means that a cycle costs what changed, not what is known."""
    fewest, most = min(lives), max(lives)
    figure = partial(Figure, group=f"Cost with {most:,} leads known, {fewest:,} being 1")
    one, many = lives[fewest], lives[most]
    yield figure(name="an idle cycle", value=many.idle_cpu / one.idle_cpu)
    name = f"a cycle in which {scenarios.CHANGED} leads changed"
    yield figure(name=name, value=many.changed_cpu / one.changed_cpu)


def _calls(group: str, system: str, change: Change) -> Iterator[Figure]:
    least = minimum(scenarios.BATCH, system)
    yield Figure(group=group, name=f"the fewest API calls: {least.parts}", value=least.calls)
    made, most = sum(change.calls.values()), ALLOWED * least.calls
    yield Figure(group=group, name="API calls, both CRMs", value=made, most=most)


def _change(group: str, change: Change, most: float | None = None) -> Iterator[Figure]:
    figure = partial(Figure, group=group)
    for system, calls in sorted(change.calls.items()):
        yield figure(name=f"API calls, {system}", value=calls)
    for endpoint, calls in change.endpoints.most_common():
        yield figure(name=f"  {endpoint}", value=calls)
    yield figure(name="effects delivered", value=change.written)
    leads = scenarios.BATCH / 1e3
    name = "CPU per lead, poll to delivered write"
    yield figure(name=name, value=change.cpu / leads, unit="ms", most=most)
    name = f"  median of {scenarios.ROUNDS} rounds"
    yield figure(name=name, value=change.median_cpu / leads, unit="ms")
    name = "CPU per lead, its own writes read back by later polls"
    yield figure(name=name, value=change.echo_cpu / leads, unit="ms")
    name = "CPU of 1,000 unchanged records read again"
    records = len(scenarios.SYSTEMS) * scenarios.BATCH / 1e3
    yield figure(name=name, value=change.overlap_cpu * 1e3 / records, unit="ms", most=30)
    name = "effects delivered by later polls of the same changes"
    yield figure(name=name, value=change.rewritten, most=0)


def _ceiling(size: Size) -> Iterator[Figure]:
    """In real time: as much as HubSpot lets an app do, over a connection that is far away."""
    if not size.ceiling:
        return
    with _peopled(scenarios.CEILING) as (address, home):
        _alone(scenarios.first_sight, address, home)
        pace = _alone(scenarios.ceiling, address, home, LATENCY)
    group = f"HubSpot's burst limit, answers taking {LATENCY * 1e3:.0f} ms"
    share = pace.calls / scenarios.BURST * 100
    yield Figure(group=group, name="share of the ceiling used", value=share, unit="%", least=95)
    yield Figure(group=group, name="calls refused (429)", value=pace.refused, most=0)


def _blocks(size: Size) -> Iterator[Figure]:
    with _peopled(size.moves) as (address, home):
        _alone(scenarios.first_sight, address, home)
        delays = _alone(scenarios.blocks, address, home, size.moves)
    every = POLL.total_seconds()
    figure = partial(
        Figure, group=f"From a person's move to its block, polling every {every:.0f} s, no grace"
    )
    for system in IDLE_CALLS:
        cuts = quantiles([seconds for name, seconds in delays if name == system], n=20)
        yield figure(name=f"{system}, p50", value=cuts[9], unit="s")
        yield figure(name=f"{system}, p95", value=cuts[18], unit="s")


def _judging() -> Iterator[Figure]:
    for failing, spent in judging().items():
        name = f"{RULES} rules, {failing} unmet, every finding explained"
        yield Figure(group="Judging one lead", name=name, value=spent, unit="µs", most=10)


@contextmanager
def _peopled(count: int) -> Iterator[tuple[Address, Path]]:
    """An outside with so many linked leads, and a place for the daemon's state."""
    with start_outside() as (outside, address), TemporaryDirectory(prefix="syncd-bench-") as home:
        outside.populate(count)
        yield address, Path(home)


def _alone(scenario: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """In a fresh process, so that memory and caches are the scenario's own."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(scenario, *args, **options).result()


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs"


if __name__ == "__main__":
    main()
