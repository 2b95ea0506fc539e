"""The daemon as systemd runs it: a process of its own, in front of the sandbox.

Nothing sleeps for a fixed time: each wait ends with what it waits for, or with a failure
after seconds.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread
from time import monotonic

import pytest
from cli_office import Office, office
from world_time import WorldTime

from syncd.adapters.store.store import open_store
from syncd.app import open_worker
from syncd.daemon import Daemon
from syncd.sandbox.faults import Fault
from syncd.sandbox.journal import System

SYNCD = (sys.executable, "-c", "from syncd.cli.main import main; main()")
_PATIENCE = 30.0
FAST = {"poll_every: 20s": "poll_every: 1s"}
RARELY = {"poll_every: 20s": "poll_every: 1 hour"}


class Notified:
    """The socket that systemd would listen on; each datagram is taken at once and kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seen: list[str] = []
        self._news: Queue[str] = Queue()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while text := self._socket.recv(4096).decode():
            self.seen.append(text)
            self._news.put(text)

    def wait_for(self, start: str) -> str:
        """The next datagram that starts like this."""
        until = monotonic() + _PATIENCE
        while (left := until - monotonic()) > 0:
            try:
                text = self._news.get(timeout=left)
            except Empty:
                break
            if text.startswith(start):
                return text
        raise AssertionError(f"no {start} came; seen {self.seen}")

    def close(self) -> None:
        self._socket.sendto(b"", str(self.path))
        self._reader.join()
        self._socket.close()


class Started:
    """A running daemon; its log lines are read as they come."""

    def __init__(self, made: Office, environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            [*SYNCD, "run", "--config", str(made.config)],
            env=environment,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []
        self._news: Queue[str] = Queue()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.lines.append(line)
            self._news.put(line)

    def logged(self, event: str) -> dict[str, object]:
        """The next line of this event."""
        until = monotonic() + _PATIENCE
        while (left := until - monotonic()) > 0:
            try:
                line = self._news.get(timeout=left)
            except Empty:
                break
            if f'"event": "{event}"' in line:
                found: dict[str, object] = json.loads(line)
                return found
        raise AssertionError(f"{event} was not logged:\n{''.join(self.lines)}")

    def port(self) -> object:
        """Where its health pages are."""
        started = [json.loads(line) for line in self.lines if '"event": "daemon_started"' in line]
        return started[0]["web_port"]

    def stop(self, *, patience: float = _PATIENCE) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.ended(patience=patience)

    def ended(self, *, patience: float = _PATIENCE) -> int:
        code = self.process.wait(timeout=patience)
        self._reader.join(timeout=5)
        return code

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(timeout=5)
        for stream in (self.process.stdout, self.process.stderr):
            if stream:
                stream.close()


def environ(made: Office, **more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, **made.environ, **more}


@pytest.fixture
def notified(tmp_path: Path) -> Iterator[Notified]:
    opened = Notified(tmp_path / "notify")
    yield opened
    opened.close()


@contextmanager
def started(made: Office, notified: Notified) -> Iterator[Started]:
    daemon = Started(made, environ(made, NOTIFY_SOCKET=str(notified.path)))
    try:
        yield daemon
    finally:
        daemon.end()


@contextmanager
def at_work(
    home: Path, notified: Notified, changes: Mapping[str, str] | None = None
) -> Iterator[tuple[Office, Started]]:
    """An office of today, and a daemon that has done its first cycle in it."""
    with (
        office(home, start=today(), rate=1.0, changes=changes or RARELY) as made,
        started(made, notified) as daemon,
    ):
        notified.wait_for("STATUS=cycle 1")
        yield made, daemon


def today() -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)


