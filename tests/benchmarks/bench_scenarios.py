"""What is measured: each scenario is one run of the daemon, meant for a process of its own.

A scenario joins an outside that has been peopled already and returns plain values.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from http import HTTPStatus
from operator import attrgetter
from pathlib import Path
from random import Random
from statistics import median

from bench_memory import peak_megabytes
from bench_outside import Address, Outside, Pulled, join_outside
from bench_rig import POLL, Lap, LiveClock, Rig, rig, worker_on

SOON = timedelta(minutes=30)
CEILING = 22_000
"""So many changed leads need more than two windows of HubSpot's burst limit."""
WINDOW = timedelta(seconds=10)
BURST = 190
BATCH = 1_000
"""So many leads change at once where a thousand are spoken of."""
ROUNDS = 9
SYSTEMS = ("salesforce", "hubspot")
CHANGED = 100
"""So many leads change in a cycle whose cost is compared between stores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSight:
    """Everything read for the first time. `cpu` is in seconds."""

    cpu: float
    megabytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Steady:
    """Life with so many known leads, after a restart: CPU in seconds, calls by system."""

    idle_cpu: float
    idle_calls: Counter[str]
    idle_megabytes: float
    changed_cpu: float
    megabytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A batch of leads from the poll that shows them to the last write delivered (`cpu`,
    `calls`), the next polls that read syncd's own writes back (`echo`), and one that reads
    what has not changed again (`overlap`; `rewritten` counts what it wrote). `median_cpu` is
    that of all rounds, this being the cheapest."""

    cpu: float
    median_cpu: float
    calls: Counter[str]
    endpoints: Counter[str]
    written: int
    echo_cpu: float
    overlap_cpu: float
    rewritten: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Calls in one window of a burst limit, and those that were refused in all."""

    calls: int
    refused: int


def first_sight(address: Address, home: Path) -> FirstSight:
    with rig(join_outside(address), home) as daemon:
        lap = daemon.lap(SOON)
        return FirstSight(cpu=lap.cpu, megabytes=peak_megabytes())


def steady(address: Address, home: Path, idle_cycles: int) -> Steady:
    with rig(join_outside(address), home) as daemon:
        daemon.rest()
        idle = [daemon.lap() for _ in range(idle_cycles)]
        idle_megabytes = peak_megabytes()
        return Steady(
            idle_cpu=median(lap.cpu for lap in idle),
            idle_calls=idle[-1].calls,
            idle_megabytes=idle_megabytes,
            changed_cpu=median(_changed(daemon, turn) for turn in range(5)),
            megabytes=peak_megabytes(),
        )


def _changed(daemon: Rig, turn: int) -> float:
    for part, system in enumerate(SYSTEMS):
        half = CHANGED // len(SYSTEMS)
        first = turn * CHANGED + part * half
        daemon.outside.retitle(first, half, f"Chief {turn}", system)
    cpu = daemon.lap().cpu
    daemon.rest()
    return cpu


def ceiling(address: Address, home: Path, latency: float) -> Pace:
    """So many leads change in Salesforce that delivery to HubSpot takes whole windows of its
    burst limit. The first one does not count: it may be taken all at once."""
    outside = join_outside(address)
    outside.retitle(0, CEILING, "Head of much", "salesforce")
    outside.advance(SOON)
    outside.go_live(latency)
    with worker_on(outside, home, LiveClock(outside.now())) as worker:
        worker.cycle()
    requests = outside.requests("hubspot")
    calls = [x.at for x in requests if "batch" in x.endpoint]
    first, last = calls[0] + WINDOW, calls[0] + 2 * WINDOW
    if calls[-1] < last:
        raise RuntimeError("too little to do: the second window was not filled")
    return Pace(
        calls=sum(first <= at < last for at in calls),
        refused=sum(x.status == HTTPStatus.TOO_MANY_REQUESTS for x in requests),
    )


def new_titles(address: Address, home: Path, system: str) -> Change:
    """One field of each lead changes in this CRM: the other one is written."""
    return _cheapest(
        address,
        home,
        lambda outside, turn: outside.retitle(turn * BATCH, BATCH, f"{system} {turn}", system),
    )


def new_mqls(address: Address, home: Path) -> Change:
    """Marketing qualifies each lead: judged, marked on both sides, carried over, handed off."""
    return _cheapest(address, home, lambda outside, turn: outside.qualify(turn * BATCH, BATCH))


def _cheapest(address: Address, home: Path, act: Callable[[Outside, int], None]) -> Change:
    """The least of several rounds of the same kind, for what disturbs only ever adds to it."""
    changes = []
    with rig(join_outside(address), home) as daemon:
        for turn in range(ROUNDS):
            daemon.rest()
            act(daemon.outside, turn)
            changes.append(_change(daemon))
    least = min(changes, key=attrgetter("cpu"))
    return replace(least, median_cpu=median(change.cpu for change in changes))


def _change(daemon: Rig) -> Change:
    lap = daemon.lap()
    echo = _until_quiet(daemon)
    return Change(
        cpu=lap.cpu,
        median_cpu=lap.cpu,
        calls=lap.calls,
        endpoints=lap.endpoints,
        written=lap.report.delivered,
        echo_cpu=sum(lap.cpu for lap in echo[:-1]),
        overlap_cpu=echo[-1].cpu,
        rewritten=sum(lap.report.delivered for lap in echo),
    )


def _until_quiet(daemon: Rig) -> Sequence[Lap]:
    """The cycles up to the first that has nothing new to look at."""
    laps = [daemon.lap()]
    while laps[-1].report.records:
        laps.append(daemon.lap())
    return laps


def blocks(address: Address, home: Path, moves: int) -> Sequence[tuple[str, float]]:
    """Seconds from a person's refused move to the write that undoes it, by CRM, with the real
    time of the cycle it happened in on top. Moves fall at any instant between two polls."""
    random = Random(1)
    delays: list[tuple[str, float]] = []
    with rig(join_outside(address), home) as daemon:
        daemon.rest()
        for number in range(moves):
            system = ("salesforce", "hubspot")[number % 2]
            daemon.outside.jump_later(number, system, POLL * random.random())
            for _ in range(2):
                lap = daemon.lap()
                delays += [_delay(pulled, lap) for pulled in daemon.outside.pulled()]
    if len(delays) != moves:
        raise RuntimeError(f"{moves} moves, but {len(delays)} of them were moved back")
    return delays


def _delay(pulled: Pulled, lap: Lap) -> tuple[str, float]:
    return pulled.system, (pulled.restored_at - pulled.moved_at).total_seconds() + lap.wall
