"""The dashboard over a real store of 100,000 leads and 1,000,000 audit rows, served as `syncd web`
serves it while leads go on changing: each page as it is asked for after a minute, and again.

Run alone with `python tests/benchmarks/bench_pages.py [HOME] [LEADS]`. In HOME the store is kept,
and taken again the next time.
"""

import asyncio
import gc
import http.client
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from bench_crowd import LONG, OWNERS, Crowd
from bench_figures import Figure, table

from syncd.adapters.store.store import open_store
from syncd.jobs.count import EACH_CYCLE, count
from syncd.measure.rounds import CountedBy
from syncd.wiring import Source

CONFIG = Path(__file__).parents[2] / "config"
LEADS, ROUNDS, GOAL = 100_000, 5, 300
CHANGED, EVERY = 20, 6.0
"""So many leads change each so many seconds: 200 in a minute."""
FRESH = timedelta(minutes=1)
MONTH = (datetime.now(UTC).replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


def main() -> None:
    home = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    leads = int(sys.argv[2]) if len(sys.argv) > 2 else LEADS
    print(table(measured(home, leads)))


def measured(home: Path | None = None, leads: int = LEADS) -> list[Figure]:
    if home is None:
        with TemporaryDirectory(prefix="syncd-bench-") as folder:
            return measured(Path(folder), leads)
    _built(home, leads)
    return list(_figures(home, leads))


def _built(home: Path, leads: int) -> None:
    """Once: a store that is there is taken as it is."""
    if (home / "syncd.db").exists():
        return
    home.mkdir(exist_ok=True)
    copytree(CONFIG, home / "config")
    begun = time.process_time()
    Crowd(leads=leads, now=datetime.now(UTC)).fill(source_of(home).load())
    print(f"made in {time.process_time() - begun:.0f} s of CPU", file=sys.stderr)


def source_of(home: Path) -> Source:
    environ = {"STATE_DIRECTORY": str(home)}
    return Source(config_dir=home / "config", environ=environ, credentials_dir=None)


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds, by the clock and of the server's CPU."""

    wall: float
    cpu: float


def _figures(home: Path, leads: int) -> Iterator[Figure]:
    group = f"Dashboard: {leads:,} leads, {10 * leads:,} audit rows"
    with _served(home) as server:
        yield Figure(group=group, name="start, CPU", value=server.cpu() / 1e6, unit="ms")
        front = server.get("/").cpu
        yield Figure(
            group=group, name="the very first page, CPU", value=front, unit="ms", most=GOAL
        )
        asked = dict(_pages(server))
        with _daemon(home, leads):
            first, again = defaultdict[str, list[Spent]](list), defaultdict[str, list[Spent]](list)
            for number in range(ROUNDS):
                server.later()
                begin = number * 7 % len(asked)  # whoever comes first pays for what all share
                order = [*asked][begin:] + [*asked][:begin]
                for to in (first, again):
                    for name in order:
                        to[name.partition(":")[0]].append(server.get(asked[name]))
        for what, spent in (("first", first), ("again", again)):
            for name, each in spent.items():
                yield _figure(f"{name}, {what}", each, group)
        yield Figure(group=group, name="peak memory", value=server.peak() / 1e6, unit="MB")


def _figure(name: str, each: list[Spent], group: str) -> Figure:
    """By the clock, with the CPU beside it: of that a busy machine takes nothing away."""
    place = int(0.95 * len(each))
    wall, cpu = sorted(x.wall for x in each)[place], sorted(x.cpu for x in each)[place]
    name = f"{name}, p95 ({cpu:.0f} ms of CPU)"
    return Figure(group=group, name=name, value=wall, unit="ms", most=GOAL)


def _pages(server: "Server") -> Iterator[tuple[str, str]]:
    """By name; what stands before a colon is told as one figure."""
    views = {
        "month": {"period": MONTH},
        "year": {"period": MONTH[:4]},
        "by owner": {"period": MONTH, "by": "owner"},
        "year by source": {"period": MONTH[:4], "by": "source"},
        "filtered": {"period": MONTH[:4], "owner": OWNERS[3], "source": "Source 3"},
    }
    for view in ("month", "year", "filtered"):
        yield f"overview: {view}", f"/?{urlencode(views[view])}"
    sections = server.sections()
    for title in sections:
        for view, asked in views.items():
            yield f"numbers, {title}: {view}", f"/funnel/{title}?{urlencode(asked)}"
    for year in ({"period": MONTH[:4]},):
        for name in ("funnel", "rules"):
            found = json.loads(server.text(f"/api/tables/{name}?{urlencode(year)}"))["table"]
            number = {"row": found["rows"][0]["key"], "column": found["columns"][0]["id"]}
            query = urlencode(year | number)
            yield f"leads behind a number: {name}", f"/behind/{name}?{query}"
            yield f"leads behind a number: {name}, late", f"/behind/{name}?{query}&page=300"
            yield f"leads behind a number as JSON: {name}", f"/api/tables/{name}/leads?{query}"
            yield f"leads behind a number as CSV: {name}", f"/csv/{name}/leads?{query}"
            yield f"a table as CSV: {name}", f"/csv/{name}?{urlencode(year)}"
            yield f"a table as JSON: {name}", f"/api/tables/{name}?{urlencode(year)}"
    yield from {
        "board: all": "/handoffs",
        "board: breached": "/handoffs?standing=breached",
        "board: CSV": "/csv/handoffs",
        "board: JSON": "/api/handoffs",
        "finding a lead: address": "/leads?q=person4711%40company723.example",
        "finding a lead: nobody": "/leads?q=nobody",
        "a lead: usual": "/leads/ld_00004711",
        "a lead: long story": f"/leads/{LONG}",
        "a lead: long story, JSON": f"/api/leads/{LONG}",
        "standard: with its rules": "/standard",
        "standard: document": "/standard/document",
        "reconciliation: those kept": "/reconciliation",
        "health: page": "/health",
        "health: JSON": "/api/health",
    }.items()


class Server:
    """A dashboard in a process of its own, whose clock is put on by a minute when told to."""

    def __init__(self, pid: int, port: int, ahead: "Synchronized[float]") -> None:
        self._pid, self._ahead = pid, ahead
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)

    def later(self) -> None:
        self._ahead.value += FRESH.total_seconds()

    def get(self, path: str) -> Spent:
        cpu, begun = self.cpu(), time.perf_counter()
        self._ask(path)
        return Spent((time.perf_counter() - begun) * 1e3, (self.cpu() - cpu) / 1e6)

    def text(self, path: str) -> str:
        return self._ask(path, coding="identity").decode()

    def sections(self) -> list[str]:
        from syncd.adapters.web.funnel_pages import slug
        from syncd.measure.catalogue import SECTIONS

        return [slug(x) for x in SECTIONS]

    def _ask(self, path: str, coding: str = "gzip") -> bytes:
        self._connection.request("GET", path, headers={"Accept-Encoding": coding})
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise AssertionError(f"{path}: {answer.status} {body[:300]!r}")
        return body

    def cpu(self) -> int:
        """Nanoseconds of all its threads, to the tick of the scheduler."""
        tasks = Path(f"/proc/{self._pid}/task").iterdir()
        return sum(int((x / "schedstat").read_text().split()[0]) for x in tasks)

    def peak(self) -> int:
        lines = Path(f"/proc/{self._pid}/status").read_text().splitlines()
        return next(int(x.split()[1]) * 1024 for x in lines if x.startswith("VmHWM"))