def get(port: object, page: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def edit(made: Office, name: str, before: str, after: str) -> None:
    path = made.config / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def hang(made: Office, system: System, seconds: float) -> None:
    fault = {"match": ".", "kind": "hang", "seconds": seconds, "times": None}
    made.world.faults[system].arm(Fault.from_json(fault))


def asked_again(made: Office, system: System) -> None:
    """Come back once the daemon has asked this CRM anew."""
    before, end = made.world.requests.count(system), monotonic() + _PATIENCE
    while made.world.requests.count(system) == before:
        assert monotonic() < end, f"{system} was not asked"
        Event().wait(0.02)


# --- telling systemd and whoever watches -----------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    made: Office
    daemon: Started
    notified: Notified


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """A daemon for tests that only look at it."""
    home = tmp_path_factory.mktemp("shared")
    opened = Notified(home / "notify")
    with at_work(home, opened) as (made, daemon):
        yield Shared(made=made, daemon=daemon, notified=opened)
    opened.close()


def test_systemd_is_told_of_readiness_status_and_life(shared: Shared) -> None:
    shared.notified.wait_for("WATCHDOG=1")

    seen = shared.notified.seen
    assert seen[0] == "READY=1"
    assert any(text.startswith("STATUS=cycle 1: 0 leads") for text in seen)


def test_health_pages_tell_of_a_daemon_that_works(shared: Shared) -> None:
    port = shared.daemon.port()

    answers = {page: get(port, page) for page in ("/healthz", "/readyz", "/metrics")}

    assert answers["/healthz"] == (200, '{"ok": true, "problems": []}\n')
    assert answers["/readyz"] == (200, '{"ok": true, "problems": []}\n')
    assert answers["/metrics"][0] == 200
    assert "syncd_" in answers["/metrics"][1]


def test_logs_are_json_without_secrets_when_nobody_watches(shared: Shared) -> None:
    shared.daemon.port()

    text = "".join(shared.daemon.lines)

    events = [json.loads(line)["event"] for line in text.splitlines()]
    environ = shared.made.environ
    assert {"daemon_started", "cycle_finished"} <= set(events)
    assert not [v for name, v in environ.items() if name.endswith("TOKEN") and v in text]


def test_a_second_daemon_on_the_same_store_is_refused(shared: Shared) -> None:
    second = subprocess.run(
        [*SYNCD, "run", "--config", str(shared.made.config)],
        env=environ(shared.made),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert second.returncode == 1
    assert second.stderr.splitlines()[-1] == (
        f"another syncd on this machine works with {shared.made.home}/syncd.db; stop it first"
    )
    assert shared.daemon.process.poll() is None


@pytest.mark.slow
def test_a_daemon_that_cannot_read_a_crm_is_alive_but_not_ready(
    tmp_path: Path, notified: Notified
) -> None:
    with office(tmp_path, start=today(), rate=1.0, changes=RARELY) as made:
        down = {"match": ".", "kind": "status", "status": 403, "times": None, "body": "no"}
        made.world.faults[System.HUBSPOT].arm(Fault.from_json(down))
        with started(made, notified) as daemon:
            notified.wait_for("STATUS=cycle 1")
            port = daemon.port()

            healthy, ready = get(port, "/healthz"), get(port, "/readyz")

    assert healthy[0] == 200
    assert ready[0] == 503
    assert "HubSpot cannot be read" in ready[1]


# --- configuration ---------------------------------------------------------------------------


def test_a_bad_configuration_is_told_in_slack_and_the_old_one_stays_until_it_is_mended(
    tmp_path: Path, notified: Notified
) -> None:
    with at_work(tmp_path, notified) as (made, daemon):
        edit(made, "policy.yaml", "sql: {mode: block", "sql: {mode: blok")
        daemon.process.send_signal(signal.SIGHUP)
        refused = daemon.logged("config_refused")
        daemon.logged("cycle_finished")
        told = [message.text for message in made.world.slack.messages]

        edit(made, "policy.yaml", "sql: {mode: blok", "sql: {mode: flag")
        daemon.process.send_signal(signal.SIGHUP)

        taken = daemon.logged("config_reloaded")
        assert taken["standard"] == "2026.1"
        assert refused["problems"] == 1
        assert len(told) == 1
        assert "configuration" in told[0]
        assert daemon.stop() == 0


@pytest.mark.slow
def test_a_changed_poll_interval_is_taken_without_a_restart(
    tmp_path: Path, notified: Notified
) -> None:
    with at_work(tmp_path, notified) as (made, daemon):
        edit(made, "crm.yaml", "poll_every: 1 hour", "poll_every: 1s")
        daemon.process.send_signal(signal.SIGHUP)

        notified.wait_for("STATUS=cycle 4")

        assert daemon.stop() == 0


@pytest.mark.slow
def test_a_changed_file_is_taken_with_the_next_cycle(tmp_path: Path, notified: Notified) -> None:
    with at_work(tmp_path, notified, FAST) as (made, daemon):
        edit(made, "standard.yaml", 'version: "2026.1"', 'version: "2026.2"')

        assert daemon.logged("config_reloaded")["standard"] == "2026.2"


# --- starting and ending ---------------------------------------------------------------------


@pytest.mark.slow
def test_a_port_in_use_is_an_error_that_says_what_to_change(
    tmp_path: Path, notified: Notified
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with (
            office(tmp_path, start=today(), rate=1.0, changes={"127.0.0.1:0": address}) as made,
            started(made, notified) as daemon,
        ):
            code = daemon.ended()

    assert code == 1
    assert daemon.lines[-1] == (
        f"health and metrics cannot be served at {address} (Address already in use): stop what "
        "uses it, or change web.address in crm.yaml\n"
    )


def test_a_killed_daemon_starts_again_at_once(tmp_path: Path, notified: Notified) -> None:
    with at_work(tmp_path, notified) as (made, daemon):
        daemon.process.kill()
        daemon.ended()

        with started(made, notified) as again:
            notified.wait_for("STATUS=cycle 1")

            assert again.stop() == 0


def test_a_daemon_that_lost_its_lease_stops_with_an_error(
    tmp_path: Path, notified: Notified
) -> None:
    with at_work(tmp_path, notified, FAST) as (made, daemon):
        usurper = open_store(made.home / "syncd.db")
        later = datetime.now(UTC) + timedelta(hours=1)
        usurper.acquire(holder="another machine", now=later, span=timedelta(hours=1))

        code = daemon.ended()

        usurper.close()
    assert code == 1
    assert any('"event": "lease_lost"' in line for line in daemon.lines)


def test_sigterm_ends_a_daemon_whose_crm_is_slow_once_the_answer_is_there(
    tmp_path: Path, notified: Notified
) -> None:
    with at_work(tmp_path, notified) as (made, daemon):
        hang(made, System.HUBSPOT, 1.0)
        daemon.process.send_signal(signal.SIGHUP)
        asked_again(made, System.HUBSPOT)

        code = daemon.stop(patience=15)

    assert code == 0
    notified.wait_for("STOPPING=1")


@pytest.mark.slow
def test_sigterm_ends_a_daemon_whose_crm_hangs_within_25_seconds(
    tmp_path: Path, notified: Notified
) -> None:
    with at_work(tmp_path, notified) as (made, daemon):
        hang(made, System.HUBSPOT, 60.0)
        daemon.process.send_signal(signal.SIGHUP)
        asked_again(made, System.HUBSPOT)

        code = daemon.stop(patience=25)

    assert code == 0


@pytest.mark.filterwarnings(
    # Without NOTIFY_SOCKET sdnotify forgets to close the socket it opened.
    "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_a_tick_that_comes_while_stopping_neither_works_nor_keeps_the_process(
    tmp_path: Path,
) -> None:
    with office(tmp_path) as made:
        worker = open_worker(made.source(), clock=WorldTime(made.world))
        stop = Event()
        daemon = Daemon(worker, stop)
        stop.set()
        late = Thread(target=daemon._tick, daemon=True)

        with daemon._busy:
            late.start()
            asked = made.world.requests.count(System.SALESFORCE)
        late.join(timeout=_PATIENCE)

        worker.close()
        assert not late.is_alive()
        assert made.world.requests.count(System.SALESFORCE) == asked


@pytest.mark.slow
def test_a_systemd_that_does_not_listen_holds_nothing_up(tmp_path: Path) -> None:
    deaf = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    deaf.bind(str(tmp_path / "deaf"))
    with deaf, office(tmp_path, start=today(), rate=1.0, changes=FAST) as made:
        environment = environ(made, NOTIFY_SOCKET=str(tmp_path / "deaf"))
        daemon = Started(made, environment)
        for _ in range(12):
            daemon.logged("cycle_finished")

        code = daemon.stop()

        daemon.end()
    assert code == 0
