"""The monthly meeting, prepared by a process of its own: tables and drawings are large, and must
not be loaded into the daemon.

Implements `Minutes`. The page stays in the state directory, readable for its owner alone.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic

from syncd.errors import PermanentError
from syncd.ports import MeetingNotes

_SYNCD = (sys.executable, "-c", "from syncd.cli.main import main; main()")
_LONGEST = 600.0
"""Seconds after which it is given up."""
_FEW_THREADS = {"POLARS_MAX_THREADS": "2", "OPENBLAS_NUM_THREADS": "1"}
"""The daemon's own tasks are limited, and it goes on meanwhile."""


class ChildMinutes:
    """`command` is what prints the lines as JSON, given the report's own arguments."""

    def __init__(
        self, config_dir: Path, environ: Mapping[str, str], *, command: Sequence[str] = _SYNCD
    ) -> None:
        self._config_dir = config_dir
        self._environ = {**environ, **_FEW_THREADS}
        self._command = command
        self._child: subprocess.Popen[str] | None = None
        self._begun = 0.0

    def of(self, month: str) -> MeetingNotes | None:
        place = self._place(month)
        if self._child is None:
            self._begin(month, place)
            return None
        if self._child.poll() is None:
            if monotonic() - self._begun < _LONGEST:
                return None
            self._child.kill()
        child, self._child = self._child, None
        said, _ = child.communicate()
        if child.returncode:
            raise PermanentError(f"syncd report ended with exit code {child.returncode}")
        return MeetingNotes(lines=_lines(said), page=str(place))

    def _place(self, month: str) -> Path:
        state = Path(self._environ.get("STATE_DIRECTORY", "").split(":")[0])
        return state.absolute() / f"meeting-{month}.html"

    def _begin(self, month: str, place: Path) -> None:
        """What it says on standard error may hold values, and is not kept."""
        words = ("report", "--meeting", "--period", month, "--html", str(place), "--json")
        try:
            self._child = subprocess.Popen(  # noqa: S603 - syncd itself, and no shell
                [*self._command, *words, "--config", str(self._config_dir)],
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                umask=0o077,
            )
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else "it cannot be started"
            raise PermanentError(f"syncd report: {reason}") from error
        self._begun = monotonic()


def _lines(said: str) -> tuple[str, ...]:
    try:
        return tuple(map(str, json.loads(said)["digest"]))
    except (ValueError, KeyError, TypeError) as error:
        raise PermanentError("syncd report did not answer with its lines") from error
