"""What ships in deploy/, held against what its how-tos promise. No service is started here."""

import configparser
import json
import re
import shutil
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from syncd.settings.secrets import ENVIRONMENT

ROOT = Path(__file__).parents[2]
SYSTEMD, CONTAINER = ROOT / "deploy/systemd", ROOT / "deploy/container"
UNIT = SYSTEMD / "syncd.service"
ALERT = SYSTEMD / "syncd-alert@.service"
CANNOT_DENY = 77
WRITE_OR_EXECUTE = f"""
import ctypes, sys
if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0):  # PR_SET_MDWE
    sys.exit({CANNOT_DENY})
from argon2 import PasswordHasher
import syncd.adapters.web.dashboard, syncd.cli.report_meeting, syncd.cli.report_page
PasswordHasher().hash("as the sign-in does")
"""

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None,
    reason="systemd-analyze is not installed; `make test-full` installs it",
)


class _Unit(configparser.RawConfigParser):
    """A unit file: systemd's keys are case-sensitive, and the last of several counts here."""

    optionxform = staticmethod(str)  # type: ignore[assignment]  # as the standard library documents


def _service(path: Path) -> dict[str, str]:
    unit = _Unit(strict=False, interpolation=None)
    unit.read(path)
    return dict(unit["Service"])


def _credentials(path: Path, key: str) -> set[str]:
    return set(re.findall(rf"^{key}=(\w+):", path.read_text(), re.MULTILINE))


@needs_systemd
@pytest.mark.parametrize("unit", [UNIT, ALERT], ids=lambda path: path.name)
def test_systemd_scores_the_unit_as_hardened(unit: Path) -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=15", str(unit)]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


@needs_systemd
def test_systemd_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    """Verified as installed, but for the program: /opt/syncd is not there on this machine."""
    for unit in (UNIT, ALERT):
        here = unit.read_text().replace("/opt/syncd/bin/syncd", "/bin/true")
        (tmp_path / unit.name).write_text(here)

    done = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / UNIT.name), str(tmp_path / ALERT.name)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_the_unit_hands_over_every_secret_there_is_and_none_by_the_environment() -> None:
    assert _credentials(UNIT, "LoadCredential") == set(ENVIRONMENT)
    assert _credentials(UNIT, "SetCredential") == set(ENVIRONMENT)
    assert "SYNCD_" not in UNIT.read_text()


def test_the_unit_leaves_time_to_drain_before_it_kills() -> None:
    service = _service(UNIT)

    assert (service["Type"], service["NotifyAccess"]) == ("notify", "main")
    assert int(service["TimeoutStopSec"]) > 25
    assert service["KillMode"] == "mixed"


@pytest.mark.slow
def test_the_dashboard_and_the_reports_can_be_loaded_under_the_unit(tmp_path: Path) -> None:
    """With no memory that can be written and then run, as MemoryDenyWriteExecute has it."""
    asked = re.findall(r"^Environment=(\w+)=(.*)$", UNIT.read_text(), re.MULTILINE)

    done = subprocess.run(
        [sys.executable, "-c", WRITE_OR_EXECUTE],
        env={**dict(asked), "MPLCONFIGDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    if done.returncode == CANNOT_DENY:
        pytest.skip("this kernel cannot deny it to a process (Linux 6.3 can)")
    assert done.returncode == 0, done.stderr


def test_the_image_is_made_as_its_linter_wants_it() -> None:
    linter = Path(sys.executable).with_name("hadolint")

    done = subprocess.run(
        [str(linter), str(CONTAINER / "Dockerfile")], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (0, "")


def test_every_stage_of_the_image_starts_from_the_base_and_ends_unprivileged() -> None:
    lines = (CONTAINER / "Dockerfile").read_text().splitlines()

    bases = [line.split()[1] for line in lines if line.startswith("FROM")]
    users = [line for line in lines if line.startswith("USER")]
    installs = [line for line in lines if "pip install" in line or "pip wheel" in line]

    assert bases == ["${PYTHON_IMAGE}", "${PYTHON_IMAGE}"]
    assert users == ["USER 10001:10001"]
    assert installs
    assert all("--require-hashes" in line or "--no-index" in line for line in installs)
    assert any(line == 'ENTRYPOINT ["/opt/syncd/bin/syncd"]' for line in lines)


def test_everything_pinned_for_the_image_is_pinned_alike_for_development() -> None:
    everywhere = _pins(ROOT / "constraints.txt")
    image = _pins(CONTAINER / "requirements.txt")
    tools = _pins(CONTAINER / "build-requirements.txt")

    assert image
    assert image <= everywhere
    assert {pin for pin in tools if not pin.startswith("setuptools==")} <= everywhere


def _pins(path: Path) -> set[str]:
    return {line.split(" ")[0] for line in path.read_text().splitlines() if "==" in line}


def test_the_compose_file_gives_the_daemon_as_little_as_it_needs() -> None:
    compose = yaml.safe_load((CONTAINER / "compose.yaml").read_text())
    service: dict[str, Any] = compose["services"]["syncd"]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] == "10001:10001"
    assert "ports" not in service
    assert not any(name.startswith("SYNCD_") for name in service["environment"])
    assert set(service["secrets"]) == set(compose["secrets"]) <= set(ENVIRONMENT)


def test_a_failed_unit_is_told_in_slack_without_the_webhook_being_shown(tmp_path: Path) -> None:
    said: list[dict[str, str]] = []

    class Slack(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (base class)
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Slack) as server:
        Thread(target=server.handle_request, daemon=True).start()
        webhook = f"http://127.0.0.1:{server.server_port}/services/canary"
        done = _alert(tmp_path, webhook)

    assert done.returncode == 0
    assert "syncd.service on host1 failed" in said[0]["text"]
    assert "canary" not in done.stdout + done.stderr


def test_a_failed_unit_is_in_the_journal_even_if_slack_cannot_be_told(tmp_path: Path) -> None:
    done = _alert(tmp_path, "http://127.0.0.1:9/services/canary")

    assert done.returncode == 1
    assert "<2>syncd.service on host1 failed" in done.stderr
    assert "Slack could not be told" in done.stderr
    assert "canary" not in done.stdout + done.stderr


def _alert(credentials: Path, webhook: str) -> subprocess.CompletedProcess[str]:
    (credentials / "slack_webhook").write_text(f"{webhook}\n")
    return subprocess.run(
        [sys.executable, "-I", str(SYSTEMD / "syncd-alert.py"), "syncd.service", "host1"],
        env={"CREDENTIALS_DIRECTORY": str(credentials)},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
