"""The process that prepares the meeting: asked again and again, and what it may come to."""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from cli_office import office

from syncd.adapters.minutes import ChildMinutes
from syncd.errors import PermanentError
from syncd.ports import MeetingNotes

ANSWERS = "import json, sys; print(json.dumps({'digest': sys.argv[1:6]}))"


def minutes(home: Path, *command: str) -> ChildMinutes:
    return ChildMinutes(home / "config", {"STATE_DIRECTORY": str(home)}, command=command)


def answer(asked: ChildMinutes) -> MeetingNotes:
    """Asked until it is there; the first time it never is."""
    assert asked.of("2026-10") is None
    for _ in range(2_000):
        if (found := asked.of("2026-10")) is not None:
            return found
        time.sleep(0.005)
    raise AssertionError("it never ended")


def test_its_lines_come_with_the_place_of_the_page(tmp_path: Path) -> None:
    found = answer(minutes(tmp_path, sys.executable, "-c", ANSWERS))

    page = str(tmp_path / "meeting-2026-10.html")
    assert found == MeetingNotes(
        lines=("report", "--meeting", "--period", "2026-10", "--html"), page=page
    )


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ((sys.executable, "-c", "raise SystemExit(1)"), "exit code 1"),
        ((sys.executable, "-c", "print('{}')"), "did not answer"),
        (("/no/such/program",), "No such file"),
    ],
)
def test_what_goes_wrong_is_said(tmp_path: Path, command: Sequence[str], says: str) -> None:
    asked = minutes(tmp_path, *command)

    with pytest.raises(PermanentError, match=says):
        answer(asked)


@pytest.mark.slow
def test_syncd_itself_prepares_the_meeting_beside_the_worker_that_holds_the_store(
    tmp_path: Path,
) -> None:
    with office(tmp_path) as made:
        made.cycles(2)
        made.offer(made.arrive("ann"))
        made.cycles(4)

        found = answer(ChildMinutes(made.config, {**os.environ, **made.environ}))
        made.cycles(1)

    assert found.lines[0].startswith("Gate to MQL: ")
    assert "<h1>Joint meeting, October 2026</h1>" in Path(found.page).read_text(encoding="utf-8")
    assert Path(found.page).stat().st_mode & 0o077 == 0
