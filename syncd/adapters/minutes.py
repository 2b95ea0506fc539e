"""The monthly meeting, prepared by a process of its own: tables and drawings are large, and must
not be loaded into the daemon.

Implements `Minutes`. The page stays in the state directory, readable for its owner alone.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic
from typing import IO

from syncd.adapters.few_threads import FEW_THREADS
from syncd.errors import PermanentError
from syncd.ports import MeetingNotes

_SYNCD = (sys.executable, "-c", "from syncd.cli.main import main; main()")
_LONGEST = 600.0
"""Seconds after which it is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What the process prints is kept in a file: a pipe that nobody empties would hold it up."""

    month: str
    child: subprocess.Popen[bytes]
    said: IO[bytes]
    begun: float

    def end(self) -> bytes:
        """All that it said; it is gone then."""
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()
        with self.said as said:
            said.seek(0)
            return said.read()


class ChildMinutes:
    """`command` is what prints the lines as JSON, given the report's own arguments."""

    def __init__(
        self, config_dir: Path, environ: Mapping[str, str], *, command: Sequence[str] = _SYNCD
    ) -> None:
        self._config_dir = config_dir
        self._environ = {**FEW_THREADS, **environ}
        self._command = command
        self._run: _Run | None = None

    def of(self, month: str) -> MeetingNotes | None:
        place = self._place(month)
        if self._run is not None and self._run.month != month:
            self.stop()
        if self._run is None:
            self._run = self._begun(month, place)
            return None
        child = self._run.child
        if child.poll() is None and monotonic() - self._run.begun < _LONGEST:
            return None
        said = self._run.end()
        self._run = None
        if child.returncode:
            raise PermanentError(f"syncd report ended with exit code {child.returncode}")
        return MeetingNotes(lines=_lines(said), page=str(place))

    def stop(self) -> None:
        """What is not ready is begun anew another time."""
        if self._run is not None:
            self._run.end()
            self._run = None

    def _place(self, month: str) -> Path:
        state = Path(self._environ.get("STATE_DIRECTORY", "").split(":")[0])
        return state.absolute() / f"meeting-{month}.html"

    def _begun(self, month: str, place: Path) -> _Run:
        """What it says on standard error may hold values, and is not kept."""
        words = ("report", "--meeting", "--period", month, "--html", str(place), "--json")
        try:
            with ExitStack() as opened:
                said = opened.enter_context(TemporaryFile())
                child = subprocess.Popen(  # noqa: S603 - syncd itself, and no shell
                    [*self._command, *words, "--config", str(self._config_dir)],
                    env=self._environ,
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=subprocess.DEVNULL,
                    umask=0o077,
                )
                opened.pop_all()  # the file is closed when the process has ended
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else "it cannot be started"
            raise PermanentError(f"syncd report: {reason}") from error
        return _Run(month=month, child=child, said=said, begun=monotonic())


def _lines(said: bytes) -> tuple[str, ...]:
    try:
        return tuple(map(str, json.loads(said)["digest"]))
    except (ValueError, KeyError, TypeError) as error:
        raise PermanentError("syncd report did not answer with its lines") from error
