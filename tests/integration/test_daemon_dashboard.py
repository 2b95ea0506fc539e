"""The dashboard that a daemon serves: there while it runs, gone with it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from cli_office import Office, office

pytestmark = pytest.mark.slow

PATIENCE = 60.0
BEGIN = "from syncd.cli.main import main; main()"
ANYWHERE = "  address: 127.0.0.1:0"  # what an office makes of the address of the health pages
ASKED_FOR = {ANYWHERE: f"{ANYWHERE}\n\ndashboard:\n{ANYWHERE}"}


@contextmanager
def daemon(made: Office) -> Iterator[subprocess.Popen[str]]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    running = subprocess.Popen(
        [sys.executable, "-c", BEGIN, "run", "--config", str(made.config)],
        env={**kept, **made.environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield running
    finally:
        running.kill()
        running.wait()
        if running.stdout:
            running.stdout.close()


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path, start=datetime.now(UTC), rate=1.0, changes=ASKED_FOR) as there:
        yield there


def address_of(running: subprocess.Popen[str]) -> str:
    assert running.stdout
    line = running.stdout.readline()
    found = re.search(r"The dashboard is at (http://\S+)", line)
    assert found, line
    return found[1]


def answers(address: str) -> bool:
    try:
        with urlopen(f"{address}/health", timeout=10) as answer:
            return bool(answer.status == 200)
    except (URLError, ConnectionError):
        return False


def comes_to(address: str, *, answering: bool) -> bool:
    until = monotonic() + PATIENCE
    while monotonic() < until:
        if answers(address) is answering:
            return True
    return False


def test_it_is_there_while_the_daemon_runs_and_gone_when_it_stops(made: Office) -> None:
    with daemon(made) as running:
        address = address_of(running)
        was_there = comes_to(address, answering=True)

        running.send_signal(signal.SIGTERM)
        code = running.wait(PATIENCE)

        assert (was_there, code) == (True, 0)
        assert not answers(address)


def test_it_does_not_outlive_a_daemon_that_was_killed(made: Office) -> None:
    with daemon(made) as running:
        address = address_of(running)
        assert comes_to(address, answering=True)

        running.kill()

        assert comes_to(address, answering=False)
