"""The dashboard beside the daemon, as a process of its own: what it loads and what it breaks is
not the daemon's. It ends with the daemon, however that ends, and is started again when it ends
by itself."""

import os
import subprocess
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from syncd.adapters.few_threads import FEW_THREADS

log = structlog.get_logger()

_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)
_LINGERS = 3.0
"""Seconds it gets in the end."""


class Companion:
    """`command` serves until its standard input ends: it cannot outlive this process."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._wait = _FIRST_WAIT
        self._again_at: datetime | None = None

    def start(self) -> None:
        environ = {**FEW_THREADS, **os.environ}
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, env=environ)  # noqa: S603 - our own command
        log.info("dashboard_started", pid=self._process.pid)

    def tend(self, now: datetime) -> None:
        """Start it again where it ended, each time after a longer wait."""
        if self._process is None or (code := self._process.poll()) is None:
            return
        if self._again_at is None:
            log.warning("dashboard_ended", code=code, again_in=str(self._wait))
            self._again_at = now + self._wait
            self._wait = min(2 * self._wait, _LONGEST_WAIT)
        elif now >= self._again_at:
            self._again_at = None
            self._let_go(self._process)
            self.start()

    def end(self) -> None:
        """Ask it to finish what it answers; `stop` then waits for it."""
        if self._process is not None:
            self._process.terminate()

    def stop(self) -> None:
        """Whatever it takes, it is gone afterwards."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_LINGERS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._let_go(self._process)
        self._process = None

    def _let_go(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdin:
            process.stdin.close()
