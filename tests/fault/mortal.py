"""A worker that is meant to be killed, in a process of its own and on command.

Lines come in on stdin:
    run HOME CLOCK WRITES   start a worker; it kills itself after so many store writes (0: never)
    cycle                   let it do one cycle
Lines go out on stdout: `pid N` once it runs, `open` when it holds its store, `done` after each
cycle, `dead` when it died.

Each worker is a fork of this process: importing everything takes longer than most cycles.
Its clock is the sandbox's, asked over HTTP.
"""

import os
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from socket import gethostname
from typing import Any, cast

import requests
import structlog
from box_home import source_at

from syncd.adapters.store.store import SqlStore, open_store
from syncd.app import LEASE, Worker, lock_store

_WRITES = frozenset({"claim", "commit"})


class SandboxTime:
    """The clock of a sandbox in another process."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/_sandbox/clock"
        self._session = requests.Session()

    def now(self) -> datetime:
        return datetime.fromisoformat(self._session.get(self._url).json()["now"])

    def sleep(self, span: timedelta) -> None:
        self._session.post(self._url, json={"advance": span.total_seconds()})


class MortalStore:
    """The store, and SIGKILL right after its n-th write of a cycle."""

    def __init__(self, store: SqlStore, writes: int) -> None:
        self._store = store
        self._left = writes

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        return self._counted(found) if name in _WRITES else found

    def _counted(self, write: Callable[..., Any]) -> Callable[..., Any]:
        def written(*args: Any, **kwargs: Any) -> Any:
            result = write(*args, **kwargs)
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return written


def main() -> None:
    structlog.configure(processors=[_drop])
    while line := _heard():
        order, *given = line.split()
        if order != "run":
            continue  # meant for a worker that is dead
        home, clock, writes = given
        pid = os.fork()
        if pid == 0:
            _work(Path(home), SandboxTime(clock), int(writes))
            os._exit(0)
        _say(f"pid {pid}")
        os.waitpid(pid, 0)
        _say("dead")


def _work(home: Path, clock: SandboxTime, writes: int) -> None:
    worker = _worker(home, clock, writes)
    _say("open")
    while _heard() == "cycle":
        worker.cycle()
        _say("done")


def _worker(home: Path, clock: SandboxTime, writes: int) -> Worker:
    """As `open_worker` makes it, on a store that kills."""
    source = source_at(home, patience=60)
    settings = source.load()
    lock = lock_store(settings.store)
    store = cast(SqlStore, MortalStore(open_store(settings.store), writes))
    assert store.acquire(holder=gethostname(), now=clock.now(), span=LEASE)
    store.start(clock.now())
    return Worker(source, settings, store=store, clock=clock, lock=lock)


def _heard() -> str:
    """One line, read byte by byte: what stands behind it may be meant for somebody else."""
    line = b""
    while (byte := os.read(0, 1)) not in (b"", b"\n"):
        line += byte
    return line.decode()


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def _drop(*_: object) -> Any:
    raise structlog.DropEvent


if __name__ == "__main__":
    main()
