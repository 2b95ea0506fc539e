"""A worker that is meant to be killed or stopped, in a process of its own and on command.

Lines come in on stdin:
    run HOME CLOCK WRITES SIGNAL HOLDER
            start a worker; it sends itself the signal after so many store writes (0: never)
    cycle   let it do one cycle
Lines go out on stdout: `pid N` once it runs, `open` when it holds its store, or `refused` when
another does, `done` after each cycle, `lost` in its place when its lease was, `stopped` when it
was stopped, and `dead` when it died.

Each worker is a fork of this process: importing everything takes longer than most cycles.
Its clock is the sandbox's, asked over HTTP.
"""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from socket import gethostname
from typing import Any, NamedTuple, cast

import requests
import structlog
from box_home import source_at

from syncd.adapters.store.store import SqlStore, open_store
from syncd.app import Worker, lock_store
from syncd.errors import LeaseLost
from syncd.wiring import LEASE

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
    """The store, and a signal to ourselves right after its n-th write."""

    def __init__(self, store: SqlStore, writes: int, number: int) -> None:
        self._store = store
        self._left = writes
        self._signal = number

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        return self._counted(found) if name in _WRITES else found

    def _counted(self, write: Callable[..., Any]) -> Callable[..., Any]:
        def written(*args: Any, **kwargs: Any) -> Any:
            result = write(*args, **kwargs)
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), self._signal)
            return result

        return written


def main() -> None:
    structlog.configure(processors=[_drop])
    while line := _heard():
        order, *given = line.split()
        if order != "run":
            continue  # meant for a worker that is dead
        home, clock, writes, number, holder = given
        pid = os.fork()
        if pid == 0:
            _work(_Wish(Path(home), SandboxTime(clock), int(writes), int(number), holder))
            os._exit(0)
        _say(f"pid {pid}")
        while os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1]):
            _say("stopped")
        _say("dead")


class _Wish(NamedTuple):
    home: Path
    clock: SandboxTime
    writes: int
    signal: int
    holder: str


def _work(wish: _Wish) -> None:
    worker = _worker(wish)
    _say("open" if worker else "refused")
    while worker and _heard() == "cycle":
        try:
            worker.cycle()
        except LeaseLost:
            _say("lost")
            break
        _say("done")


def _worker(wish: _Wish) -> Worker | None:
    """As `open_worker` makes it, on a store that kills. One of another name is as if on another
    machine: no lock keeps it out."""
    source = source_at(wish.home, patience=60)
    settings = source.load()
    lock = lock_store(settings.store) if wish.holder == gethostname() else _NoLock()
    mortal = MortalStore(open_store(settings.store), wish.writes, wish.signal)
    store, now = cast(SqlStore, mortal), wish.clock.now()
    if not store.acquire(holder=wish.holder, now=now, span=LEASE):
        return None
    store.start(now)
    return Worker(source, settings, store=store, clock=wish.clock, lock=lock)


class _NoLock:
    def release(self) -> None: ...


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
