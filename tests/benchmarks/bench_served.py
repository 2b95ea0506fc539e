"""A dashboard in a process of its own over a store on disk, as `syncd web` serves it, and beside
it somebody who changes leads as the daemon does.
"""

import asyncio
import gc
import http.client
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from bench_crowd import Crowd

from syncd.adapters.store.store import open_store
from syncd.jobs.count import EACH_CYCLE, count
from syncd.measure.rounds import CountedBy
from syncd.wiring import Source

CHANGED, EVERY = 20, 6.0
"""So many leads change each so many seconds: 200 in a minute."""
_FRESH = timedelta(minutes=1)
_PATIENCE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Where a crowd of so many leads is kept, and how its configuration is found. `url` is that of
    an empty PostgreSQL database for it."""

    home: Path
    leads: int
    url: str = ""

    @property
    def environ(self) -> Mapping[str, str]:
        return {"STATE_DIRECTORY": str(self.home)}

    @property
    def config(self) -> Path:
        return self.home / "config"

    def source(self) -> Source:
        return Source(config_dir=self.config, environ=self.environ, credentials_dir=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Milliseconds, by the clock and of the server's CPU."""

    wall: float
    cpu: float


class Server:
    """Asked over one connection, one page at a time; its clock is put on when told to."""

    def __init__(self, pid: int, port: int, ahead: "Synchronized[float]") -> None:
        self._pid, self._ahead = pid, ahead
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)

    def later(self) -> None:
        """So much later that everything is counted anew."""
        self._ahead.value += _FRESH.total_seconds()

    def get(self, path: str) -> Spent:
        cpu, begun = self.cpu(), time.perf_counter()
        self._ask(path, coding="gzip")
        return Spent(wall=(time.perf_counter() - begun) * 1e3, cpu=self.cpu() - cpu)

    def text(self, path: str) -> str:
        return self._ask(path, coding="identity").decode()

    def cpu(self) -> float:
        """Milliseconds of all its threads, of those that ended too."""
        tasks = Path(f"/proc/{self._pid}/task").iterdir()
        return sum(int((x / "schedstat").read_text().split()[0]) for x in tasks) / 1e6

    def peak(self) -> float:
        """Megabytes."""
        lines = Path(f"/proc/{self._pid}/status").read_text().splitlines()
        return next(int(x.split()[1]) * 1024 / 1e6 for x in lines if x.startswith("VmHWM"))

    def _ask(self, path: str, *, coding: str) -> bytes:
        self._connection.request("GET", path, headers={"Accept-Encoding": coding})
        answer = self._connection.getresponse()
        body = answer.read()
        assert answer.status == 200, f"{path}: {answer.status} {body[:300]!r}"
        return body


@contextmanager
def served(office: Office) -> Iterator[Server]:
    context = get_context("spawn")
    (port, told), ahead = context.Pipe(duplex=False), context.Value("d", 0.0)
    process = context.Process(target=_serve, args=(office, told, ahead))
    process.start()
    told.close()  # so that its end is seen if it never serves
    try:
        assert process.pid is not None, "it was started"
        yield Server(process.pid, port.recv(), ahead)
    finally:
        process.terminate()
        process.join()


def _serve(office: Office, port: Connection, ahead: "Synchronized[float]") -> None:
    """What `syncd web` does, with this clock."""
    from syncd.adapters.web.access import ThisMachine
    from syncd.adapters.web.dashboard import dashboard
    from syncd.adapters.web.server import bound, server_of
    from syncd.cli.dashboard.views import StoreViews

    source = office.source()
    taken = bound("127.0.0.1", 0)
    views = StoreViews(
        source, source.load(), lambda: datetime.now(UTC) + timedelta(seconds=ahead.value)
    )
    app = dashboard(views, ThisMachine())
    gc.freeze()
    taken.listen()
    port.send(taken.getsockname()[1])
    asyncio.run(server_of(app).serve(sockets=[taken]))


@contextmanager
def changing(office: Office) -> Iterator[None]:
    process = get_context("spawn").Process(target=_change, args=(office,))
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join()


def _change(office: Office) -> None:
    settings = office.source().load()
    by = CountedBy(policy=settings.policy, crm=settings.crm)
    with closing(open_store(settings.store)) as store:
        while True:
            now = datetime.now(UTC)
            store.acquire(holder="bench", now=now, span=timedelta(days=1))
            first = int(now.timestamp()) * 7 % (office.leads - CHANGED)
            crowd = Crowd(leads=office.leads, now=now)
            crowd.changed(store, range(first, first + CHANGED), now=now)
            count(store, by, most=EACH_CYCLE)
            time.sleep(EVERY)
