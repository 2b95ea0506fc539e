"""The daemon under measurement: a real worker in this process, one cycle at a time.

Counts the CPU of this process alone, and the calls as the sandbox saw them.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, perf_counter, process_time, sleep

from bench_outside import Outside

from syncd.adapters.logs import set_up_logs
from syncd.app import Worker, open_worker
from syncd.daemon import settle_memory
from syncd.jobs.cycle import CycleReport
from syncd.ports import Clock
from syncd.wiring import Source

POLL = timedelta(seconds=20)
_API = re.compile(r" /(services/data|crm|api)/")
"""Calls that count; a login does not."""


class JumpingClock:
    """The daemon's clock: waiting moves it at once. Between cycles it follows the world's."""

    def __init__(self, now: datetime) -> None:
        self.at = now

    def now(self) -> datetime:
        return self.at

    def sleep(self, span: timedelta) -> None:
        self.at += span


class LiveClock:
    """The daemon's clock where time is real: the world's, at the same pace."""

    def __init__(self, now: datetime) -> None:
        self._began, self._ahead = now, monotonic()

    def now(self) -> datetime:
        return self._began + timedelta(seconds=monotonic() - self._ahead)

    def sleep(self, span: timedelta) -> None:
        sleep(max(0.0, span.total_seconds()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lap:
    """One cycle: what it did, what it cost this process, what it asked of each vendor."""

    report: CycleReport
    cpu: float
    wall: float
    calls: Counter[str]
    endpoints: Counter[str]


@dataclass(frozen=True, slots=True)
class Rig:
    outside: Outside
    worker: Worker
    clock: JumpingClock

    def lap(self, wait: timedelta = POLL) -> Lap:
        """One cycle, so long after the last one ended."""
        self.clock.at = self.outside.advance(wait)
        self.outside.calls()
        cpu, wall = process_time(), perf_counter()
        report = self.worker.cycle()
        cpu, wall = process_time() - cpu, perf_counter() - wall
        self.outside.advance(self.clock.at - self.outside.now())
        asked = {
            f"{system} {endpoint}": count
            for system, endpoints in self.outside.calls().items()
            for endpoint, count in endpoints.items()
            if _API.search(endpoint)
        }
        calls: Counter[str] = Counter()
        for name, count in asked.items():
            calls[name.partition(" ")[0]] += count
        return Lap(report=report, cpu=cpu, wall=wall, calls=calls, endpoints=Counter(asked))

    def rest(self, span: timedelta = timedelta(minutes=15)) -> None:
        """Let every window that overlaps what happened so far go by."""
        self.lap(span)
        self.lap()


@contextmanager
def rig(outside: Outside, home: Path) -> Iterator[Rig]:
    clock = JumpingClock(outside.now())
    with worker_on(outside, home, clock) as worker:
        yield Rig(outside, worker, clock)


@contextmanager
def worker_on(outside: Outside, home: Path, clock: Clock) -> Iterator[Worker]:
    """On the store in `home`, configured as the demo's but for what would stand in the way of
    a measurement: no grace, no waiting for the rest of a group of alerts, and a brake that lets
    everything go."""
    with Path(os.devnull).open("w") as nowhere:
        set_up_logs((), stream=nowhere)
        worker = open_worker(_source(outside, home), clock=clock)
        settle_memory()
        try:
            yield worker
        finally:
            worker.close()


def _source(outside: Outside, home: Path) -> Source:
    config = home / "config"
    config.mkdir(exist_ok=True)
    texts = dict(outside.configuration())
    texts["policy.yaml"] = _without_brake(_without_waiting(texts["policy.yaml"]))
    for name, text in texts.items():
        (config / name).write_text(text, encoding="utf-8")
    environ = {"STATE_DIRECTORY": str(home), **outside.secrets()}
    return Source(config_dir=config, environ=environ, credentials_dir=None)


def _without_waiting(policy: str) -> str:
    """What a change brings about leaves with the cycle that sees the change."""
    policy = _replaced(r"(?m)^grace: .*$", "grace: 0s", policy)
    return _replaced(r"group: \{wait: [^,]+", "group: {wait: 0s", policy)


def _without_brake(policy: str) -> str:
    return _replaced(r"records: \d+, percent: \d+", "records: 1000000, percent: 100", policy)


def _replaced(pattern: str, new: str, text: str) -> str:
    text, count = re.subn(pattern, new, text)
    if not count:
        raise ValueError(f"the configuration has nothing like {pattern!r} any more")
    return text