@contextmanager
def _served(home: Path) -> Iterator[Server]:
    context = get_context("spawn")
    port, ahead = context.Queue(), context.Value("d", 0.0)
    process = context.Process(target=_serve, args=(home, port, ahead))
    process.start()
    try:
        assert process.pid is not None, "it was started"
        yield Server(process.pid, port.get(timeout=600), ahead)
    finally:
        process.terminate()
        process.join()


def _serve(home: Path, port: "Queue[int]", ahead: "Synchronized[float]") -> None:
    """What `syncd web` does."""
    from syncd.adapters.web.access import ThisMachine
    from syncd.adapters.web.dashboard import dashboard
    from syncd.adapters.web.server import bound, server_of
    from syncd.cli.dashboard.views import StoreViews

    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=ahead.value)

    source = source_of(home)
    taken = bound("127.0.0.1", 0)
    views = StoreViews(source, source.load(), clock)
    try:
        app = dashboard(views, ThisMachine())
        gc.freeze()
        taken.listen()
        port.put(taken.getsockname()[1])
        asyncio.run(server_of(app).serve(sockets=[taken]))
    finally:
        views.close()


@contextmanager
def _daemon(home: Path, leads: int) -> Iterator[None]:
    context = get_context("spawn")
    process = context.Process(target=_change, args=(home, leads))
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join()


def _change(home: Path, leads: int) -> None:
    settings = source_of(home).load()
    by = CountedBy(policy=settings.policy, crm=settings.crm)
    with closing(open_store(settings.store)) as store:
        while True:
            now = datetime.now(UTC)
            store.acquire(holder="bench", now=now, span=timedelta(days=1))
            first = int(now.timestamp()) * 7 % (leads - CHANGED)
            Crowd(leads=leads, now=now).changed(store, range(first, first + CHANGED), now=now)
            count(store, by, most=EACH_CYCLE)
            time.sleep(EVERY)


if __name__ == "__main__":
    main()
