"""The test's end of `mortal.py`: start workers, have them do cycles, kill them."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import gethostname

import mortal

_ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
_TOO_LONG = 60.0


class Victims:
    """One worker at a time."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._in, self._out = process.stdin.fileno(), process.stdout.fileno()
        self._heard = b""
        self.pid: int | None = None

    def start(self, home: Path, clock: str, *, writes: int = 0) -> None:
        """On this machine; it is killed after so many store writes."""
        self._start(home, clock, writes, signal.SIGKILL, gethostname())

    def start_elsewhere(self, home: Path, clock: str, *, name: str, writes: int = 0) -> None:
        """As if on another machine; it is stopped after so many store writes."""
        self._start(home, clock, writes, signal.SIGSTOP, name)

    def _start(self, home: Path, clock: str, writes: int, number: int, holder: str) -> None:
        self._say(f"run {home} {clock} {writes} {int(number)} {holder}")
        word, _, pid = (self._line(_TOO_LONG) or "").partition(" ")
        assert word == "pid", word
        self.pid = int(pid)

    def wait_until_open(self) -> None:
        """Until the worker just started has read its configuration and holds its store."""
        assert self.is_let_in()

    def is_let_in(self) -> bool:
        """Whether the worker just started holds its store, or another one does."""
        word = self._line(_TOO_LONG)
        assert word in ("open", "refused"), word
        return word == "open"

    def wake(self) -> None:
        """SIGCONT to one that was stopped."""
        assert self.pid is not None
        os.kill(self.pid, signal.SIGCONT)

    def cycle(self) -> None:
        """Order one; `outcome` tells what became of it."""
        self._say("cycle")

    def outcome(self, within: float = _TOO_LONG) -> str | None:
        """`done`, `lost`, `stopped` or `dead`; None if nothing came in so many seconds."""
        while (line := self._line(within)) == "open":
            pass
        if line == "dead":
            self.pid = None
        return line

    def strike(self) -> None:
        """SIGKILL, without waiting for the death."""
        assert self.pid is not None
        os.kill(self.pid, signal.SIGKILL)

    def kill(self) -> None:
        """Returns once it is dead; a `done` it said before is passed over."""
        self.strike()
        while self.outcome() != "dead":
            pass

    def _say(self, line: str) -> None:
        os.write(self._in, f"{line}\n".encode())

    def _line(self, within: float) -> str | None:
        while b"\n" not in self._heard:
            if not select.select([self._out], [], [], within)[0]:
                assert within < _TOO_LONG, "nothing is heard of the worker"
                return None
            more = os.read(self._out, 4096)
            assert more, "the process that starts the workers is gone"
            self._heard += more
        line, _, self._heard = self._heard.partition(b"\n")
        return line.decode()


@contextmanager
def victims() -> Iterator[Victims]:
    with subprocess.Popen(
        [sys.executable, mortal.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=_ENVIRONMENT,
    ) as process:
        made = Victims(process)
        yield made
        if made.pid is not None:
            made.kill()
        process.stdin.close()  # type: ignore[union-attr]  # it is a pipe
